/** A schema's complaint as a phrase, so that it can be translated; its English is zod's own. */
import { expectations } from './phrases.ts'
import type { Phrase } from './studio-error.ts'

/** Phrases whose English is another program's, with the values that it was made from. */
export interface ForeignPhrases {
  tooSmall: Bound
  tooBig: Bound
  wrongType: { expected: string }
  notOneOf: { choices: string }
  keysUnknown: { keys: string }
  notUnderstood: object
  quoteNotClosed: object
}

interface Bound {
  /** "string", "array", or a kind of number. */
  of: string
  bound: number
  /** The bound itself will do. */
  inclusive: boolean
}

/** A zod issue; which fields it has depends on its code. */
interface Issue {
  message: string
  code?: string | undefined
  origin?: string
  minimum?: unknown
  maximum?: unknown
  inclusive?: boolean | undefined
  expected?: unknown
  values?: readonly unknown[]
  keys?: readonly string[]
  params?: Record<string, unknown> | undefined
}

/**
 * The phrase that the issue carries (params.phrase), or whose English its message is, or that its code stands for; for
 * any other issue, its message alone.
 */
export function phraseOfIssue(issue: object & { message: string }): Phrase {
  const { message, ...about } = issue as Issue
  const own = about.params?.['phrase'] as Phrase | undefined
  if (own) return own
  const expected = Object.entries(expectations).find(
    ([, say]) => say.length === 0 && (say as () => string)() === message,
  )
  if (expected) return { message, key: expected[0] }
  const found = foreign(about)
  return found ? { message, ...found } : { message }
}

type Found = { [Key in keyof ForeignPhrases]: { key: Key; values: ForeignPhrases[Key] } }[keyof ForeignPhrases]

function foreign(issue: Omit<Issue, 'message'>): (Found & Pick<Phrase, 'values'>) | null {
  const { code, origin = '', inclusive = true, minimum, maximum, expected, values = [], keys = [] } = issue
  const bound = (at: unknown) => ({ of: origin, bound: Number(at), inclusive })
  if (code === 'too_small') return made('tooSmall', bound(minimum))
  if (code === 'too_big') return made('tooBig', bound(maximum))
  if (code === 'invalid_type') return made('wrongType', { expected: String(expected) })
  if (code === 'invalid_value')
    return made('notOneOf', { choices: values.map(value => JSON.stringify(value)).join(', ') })
  if (code === 'unrecognized_keys') return made('keysUnknown', { keys: keys.map(key => `"${key}"`).join(', ') })
  return code === 'invalid_union' ? made('notUnderstood', {}) : null
}

const made = <Key extends keyof ForeignPhrases>(key: Key, values: ForeignPhrases[Key]) =>
  ({ key, values }) as Found & Pick<Phrase, 'values'>
