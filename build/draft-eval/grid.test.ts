import { expect, it } from 'vitest'
import type { Rgb } from '../../core/raster/raster.ts'
import { gridOf } from './grid.ts'

const SIDE = 512
/** Mulberry32's mixing, by place: the same noise each time. */
function noiseAt(i: number): number {
  let t = Math.imul(i ^ (i >>> 15), i | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const picture = (level: (x: number, y: number) => number): Rgb => {
  const data = new Uint8Array(SIDE * SIDE * 3)
  for (let i = 0; i < SIDE * SIDE; i++) data.fill(Math.round(level(i % SIDE, Math.floor(i / SIDE))), 3 * i, 3 * i + 3)
  return { width: SIDE, height: SIDE, channels: 3, data }
}
const rough = (x: number, y: number) => 128 + 12 * noiseAt(y * SIDE + x + 1)

it('finds no grid in noise, nor in a thing with edges', () => {
  const plain = gridOf(picture((x, y) => rough(x, y) + (Math.hypot(x - 250, y - 250) < 130 ? 90 : 0)))
  for (const ratio of [...plain.across, ...plain.down]) expect(ratio).toBeLessThan(4)
})

it('finds steps that are larger at every eighth pixel, in the way in which they lie', () => {
  const upright = gridOf(picture((x, y) => rough(x, y) + (Math.floor(x / 8) % 2 ? 5 : 0)))
  expect(Math.min(...upright.across)).toBeGreaterThan(10)
  expect(Math.max(...upright.down)).toBeLessThan(4)
})

it('tells a grid of four pixels from one of eight', () => {
  const { down } = gridOf(picture((x, y) => rough(x, y) + (Math.floor(y / 4) % 2 ? 3 : 0)))
  expect(down[0]).toBeLessThan(4)
  expect(down[1]).toBeGreaterThan(10)
})
