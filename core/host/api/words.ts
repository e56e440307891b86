/** What a word needs before it is painted: styles, fonts, meanings, prompts, the completed request. */

import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { type Request, requestInputSchema } from '../../contract/request.ts'
import type { FontInfo } from '../../glyph/font-list.ts'
import type { Lookup } from '../../prompt/dictionary.ts'
import type { GlossaryEntry, GlossaryImport } from '../../prompt/glossary.ts'
import type { BuiltPrompts, PromptPart } from '../../prompt/prompt-builder.ts'
import { type StyleDefinition, styleSchema } from '../../prompt/style.ts'
import type { StyleProblem } from '../../prompt/style-problems.ts'
import type { ImportedStyle, StyleList } from '../../prompt/user-styles.ts'
import { file, id, language, listFile, prompt, word } from './inputs.ts'

export const styles = {
  list: oc.output(type<StyleList>()),
  save: oc.input(z.strictObject({ style: styleSchema })).output(type<StyleDefinition>()),
  /** While a style is edited: what is invalid, field by field, and its prompt for a word; null where there is none. */
  check: oc
    .input(z.strictObject({ style: z.unknown(), word: word.nullable(), translation: z.string().max(1000).nullable() }))
    .output(type<{ problems: StyleProblem[]; prompt: PromptPart[] | null }>()),
  remove: oc.input(z.strictObject({ id })).output(type<void>()),
  importText: oc.input(z.strictObject({ text: z.string().max(100_000) })).output(type<ImportedStyle>()),
  exportText: oc.input(z.strictObject({ id })).output(type<{ text: string }>()),
}

export const fonts = {
  list: oc.output(type<FontInfo[]>()),
  /** How many characters of a word each font lacks, by its id; null: the font cannot be read. */
  lacks: oc
    .input(z.strictObject({ word, fonts: z.array(z.string().min(1).max(4096)).max(100) }))
    .output(type<Record<string, number | null>>()),
  /** Keeps a font file; its family is what `layout.font` takes. */
  add: oc.input(file).output(type<{ family: string }>()),
  /** Deletes a font that was added. */
  remove: oc.input(z.strictObject({ family: z.string().min(1).max(255) })).output(type<{ removed: boolean }>()),
}

export const dictionary = { lookUp: oc.input(z.strictObject({ word, language })).output(type<Lookup>()) }

export const glossary = {
  /** Meanings that the user has typed or imported. */
  list: oc.output(type<{ file: string; entries: GlossaryEntry[] }>()),
  set: oc.input(z.strictObject({ word: word.min(1), translation: z.string().min(1).max(200) })).output(type<void>()),
  remove: oc.input(z.strictObject({ word })).output(type<{ removed: boolean }>()),
  /** The words with meanings of a list: .csv, .tsv, .txt, .xlsx or .apkg. */
  importFile: oc.input(listFile).output(type<GlossaryImport>()),
}

export const prompts = {
  build: oc
    .input(
      z.strictObject({
        word: word.nullable(),
        translation: z.string().max(1000).nullable(),
        /** Id of the style. */
        style: id,
        prompt: prompt.nullable(),
        negativePrompt: prompt.nullable(),
        language,
        additions: z.strictObject({ prompt: prompt.optional(), negativePrompt: prompt.optional() }).optional(),
        /** Whose vocabulary counts the tokens; default the settings' model. */
        model: z.string().max(4096).optional(),
      }),
    )
    .output(type<BuiltPrompts & { tokens: { prompt: number; negativePrompt: number | null } }>()),
}

export const request = {
  /** Fills in every field that was left out. */
  complete: oc.input(z.strictObject({ request: requestInputSchema })).output(type<{ request: Request }>()),
}
