/** Numbers as the web UI's own validator takes them: "64" is one, as shell scripts, forms and automations send it. */
import { z } from 'zod'

/** The schema of a number, which may also be written as a text. Any other text is left to the schema's complaint. */
export const lax = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(asNumber, schema)

function asNumber(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value
  const number = Number(value)
  return Number.isFinite(number) ? number : value
}
