/** InvokeAI, SwarmUI, Fooocus, NovelAI and Draw Things: one object each, nearly flat. */
import type { RequestInput } from '../../contract/request.ts'
import type { SamplerName } from '../../contract/vocabulary.ts'
import { Collector, type ForeignProgram, type ForeignRequest, isRecord, numberOf } from './collect.ts'
import { COMFY_SAMPLERS } from './comfyui.ts'
import { foreignObject } from './json.ts'

/** Source: InvokeAI invokeai/backend/stable_diffusion/schedulers/schedulers.py; "_k" is Karras. */
const INVOKE: Readonly<Record<string, SamplerName>> = {
  euler: 'euler',
  euler_k: 'euler_karras',
  euler_a: 'euler_a',
  dpmpp_2m: 'dpmpp_2m',
  dpmpp_2m_k: 'dpmpp_2m_karras',
  dpmpp_2m_sde: 'dpmpp_2m_sde',
  dpmpp_2m_sde_k: 'dpmpp_2m_sde_karras',
  ddim: 'ddim',
  unipc: 'unipc',
  lcm: 'lcm',
  tcd: 'tcd',
  heun: 'heun',
  // Before version 3.
  k_euler: 'euler',
  k_euler_a: 'euler_a',
  k_heun: 'heun',
}

/** Source: NovelAI's own "Comment". */
const NOVELAI: Readonly<Record<string, SamplerName>> = {
  k_euler: 'euler',
  k_euler_ancestral: 'euler_a',
  k_dpmpp_2m: 'dpmpp_2m',
  k_dpmpp_2m_sde: 'dpmpp_2m_sde',
  ddim: 'ddim',
  ddim_v3: 'ddim',
}

/** Source: Draw Things, SamplerType; "Trailing" and "AYS" are schedules of its own. */
const DRAW_THINGS: Readonly<Record<string, SamplerName>> = {
  'dpm++ 2m karras': 'dpmpp_2m_karras',
  'dpm++ 2m': 'dpmpp_2m',
  'euler a': 'euler_a',
  'euler ancestral': 'euler_a',
  ddim: 'ddim',
  unipc: 'unipc',
  lcm: 'lcm',
  tcd: 'tcd',
}

/** Which key of the program holds what; every other key is listed. */
interface Scheme {
  program: ForeignProgram
  prompt: string
  negative: string
  numbers: Readonly<Partial<Record<'width' | 'height' | 'steps' | 'guidanceScale', string>>>
  sampler: string
  schedule?: string
  samplers: Readonly<Record<string, SamplerName>>
}

function readFlat(data: Record<string, unknown>, scheme: Scheme): ForeignRequest {
  const rest = new Map(Object.entries(data))
  const take = (name: string | undefined) => {
    const value = name === undefined ? undefined : rest.get(name)
    if (name !== undefined) rest.delete(name)
    return value
  }
  const out = new Collector()
  out.prompt(take(scheme.prompt), take(scheme.negative))
  for (const [field, name] of Object.entries(scheme.numbers)) out.number(field as keyof RequestInput, take(name), name)
  out.seed(take('seed'))
  out.sampler(take(scheme.sampler), take(scheme.schedule), scheme.samplers)
  for (const [name, value] of rest) out.rest(name, value)
  return out.done(scheme.program)
}

export function readInvokeAI(text: string): ForeignRequest | null {
  const data = foreignObject(text)
  if (!data || typeof data['positive_prompt'] !== 'string') return null
  return readFlat(data, {
    program: 'invokeai',
    prompt: 'positive_prompt',
    negative: 'negative_prompt',
    numbers: { width: 'width', height: 'height', steps: 'steps', guidanceScale: 'cfg_scale' },
    sampler: 'scheduler',
    samplers: INVOKE,
  })
}

/** "sd-metadata" of InvokeAI 2: the settings under "image", the prompt a text or a list of weighted ones. */
export function readInvokeAI2(text: string): ForeignRequest | null {
  const data = foreignObject(text)
  const image = data?.['image']
  if (!isRecord(image)) return null
  const { prompt, ...settings } = image
  const parts = Array.isArray(prompt) ? prompt.map(part => (isRecord(part) ? part['prompt'] : part)) : [prompt]
  const words = parts.filter(part => typeof part === 'string').join(' ')
  // Words in brackets are what the picture was guided away from.
  const negative = [...words.matchAll(/\[([^[\]]*)\]/g)].map(([, inner]) => inner).join(', ')
  return readFlat(
    { ...settings, prompt: words.replace(/(?<!\s)\s*\[[^[\]]*\]/g, '').trim(), negative },
    {
      program: 'invokeai',
      prompt: 'prompt',
      negative: 'negative',
      numbers: { width: 'width', height: 'height', steps: 'steps', guidanceScale: 'cfg_scale' },
      sampler: 'sampler',
      samplers: INVOKE,
    },
  )
}

