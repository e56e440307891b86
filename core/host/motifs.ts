/** Motifs for the desk: proposed, found, read from a file, set around a word. */
import { arrange, type MotifChoice, roomFor } from '../composition/arrange.ts'
import { outlineOf } from '../composition/block-outline.ts'
import { findMotifs, type Motif, proposeMotifs } from '../composition/motifs.ts'
import { MOST_SVG_BYTES, motifFromSvg } from '../composition/svg.ts'
import type { Composition } from '../contract/composition.ts'
import type { MotifLayout } from '../contract/vocabulary.ts'
import { DEFAULT_LAYOUT, type Layout } from '../contract/writing.ts'
import { fault } from '../faults/fault.ts'
import type { Studio } from '../generate/studio.ts'
import { toPathData } from '../glyph/outline.ts'
import type { MapPool } from '../processes/maps/pool.ts'
import { meaningOf } from '../prompt/prompt-builder.ts'
import type { MotifView } from './api/maps.ts'

/** How many a picker shows at a time. */
const MOST = 30

interface Asked {
  text: string
  word: string | null
  translation: string | null
}

/** @returns found for the text; without one, proposed for the word's meaning */
export async function motifsFor({ glossary }: Pick<Studio, 'glossary'>, asked: Asked): Promise<MotifView[]> {
  const { text, word, translation } = asked
  if (text.trim() !== '') return viewsOf(await findMotifs(text, MOST))
  if (!word?.trim() && !translation?.trim()) return []
  const meaning = await meaningOf({ word, translation, prompt: null, negativePrompt: null }, { glossary })
  return viewsOf(await proposeMotifs(word ?? '', meaning.text, MOST))
}

const views = new Map<string, Promise<MotifView>>()

/** Their outlines are a bundled font's: read once each. */
function viewsOf(motifs: readonly Motif[]): Promise<MotifView[]> {
  return Promise.all(
    motifs.map(motif => {
      const known = views.get(motif.emoji) ?? viewOf(motif)
      views.set(motif.emoji, known)
      return known
    }),
  )
}

async function viewOf(motif: Motif): Promise<MotifView> {
  const { pieces } = await outlineOf(
    {
      kind: 'motif',
      source: { emoji: motif.emoji, form: 'line', weight: 400 },
      transform: { x: 0.5, y: 0.5, scale: [1, 1], rotation: 0 },
      ...{ warp: null, control: 1, prompt: null },
    },
    { word: null, layout: DEFAULT_LAYOUT },
  )
  return { ...motif, path: toPathData(pieces[0], 3) }
}

/** @throws StudioError bad-image */
export async function readMotif(name: string, data: Blob): Promise<{ path: string }> {
  if (data.size > MOST_SVG_BYTES) throw fault('svgTooLarge', { name, most: MOST_SVG_BYTES })
  return motifFromSvg(new Uint8Array(await data.arrayBuffer()), name)
}

export interface ArrangeRequest {
  composition: Composition
  word: string | null
  layout: Layout
  motifLayout: MotifLayout
  motifs: readonly MotifChoice[]
  seed: number
  width: number
  height: number
}

/** Shorter side of the canvas on which free places are looked for. */
const SIDE = 192

/** The words are drawn in a map thread. @throws StudioError as drawComposition */
export async function arrangeMotifs(
  pool: MapPool,
  { width, height, ...request }: ArrangeRequest,
): Promise<Composition> {
  const { composition, motifLayout: layout, motifs, seed, word } = request
  const room = roomFor(composition, layout)
  if (motifs.length === 0) return { ...composition, blocks: composition.blocks.filter(({ kind }) => kind !== 'motif') }
  const scale = SIDE / Math.min(width, height)
  const canvas = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const source = { kind: 'composition', composition: room, word, layout: request.layout, ...canvas } as const
  const { glyph } = await pool.run({ source, maps: [] }, { urgent: true })
  return arrange(room, glyph, { layout, motifs, seed, aspect: width / height })
}
