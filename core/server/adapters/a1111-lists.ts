/** What A1111's clients ask for before they ask for a picture: names of samplers, models, scripts, methods. */
import { basename } from 'node:path'
import type { SamplerName } from '../../contract/vocabulary.ts'
import { METHODS, SAMPLER_TITLES, SAMPLERS } from '../../contract/vocabulary.ts'
import type { StudioHost } from '../../host/studio-host.ts'
import { installedIn } from '../service/installed.ts'

const SCHEDULERS = ['automatic', 'karras'] as const

/** The sampler that a name, and a scheduler beside it, mean; null where we have none like it. */
export function samplerOf(name: string, scheduler: string | null | undefined): SamplerName | null {
  const karras = scheduler?.toLowerCase() === 'karras'
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9+]/g, '')
  const candidates = karras ? [`${name} Karras`, name] : [name]
  for (const candidate of candidates) {
    const found = SAMPLERS.find(id => plain(SAMPLER_TITLES[id]) === plain(candidate) || plain(id) === plain(candidate))
    if (found) return found
  }
  return null
}

/** All methods of all maps. */
export const METHOD_NAMES: readonly string[] = Object.values(METHODS).flat()

export const modelTitles = async (host: StudioHost): Promise<string[]> =>
  (await host.studio.registry.list()).filter(({ present }) => present).map(({ id }) => id)

async function modelsOf(host: StudioHost) {
  const ids = await modelTitles(host)
  // Where the files lie is the operator's own matter.
  return ids.map(id => ({ title: id, model_name: id, hash: null, sha256: null, filename: id, config: null }))
}

async function lorasOf({ studio }: StudioHost) {
  const found = await installedIn(studio.dataFolder, 'loras')
  return found.map(({ name, path }) => ({ name, alias: name, path: basename(path), metadata: {} }))
}

async function embeddingsOf({ studio }: StudioHost) {
  const about = { step: null, sd_checkpoint: null, sd_checkpoint_name: null, shape: 0, vectors: 0 }
  const found = await installedIn(studio.dataFolder, 'embeddings')
  return { loaded: Object.fromEntries(found.map(({ name }) => [name, about])), skipped: {} }
}

function controlTypes() {
  const of = (methods: readonly string[]) => ({
    module_list: ['none', ...methods],
    model_list: ['controlnet-union'],
    default_option: methods[0],
    default_model: 'controlnet-union',
  })
  const types = Object.entries(METHODS).map(([map, methods]) => [capital(map), of(methods)])
  return { All: of(METHOD_NAMES), ...Object.fromEntries(types) }
}

const capital = (text: string) => text[0].toUpperCase() + text.slice(1)

const LISTS: Readonly<Record<string, (host: StudioHost) => unknown>> = {
  '/sdapi/v1/samplers': () => SAMPLERS.map(id => ({ name: SAMPLER_TITLES[id], aliases: [id], options: {} })),
  '/sdapi/v1/schedulers': () =>
    SCHEDULERS.map(name => ({ name, label: capital(name), aliases: null, default_rho: -1, need_inner_model: false })),
  '/sdapi/v1/sd-models': host => modelsOf(host),
  '/sdapi/v1/sd-vae': () => [],
  '/sdapi/v1/sd-modules': () => [],
  '/sdapi/v1/loras': host => lorasOf(host),
  '/sdapi/v1/upscalers': () => [{ name: 'None', model_name: null, model_path: null, model_url: null, scale: 4 }],
  '/sdapi/v1/latent-upscale-modes': () => [],
  '/sdapi/v1/face-restorers': () => [],
  '/sdapi/v1/hypernetworks': () => [],
  '/sdapi/v1/embeddings': host => embeddingsOf(host),
  '/sdapi/v1/prompt-styles': async host =>
    (await host.studio.styles.list()).styles.map(({ style }) => ({
      name: style.id,
      prompt: style.template,
      negative_prompt: style.negativePrompt,
    })),
  '/sdapi/v1/scripts': () => ({ txt2img: ['controlnet'], img2img: ['controlnet'] }),
  '/sdapi/v1/script-info': () => [],
  '/sdapi/v1/cmd-flags': () => ({ api: true }),
  '/controlnet/version': () => ({ version: 3 }),
  '/controlnet/model_list': () => ({ model_list: ['controlnet-union'] }),
  '/controlnet/module_list': () => ({ module_list: ['none', ...METHOD_NAMES], module_detail: {} }),
  '/controlnet/control_types': () => ({ control_types: controlTypes() }),
  '/controlnet/settings': () => ({ control_net_unit_count: 4 }),
  '/internal/ping': () => ({}),
}

/** The list at a path below /sdapi/v1/ or /controlnet/; null where there is none. */
export async function listAt(path: string, host: StudioHost): Promise<unknown> {
  return Object.hasOwn(LISTS, path) ? LISTS[path](host) : null
}

/** What is read besides the lists, and what is called. */
const READ = new Set(['options', 'progress', 'memory'].map(name => `/sdapi/v1/${name}`))
const CALLED = new Set(
  [
    ...[
      'txt2img',
      'img2img',
      'options',
      'interrupt',
      'skip',
      'unload-checkpoint',
      'refresh-checkpoints',
      'refresh-loras',
    ],
    ...['refresh-vae', 'reload-checkpoint'],
  ]
    .map(name => `/sdapi/v1/${name}`)
    .concat('/controlnet/detect'),
)

/** GET, POST, both or none. */
export const a1111Methods = (path: string): string[] => [
  ...(READ.has(path) || Object.hasOwn(LISTS, path) ? ['GET'] : []),
  ...(CALLED.has(path) ? ['POST'] : []),
]
