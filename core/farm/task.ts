/** A task: all that a worker needs to paint one picture, on a machine that knows nothing of the set. */
import { z } from 'zod'
import { requestSchema } from '../contract/request.ts'
import { SAMENESS, type Sameness } from '../contract/vocabulary.ts'
import { canonical } from '../files/canonical-json.ts'
import { sha256 } from '../files/hashes.ts'
import { fingerprintSchema } from '../processes/painting/fingerprint.ts'
import { styleSchema } from '../prompt/style.ts'
import { reportSchema } from './report.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const setId = z.string().regex(/^[a-z0-9]{12}$/)
const kindId = z.string().regex(/^[0-9a-f]{16}$/)
/** Below a model's folder, with "/". */
const fileName = z
  .string()
  .max(200)
  .regex(/^[\w][\w.-]*(\/[\w][\w.-]*){0,3}$/)

export const weightsSchema = z.object({
  /** preprocessor: the network that a map is made with, one of AI_MODELS by its name. */
  role: z.enum(['model', 'controlnet', 'vae', 'lora', 'embedding', 'preprocessor']),
  /** Its file or folder name on the producer, to show. */
  name: z.string().max(300),
  /** Of the file, or of the folder: HashedTree in core/files/hashes.ts. */
  sha256: hash,
  folder: z.boolean(),
  files: z.array(z.object({ name: fileName, sha256: hash, bytes: z.number().min(0) })).max(500),
})
export type TaskWeights = z.infer<typeof weightsSchema>

export const assetSchema = z.object({
  /** The request's field that names it. */
  field: z.string().max(100),
  name: z.string().max(300),
  sha256: hash,
})
export type TaskAsset = z.infer<typeof assetSchema>

export const taskSchema = z.object({
  /** Version of this description. */
  zihuaTask: z.literal(1),
  set: setId,
  kind: kindId,
  id: hash,
  /** Complete, for one picture. Its weights are named by hash ("sha256:…"), its other files "asset:…". */
  request: requestSchema,
  prompts: z.object({ prompt: z.string(), negativePrompt: z.string().nullable() }),
  style: styleSchema,
  weights: z.array(weightsSchema).max(40),
  assets: z.array(assetSchema).max(40),
})
export type Task = z.infer<typeof taskSchema>

/** What tasks have in common that decides which workers may paint them. */
export const kindSchema = z.object({
  zihuaKind: z.literal(1),
  set: setId,
  kind: kindId,
  /** The set's name, to show. */
  name: z.string().max(120),
  engine: z.string().max(80),
  same: z.enum(SAMENESS),
  /** Of the machine whose bytes an exact set has. */
  made: fingerprintSchema,
  weights: z.array(weightsSchema).max(40),
  /** A worker paints it before it joins; null: it need not. */
  canary: taskSchema.nullable(),
  /** The producer puts the files of models on the farm for workers that want them. */
  shares: z.boolean(),
})
export type Kind = z.infer<typeof kindSchema>

/** A set that is being made, as its producer tells of it. */
export const setStateSchema = z.object({
  set: setId,
  name: z.string().max(120),
  producer: z.string().max(200),
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  /** Tasks that are on the queue or under way. */
  handedOut: z.int(),
  /** Milliseconds; null: not known yet. */
  timeLeft: z.number().nullable(),
  failures: z.array(reportSchema.extend({ word: z.string() })).max(20),
  /** What stands in the way now. */
  notes: z.array(reportSchema).max(50),
})
export type SetState = z.infer<typeof setStateSchema>

/** @param about everything of the task but its names; equal content has the same id on every machine */
export function taskId(
  { request, prompts, style, weights, assets }: Omit<Task, 'zihuaTask' | 'set' | 'kind' | 'id'>,
  engine: string,
): string {
  const files = [...weights, ...assets].map(({ sha256: of }) => of)
  return sha256(canonical(['zihua-task-1', engine, request, prompts, style.id, style.scribble, files]))
}

export function kindId16(weights: readonly TaskWeights[], engine: string, same: Sameness, fingerprint: string): string {
  const files = [...new Set(weights.map(({ sha256: of }) => of))].sort()
  return sha256(JSON.stringify(['zihua-kind-1', engine, same, same === 'exact' ? fingerprint : null, files])).slice(
    0,
    16,
  )
}
