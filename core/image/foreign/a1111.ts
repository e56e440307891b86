/** The "parameters" text of AUTOMATIC1111's web UI and its relatives. Source: modules/infotext_utils.py, parse_generation_parameters. */
import type { SamplerName } from '../../contract/vocabulary.ts'
import { settingsIn } from './a1111-line.ts'
import { Collector, type ForeignRequest } from './collect.ts'

const SAMPLERS: Readonly<Record<string, SamplerName>> = {
  euler: 'euler',
  'euler a': 'euler_a',
  'dpm++ 2m': 'dpmpp_2m',
  'dpm++ 2m sde': 'dpmpp_2m_sde',
  ddim: 'ddim',
  unipc: 'unipc',
  lcm: 'lcm',
  heun: 'heun',
}

/** Where that program's "Automatic" schedule is a certain one. Source: modules/sd_samplers_kdiffusion.py. */
const AUTOMATIC: Readonly<Record<string, string>> = { 'DPM++ 2M': 'Karras', 'DPM++ 2M SDE': 'Exponential' }

/** A line of settings is a few hundred characters, some thousand with several ControlNets. */
const LONGEST_LINE = 50_000

/** null where the text has no line of settings. Lines behind it (Dynamic Prompts' templates, wildcards) are listed. */
export function readA1111(text: string): ForeignRequest | null {
  const lines = text.trim().split(/\r?\n/)
  const found = lines.findLastIndex(each => /^\s*Steps: ?\d/.test(each) && settingsOf(each).size >= 3)
  const line = found < 0 ? lines.length - 1 : found
  const settings = settingsOf(lines[line] ?? '')
  if (!settings.has('Steps') || settings.size < 3) return null

  const above = lines.slice(0, line)
  const at = above.findIndex(line => line.trim().startsWith('Negative prompt:'))
  const prompt = (at < 0 ? above : above.slice(0, at)).join('\n').trim()
  const negative = at < 0 ? '' : above.slice(at).join('\n').trim().slice('Negative prompt:'.length).trim()

  const out = new Collector()
  out.prompt(prompt, negative)
  const take = (name: string) => {
    const value = settings.get(name)
    settings.delete(name)
    return value
  }
  // Embeddings are words of the prompt there: those that are installed are found by their names.
  if (settings.has('TI hashes')) out.request.promptWeights = true
  out.number('steps', take('Steps'), 'Steps')
  out.number('guidanceScale', take('CFG scale'), 'CFG scale')
  out.seed(take('Seed'), 'Seed')
  const sampler = take('Sampler')
  const schedule = take('Schedule type')
  const isKnown = schedule === 'Automatic' && sampler !== undefined && Object.hasOwn(AUTOMATIC, sampler)
  out.sampler(sampler, isKnown ? AUTOMATIC[sampler] : schedule, SAMPLERS)
  // civitai.com writes it in lower case.
  const size = take('Size') ?? take('size')
  const sides = /^(\d{1,9}) ?[x×] ?(\d{1,9})$/.exec(size ?? '')
  if (!sides) out.rest('Size', size)
  out.number('width', sides?.[1])
  out.number('height', sides?.[2])
  for (const [name, value] of settings) out.rest(name, value)
  for (const [name, value] of linesBehind(lines.slice(line + 1))) out.rest(name, value)
  return out.done('a1111')
}

function settingsOf(line: string): Map<string, string> {
  const settings = new Map<string, string>()
  if (line.length > LONGEST_LINE) return settings
  for (const { name, value } of settingsIn(line)) settings.set(name, unquoted(value))
  return settings
}

/** "Name: value", the value going on until the next name. */
function linesBehind(lines: readonly string[]): Map<string, string> {
  const values = new Map<string, string>()
  let current = 'further lines'
  for (const line of lines) {
    const named = /^([A-Z][\w ]{0,40}): ?(.*)$/.exec(line)
    if (named) current = named[1]
    const text = named ? named[2] : line
    values.set(current, values.has(current) ? `${values.get(current)}\n${text}` : text)
  }
  return values
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value.trim()
  try {
    return String(JSON.parse(value))
  } catch {
    return value.slice(1, -1)
  }
}
