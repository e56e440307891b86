/** JSON of other programs: Python's tokens for what is no number, and whole numbers of any length. */
import { isRecord } from './collect.ts'

/**
 * NaN and ±Infinity (Python's json module writes them) become null, never inside a string; whole numbers beyond 2⁵³ stay
 * as the digits that were written. Throws SyntaxError.
 */
export function parseForeignJson(text: string): unknown {
  const strict = text.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|-?\b(?:NaN|Infinity)\b/g, match =>
    match[0] === '"' ? match : 'null',
  )
  return JSON.parse(strict, ((_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? context!.source
      : value) as (key: string, value: unknown) => unknown)
}

/** An object, or null for any other text. */
export function foreignObject(text: string): Record<string, unknown> | null {
  try {
    const value = parseForeignJson(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}
