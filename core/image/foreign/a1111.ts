/** The "parameters" text of AUTOMATIC1111's web UI and its relatives. Source: modules/infotext_utils.py, parse_generation_parameters. */
import type { SamplerName } from '../../contract/vocabulary.ts'
import { Collector, type ForeignRequest, numberOf } from './collect.ts'

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

/** name: value or name: "value", separated by commas. Names are bounded, so that no text takes quadratic time. */
const PAIR = /\b(\w[\w \-/]{0,60}):\s{0,8}("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)/g

/** A line of settings is a few hundred characters, some thousand with several ControlNets. */
const LONGEST_LINE = 50_000

/** null where the text has no line of settings. */
export function readA1111(text: string): ForeignRequest | null {
  const lines = text.trim().split('\n')
  const settings = new Map<string, string>()
  const last = lines.at(-1) ?? ''
  if (last.length > LONGEST_LINE) return null
  for (const [, name, value] of last.matchAll(PAIR)) settings.set(name.trim(), unquoted(value))
  if (!settings.has('Steps') || settings.size < 3) return null

  const above = lines.slice(0, -1)
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
  out.set('steps', numberOf(take('Steps')), 'Steps')
  out.set('guidanceScale', numberOf(take('CFG scale')), 'CFG scale')
  out.set('seed', numberOf(take('Seed')), 'Seed')
  const sampler = take('Sampler')
  const schedule = take('Schedule type')
  // Its "Automatic" is Karras for this sampler. Source: modules/sd_samplers_kdiffusion.py.
  const automatic = schedule === 'Automatic' && sampler === 'DPM++ 2M' ? 'Karras' : schedule
  out.sampler(sampler, automatic, SAMPLERS)
  const [width, height] = (take('Size') ?? '').split('x').map(numberOf)
  out.set('width', width)
  out.set('height', height)
  for (const [name, value] of settings) out.rest(name, value)
  return out.done('a1111')
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value.trim()
  try {
    return String(JSON.parse(value))
  } catch {
    return value.slice(1, -1)
  }
}
