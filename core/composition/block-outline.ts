/** What a block draws, as outlines in its own frame: words, motifs and drawings become the same. */
import type { Block, BlockOf } from '../contract/composition.ts'
import type { Layout } from '../contract/writing.ts'
import { fault } from '../faults/fault.ts'
import { placeWord } from '../glyph/font-door.ts'
import { extentOf, fromPathData, type Outline } from '../glyph/outline.ts'
import { checkWord } from '../glyph/text.ts'
import type { PlacedCharacter } from '../glyph/types.ts'
import { drawnStroke } from './drawing.ts'
import { filledForm } from './filled-form.ts'
import { type Framed, framed } from './place.ts'
import { textOf, type Written } from './texts.ts'

/** A block's outlines, and for a word what each of them is. */
export interface BlockOutline extends Framed {
  name: string
  /** One for each piece of a word; empty for the rest. */
  characters: Pick<PlacedCharacter, 'char' | 'font'>[]
}

/** Side of the canvas that words are set on before they are scaled: path data there is exact to a 400,000th. */
const SETTING_SIDE = 4096

/** @throws StudioError bad-word, missing-glyph, bad-font, bad-request (an outline without ink) */
export async function outlineOf(block: Block, written: Written): Promise<BlockOutline> {
  switch (block.kind) {
    case 'word':
      return wordOutline(block, written)
    case 'motif':
      return motifOutline(block)
    case 'drawing':
      return drawingOutline(block)
  }
}

async function wordOutline(block: BlockOf<'word'>, written: Written): Promise<BlockOutline> {
  const text = checkWord(textOf(block, written))
  const { wrap = 1, ...writing } = block.source.writing
  const layout = { ...written.layout, ...writing, margin: 0 }
  // Where the word says its lines itself, a very wide frame keeps each of them whole.
  const aspect = wrap ?? 64
  const [width, height] = aspect >= 1 ? [SETTING_SIDE, SETTING_SIDE / aspect] : [SETTING_SIDE * aspect, SETTING_SIDE]
  const characters = await placeWord(text, layout as typeof layout & Layout, width, height)
  return {
    ...inked(
      characters.map(({ path }) => fromPathData(path)),
      block.name ?? text,
    ),
    name: block.name || text.replaceAll('\n', ' '),
    characters: characters.map(({ char, font }) => ({ char, font })),
  }
}

async function motifOutline({ source, name }: BlockOf<'motif'>): Promise<BlockOutline> {
  const form = source.form
  const outline = 'path' in source ? outlineFrom(source.path) : await emojiOutline(source.emoji, source.weight)
  const called = name || ('emoji' in source ? source.emoji : '')
  return { ...inked([form === 'filled' ? await filledForm(outline) : outline], called), name: called, characters: [] }
}

/** @throws StudioError bad-request: no outline */
function outlineFrom(path: string): Outline {
  try {
    return fromPathData(path)
  } catch (cause) {
    throw fault('motifPathWrong', { reason: (cause as Error).message }, { cause })
  }
}

/** Noto Emoji's own lines. @throws StudioError missing-glyph */
async function emojiOutline(emoji: string, weight: number): Promise<Outline> {
  const layout = { font: 'noto-emoji', weight, slant: 0, direction: 'horizontal', margin: 0 } as const
  const characters = await placeWord(checkWord(emoji), layout, SETTING_SIDE, SETTING_SIDE)
  return characters.flatMap(({ path }) => fromPathData(path))
}

function drawingOutline({ source, name = '' }: BlockOf<'drawing'>): BlockOutline {
  const pieces = source.strokes.map(stroke => drawnStroke(stroke, source.thinning)).filter(piece => extentOf(piece))
  const box = extentOf(pieces.flat())
  if (!box) throw fault('blockHasNoInk', { name: name || '✎' })
  return { name, pieces, box, characters: [] }
}

function inked(pieces: Outline[], name: string): Framed {
  const found = framed(pieces)
  if (!found) throw fault('blockHasNoInk', { name })
  return found
}
