import { createRequire } from 'node:module'
import { lengthOf, type Point, resample } from '../raster/polyline.ts'
import type { StrokeType } from './types.ts'

const require = createRequire(import.meta.url)

interface OrderTables {
  orders: Record<string, string>
  strokeTable: Record<string, { name: string; type: string }>
}

let tables: OrderTables | null = null

/** Stroke orders of cnchar (simplified) and its traditional supplement, a letter per stroke; read on first use. */
function orderTables(): OrderTables {
  if (!tables) {
    const { dict } = require('cnchar-order') as { dict: OrderTables }
    const { dict: traditional } = require('cnchar-trad') as { dict: { order: Record<string, string> } }
    tables = { strokeTable: dict.strokeTable, orders: { ...traditional.order, ...dict.orders } }
  }
  return tables
}

/** cnchar's letter for each stroke in writing order, or null where it does not know the character. */
export const orderOf = (char: string): string | null => orderTables().orders[char] ?? null

const SIMPLE: Record<string, StrokeType> = {
  横: 'heng',
  竖: 'shu',
  撇: 'pie',
  捺: 'na',
  点: 'dian',
  点2: 'dian',
  提: 'ti',
}

/** Length of the last leg of a bent stroke, as a share of the whole. */
function lastLeg(median: readonly Point[]): number {
  // The corner of 横钩 and 横撇 is where the stroke is furthest right.
  const furthest = Math.max(...median.map(([x]) => x))
  const corner = median.findLastIndex(([x]) => x === furthest)
  const length = lengthOf(median)
  return length > 0 ? lengthOf(median.slice(corner)) / length : 0
}

/** 横撇 and 横钩 share a letter: the second leg of 横撇 is a whole stroke, that of 横钩 a flick. */
const FLICK = 0.33

/**
 * Class of a stroke by its letter: an end with 钩 is gou, any other bend is zhe.
 * @param median the stroke's spine, for the letter that stands for two shapes
 */
export function typeOfLetter(letter: string, median: readonly Point[]): StrokeType {
  const name = orderTables().strokeTable[letter]?.name
  if (name === undefined) return 'other'
  if (name === '横撇|横钩') return lastLeg(median) < FLICK ? 'gou' : 'zhe'
  if (name.split('|').every(part => part.endsWith('钩'))) return 'gou'
  return SIMPLE[name] ?? 'zhe'
}

/** Turning from one direction to another, degrees, -180..180, clockwise on the canvas positive. */
const turn = (a: number, b: number) => ((((b - a + 540) % 360) + 360) % 360) - 180

const DEGREES = 180 / Math.PI
const SAMPLES = 25
/** Directions are taken over this many samples. */
const SPAN = 4
/** A hook turns after this sample. */
const FLICK_FROM = 19

/**
 * Class of a stroke by its shape alone, where no table knows its character: bent strokes by the sharpest bend between
 * what lies before and after it, straight ones by direction and length. `size` is the side of the character's square.
 */
export function typeOfShape(median: readonly Point[], size: number): StrokeType {
  const points = resample(median, Math.max(lengthOf(median), 1e-6) / (SAMPLES - 1))
  if (points.length < SAMPLES) return 'dian'
  const heading = (from: number, to: number) =>
    Math.atan2(points[to][1] - points[from][1], points[to][0] - points[from][0]) * DEGREES
  const bends = points.map((_, i) =>
    i < SPAN || i > SAMPLES - 3 ? 0 : Math.abs(turn(heading(i - SPAN, i), heading(i, Math.min(i + SPAN, SAMPLES - 1)))),
  )
  const end = heading(SAMPLES - 4, SAMPLES - 1)
  if (Math.max(...bends.slice(FLICK_FROM)) > 55 && (end < -25 || end > 115)) return 'gou'
  if (Math.max(...bends) > 70) return 'zhe'
  const last = points[SAMPLES - 1]
  const width = last[0] - points[0][0]
  const height = last[1] - points[0][1]
  const angle = Math.atan2(height, width) * DEGREES
  const length = Math.hypot(width, height) / size
  if (angle > -75 && angle <= -18) return 'ti'
  if (Math.abs(angle) <= 18) return 'heng'
  if (angle > 18 && angle < 62) return length < 0.27 ? 'dian' : 'na'
  if (angle >= 62 && angle < 98) return length < 0.11 ? 'dian' : 'shu'
  if (angle >= 98 && angle < 170) return length < 0.08 ? 'dian' : 'pie'
  return 'other'
}
