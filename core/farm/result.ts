/**
 * A task's result as one object: "ZHF2", the header's length (4 bytes, little endian), the header as JSON, and the planes it
 * lists: the picture, the word's mask and its maps, each packed with Zstandard, which takes a quarter of DEFLATE's time for noise
 * and texture. What is unpacked can have no other size than the task says, and no parser of pictures sees it: it comes from
 * another machine.
 */
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { z } from 'zod'
import { MAPS, type Method, PROFILE_NAMES, PROVIDER_NAMES } from '../contract/vocabulary.ts'
import { reasonOf } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import type { Judgement } from '../legibility/legibility-worker.ts'
import type { GeneratedPicture } from '../library/maker.ts'
import { type Fingerprint, fingerprintSchema } from '../processes/painting/fingerprint.ts'
import type { Gray, Raster, Rgb } from '../raster/raster.ts'
import { phraseSchema, reportSchema } from './report.ts'
import type { Task } from './task.ts'

const pack = promisify(zstdCompress)
const unpack = promisify(zstdDecompress)
const QUICK = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

const MAGIC = Buffer.from('ZHF2')
/** A header has no pixels: prompts, timings, notices. */
const LONGEST_HEADER = 1 << 20

const planeSchema = z.object({
  of: z.enum(['picture', 'mask', 'area', ...MAPS]),
  method: z.string().max(60).nullable(),
  width: z.int().positive(),
  height: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Packed. */
  bytes: z.int().min(0),
})
type Plane = z.infer<typeof planeSchema>

/** Judgement in core/legibility/judge.ts. */
const judgementSchema = z.object({
  score: z.number().min(0).max(1).nullable(),
  read: z.string().max(1000).nullable(),
  outline: z.number().min(0).max(1).nullable(),
  why: phraseSchema,
  words: z
    .array(z.object({ name: z.string().max(200), score: z.number().nullable() }))
    .max(60)
    .optional(),
})

const paintedSchema = z.object({
  prompt: z.string().max(20_000),
  negativePrompt: z.string().max(20_000).nullable(),
  tokens: z.object({ prompt: z.number(), negativePrompt: z.number().nullable(), dropped: z.number() }),
  notices: z.array(phraseSchema).max(200),
  timings: z.record(z.string().max(60), z.number()),
  peakMemory: z.number(),
  draft: z.boolean(),
  engine: z.object({ provider: z.enum(PROVIDER_NAMES), profile: z.enum(PROFILE_NAMES) }).nullish(),
  /** As the worker scored it, against the mask that it drew. */
  legibility: judgementSchema.nullable(),
  fonts: z.array(z.object({ name: z.string().max(200), sha256: z.string().regex(/^[0-9a-f]{64}$/) })).max(60),
  /** Maps were drawn: of a composition without a word there is no mask beside them. */
  drawn: z.boolean(),
})

const headerSchema = z.object({
  zihuaResult: z.literal(1),
  id: z.string(),
  worker: z.string().max(200),
  made: fingerprintSchema,
  error: reportSchema.nullable(),
  painted: paintedSchema.nullable(),
  planes: z.array(planeSchema).max(7),
})
type Header = z.infer<typeof headerSchema>

/**
 * What a worker has painted: a GeneratedPicture without what the producer knows better. Blocks of a composition do not travel
 * (`composed` is null): they were judged where they were painted, and whoever needs them draws the same ones again.
 */
export type Painted = Omit<GeneratedPicture, 'request' | 'files' | 'trace'> & { legibility: Judgement | null }

export interface Maker {
  worker: string
  made: Fingerprint
}

export interface ReadResult extends Maker {
  outcome: { picture: Painted } | { error: ErrorReport }
}

