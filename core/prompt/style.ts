/** What a style is: a prompt template and the settings that go with it. The studio's own and a user's are one format, JSON. */
import { z } from 'zod'
import type { controlsSchema } from '../contract/request.ts'
import { METHODS, SAMPLERS } from '../contract/vocabulary.ts'
import { phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { expectations } from '../faults/phrases.ts'
import type { Phrase } from '../faults/studio-error.ts'

/** What a template may hold between braces: the word's meaning, and the word as it is written. */
export const PLACEHOLDERS = ['meaning', 'character'] as const
export type Placeholder = (typeof PLACEHOLDERS)[number]

const translated = z.string().trim().min(1).max(60)
const template = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .superRefine((text, context) => {
    for (const { code, name, ...phrase } of templateProblems(text))
      context.addIssue({ code: 'custom', message: phrase.message, params: { code, name, phrase } })
  })

const fraction = z.number().min(0).max(1)
const controlSchema = <const M extends readonly [string, ...string[]]>(methods: M) =>
  z
    .strictObject({
      weight: z.number().min(0).max(2),
      method: z.enum(methods),
      start: fraction,
      end: fraction,
    })
    .refine(({ start, end }) => start <= end, expectations.windowExpected())

export const styleSchema = z.strictObject({
  /** Names the style in requests and files: lower case letters, digits and single hyphens. */
  id: z
    .string()
    .max(40)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, expectations.styleIdExpected()),
  name: z.strictObject({ en: translated, ru: translated, zh: translated }),
  /** The prompt, with {meaning} and {character} where they belong. Doubled braces are braces. */
  template,
  negativePrompt: z.string().max(2000),
  controls: z.strictObject({
    canny: controlSchema(METHODS.canny),
    depth: controlSchema(METHODS.depth),
    segmentation: controlSchema(METHODS.segmentation),
    scribble: controlSchema(METHODS.scribble),
  } satisfies Record<keyof typeof controlsSchema.shape, z.ZodType>),
  sampler: z.enum(SAMPLERS),
  steps: z.int().min(1).max(1000),
  guidance: z.number().min(0).max(100),
  /** Colours that the style likes, "#rrggbb", the ground first. For swatches and previews; no prompt reads them. */
  palette: z
    .array(z.string().regex(/^#[0-9a-f]{6}$/, expectations.colourExpected()))
    .min(2)
    .max(12),
  /** For style_aware_scribble: line width in pixels at 1024², unsteadiness, and how many lines make a stroke. */
  scribble: z.strictObject({ width: z.number().min(3).max(40), roughness: fraction, density: fraction }),
})

/** One style, complete. Widths in pixels at 1024², weights 0..2, everything else 0..1 unless it says otherwise. */
export type StyleDefinition = z.infer<typeof styleSchema>

export interface TemplateProblem extends Phrase {
  code: 'unknown-placeholder' | 'loose-brace' | 'no-meaning'
  /** The unknown placeholder's. */
  name?: string
}

/**
 * What is wrong with a template; empty where it holds. Braces pair up, stand for a known placeholder,
 * and {meaning} occurs: a style that says nothing of the word paints the same for every word.
 */
export function templateProblems(text: string): TemplateProblem[] {
  const problems: TemplateProblem[] = []
  const bare = text.replace(/\{\{|\}\}/g, '')
  const names = Array.from(bare.matchAll(/\{([^{}]*)\}/g), ([, name]) => name)
  for (const name of names)
    if (!(PLACEHOLDERS as readonly string[]).includes(name))
      problems.push({ code: 'unknown-placeholder', name, ...phrase('placeholderUnknown', { name }) })
  if (/[{}]/.test(bare.replace(/\{[^{}]*\}/g, ''))) problems.push({ code: 'loose-brace', ...phrase('braceLoose') })
  if (!names.includes('meaning')) problems.push({ code: 'no-meaning', ...phrase('meaningMissing') })
  return problems
}

/** Reads a style from outside. @throws StudioError bad-request naming the first invalid field */
export function parseStyle(value: unknown, what: string | Phrase = phrase('theStyle')): StyleDefinition {
  return parse(styleSchema, value, what)
}
