/**
 * ComfyUI's "prompt" text: the graph that was run, node by node. Source: ComfyUI nodes.py, comfy_extras/
 * nodes_custom_sampler.py and its API format. Nodes are told by what they are linked to, not by their class: hundreds of
 * node packs have samplers of their own, and all of them end in latents that are decoded and saved.
 */
import type { SamplerName } from '../../contract/vocabulary.ts'
import { Collector, type ForeignRequest, integerOf, isRecord, numberOf } from './collect.ts'
import { foreignObject } from './json.ts'

export const COMFY_SAMPLERS: Readonly<Record<string, SamplerName>> = {
  euler: 'euler',
  euler_ancestral: 'euler_a',
  dpmpp_2m: 'dpmpp_2m',
  dpmpp_2m_sde: 'dpmpp_2m_sde',
  dpmpp_2m_sde_gpu: 'dpmpp_2m_sde',
  ddim: 'ddim',
  uni_pc: 'unipc',
  lcm: 'lcm',
  heun: 'heun',
  // Nodes that stand for one sampler, by their class in lower case.
  samplereulerancestral: 'euler_a',
  samplerdpmpp_2m_sde: 'dpmpp_2m_sde',
  samplerlcm: 'lcm',
}

interface Node {
  id: string
  type: string
  inputs: Record<string, unknown>
}
type Graph = ReadonlyMap<string, Node>

/** null where the text is no graph with a sampler. */
export function readComfyUI(text: string): ForeignRequest | null {
  const graph = graphOf(text)
  const samplers = [...graph.values()].filter(node => isSampler(graph, node))
  // With a refiner or an upscaler there are several; the picture's own begins with an empty latent.
  const origin = (node: Node) => latentOf(graph, node)
  const main = samplers.find(node => /^Empty.*Latent/i.test(origin(node)?.type ?? '')) ?? samplers[0]
  if (!main) return null

  const used = new Set<Node>([main])
  /** The first of these inputs that says something, of the sampler or of a node that it is linked to. */
  const take = (names: readonly string[], through: readonly string[]) => {
    for (const node of [main, ...through.flatMap(link => chain(graph, main.inputs[link], link))])
      for (const name of names) {
        const value = resolved(graph, node.inputs[name])
        if (value === undefined || value === null) continue
        used.add(node)
        return value
      }
    return undefined
  }
  const guider = chain(graph, main.inputs['guider'], 'guider')[0]
  if (guider) used.add(guider)
  const side = (name: string) => main.inputs[name] ?? guider?.inputs[name]

  const out = new Collector()
  const positive = textOf(graph, side('positive') ?? guider?.inputs['conditioning'], 'positive', used)
  const negative = textOf(graph, side('negative'), 'negative', used)
  out.prompt(positive, negative)
  // Zeros in the place of an encoded text are no negative prompt, and not the empty one.
  if (negative === null && out.request.prompt !== undefined) out.request.negativePrompt = null
  out.set('seed', integerOf(take(['seed', 'noise_seed'], ['noise'])), 'seed')
  out.set('steps', numberOf(take(['steps'], ['sigmas'])))
  // A guider without a strength (BasicGuider) is none at all.
  out.set('guidanceScale', numberOf(take(['cfg', 'guidance'], ['guider'])) ?? (guider ? 1 : undefined), 'cfg')
  const [samplerNode] = chain(graph, main.inputs['sampler'], 'sampler')
  const [sigmas] = chain(graph, main.inputs['sigmas'], 'sigmas')
  out.sampler(
    take(['sampler_name', 'sampler'], ['sampler']) ?? samplerNode?.type,
    take(['scheduler'], ['sigmas']) ?? (sigmas && /^(\w+?)Scheduler$/.exec(sigmas.type)?.[1]),
    COMFY_SAMPLERS,
  )
  if (samplerNode) used.add(samplerNode)
  const denoise = take(['denoise'], ['sigmas'])
  if (denoise !== 1) out.rest('denoise', denoise)
  const latent = origin(main)
  if (latent) used.add(latent)
  out.set('width', numberOf(latent && resolved(graph, latent.inputs['width'])))
  out.set('height', numberOf(latent && resolved(graph, latent.inputs['height'])))
  for (const node of graph.values()) {
    if (used.has(node) || /^(CLIPTextEncode$|VAEDecode|SaveImage|PreviewImage|KSampler)/.test(node.type)) continue
    const plain = Object.entries(node.inputs).filter(([, value]) => !Array.isArray(value))
    out.rest(
      `${node.type} ${node.id}`,
      plain.map(([name, value]) => `${name}: ${isRecord(value) ? JSON.stringify(value) : String(value)}`).join(', ') ||
        'used',
    )
  }
  return out.done('comfyui')
}

