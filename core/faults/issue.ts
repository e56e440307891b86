/** A schema's complaint as a phrase: in plain English, not in the validator's words, and so that it can be translated. */
import { expectations } from './phrases.ts'
import type { Phrase } from './studio-error.ts'

interface Bound {
  /** "string", "array", or a kind of number. */
  of: string
  bound: number
  /** The bound itself will do. */
  inclusive: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
}

const characters = (count: number) => (count === 1 ? '1 character' : `${count} characters`)
const entries = (count: number) => (count === 1 ? '1 entry' : `${count} entries`)

/** What is wrong with a value, without a full stop. */
const complaints = {
  tooSmall({ of, bound, inclusive }: Bound) {
    if (of === 'string') return bound === 1 ? 'it is empty' : `at least ${characters(bound)} are expected`
    if (of === 'array') return bound === 1 ? 'the list is empty' : `at least ${entries(bound)} are expected`
    return `a number ${inclusive ? 'of at least' : 'above'} ${bound} is expected`
  },
  tooBig({ of, bound, inclusive }: Bound) {
    if (of === 'string') return `it is too long, ${characters(bound)} at most`
    if (of === 'array') return `there are too many, ${entries(bound)} at most`
    return `a number ${inclusive ? 'of at most' : 'below'} ${bound} is expected`
  },
  wrongType: ({ expected }: { expected: string }) => `${TYPES[expected] ?? expected} is expected`,
  fieldMissing: (_: object) => 'it is missing',
  notOneOf: ({ choices }: { choices: string }) => `one of these is expected: ${choices}`,
  notMultiple: ({ of }: { of: number }) => `a multiple of ${of} is expected`,
  keysUnknown: ({ keys }: { keys: string }) => `there is no such field: ${keys}`,
  notUnderstood: (_: object) => 'the value is not understood',
}

/** Phrases outside the catalogue, with the values that they are made from; a CSV reader's complaint is among them. */
export type ForeignPhrases = { [Key in keyof typeof complaints]: Parameters<(typeof complaints)[Key]>[0] } & {
  quoteNotClosed: object
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
  divisor?: unknown
  format?: string
  values?: readonly unknown[]
  keys?: readonly string[]
  params?: Record<string, unknown> | undefined
}

/**
 * The phrase that the issue carries (params.phrase), or whose English its message is, or that its code stands for; for
 * any other issue, the validator's message alone.
 */
export function phraseOfIssue(issue: object & { message: string }): Phrase {
  const { message, params } = issue as Issue
  const own = params?.['phrase'] as Phrase | undefined
  if (own) return own
  const expected = Object.entries(expectations).find(
    ([, say]) => say.length === 0 && (say as () => string)() === message,
  )
  if (expected) return { message, key: expected[0] }
  return complaintOf(issue as Issue) ?? { message }
}

/** How zod ends its message where nothing was given; the issue itself does not say it. */
const NOTHING_GIVEN = /received undefined$/

function complaintOf(issue: Issue): Phrase | null {
  const {
    message,
    code,
    origin = '',
    inclusive = true,
    minimum,
    maximum,
    expected,
    divisor,
    format,
    values = [],
    keys = [],
  } = issue
  const bound = (at: unknown) => ({ of: origin, bound: Number(at), inclusive })
  if (code === 'too_small') return made('tooSmall', bound(minimum))
  if (code === 'too_big') return made('tooBig', bound(maximum))
  if (code === 'invalid_type' && NOTHING_GIVEN.test(message)) return made('fieldMissing', {})
  if (code === 'invalid_type') return made('wrongType', { expected: String(expected) })
  if (code === 'invalid_value')
    return made('notOneOf', { choices: values.map(value => JSON.stringify(value)).join(', ') })
  if (code === 'unrecognized_keys') return made('keysUnknown', { keys: keys.map(key => `"${key}"`).join(', ') })
  if (code === 'not_multiple_of') return made('notMultiple', { of: Number(divisor) })
  // A pattern that has something better to say says it as one of our expectations.
  return code === 'invalid_union' || format === 'regex' ? made('notUnderstood', {}) : null
}

function made<Key extends keyof typeof complaints>(key: Key, values: ForeignPhrases[Key]): Phrase {
  const say = complaints[key] as (values: ForeignPhrases[Key]) => string
  return { key, values: { ...values }, message: say(values) }
}
