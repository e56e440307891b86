/** Whose ink is whose: masks of a composition's blocks. */
import type { Composed, Glyph } from '../glyph/types.ts'
import type { Gray } from '../raster/raster.ts'

type Size = Pick<Glyph, 'width' | 'height'>

/** Ink of some blocks (places in composed.blocks), 255 = ink, as far as later blocks do not hide it. */
export function blocksMask(
  { owners }: Pick<Composed, 'owners'>,
  { width, height }: Size,
  blocks: Iterable<number>,
): Gray {
  const wanted = new Uint8Array(256)
  for (const block of blocks) wanted[block + 1] = 255
  return { width, height, channels: 1, data: owners.map(owner => wanted[owner]) }
}

/** Places of the word blocks in composed.blocks. */
export const wordBlocks = ({ blocks }: Composed): number[] =>
  blocks.flatMap(({ kind }, at) => (kind === 'word' ? [at] : []))

/** Ink of all words; motifs and drawings never count as a word's ink. Null where there is no word. */
export function wordMask(composed: Composed, size: Size): Gray | null {
  const words = wordBlocks(composed)
  return words.length === 0 ? null : blocksMask(composed, size, words)
}