function graphOf(text: string): Graph {
  const nodes = new Map<string, Node>()
  const whole = foreignObject(text)
  // Some savers put prompt and workflow into one object.
  const graph = isRecord(whole?.['prompt']) ? whole['prompt'] : whole
  for (const [id, node] of Object.entries(graph ?? {})) {
    if (!isRecord(node) || typeof node['class_type'] !== 'string' || !isRecord(node['inputs'])) continue
    nodes.set(id, { id, type: node['class_type'], inputs: node['inputs'] })
  }
  return nodes
}

/** [id of the node, number of its output] */
const isLink = (value: unknown): value is [string, number] =>
  Array.isArray(value) && value.length === 2 && Number.isInteger(value[1])

const follow = (graph: Graph, link: unknown): Node | null =>
  isLink(link) ? (graph.get(String(link[0])) ?? null) : null

/** Links in a row beyond this are a loop. */
const MOST_LINKS = 32

/** A node that turns noise into latents by a text: it has a text or a guider, and latents go in or a count of steps. */
function isSampler(graph: Graph, { inputs }: Node): boolean {
  const linked = (name: string) => follow(graph, inputs[name]) !== null
  const guided = linked('guider') || linked('positive')
  const noises = ['steps', 'sigmas', 'seed', 'noise_seed', 'sampler_name'].some(name => inputs[name] !== undefined)
  return guided && noises && (linked('latent_image') || inputs['steps'] !== undefined || linked('latent'))
}

/** The node behind a link and those behind its link of the same name, nearest first. */
function chain(graph: Graph, link: unknown, name: string): Node[] {
  const nodes: Node[] = []
  for (let node = follow(graph, link); node && nodes.length < MOST_LINKS; node = follow(graph, node.inputs[name])) {
    nodes.push(node)
    if (!isLink(node.inputs[name])) break
  }
  return nodes
}

/** Where the latents come from that a sampler starts with: the first node back that says a size. */
function latentOf(graph: Graph, sampler: Node): Node | null {
  let node = follow(graph, sampler.inputs['latent_image'] ?? sampler.inputs['latent'])
  for (let i = 0; node && i < MOST_LINKS; i++) {
    if (node.inputs['width'] !== undefined && node.inputs['height'] !== undefined) return node
    const { inputs } = node
    const next = follow(graph, inputs['samples'] ?? inputs['latent'] ?? inputs['latent_image'])
    if (!next) return node
    node = next
  }
  return node
}

/** Inputs under which nodes hold a value that they hand on; "text_0" is what a node that shows a text has shown. */
const VALUES = [
  'text_0',
  'value',
  'text',
  'string',
  'prompt',
  'populated_text',
  'seed',
  'noise_seed',
  'int',
  'float',
  'number',
]

/** Inputs of nodes that join texts: string_a, text_b, text1. */
const PART = /^(?:string|text)_?(?:[a-f]|[1-9])$/

/** A value, or what the nodes behind a link say. */
function resolved(graph: Graph, value: unknown, depth = 0): unknown {
  if (!isLink(value)) return value
  const node = follow(graph, value)
  if (!node || depth > MOST_LINKS) return undefined
  const parts = Object.keys(node.inputs).filter(input => PART.test(input))
  const joined = parts.map(part => resolved(graph, node.inputs[part], depth + 1))
  if (parts.length > 1 && joined.every(part => typeof part === 'string'))
    return joined.join(String(node.inputs['delimiter'] ?? node.inputs['separator'] ?? ''))
  const name = VALUES.find(each => node.inputs[each] !== undefined && node.inputs[each] !== null)
  return name === undefined ? undefined : resolved(graph, node.inputs[name], depth + 1)
}

/** Where a node that encodes a text has it; SDXL's own has one for each encoder, which are mostly the same. */
const TEXTS = ['text', 'text_g', 'prompt', 'string', 'text_l']

/**
 * The text behind a conditioning, through whatever lies between (ControlNet, combine: the first); null: zeros stand in its
 * place.
 */
function textOf(
  graph: Graph,
  link: unknown,
  side: 'positive' | 'negative',
  used: Set<Node>,
  depth = 0,
): string | null | undefined {
  const node = follow(graph, link)
  if (!node || depth > MOST_LINKS) return undefined
  const { inputs } = node
  if (node.type === 'ConditioningZeroOut') {
    used.add(node)
    return null
  }
  const texts = [...TEXTS, side]
    .filter(name => inputs[name] !== undefined)
    .map(name => resolved(graph, inputs[name]))
    .filter(text => typeof text === 'string')
  const text = texts.find(each => each !== '') ?? texts[0]
  if (text !== undefined) {
    // Two texts do not fit into one prompt: the node is listed with both.
    if (texts.every(each => each === '' || each === text)) used.add(node)
    return text
  }
  // A node with both texts hands on the one that the link names.
  const next = [side, 'conditioning', 'conditioning_1', 'conditioning_to', 'positive'].find(name =>
    isLink(inputs[name]),
  )
  return next === undefined ? undefined : textOf(graph, inputs[next], side, used, depth + 1)
}
