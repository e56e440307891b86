/** ComfyUI's "prompt" text: the graph that was run, node by node. Source: ComfyUI nodes.py and its API format. */
import type { SamplerName } from '../../contract/vocabulary.ts'
import { Collector, type ForeignRequest, isRecord, numberOf } from './collect.ts'

const SAMPLERS: Readonly<Record<string, SamplerName>> = {
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

interface Node {
  type: string
  inputs: Record<string, unknown>
}

/** null where the text is no graph with a sampler. */
export function readComfyUI(text: string): ForeignRequest | null {
  const nodes = nodesOf(text)
  const samplers = [...nodes.values()].filter(({ type }) => /^KSampler(Advanced)?$/.test(type))
  // With a refiner or an upscaler there are several; the picture's own begins with an empty latent.
  const origin = (node: Node) => follow(nodes, node.inputs['latent_image'])
  const main = samplers.find(node => /^Empty.*Latent/.test(origin(node)?.type ?? '')) ?? samplers[0]
  if (!main) return null
  const { inputs } = main
  const out = new Collector()
  out.prompt(textOf(nodes, inputs['positive']), textOf(nodes, inputs['negative']))
  out.set('seed', resolved(nodes, inputs['seed'] ?? inputs['noise_seed']), 'seed')
  out.set('steps', resolved(nodes, inputs['steps']))
  out.set('guidanceScale', resolved(nodes, inputs['cfg']), 'cfg')
  out.sampler(resolved(nodes, inputs['sampler_name']), resolved(nodes, inputs['scheduler']), SAMPLERS)
  if (inputs['denoise'] !== 1) out.rest('denoise', inputs['denoise'])
  const latent = origin(main)
  out.set('width', numberOf(latent && resolved(nodes, latent.inputs['width'])))
  out.set('height', numberOf(latent && resolved(nodes, latent.inputs['height'])))
  const used = new Set([main, latent])
  for (const [id, node] of nodes) {
    if (used.has(node) || /^(CLIPTextEncode|VAEDecode|SaveImage|PreviewImage|KSampler)/.test(node.type)) continue
    const plain = Object.entries(node.inputs).filter(([, value]) => !Array.isArray(value))
    out.rest(`${node.type} ${id}`, plain.map(([name, value]) => `${name}: ${String(value)}`).join(', ') || 'used')
  }
  return out.done('comfyui')
}

function nodesOf(text: string): Map<string, Node> {
  const nodes = new Map<string, Node>()
  try {
    // Some versions write NaN, which is not JSON.
    const graph: unknown = JSON.parse(text.replace(/(:\s*)NaN\b/g, '$1null'))
    if (!isRecord(graph)) return nodes
    for (const [id, node] of Object.entries(graph)) {
      if (!isRecord(node) || typeof node['class_type'] !== 'string' || !isRecord(node['inputs'])) continue
      nodes.set(id, { type: node['class_type'], inputs: node['inputs'] })
    }
  } catch {
    return new Map()
  }
  return nodes
}

const isLink = (value: unknown): value is [string, number] => Array.isArray(value) && value.length === 2

const follow = (nodes: Map<string, Node>, link: unknown): Node | null =>
  isLink(link) ? (nodes.get(String(link[0])) ?? null) : null

/** Links in a row beyond this are a loop. */
const MOST_LINKS = 32

/** A value, or what the primitive nodes behind a link say. */
function resolved(nodes: Map<string, Node>, value: unknown, depth = 0): unknown {
  const node = follow(nodes, value)
  if (!node || depth > MOST_LINKS) return isLink(value) ? undefined : value
  const { inputs } = node
  return resolved(
    nodes,
    inputs['value'] ?? inputs['seed'] ?? inputs['int'] ?? inputs['float'] ?? inputs['string'],
    depth + 1,
  )
}

/** The text behind a conditioning, through whatever lies between (ControlNet, combine: the first). */
function textOf(nodes: Map<string, Node>, link: unknown, depth = 0): string | undefined {
  const node = follow(nodes, link)
  if (!node || depth > MOST_LINKS) return undefined
  if (/^CLIPTextEncode/.test(node.type)) {
    const text = resolved(nodes, node.inputs['text'] ?? node.inputs['text_g'])
    return typeof text === 'string' ? text : undefined
  }
  const next = node.inputs['conditioning'] ?? node.inputs['positive'] ?? node.inputs['conditioning_1']
  return textOf(nodes, next, depth + 1)
}
