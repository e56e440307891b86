import type { MapName, Method } from '../contract/vocabulary.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { AiModel, AiModelId } from './ai/ai-models.ts'

/** Red, green, blue, 0..255 each. */
export type Colour = readonly [number, number, number]

/** What one colour of a segmentation means. */
export interface LegendEntry {
  colour: Colour
  /** "paper", "radical", "rest", "part", "motif", "drawing", or a stroke type such as "heng". */
  meaning: string
  /** The character of the word; null where it is not known, or where several characters share the colour. */
  character: string | null
  /** In a composition: the block's name; left out where several share the colour. */
  block?: string
  /** How many pixels of the map have the colour. */
  pixels: number
}

/**
 * What a map was made from. "ink": the raster alone. "strokes": known stroke and radical data. "geometry": parts found in
 * the ink, no strokes, no radicals. "model": a neural network.
 */
export type Basis = 'ink' | 'strokes' | 'geometry' | 'model'

/** What a method returns: the map's picture and how it came about. */
export interface MethodResult {
  /** (height, width): Gray for canny, depth and scribble, Rgb for segmentation. */
  image: Gray | Rgb
  /** Empty unless colours mean something. */
  legend: LegendEntry[]
  basis: Basis
  /** The numbers the method ran with, for the record. */
  parameters: Record<string, number | string>
}

/** One finished map. */
export interface ConditioningMap extends MethodResult {
  map: MapName
  method: Method
  /** How long it took, milliseconds. */
  ms: number
}

/** How a style draws the lines of its scribble; a style may set some of the fields. */
export interface ScribbleStyle {
  /** Line width in pixels at 1024², 3..40. */
  width: number
  /** How unsteady the line is: 0 = ruled, 1 = torn. */
  roughness: number
  /** How many lines make a stroke: 0 = one, 1 = four beside each other. */
  density: number
}
export const DEFAULT_SCRIBBLE_STYLE: ScribbleStyle = { width: 13, roughness: 0.25, density: 0 }
/** Least and most of each field. */
export const SCRIBBLE_RANGES: Readonly<Record<keyof ScribbleStyle, readonly [number, number]>> = {
  width: [3, 40],
  roughness: [0, 1],
  density: [0, 1],
}

export interface MapOptions {
  /** Seed of the hand-drawn methods, default 1. */
  seed?: number
  /** For style_aware_scribble; what is left out comes from DEFAULT_SCRIBBLE_STYLE. */
  scribble?: Partial<ScribbleStyle>
  /** Folder that has a subfolder for each AI model; default: models/ in the data folder. */
  modelsFolder?: string
  /** Which depth network, by its id or where it lies; default: the first one that is installed. */
  depthModel?: AiModelId | AiModel
  /** Which segment-anything network, likewise. */
  segmentModel?: AiModelId | AiModel
  /** For previews: strokes are labelled several times faster, with borders that are a few pixels rougher. */
  coarseStrokes?: boolean
  /** Aborting it throws StudioError('cancelled'): between two maps, and within an AI model at once. */
  signal?: AbortSignal
}
