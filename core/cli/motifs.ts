/** Motifs that the command line sets around a word. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { arrange, type MotifChoice, roomFor } from '../composition/arrange.ts'
import { drawComposition } from '../composition/draw.ts'
import { findMotifs, proposeMotifs } from '../composition/motifs.ts'
import { motifFromSvg } from '../composition/svg.ts'
import type { Composition } from '../contract/composition.ts'
import { COMPOSITION_LIMITS, type MotifForm, type MotifLayout } from '../contract/vocabulary.ts'
import { DEFAULT_LAYOUT } from '../contract/writing.ts'
import { fault } from '../faults/fault.ts'
import { meaningOf } from '../prompt/prompt-builder.ts'

/** What the command line says of the word that motifs stand around. */
export interface Around {
  word: string | undefined
  translation?: string | undefined
  font?: string | undefined
  seed?: number | undefined
  size?: { width?: number; height?: number } | undefined
}

/**
 * @param motif emoji, words or SVG files by commas; "auto": what the word means
 * @throws StudioError bad-request: nothing is known of a word; bad-image: an SVG that cannot be read
 */
export async function choices(
  motif: string,
  form: MotifForm,
  { word = '', translation }: Around,
): Promise<MotifChoice[]> {
  if (motif === 'auto') {
    const asked = { word, translation: translation ?? null, prompt: null, negativePrompt: null }
    const proposed = await proposeMotifs(word, (await meaningOf(asked, {})).text, 3)
    if (proposed.length === 0) throw fault('motifUnknown', { text: word })
    return proposed.map(({ emoji, names }) => ({ source: { emoji, form, weight: 400 }, name: nameOf(names.en) }))
  }
  return Promise.all(
    motif.split(',').map(async (text): Promise<MotifChoice> => {
      if (/\.svg$/i.test(text)) {
        const bytes = await readFile(text).catch(cause => {
          throw fault('svgUnreadable', { name: text, reason: (cause as Error).message }, { cause })
        })
        return { source: { ...motifFromSvg(bytes, text), form }, name: nameOf(basename(text, '.svg')) }
      }
      const [found] = await findMotifs(text, 1)
      if (!found) throw fault('motifUnknown', { text })
      return { source: { emoji: found.emoji, form, weight: 400 }, name: nameOf(found.names.en) }
    }),
  )
}

const nameOf = (text: string) => text.slice(0, COMPOSITION_LIMITS.name)

/** Side of the canvas on which free places are looked for. */
const SIDE = 192

/** The composition with the motifs in the places that the layout leaves free. */
export async function withMotifs(
  composition: Composition,
  motifs: MotifChoice[],
  layout: MotifLayout,
  { word, font, seed = 1, size }: Around,
): Promise<Composition> {
  const room = roomFor(composition, layout)
  const aspect = (size?.width ?? 1) / (size?.height ?? 1)
  const written = { word: word ?? null, layout: { ...DEFAULT_LAYOUT, font: font ?? null } }
  const ink = await drawComposition(
    room,
    written,
    Math.round(SIDE * Math.max(1, aspect)),
    Math.round(SIDE * Math.max(1, 1 / aspect)),
  )
  return arrange(room, ink, { layout, motifs, seed, aspect })
}
