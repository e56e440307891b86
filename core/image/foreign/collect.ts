/** What another program's metadata become: fields of our request where they fit, a list of the rest. */
import { type RequestInput, requestInputSchema } from '../../contract/request.ts'
import type { SamplerName } from '../../contract/vocabulary.ts'
import { asksForEmbeddings } from '../../text/embedded-words.ts'
import { loraTagsOf } from '../../text/lora-tags.ts'
import { BREAK, parsePromptWeights } from '../../text/prompt-weights.ts'

export type ForeignProgram = 'a1111' | 'comfyui' | 'invokeai' | 'swarmui' | 'fooocus' | 'novelai' | 'drawthings'

export interface ForeignRequest {
  program: ForeignProgram
  request: RequestInput
  /** Name → value of everything that has no place in our request, or a value that it does not take. */
  unmapped: Record<string, string>
}

/** Far above what a request takes (core/contract/request.ts); no time is spent on what is longer. */
const LONGEST_PROMPT = 100_000

/** Gathers fields one by one; a value that the contract refuses goes to the rest under its own name. */
export class Collector {
  readonly request: RequestInput = {}
  readonly unmapped: Record<string, string> = {}

  /** Sets a field, if the value is one that the request takes. */
  set<F extends keyof RequestInput>(field: F, value: unknown, name: string = field): void {
    if (value === undefined || value === null) return
    const side = field === 'width' || field === 'height'
    const parsed = requestInputSchema.shape[field].safeParse(value)
    if (parsed.success && !(side && Number(value) % 8)) Object.assign(this.request, { [field]: parsed.data })
    else this.rest(name, value)
  }

  /** Sets a field from a number or the text of one; what is neither goes to the rest. */
  number<F extends keyof RequestInput>(field: F, value: unknown, name: string = field): void {
    this.set(field, numberOf(value) ?? value, name)
  }

  seed(value: unknown, name = 'seed'): void {
    this.set('seed', integerOf(value) ?? value, name)
  }

  rest(name: string, value: unknown): void {
    if (value === undefined || value === null || value === '') return
    this.unmapped[name] = typeof value === 'string' ? value : JSON.stringify(value)
  }

  sampler(name: unknown, schedule: unknown, samplers: Readonly<Record<string, SamplerName>>): void {
    if (typeof name !== 'string') return
    const karras = /karras/i.test(`${name} ${schedule ?? ''}`)
    const plain = name
      .toLowerCase()
      .replace(/ karras$/, '')
      .trim()
    const base = Object.hasOwn(samplers, plain) ? samplers[plain] : undefined
    const sampler = base && (karras ? KARRAS[base] : base)
    if (sampler) this.request.sampler = sampler
    else this.rest('sampler', name)
    if (!sampler || (schedule && !/^(karras|normal|simple|automatic)$/i.test(String(schedule))))
      this.rest('schedule', schedule)
  }

  /** Weighed words and <lora:name:0.8> mean here what they mean there; a hypernetwork has no place. */
  prompt(text: unknown, negative: unknown): void {
    if (typeof text !== 'string') return
    if (text.length > LONGEST_PROMPT || (typeof negative === 'string' && negative.length > LONGEST_PROMPT)) {
      this.rest('prompt', text)
      this.rest('negative prompt', negative)
      return
    }
    for (const [, name, weight] of text.matchAll(/<hypernet:([^:<>]{1,200})(?::([^<>]{0,40}))?>/g))
      this.rest(`hypernet ${name}`, weight ?? '1')
    this.set('prompt', text.replace(/ ?<hypernet:[^<>]{1,250}>/g, '').trim(), 'prompt')
    if (weighs(text) || (typeof negative === 'string' && weighs(negative))) this.request.promptWeights = true
    // Those programs encode an empty prompt where none is given.
    this.set('negativePrompt', typeof negative === 'string' ? negative : '', 'negative prompt')
  }

  done(program: ForeignProgram): ForeignRequest {
    // What was made from a prompt alone was not made from maps.
    if (this.request.prompt !== undefined) this.request.controls = null
    return { program, request: this.request, unmapped: this.unmapped }
  }
}

/** Whether a prompt weighs words, or names LoRA files or embeddings. */
const weighs = (prompt: string): boolean =>
  loraTagsOf(prompt).length > 0 ||
  asksForEmbeddings(prompt) ||
  parsePromptWeights(prompt).some(piece => piece === BREAK || piece.weight !== 1)

/** Where a sampler exists with Karras' spacing, which. */
const KARRAS: Partial<Record<SamplerName, SamplerName>> = {
  euler: 'euler_karras',
  dpmpp_2m: 'dpmpp_2m_karras',
  dpmpp_2m_sde: 'dpmpp_2m_sde_karras',
}

export const numberOf = (text: unknown): number | undefined => {
  const number =
    typeof text === 'number' ? text : typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

/** A whole number, or the digits themselves where a number would lose some: a seed of 64 bits. */
export const integerOf = (value: unknown): number | string | undefined => {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  if (!/^-?\d{1,30}$/.test(text)) return numberOf(value)
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
