/** What a request says: the texts of its blocks, or its word. */
import type { BlockOf, Composition } from '../contract/composition.ts'
import { LIMITS } from '../contract/vocabulary.ts'
import type { Layout } from '../contract/writing.ts'
import type { FontChoice } from '../glyph/fonts.ts'

/** What a composition's words take from the request. */
export interface Written {
  word: string | null
  layout: Layout
}

/** The text of a word block. */
export const textOf = ({ source }: BlockOf<'word'>, { word }: Pick<Written, 'word'>): string =>
  source.text ?? word ?? ''

/** Every text that a request draws, with the fonts that it asks for; a block's own writing goes before the layout. */
export const textsOf = ({
  word,
  layout,
  composition,
}: Written & { composition?: Composition | null | undefined }): { text: string; layout: FontChoice }[] =>
  composition
    ? composition.blocks.flatMap(block =>
        block.kind === 'word' && block.control > 0
          ? [{ text: textOf(block, { word }), layout: { ...layout, ...block.source.writing } as FontChoice }]
          : [],
      )
    : word
      ? [{ text: word, layout }]
      : []

/** The words of a composition in paint order, joined: what it says. */
export const wordsOf = ({ blocks }: Composition, written: Pick<Written, 'word'>): string =>
  blocks
    .flatMap(block => (block.kind === 'word' ? [textOf(block, written)] : []))
    .join(' ')
    .slice(0, LIMITS.word)