/** SwarmUI names samplers as ComfyUI does. */
export function readSwarmUI(text: string): ForeignRequest | null {
  const data = foreignObject(text)?.['sui_image_params']
  if (!isRecord(data)) return null
  return readFlat(data, {
    program: 'swarmui',
    prompt: 'prompt',
    negative: 'negativeprompt',
    numbers: { width: 'width', height: 'height', steps: 'steps', guidanceScale: 'cfgscale' },
    sampler: 'sampler',
    schedule: 'scheduler',
    samplers: COMFY_SAMPLERS,
  })
}

/** Fooocus' own scheme. What went into the encoders is "full_prompt"; "prompt" is what was typed. Source: modules/meta_parser.py. */
export function readFooocus(text: string): ForeignRequest | null {
  const data = foreignObject(text)
  const isFooocus = data?.['metadata_scheme'] === 'fooocus' || String(data?.['version']).startsWith('Fooocus')
  if (!data || !isFooocus || typeof data['prompt'] !== 'string') return null
  const { resolution, ...settings } = data
  const size = /^\D*(\d{1,6})\D+(\d{1,6})\D*$/.exec(String(resolution))
  return readFlat(
    { ...settings, ...(size ? { width: size[1], height: size[2] } : { resolution }) },
    {
      program: 'fooocus',
      prompt: 'prompt',
      negative: 'negative_prompt',
      numbers: { width: 'width', height: 'height', steps: 'steps', guidanceScale: 'guidance_scale' },
      sampler: 'sampler',
      schedule: 'scheduler',
      samplers: COMFY_SAMPLERS,
    },
  )
}

/** NovelAI's "Comment"; its first versions keep the prompt in "Description", its version 4 in captions. */
export function readNovelAI(text: string, texts: ReadonlyMap<string, string>): ForeignRequest | null {
  const data = foreignObject(text)
  if (!data || !('uc' in data || 'v4_prompt' in data) || numberOf(data['scale']) === undefined) return null
  const caption = (name: string) => {
    const inner = isRecord(data[name]) ? data[name]['caption'] : undefined
    return isRecord(inner) ? inner['base_caption'] : undefined
  }
  const prompt = data['prompt'] ?? caption('v4_prompt') ?? texts.get('Description')
  if (typeof prompt !== 'string') return null
  return readFlat(
    { ...data, prompt, uc: data['uc'] ?? caption('v4_negative_prompt') },
    {
      program: 'novelai',
      prompt: 'prompt',
      negative: 'uc',
      numbers: { width: 'width', height: 'height', steps: 'steps', guidanceScale: 'scale' },
      sampler: 'sampler',
      schedule: 'noise_schedule',
      samplers: NOVELAI,
    },
  )
}

/** The object that Draw Things writes as the EXIF comment and inside its XMP packet. */
export function readDrawThings(text: string): ForeignRequest | null {
  const data = foreignObject(text)
  if (!data || typeof data['c'] !== 'string' || numberOf(data['steps']) === undefined) return null
  const { size, ...settings } = data
  const sides = /^(\d{1,6})x(\d{1,6})$/.exec(String(size))
  return readFlat(
    { ...settings, ...(sides ? { width: sides[1], height: sides[2] } : { size }) },
    {
      program: 'drawthings',
      prompt: 'c',
      negative: 'uc',
      numbers: { width: 'width', height: 'height', steps: 'steps', guidanceScale: 'scale' },
      sampler: 'sampler',
      samplers: DRAW_THINGS,
    },
  )
}

/** The same inside an XMP packet: exif:UserComment, an element with a list of languages, or an attribute. */
export function readXmp(packet: string): ForeignRequest | null {
  // Only the beginning of the element is searched: an attacker could begin it a million times.
  const at = packet.indexOf('<exif:UserComment>')
  const element =
    at < 0
      ? null
      : /^[^<]{0,40}(?:<rdf:Alt>[^<]{0,40})?<rdf:li[^<>]{0,100}>([^<]*)<\/rdf:li>/.exec(packet.slice(at + 18))
  const found = element ?? /exif:UserComment="([^"]*)"/.exec(packet)
  return found ? readDrawThings(unescapeXml(found[1])) : null
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name] ?? whole
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
