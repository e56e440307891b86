/** Maps of a word and of a composition, and what a composition is made of. */

import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Motif } from '../../composition/motifs.ts'
import type { Basis, LegendEntry } from '../../conditioning/types.ts'
import { type Composition, compositionSchema } from '../../contract/composition.ts'
import { layoutSchema } from '../../contract/request.ts'
import {
  COMPOSITION_LIMITS,
  MAPS,
  type MapName,
  METHODS,
  type Method,
  MOTIF_FORMS,
  MOTIF_LAYOUTS,
  PICTURE_FITS,
} from '../../contract/vocabulary.ts'
import type { PlacedBlock, WordParts } from '../../glyph/types.ts'
import { file, id, side, word } from './inputs.ts'

export interface PreviewMap {
  map: MapName
  method: Method
  url: string
  legend: LegendEntry[]
  basis: Basis
  /** How long it took, milliseconds. */
  ms: number
}

export interface MapsPreview {
  /** In the order asked for. */
  maps: PreviewMap[]
  /** Black on transparent. */
  glyph: { url: string; width: number; height: number }
  /** SVG path data of all characters, in pixels of the requested canvas. */
  outline: string
  /** Mean width of the word's strokes, in pixels of the requested canvas; null for a composition, whose blocks have it. */
  strokeWidth: number | null
  /** Of a composition: its blocks that take part, in paint order. */
  blocks: BlockView[]
}

/** A block as it lies on the requested canvas, in its pixels. */
export interface BlockView
  extends Pick<
    PlacedBlock,
    'index' | 'kind' | 'name' | 'path' | 'corners' | 'frame' | 'transform' | 'hidden' | 'hiddenBy'
  > {
  /** Width of its strokes, on average. */
  strokeWidth: number
}

export interface OwnMap {
  url: string
  /** Light and dark are swapped. */
  inverted: boolean
  /** Goes into a request; null where it was only to be shown. */
  path: string | null
}

/** In pixels of the requested canvas. */
export interface PartsView extends WordParts {
  blocks: BlockView[]
}

const choice = z.discriminatedUnion('map', [
  z.strictObject({ map: z.literal('canny'), method: z.enum(METHODS.canny) }),
  z.strictObject({ map: z.literal('depth'), method: z.enum(METHODS.depth) }),
  z.strictObject({ map: z.literal('segmentation'), method: z.enum(METHODS.segmentation) }),
  z.strictObject({ map: z.literal('scribble'), method: z.enum(METHODS.scribble) }),
])

const mapsOfWord = z.strictObject({
  word,
  layout: layoutSchema.partial(),
  width: side,
  height: side,
  /** Instead of the word alone. */
  composition: compositionSchema.nullable().optional(),
  choices: z.array(choice).max(12),
  /** Id of the style. */
  style: id,
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** Which window or tab asks. */
  screen: z.string().max(40).optional(),
})

export const maps = {
  /** A newer call of the same screen cancels the older one, which fails with the code 'cancelled'. URLs are data URLs. */
  preview: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** The same for a finished picture; it does not cancel a preview. */
  ofPicture: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** At the picture's full size and quality, to be enlarged or saved. */
  full: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** Stores a user's picture, for a map (default) or as initImage; path goes into a request. */
  upload: oc
    .input(file.extend({ use: z.enum(['map', 'picture']).optional() }))
    .output(type<{ path: string; url: string }>()),
  /** An uploaded picture as it would replace a map: inverted, cleaned, laid onto the canvas. With `keep` it has a path. */
  own: oc
    .input(
      z.strictObject({
        path: z.string().min(1).max(4096),
        map: z.enum(MAPS),
        width: side,
        height: side,
        /** null: as the picture's ground says. */
        invert: z.boolean().nullable(),
        /** Lines of ink alone: light flattened, noise and specks taken away. */
        clean: z.boolean(),
        fit: z.enum(PICTURE_FITS),
        keep: z.boolean(),
      }),
    )
    .output(type<OwnMap>()),
  /** What of a picture of a word can be painted again by itself. */
  parts: oc.input(mapsOfWord.omit({ choices: true, style: true, seed: true })).output(type<PartsView>()),
}

/** A motif to choose, with its line drawing as SVG path data in a box of one by one around the origin. */
export interface MotifView extends Motif {
  path: string
}

const motifForm = z.enum(MOTIF_FORMS)

const motifChoice = z.strictObject({
  source: z.union([
    z.strictObject({ emoji: z.string().min(1).max(40), form: motifForm, weight: z.int().min(300).max(700) }),
    z.strictObject({ path: z.string().min(1).max(COMPOSITION_LIMITS.path), form: motifForm }),
  ]),
  name: z.string().max(COMPOSITION_LIMITS.name),
})

export const composition = {
  /** Motifs for what is typed, in English, Russian or Chinese; without a text, for what the word means. */
  motifs: oc
    .input(
      z.strictObject({
        text: z.string().max(200),
        word: word.nullable(),
        translation: z.string().max(1000).nullable(),
      }),
    )
    .output(type<MotifView[]>()),
  /** A designer's own SVG file as a motif. */
  svg: oc.input(file).output(type<{ path: string }>()),
  /** Sets the motifs of a composition anew, around, behind or into its words; without motifs, takes them away. */
  arrange: oc
    .input(
      z.strictObject({
        composition: compositionSchema,
        word: word.nullable(),
        layout: layoutSchema.partial(),
        motifLayout: z.enum(MOTIF_LAYOUTS),
        motifs: z.array(motifChoice).max(COMPOSITION_LIMITS.blocks),
        seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
        width: side,
        height: side,
      }),
    )
    .output(type<{ composition: Composition }>()),
}
