/** InvokeAI's "invokeai_metadata" and SwarmUI's "parameters": one flat object each. */
import type { SamplerName } from '../../contract/vocabulary.ts'
import { Collector, type ForeignRequest, isRecord } from './collect.ts'

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
  heun: 'heun',
}

export function readInvokeAI(text: string): ForeignRequest | null {
  const data = parsed(text)
  if (!data || typeof data['positive_prompt'] !== 'string') return null
  const { positive_prompt, negative_prompt, width, height, seed, steps, cfg_scale, scheduler, ...rest } = data
  const out = new Collector()
  out.prompt(positive_prompt, negative_prompt)
  for (const [field, value] of Object.entries({ width, height, seed, steps }))
    out.set(field as 'width' | 'height' | 'seed' | 'steps', value)
  out.set('guidanceScale', cfg_scale, 'cfg_scale')
  out.sampler(scheduler, undefined, INVOKE)
  for (const [name, value] of Object.entries(rest)) out.rest(name, value)
  return out.done('invokeai')
}

/** SwarmUI names samplers as ComfyUI does. */
const SWARM: Readonly<Record<string, SamplerName>> = {
  euler: 'euler',
  euler_ancestral: 'euler_a',
  dpmpp_2m: 'dpmpp_2m',
  dpmpp_2m_sde: 'dpmpp_2m_sde',
  dpmpp_2m_sde_gpu: 'dpmpp_2m_sde',
  ddim: 'ddim',
  uni_pc: 'unipc',
  lcm: 'lcm',
  heun: 'heun',
}

export function readSwarmUI(text: string): ForeignRequest | null {
  const data = parsed(text)?.['sui_image_params']
  if (!isRecord(data)) return null
  const { prompt, negativeprompt, width, height, seed, steps, cfgscale, sampler, scheduler, ...rest } = data
  const out = new Collector()
  out.prompt(prompt, negativeprompt)
  for (const [field, value] of Object.entries({ width, height, seed, steps }))
    out.set(field as 'width' | 'height' | 'seed' | 'steps', value)
  out.set('guidanceScale', cfgscale, 'cfgscale')
  out.sampler(sampler, scheduler, SWARM)
  for (const [name, value] of Object.entries(rest)) out.rest(name, value)
  return out.done('swarmui')
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}
