/** Names of files from a template: "{index:3}-{word}-{style}-{seed}". */
import { z } from 'zod'
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { MAX_NAME_BYTES, safeName } from '../files/safe-name.ts'

/** What a template may name. A number behind a colon pads a number with zeros and cuts a text. */
export const TEMPLATE_FIELDS = [
  'index',
  'word',
  'pinyin',
  'translation',
  'style',
  'seed',
  'width',
  'height',
  'size',
  'map',
  'x',
  'y',
  'variant',
  'model',
  'sampler',
  'steps',
  'guidance',
  'set',
] as const
export type TemplateField = (typeof TEMPLATE_FIELDS)[number]
export type TemplateValues = Partial<Record<TemplateField, string | number | null>>

const FIELD = /\{([a-zA-Z]+)(?::(\d{1,3}))?\}/g

/** What is wrong with a template, or null. */
export function templateProblem(template: string): Phrase | null {
  for (const [whole, name] of template.matchAll(FIELD))
    if (!(TEMPLATE_FIELDS as readonly string[]).includes(name))
      return phrase('nameFieldUnknown', { field: whole, known: TEMPLATE_FIELDS.join(', ') })
  const rest = template.replace(FIELD, '')
  return /[{}]/.test(rest) ? phrase('nameBraceLoose', { template }) : null
}

export const templateSchema = z
  .string()
  .min(1)
  .max(300)
  .superRefine((template, context) => {
    const phrase = templateProblem(template)
    if (phrase) context.addIssue({ code: 'custom', message: phrase.message, params: { phrase } })
  })

/**
 * The path of a file below the set's folder, with "/" and without ending. "/" in the template itself makes folders; in a
 * value it is a character like any other. Each part is a name that every system takes: nothing climbs out.
 * @throws StudioError 'bad-request' for an invalid template
 */
export function fileName(template: string, values: TemplateValues): string {
  const problem = templateProblem(template)
  if (problem) throw fault('namesWrong', { problem })
  const parts = template.split('/').filter(part => part.trim() !== '')
  const names = parts.map((part, i) => {
    const last = i === parts.length - 1
    const filled = part.replace(FIELD, (_, name: TemplateField, width?: string) => fill(values[name] ?? '', width))
    // Separators around an empty value would be left over: "-study" or "a--b".
    const tidy = filled.replace(/([-_ ])\1+/g, '$1').replace(/^[-_ ]+|(?<![-_ ])[-_ ]+$/g, '')
    return safeName(tidy, last ? 'picture' : 'folder', last ? MAX_NAME_BYTES : 60)
  })
  return names.length ? names.slice(-4).join('/') : 'picture'
}

function fill(value: string | number, width: string | undefined): string {
  if (typeof value === 'number')
    return Number.isInteger(value) && width ? String(value).padStart(Number(width), '0') : String(value)
  return width ? [...value].slice(0, Number(width)).join('') : value
}
