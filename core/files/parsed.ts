import type { z } from 'zod'

/** A value from JSON text that another program wrote; null where it is no JSON or not what the schema says. */
export function parsed<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    const found = schema.safeParse(JSON.parse(text))
    return found.success ? found.data : null
  } catch {
    return null
  }
}
