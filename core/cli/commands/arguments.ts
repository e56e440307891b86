import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { ListFileOptions } from '../../sets/word-list.ts'
import { COLUMNS, type ColumnChoice } from '../../tables/columns.ts'

/** The command was written wrongly: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError' as const
}

/** How many words may stand beside the options; where one has to, what is said of its absence. */
type Words = { min: 0; max: number } | { min: 1; max: number; missing: string }

/** node's parseArgs with our errors. @throws UsageError */
export function parse<O extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: O, words: Words) {
  let parsed: ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>>
  try {
    parsed = parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(complaintOf(error as Error))
  }
  const { positionals } = parsed
  if (words.min === 1 && positionals.length === 0) throw new UsageError(words.missing)
  if (positionals.length > words.max)
    throw new UsageError(`"${positionals[words.max]}" is one word too many; put several words in quotes.`)
  return parsed
}

/** Node's own sentences take several lines, and advise what is no use here. */
function complaintOf({ message }: Error): string {
  const option = /--[\w-]+/.exec(message)?.[0]
  return option && message.includes('ambiguous')
    ? `${option} takes a value, and one that begins with a dash is written ${option}=-1.`
    : `${message.split(/\. |\n/)[0].replace(/\.$/, '')}.`
}

export function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`--${name} takes a number, not "${text}".`)
  return value
}

/** "1024x768" → width and height. */
export function size(text: string | undefined): { width: number; height: number } | undefined {
  if (text === undefined) return undefined
  const match = /^(\d{1,6})[x×](\d{1,6})$/i.exec(text)
  if (!match) throw new UsageError(`--size takes WIDTHxHEIGHT such as 1024x768, not "${text}".`)
  return { width: Number(match[1]), height: Number(match[2]) }
}

/** "canny=0.9,depth=0.5" → [["canny", "0.9"], …]. */
export function pairs(name: string, text: string | undefined): [string, string][] {
  const found = (text ?? '')
    .split(',')
    .filter(Boolean)
    .map((pair): [string, string] => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--${name} takes NAME=VALUE pairs with commas between, not "${pair}".`)
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    })
  const twice = found.find(([key], i) => found.findIndex(([other]) => other === key) < i)
  if (twice) throw new UsageError(`--${name} names ${twice[0]} twice.`)
  return found
}

/** One of some words; undefined where it was not said. */
export function oneOf<T extends string>(name: string, text: string | undefined, known: readonly T[]): T | undefined {
  if (text === undefined) return undefined
  const found = known.find(one => one === text)
  if (found === undefined) throw new UsageError(`--${name} is one of ${known.join(', ')}, not "${text}".`)
  return found
}

/** How a file of words is to be read, where that is not plain to see. */
export const LIST_OPTIONS = {
  encoding: { type: 'string' },
  sheet: { type: 'string' },
  columns: { type: 'string' },
  header: { type: 'boolean' },
  'no-header': { type: 'boolean' },
} as const

/** @throws UsageError */
export function listOptions(values: {
  encoding?: string | undefined
  sheet?: string | undefined
  columns?: string | undefined
  header?: boolean | undefined
  'no-header'?: boolean | undefined
}): ListFileOptions {
  const { encoding, sheet, header } = values
  if (header && values['no-header']) throw new UsageError('say --header or --no-header, not both.')
  const columns = pairs('columns', values.columns).map(([name, choice]) => [oneOf('columns', name, COLUMNS), choice])
  return {
    ...{ encoding, sheet, header: header ? true : values['no-header'] ? false : undefined },
    ...(columns.length > 0 && { columns: Object.fromEntries(columns) as ColumnChoice }),
  }
}
