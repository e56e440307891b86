/**
 * Runs the networks. Imported by the AI child process (and tests), never by a host: ONNX Runtime blocks its thread and
 * may crash.
 */
import * as ort from 'onnxruntime-node'
import { fault } from '../../faults/fault.ts'
import type { Gray, Rgb } from '../../raster/raster.ts'
import { depthImage, depthInput, type Pixels } from './ai-depth.ts'
import type { AiJob, AiResult } from './ai-job.ts'
import { AI_MODELS, type AiModel, type DepthInput } from './ai-models.ts'
import { type SamPrompt, samInput, samLogits, samPoints } from './ai-sam.ts'

/** Sessions kept open: SAM's encoder and decoder, or a depth network and the one used before it. */
const OPEN_SESSIONS = 2
const sessions = new Map<string, ort.InferenceSession>()

async function open(path: string): Promise<ort.InferenceSession> {
  const ready = sessions.get(path)
  if (ready) return ready
  for (const [old, session] of sessions) {
    if (sessions.size < OPEN_SESSIONS) break
    sessions.delete(old)
    await session.release()
  }
  try {
    const session = await ort.InferenceSession.create(path, { executionProviders: ['cpu'], logSeverityLevel: 3 })
    sessions.set(path, session)
    return session
  } catch (error) {
    throw fault('aiModelUnloadable', { path }, { cause: error })
  }
}

const tensor = ({ data, dims }: Pixels) => new ort.Tensor('float32', data, dims)

export async function runJob(job: AiJob): Promise<AiResult[keyof AiResult]> {
  return job.task === 'depth' ? depth(job.model, job.picture) : segment(job)
}

/** Depth of a picture at its own size, near is bright. */
export async function depth(model: AiModel, picture: Rgb): Promise<Gray> {
  const session = await open(model.paths[0])
  const input = AI_MODELS[model.id].input as DepthInput
  const results = await session.run({ [session.inputNames[0]]: tensor(depthInput(picture, input)) })
  const { data, dims } = results[session.outputNames[0]]
  const [height, width] = dims.slice(-2)
  return depthImage({ width, height, data: data as Float32Array }, picture.width, picture.height)
}

/** What segment-anything predicts for one prompt: three masks, and its own estimate of each one's quality (IoU). */
export interface SamAnswer {
  scores: Float32Array
  /** Logits of mask k at the picture's size, (height, width). */
  logits(k: number): Float32Array
}

/** Runs each prompt in turn; the picture is encoded once. */
export async function* segmentAnything(
  model: AiModel,
  picture: Rgb,
  prompts: readonly SamPrompt[],
): AsyncGenerator<SamAnswer> {
  const encoder = await open(model.paths[0])
  const decoder = await open(model.paths[1])
  const encoded = await encoder.run({ [encoder.inputNames[0]]: tensor(samInput(picture)) })
  const { image_embeddings, image_positional_embeddings } = encoded
  for (const prompt of prompts) {
    const { points, labels } = samPoints(prompt, picture.width, picture.height)
    const { iou_scores, pred_masks } = await decoder.run({
      input_points: new ort.Tensor('float32', points, [1, 1, prompt.length, 2]),
      input_labels: new ort.Tensor('int64', labels, [1, 1, prompt.length]),
      image_embeddings,
      image_positional_embeddings,
    })
    const side = pred_masks.dims[pred_masks.dims.length - 1]
    const low = pred_masks.data as Float32Array
    yield {
      scores: iou_scores.data as Float32Array,
      logits: k => samLogits(low.subarray(k * side * side, (k + 1) * side * side), side, picture.width, picture.height),
    }
  }
}

/**
 * Every ink pixel goes to the part whose best mask has the largest positive logit there; a pixel in no mask keeps its
 * part. Paper stays paper, so that the word keeps its outline.
 */
async function segment(job: Extract<AiJob, { task: 'segmentation' }>): Promise<{ labels: Uint16Array }> {
  const labels = Uint16Array.from(job.labels)
  const strongest = new Float32Array(labels.length)
  let part = 0
  for await (const answer of segmentAnything(job.model, job.picture, job.prompts)) {
    part++
    const logits = answer.logits(answer.scores.indexOf(Math.max(...answer.scores)))
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] === 0 || logits[i] <= strongest[i]) continue
      strongest[i] = logits[i]
      labels[i] = part
    }
  }
  return { labels }
}
