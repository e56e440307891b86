import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Method } from '../../contract/vocabulary.ts'
import { fault } from '../../faults/fault.ts'
import { dataFolder } from '../../files/data-folder.ts'
import type { Filter } from '../../raster/resample.ts'

/** How a depth network wants its picture. Source: the preprocessor_config.json of each published model. */
export type DepthInput =
  | {
      kind: 'pillow'
      filter: Filter
      /** The side to reach, and what every side is a multiple of. */
      size: number
      multiple: number
      keepAspect: boolean
      mean: readonly [number, number, number]
      std: readonly [number, number, number]
    }
  /** Stretched to size × size with OpenCV's cubic; the network normalises by itself. */
  | { kind: 'cubic'; size: number }

/** Normalisation of ImageNet, which most vision networks are trained with. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const
const SAM_FILES = ['vision_encoder.onnx', 'prompt_encoder_mask_decoder.onnx'] as const

/**
 * Every network that a map can use. It is installed when the models folder has a subfolder of its id with these files.
 */
export const AI_MODELS = {
  'depth-anything-v2-small': {
    task: 'depth',
    name: 'Depth Anything V2 Small',
    files: ['model.onnx'],
    input: { kind: 'pillow', filter: 'bicubic', size: 518, multiple: 14, keepAspect: true, ...IMAGENET },
  },
  'midas-small': {
    task: 'depth',
    name: 'MiDaS v2.1 small',
    files: ['model.onnx'],
    input: { kind: 'cubic', size: 256 },
  },
  'dpt-hybrid': {
    task: 'depth',
    name: 'DPT Hybrid (MiDaS v3)',
    files: ['model.onnx'],
    input: {
      kind: 'pillow',
      filter: 'bilinear',
      size: 384,
      multiple: 1,
      keepAspect: false,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
  },
  slimsam: { task: 'segmentation', name: 'SlimSAM', files: SAM_FILES, input: null },
  mobilesam: { task: 'segmentation', name: 'MobileSAM', files: SAM_FILES, input: null },
} as const satisfies Record<
  string,
  | { task: 'depth'; name: string; files: readonly [string]; input: DepthInput }
  | { task: 'segmentation'; name: string; files: typeof SAM_FILES; input: null }
>
export type AiModelId = keyof typeof AI_MODELS
export type AiTask = (typeof AI_MODELS)[AiModelId]['task']

/** A network that is installed. */
export interface AiModel {
  id: AiModelId
  /** Absolute paths in the order of AI_MODELS' files. */
  paths: readonly string[]
}

/** models/ in the data folder. */
export const defaultModelsFolder = () => join(dataFolder(), 'models')

/**
 * The network asked for, by its id in the folder or where it lies; by default the first installed one for the task.
 * @throws StudioError missing-model, which names the model and the command that downloads it; bad-request for an unknown id
 */
export async function findModel(
  task: AiTask,
  wanted: string | AiModel | undefined,
  folder: string = defaultModelsFolder(),
): Promise<AiModel> {
  if (typeof wanted === 'object') return wanted
  const ids = (Object.keys(AI_MODELS) as AiModelId[]).filter(id => AI_MODELS[id].task === task)
  const candidates = wanted === undefined ? ids : ids.filter(id => id === wanted)
  if (candidates.length === 0) throw fault('aiModelUnknown', { task, id: wanted ?? '', known: ids.join(', ') })
  for (const id of candidates) {
    const paths = AI_MODELS[id].files.map(file => join(folder, id, file))
    const there = await Promise.all(
      paths.map(path =>
        access(path).then(
          () => true,
          () => false,
        ),
      ),
    )
    if (there.every(Boolean)) return { id, paths }
  }
  const [id] = candidates
  throw fault('aiModelMissing', { name: AI_MODELS[id].name, id, folder })
}

/** Which methods need a network, and for what task. */
const METHODS_WITH_NETWORKS = {
  ai_depth_estimation: 'depth',
  ai_segmentation: 'segmentation',
} as const satisfies Partial<Record<Method, AiTask>>

/** What network a method needs; null: none. */
export const networkTaskOf = (method: string): AiTask | null =>
  Object.hasOwn(METHODS_WITH_NETWORKS, method)
    ? METHODS_WITH_NETWORKS[method as keyof typeof METHODS_WITH_NETWORKS]
    : null

/** Methods of maps whose networks are not in the models folder. */
export async function missingMethods(folder?: string): Promise<Method[]> {
  const methods = Object.entries(METHODS_WITH_NETWORKS) as [keyof typeof METHODS_WITH_NETWORKS, AiTask][]
  const found = await Promise.all(
    methods.map(([, task]) =>
      findModel(task, undefined, folder).then(
        () => true,
        () => false,
      ),
    ),
  )
  return methods.flatMap(([method], at) => (found[at] ? [] : [method]))
}
