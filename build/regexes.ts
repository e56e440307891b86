/**
 * `npm run lint:regexes [-- --all]`: finds regular expressions that take quadratic time or worse on some text, as recheck proves it
 * (automata theory for most, seeded fuzzing for back-references and lookaround). A set's name of 100,000 dots once held the
 * host for 22 seconds.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { check } from 'recheck'
import { parseSync, Visitor } from 'rolldown/utils'

const root = resolve(import.meta.dirname, '..')

/**
 * Proved slow on texts without end, where a text cannot be long: what bounds it. Each entry is the beginning of a source.
 */
export const BOUNDED: Readonly<Record<string, string>> = {
  ' ?<(?:lora|lyco):': 'an attempt reads 250 characters at most, and prompts have 100,000',
  ' .*(?<!r)5': "the dictionary's own pinyin",
  '\\b(?:classifier|measure word': "the dictionary's own senses, or a meaning of at most 1000 characters",
  '(?: (?:an?|the|and|or|of': "the dictionary's own senses, or a meaning of at most 1000 characters",
  '\\s*\\((?:CL:': "the dictionary's own senses",
  '\\b(\\w[\\w \\-/]{0,60}):':
    'a line of settings has at most 50,000 characters, and is read in a process with a deadline',
  'individual_token_refiner|img_attn_qkv': 'an attempt reads 212 characters at most of a tensor name',
  ' ?(?<![\\p{Script=Han}': 'a cell has at most 100,000 characters, and recheck does not count what a lookbehind saves',
  '(?<!\\s)\\s+([,.!?])': 'recheck does not count what a lookbehind saves; senses have at most 1000 characters',
  ' ?<hypernet:[^<>]{1,250}>': 'an attempt reads 260 characters at most, and prompts have 100,000',
  '\\/onnxruntime_src': "the engine's own message, and an attempt reads 320 characters at most",
  'attn2[._]to_[kv]': 'an attempt reads 210 characters at most of a tensor name',
  '<(rt|rp|style|script)': 'an attempt reads 2,000 characters at most, in a cell of at most 100,000',
}

export interface FoundRegex {
  file: string
  line: number
  source: string
  flags: string
}

export interface SlowRegex extends FoundRegex {
  /** "2nd degree polynomial", "exponential". */
  complexity: string
  /** A text on which it shows, as JavaScript. */
  attack: string
}

/** Sources whose regular expressions meet texts of users and strangers. Tests and builds meet our own alone. */
export function sourcesToCheck(): string[] {
  return globSync(['core/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,tsx}'], {
    cwd: root,
    exclude: ['**/*.test.ts', '**/testing*.ts', '**/node_modules/**'],
  })
}

/** Every literal in a source, and every `new RegExp` of a literal text. */
export function regexesIn(file: string, text: string): FoundRegex[] {
  const found: FoundRegex[] = []
  const add = (at: number, source: string, flags: string) =>
    found.push({ file, line: text.slice(0, at).split('\n').length, source, flags })
  const { program } = parseSync(file, text)
  new Visitor({
    Literal(node) {
      if ('regex' in node) add(node.start, node.regex.pattern, node.regex.flags)
    },
    NewExpression({ callee, arguments: [source, flags], start }) {
      if (callee.type !== 'Identifier' || callee.name !== 'RegExp' || source?.type !== 'Literal') return
      const given = flags?.type === 'Literal' ? String(flags.value) : ''
      if (typeof source.value === 'string') add(start, source.value, given)
    },
  }).visit(program)
  return found
}

/** Expressions that recheck has proved or found to be quick: a proof takes up to seconds, so that only new ones are tried. */
const PROVED = join(import.meta.dirname, 'proved-regexes.txt')

const textOf = ({ source, flags }: Pick<FoundRegex, 'source' | 'flags'>) => `/${source}/${flags}`

/** Those that nobody has tried yet. */
export function untried(regexes: readonly FoundRegex[]): FoundRegex[] {
  const proved = new Set(existsSync(PROVED) ? readFileSync(PROVED, 'utf8').split('\n') : [])
  return regexes.filter(regex => !proved.has(textOf(regex)))
}

/** Those that are slow on some text. */
export async function slowRegexes(regexes: readonly FoundRegex[]): Promise<SlowRegex[]> {
  const slow: SlowRegex[] = []
  const known = new Map<string, Awaited<ReturnType<typeof check>>>()
  for (const regex of regexes) {
    const { source, flags } = regex
    if (Object.keys(BOUNDED).some(begin => source.startsWith(begin))) continue
    const key = textOf(regex)
    // recheck knows the flags of ES2018; "v" is "u" with set notation, "d" changes nothing.
    const asked = flags.replace('v', 'u').replace('d', '')
    const answer = known.get(key) ?? (await check(source, asked, { timeout: 3000, randomSeed: 1 }))
    known.set(key, answer)
    if (answer.status === 'vulnerable')
      slow.push({ ...regex, complexity: answer.complexity.summary, attack: answer.attack.pattern })
  }
  return slow
}

if (import.meta.main) {
  const regexes = sourcesToCheck().flatMap(file => regexesIn(file, readFileSync(join(root, file), 'utf8')))
  const slow = await slowRegexes(process.argv.includes('--all') ? regexes : untried(regexes))
  for (const { file, line, source, flags, complexity, attack } of slow)
    console.error(`${file}:${line}: /${source}/${flags} is ${complexity}, for example on ${attack}`)
  console.log(`${regexes.length} regular expressions, ${slow.length} of them slow`)
  if (slow.length === 0) writeFileSync(PROVED, `${[...new Set(regexes.map(textOf))].sort().join('\n')}\n`)
  process.exitCode = slow.length === 0 ? 0 : 1
}
