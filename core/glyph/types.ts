import type { Gray } from '../raster/raster.ts'

/** Canvas pixels, y down, top-left origin. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** One character of the word where it stands on the canvas. */
export interface PlacedCharacter {
  char: string
  /** The character's cell (its advance and line), not its ink. */
  cell: Box
  /** SVG path data of the outline in canvas pixels. */
  path: string
  /** Family and style of the font that drew it, and its file's SHA-256 (hex). */
  font: { name: string; sha256: string }
}

/** A written word on its canvas: everything the maps are made of. */
export interface Glyph {
  word: string
  width: number
  height: number
  /** Antialiased ink: 255 = ink, 0 = paper; (height, width). */
  coverage: Gray
  /** Empty for a picture of one's own: then only the raster is known. */
  characters: PlacedCharacter[]
}

/** The classes of strokes, in the order of the segmentation palette. */
export const STROKE_TYPES = ['heng', 'shu', 'pie', 'na', 'dian', 'ti', 'zhe', 'gou', 'other'] as const
export type StrokeType = (typeof STROKE_TYPES)[number]

export interface Stroke {
  type: StrokeType
  /** Belongs to the character's Kangxi radical. */
  radical: boolean
  /** The stroke's spine in writing order, canvas pixels: [x, y] pairs. */
  median: [number, number][]
}

/** Which part of the ink is which stroke. */
export interface StrokeLabels {
  /** "strokes": known stroke data was laid onto the ink. "geometry": parts found in the ink alone, no radicals, no order. */
  basis: 'strokes' | 'geometry'
  width: number
  height: number
  /** (height, width): 0 = paper, k = strokes[k - 1]. */
  labels: Uint16Array
  strokes: Stroke[]
}
