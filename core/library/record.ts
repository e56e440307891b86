/** The record of how a picture was made. It lies inside the PNG, so that the database is only an index. */
import { z } from 'zod'
import { type Request, requestSchema } from '../contract/request.ts'
import { PROFILE_NAMES, PROVIDER_NAMES } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import { phraseOfIssue } from '../faults/issue.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { readPngRequest } from '../image/png-text.ts'
import type { Judgement } from '../legibility/legibility-worker.ts'
import type { ModelFiles } from '../pipeline/job.ts'
import { fingerprintSchema } from '../processes/painting/fingerprint.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

const weightsSchema = z.object({
  role: z.enum(['model', 'controlnet', 'vae', 'lora', 'embedding']),
  /** Where it was, absolute. */
  path: z.string(),
  /** Of a file, or of a folder's files: HashedTree in core/files/hashes.ts. */
  sha256: hash,
  files: z.array(z.object({ name: z.string(), sha256: hash, bytes: z.number() })),
})
export type WeightsRecord = z.infer<typeof weightsSchema>

/** What a picture's weights are read from, each with what it does. */
export function weightPaths(files: ModelFiles): Pick<WeightsRecord, 'role' | 'path'>[] {
  const { model, controlnet, vae, loras, embeddings = [] } = files
  const named: [WeightsRecord['role'], string | null][] = [
    ['model', model],
    ['controlnet', controlnet],
    ['vae', vae],
    ...loras.map((lora): [WeightsRecord['role'], string] => ['lora', lora.path]),
    ...embeddings.map((embedding): [WeightsRecord['role'], string] => ['embedding', embedding.path]),
  ]
  return named.flatMap(([role, path]) => (path ? [{ role, path }] : []))
}

const assetSchema = z.object({
  /** Field of the request that named it: "controlImages.0.image". */
  field: z.string(),
  /** Its file name at that time. */
  name: z.string(),
  sha256: hash,
})
export type AssetRecord = z.infer<typeof assetSchema>

/** A sentence, with the key and values from which other languages build their own. */
const sentenceSchema = z.object({
  message: z.string(),
  key: z.string().optional(),
  values: z.record(z.string(), z.unknown()).optional(),
})

/** How the legibility came about: Judgement in core/legibility/judge.ts. */
export const judgementSchema = z.object({
  read: z.string().nullable(),
  outline: z.number().min(0).max(1).nullable(),
  why: sentenceSchema,
  /** Of a composition of several words: each by itself. */
  words: z.array(z.object({ name: z.string(), score: z.number().min(0).max(1).nullable() })).optional(),
  /** Words that are crossed by motifs, strokes too fine to be painted. */
  notices: z.array(sentenceSchema).optional(),
})
export type JudgementRecord = z.infer<typeof judgementSchema>

/** The part of a judgement that is recorded beside the score. */
export const judgementOf = ({ read, outline, why, words, notices }: Judgement): JudgementRecord => ({
  read,
  outline,
  why: sentenceOf(why),
  ...(words && { words: [...words] }),
  ...(notices && { notices: notices.map(sentenceOf) }),
})

const sentenceOf = ({ message, key, values }: Phrase) => ({
  message,
  ...(key && { key }),
  ...(values && { values }),
})

export const recordSchema = z.object({
  /** Version of this description. */
  format: z.literal(1),
  id: z.string().regex(/^[a-z0-9]{12}$/),
  /** ISO 8601, UTC. */
  created: z.iso.datetime(),
  prompt: z.string(),
  negativePrompt: z.string().nullable(),
  draft: z.boolean(),
  weights: z.array(weightsSchema),
  /** The fonts that drew the word. */
  fonts: z.array(z.object({ name: z.string(), sha256: hash })),
  /** Hash of each map's pixels, so that a replay can tell whether the same maps were drawn. */
  maps: z.array(z.object({ map: z.string(), method: z.string(), sha256: hash })),
  /** Pictures, tensors and fonts that the request names by path; the library keeps a copy by hash. */
  assets: z.array(assetSchema),
  tokens: z.object({ prompt: z.number(), negativePrompt: z.number().nullable(), dropped: z.number() }),
  /** Milliseconds by stage. */
  timings: z.record(z.string(), z.number()),
  /** Bytes. */
  peakMemory: z.number(),
  /** What computed it and how memory was used; absent in pictures of versions that did not choose. */
  engine: z.object({ provider: z.enum(PROVIDER_NAMES), profile: z.enum(PROFILE_NAMES) }).optional(),
  /**
   * 0..1, core/legibility; null where no word was drawn, or it cannot be judged. Without `judgement` it is the agreement of
   * outlines alone, as it was measured before the studio could read.
   */
  legibility: z.number().min(0).max(1).nullable(),
  judgement: judgementSchema.optional(),
  /** Which job of the queue made it: "<job>:<picture>"; of a set "<set>:<key of the picture>". */
  job: z.string().nullable(),
  /** The set that it belongs to: an album of that name. */
  set: z.object({ id: z.string().max(100), name: z.string().max(120) }).optional(),
  /** The machine and engine that computed it; older pictures do not say. */
  made: fingerprintSchema.optional(),
})
export type PictureRecord = z.infer<typeof recordSchema>

/** What a PNG of the studio contains. */
export interface ReadRecord {
  version: string
  request: Request
  /** null: the picture was written without the library (an exported file, another tool's copy of the request). */
  record: PictureRecord | null
}

/**
 * Reads the request and record of a PNG.
 * @returns null for a picture that the studio did not make
 * @throws StudioError 'bad-image': no PNG, or an invalid request
 */
export async function readRecord(source: string | Uint8Array): Promise<ReadRecord | null> {
  const found = await readPngRequest(source)
  if (!found) return null
  const request = requestSchema.safeParse(found.request)
  const record = recordSchema.nullable().safeParse(found.record ?? null)
  if (request.success && record.success) {
    return { version: found.version, request: request.data, record: record.data }
  }
  const issue = (request.error ?? record.error!).issues[0]
  throw fault('recordDamaged', {
    name: typeof source === 'string' ? source : phrase('thePicture'),
    field: issue.path.join('.'),
    issue: phraseOfIssue(issue),
  })
}
