import type { Transform, Warp } from '../contract/composition.ts'
import type { BlockKind } from '../contract/vocabulary.ts'
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
  /** In a composition: its block, and its outline before it was bent and placed, path data in the block's own frame. */
  upright?: { block: number; path: string }
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
  /** Of a composition: its blocks. */
  composed?: Composed
  /** What of a picture of it is painted again, where that was asked for: 255 = wholly, 0 = it stays. */
  area?: Gray
  /** Mean width of a word's strokes, pixels, where it was asked for; those of a composition are in its blocks. */
  strokeWidth?: number
  /** Its strokes as outlines, where they were asked for. */
  parts?: WordParts
}

/** A composition as it lies on the canvas. */
export interface Composed {
  /** In paint order, those that take part. */
  blocks: PlacedBlock[]
  /** (height, width): which block's ink a pixel is, k = blocks[k - 1]; 0 = paper. */
  owners: Uint8Array
}

/** A block as it lies on the canvas: what labels, legends and the stage need of it. */
export interface PlacedBlock {
  /** Its place in the composition. */
  index: number
  kind: BlockKind
  name: string
  control: number
  transform: Transform
  warp: Warp | null
  /** Its box in its own frame, before it was bent. */
  frame: { x0: number; y0: number; x1: number; y1: number }
  /** SVG path data, canvas pixels. */
  path: string
  /** The corners of its box on the canvas, pixels, from the top left one clockwise; a bend moves them along. */
  corners: [number, number][]
  /** Ways of the pen, canvas pixels; of a drawing only. */
  ways: [number, number][][]
  /** Pixels of its ink. */
  ink: number
  /** Share of its ink that later blocks and their gaps hide. */
  hidden: number
  /** Which blocks do, by their place in the composition. */
  hiddenBy: number[]
  /** Width of its strokes, canvas pixels, on average: twice the area over the length of the edge. */
  strokeWidth: number
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

/** A stroke that can be chosen by itself. */
export interface WordPart {
  /** Its number as a request names it (Repaint.strokes), the first is 1. */
  place: number
  type: StrokeType
  /** Belongs to the character's radical. */
  radical: boolean
  /** SVG path data of its ink, canvas pixels. */
  path: string
}

export interface WordParts {
  basis: StrokeLabels['basis']
  strokes: WordPart[]
}