/** A picture as an object. */
export async function packPicture(id: string, { worker, made }: Maker, picture: Painted): Promise<Uint8Array> {
  const { image, mask, word, prompt, negativePrompt, tokens, notices, timings, peakMemory, draft, legibility, engine } =
    picture
  const rasters: [Plane['of'], string | null, Raster][] = [
    ['picture', null, image],
    ...(mask ? [['mask', null, mask] as [Plane['of'], null, Raster]] : []),
    ...(word?.area ? [['area', null, word.area] as [Plane['of'], null, Raster]] : []),
    ...(word?.maps ?? []).map((made): [Plane['of'], string, Raster] => [made.map, made.method, made.image]),
  ]
  const packed = await Promise.all(rasters.map(([, , { data }]) => pack(data, QUICK)))
  const planes = rasters.map(([of, method, { width, height, channels }], i): Plane => {
    return { of, method, width, height, channels: channels as 1 | 3, bytes: packed[i].length }
  })
  const painted = {
    ...{ prompt, negativePrompt, tokens, notices: [...notices], timings, peakMemory, draft, legibility, engine },
    fonts: word?.fonts.map(font => ({ ...font })) ?? [],
    drawn: word !== null,
  }
  return join({ zihuaResult: 1, id, worker, made, error: null, painted, planes } as Header, packed)
}

/** Why there is no picture, as an object. */
export const packFailure = (id: string, { worker, made }: Maker, report: ErrorReport): Uint8Array =>
  join({ zihuaResult: 1, id, worker, made, error: report as Header['error'], painted: null, planes: [] }, [])

function join(header: Header, planes: readonly Buffer[]): Uint8Array {
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([MAGIC, length, json, ...planes])
}

/** A result that is not what was asked for, in another program's words. */
export class ResultError extends Error {
  override name = 'ResultError' as const
}

/** @throws ResultError where anything is not as the task says */
export async function readResult(bytes: Uint8Array, task: Pick<Task, 'id' | 'request'>): Promise<ReadResult> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (buffer.length < 8 || !buffer.subarray(0, 4).equals(MAGIC)) throw new ResultError('it is no result')
  const length = buffer.readUInt32LE(4)
  if (length > LONGEST_HEADER || 8 + length > buffer.length) throw new ResultError('its header is cut off')
  const { id, worker, made, error, painted, planes } = headerOf(buffer.toString('utf8', 8, 8 + length))
  if (id !== task.id) throw new ResultError('it belongs to another task')
  if (error) return { worker, made, outcome: { error } }
  if (!painted) throw new ResultError('it has neither picture nor reason')
  const rasters = new Map<Plane['of'], Raster>()
  let at = 8 + length
  for (const plane of planes) {
    rasters.set(plane.of, await rasterOf(plane, buffer.subarray(at, (at += plane.bytes)), task))
  }
  const image = rasters.get('picture')
  if (image?.channels !== 3 || at !== buffer.length) throw new ResultError('its picture is missing')
  const mask = (rasters.get('mask') as Gray | undefined) ?? null
  const area = (rasters.get('area') as Gray | undefined) ?? null
  const { fonts, legibility, drawn, ...about } = painted
  const maps = planes.flatMap(({ of, method }) =>
    of === 'picture' || of === 'mask' || of === 'area'
      ? []
      : [{ map: of, method: method as Method, image: rasters.get(of) as Gray | Rgb }],
  )
  const word = drawn ? { mask, composed: null, area, maps, fonts } : null
  const { engine, ...rest } = about
  return {
    worker,
    made,
    outcome: {
      picture: {
        ...rest,
        engine: engine ?? null,
        memory: [],
        legibility: legibility as Judgement | null,
        image: image as Rgb,
        mask,
        word,
      },
    },
  }
}

function headerOf(text: string): Header {
  try {
    return headerSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new ResultError('its header is damaged', { cause })
  }
}

async function rasterOf(plane: Plane, packed: Uint8Array, { request }: Pick<Task, 'request'>): Promise<Raster> {
  const { of, width, height, channels } = plane
  if (width !== request.width || height !== request.height) throw new ResultError(`its ${of} has another size`)
  if ((of === 'mask' || of === 'area') && channels !== 1) throw new ResultError(`its ${of} has colours`)
  const expected = width * height * channels
  const data = await unpack(packed, { maxOutputLength: expected }).catch((cause: unknown) => {
    throw new ResultError(`its ${of} is damaged (${reasonOf(cause)})`, { cause })
  })
  if (data.length !== expected) throw new ResultError(`its ${of} is too small`)
  return { width, height, channels, data: new Uint8Array(data.buffer, data.byteOffset, data.length) }
}
