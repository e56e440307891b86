/** Training pictures that show things: motifs alone, or set around a word as the studio sets them. */
import { readFileSync } from 'node:fs'
import { arrange, type MotifChoice, roomFor } from '../../../core/composition/arrange.ts'
import { drawComposition } from '../../../core/composition/draw.ts'
import { findMotifs, type Motif } from '../../../core/composition/motifs.ts'
import { type Composition, compositionSchema } from '../../../core/contract/composition.ts'
import { MOTIF_FORMS, MOTIF_LAYOUTS } from '../../../core/contract/vocabulary.ts'
import type { Glyph } from '../../../core/glyph/types.ts'
import { seeded, type Task } from './vocabulary.ts'

/** A third of all pictures; half of these have a segmentation map, which every third word has. */
export const hasThings = (i: number): boolean => i % 6 === 0 || i % 6 === 2

let known: Promise<Motif[]> | null = null

/** One motif for each everyday word that has one. */
async function motifs(): Promise<Motif[]> {
  const file = new URL('words.json', import.meta.url)
  const { english } = JSON.parse(readFileSync(file, 'utf8')) as { english: string[] }
  const found = await Promise.all(english.map(async word => (await findMotifs(word, 1))[0]))
  return [...new Map(found.flatMap(motif => (motif ? [[motif.emoji, motif] as const] : []))).values()]
}

const upright = (x: number, y: number, size: number, rotation = 0) => ({ x, y, scale: [size, size], rotation })

/** Draws the task's word with things, or things alone. names: what is seen, in English; things: its ink, 255 = a motif's. */
export async function drawScene(
  { word, layout }: Task,
  i: number,
  side: number,
): Promise<{ glyph: Glyph; word: string; names: string[]; things: Uint8Array }> {
  const random = seeded(70_000 + i)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]
  const all = await (known ??= motifs())
  const choices: MotifChoice[] = Array.from({ length: 1 + Math.floor(random() * 2) }, () => {
    const { emoji, names } = pick(all)
    return { source: { emoji, form: pick(MOTIF_FORMS), weight: pick([400, 700]) }, name: names.en }
  })
  const written = { word, layout }
  const isAlone = random() < 0.35
  const composition = isAlone ? alone(choices, random) : await around(choices)
  const glyph = await drawComposition(composition, written, side, side)
  const { owners, blocks } = glyph.composed!
  const things = glyph.coverage.data.map((ink, at) => (owners[at] && blocks[owners[at] - 1].kind === 'motif' ? ink : 0))
  const names = [...new Set(blocks.flatMap(({ kind, name }) => (kind === 'motif' ? [name] : [])))]
  return { glyph, word: isAlone ? '' : word, names, things }

  async function around(motifs: readonly MotifChoice[]): Promise<Composition> {
    const block = { kind: 'word', source: { text: null }, transform: upright(0.5, 0.5, 0.84) }
    // Behind and within a word a thing hides it too often to learn from.
    const motifLayout = pick(MOTIF_LAYOUTS.filter(name => name !== 'inside' && name !== 'behind'))
    const room = roomFor(compositionSchema.parse({ blocks: [block] }), motifLayout)
    const ink = await drawComposition(room, written, 192, 192)
    return arrange(room, ink, { layout: motifLayout, motifs, seed: i, aspect: 1 })
  }
}

/** One large thing, or two beside each other. */
function alone(choices: readonly MotifChoice[], random: () => number): Composition {
  const size = choices.length === 1 ? 0.62 + 0.24 * random() : 0.44
  const blocks = choices.map(({ source, name }, k) => ({
    ...{ kind: 'motif', source, name },
    transform: upright(choices.length === 1 ? 0.5 : 0.27 + 0.46 * k, 0.5, size, 16 * (random() - 0.5)),
  }))
  return compositionSchema.parse({ blocks })
}
