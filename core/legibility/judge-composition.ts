/** A composition reads as well as its worst word: each word block is judged by itself, and motifs are never ink of a word. */

import { drawComposition } from '../composition/draw.ts'
import { noticesOf } from '../composition/notices.ts'
import { textOf } from '../composition/texts.ts'
import { blocksMask, wordBlocks } from '../composition/word-mask.ts'
import type { Composition } from '../contract/composition.ts'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import type { Composed } from '../glyph/types.ts'
import type { Rgb } from '../raster/raster.ts'
import { type Judgement, judge, type Subject } from './judge.ts'

/** What a picture should say: one word, or the words of a composition. */
export interface PictureSubject extends Subject {
  composition?: Composition | null | undefined
  /** As it was drawn; null: it is drawn again. */
  composed?: Composed | null | undefined
}

/** @throws StudioError as judge() and drawComposition(); 'bad-image' where the composition has no word */
export async function judgePicture(picture: Rgb, subject: PictureSubject): Promise<Judgement> {
  const { composition, word, layout, composed: given } = subject
  if (!composition) return judge(picture, subject)
  const { width, height } = picture
  const written = { word, layout: layout ?? DEFAULT_LAYOUT }
  const composed = given ?? (await drawComposition(composition, written, width, height)).composed!
  const words: { name: string; judged: Judgement }[] = []
  for (const at of wordBlocks(composed)) {
    const { name, index } = composed.blocks[at]
    const block = composition.blocks[index]
    if (block.kind !== 'word') continue
    const text = textOf(block, written).replace(/\s+/g, ' ')
    const mask = blocksMask(composed, { width, height }, [at])
    words.push({ name, judged: await judge(picture, { word: text, layout: null, mask }) })
  }
  if (words.length === 0) throw fault('maskBlank')
  const { judged } = words.reduce((worst, next) => (rank(next.judged) < rank(worst.judged) ? next : worst))
  const notices = noticesOf(composed, picture)
  return {
    ...judged,
    ...(words.length > 1 && { words: words.map(({ name, judged: { score } }) => ({ name, score })) }),
    ...(notices.length > 0 && { notices }),
  }
}

/** What cannot be judged is no worse than what can. */
const rank = ({ score }: Judgement): number => score ?? 2
