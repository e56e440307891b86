/** Replay: from a picture back to the request that gives the same pixels, and what is missing for it. */
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { textOf } from '../composition/block-outline.ts'
import { DEFAULT_LAYOUT, type Request, type RequestInput } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { type HashCache, sha256, sha256OfFile } from '../files/hashes.ts'
import type { GeneratedPicture } from '../generate/ai-image-generator.ts'
import { facesFor } from '../glyph/font-door.ts'
import type { FontIdentity } from '../glyph/font-file.ts'
import type { FontChoice } from '../glyph/fonts.ts'
import { type Assets, pathFields } from './assets.ts'
import { type PictureRecord, readRecord, type WeightsRecord } from './record.ts'

export interface Missing {
  kind: WeightsRecord['role'] | 'font' | 'file' | 'record'
  /** File name or name of the font. */
  name: string
  sha256: string | null
  /** absent: not found in any known place. changed: found under that name with other content. */
  reason: 'absent' | 'changed'
}

export interface Replay {
  /** Complete but for the model's own defaults, paths absolute where files were found. */
  request: RequestInput
  /** Folder that paths which were not found are relative to. */
  base: string
  record: PictureRecord | null
  /** Empty: the same pixels result, on the same provider. */
  missing: Missing[]
}

/**
 * Reads a picture of the studio and finds every file that it was made from, by hash.
 * @throws StudioError 'bad-image' for a picture that the studio did not make, or a damaged one
 */
export async function replayRequest(picture: string, hashes: HashCache, assets: Assets): Promise<Replay> {
  const found = await readRecord(picture)
  if (!found) {
    throw fault('notOurs', { name: picture })
  }
  const { record } = found
  const base = dirname(resolve(picture))
  const request = { ...structuredClone(found.request), count: 1 }
  if (!record) {
    return {
      request,
      base,
      record,
      missing: [{ kind: 'record', name: basename(picture), sha256: null, reason: 'absent' }],
    }
  }
  const missing: Missing[] = []
  // The prompts as recorded, so that later changes of the style or the dictionary do not matter.
  request.prompt = record.prompt
  request.negativePrompt = record.negativePrompt
  await replaceWeights(request, record, hashes, missing)
  await replaceFiles(request, record, base, assets, missing)
  await checkFonts(request, record, missing)
  return { request, base, record, missing }
}

async function replaceWeights(request: Request, record: PictureRecord, hashes: HashCache, missing: Missing[]) {
  let lora = 0
  for (const weights of record.weights) {
    const path = await locate(weights, hashes)
    if (path === null) {
      missing.push({
        kind: weights.role,
        name: weights.path,
        sha256: weights.sha256,
        reason: existsSync(weights.path) ? 'changed' : 'absent',
      })
    }
    const place = path ?? weights.path
    if (weights.role === 'lora') request.loras[lora++].path = place
    else if (weights.role === 'model') request.model = request.model === 'draft' && path ? 'draft' : place
    // A ControlNet inside the model's folder stays implied while it is in its old place.
    else if (request[weights.role] !== null || place !== weights.path) request[weights.role] = place
  }
}

/** Path of weights with this hash now: the recorded path, or any path where the hash was seen. */
async function locate(weights: WeightsRecord, hashes: HashCache): Promise<string | null> {
  const [first] = weights.files
  const single = weights.files.length === 1 && first.name === basename(weights.path)
  const seen = hashes.known(first.sha256).flatMap(path => {
    if (single) return [path]
    const end = join('/', first.name)
    return path.endsWith(end) ? [path.slice(0, -end.length)] : []
  })
  for (const path of new Set([weights.path, ...seen])) {
    const tree = await hashes.tree(path).catch(() => null)
    if (tree?.sha256 === weights.sha256) return path
  }
  return null
}

async function replaceFiles(
  request: Request,
  record: PictureRecord,
  base: string,
  assets: Assets,
  missing: Missing[],
): Promise<void> {
  for (const field of pathFields(request)) {
    const asset = record.assets.find(kept => kept.field === field.field)
    if (!asset) continue
    const original = resolve(base, field.path)
    const found = await firstWith(asset.sha256, [assets.pathOf(asset), original])
    if (found) field.replace(found)
    else {
      const reason = existsSync(original) ? 'changed' : 'absent'
      missing.push({ kind: 'file', name: asset.name, sha256: asset.sha256, reason })
    }
  }
}

async function firstWith(hash: string, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if ((await sha256OfFile(path).catch(() => null)) === hash) return path
  return null
}

/** The fonts that would draw the request's words now. */
async function facesOf({ word, layout = DEFAULT_LAYOUT, composition }: Request): Promise<FontIdentity[]> {
  const written = composition
    ? composition.blocks.flatMap(block =>
        block.kind === 'word'
          ? [{ text: textOf(block, { word }), layout: { ...layout, ...block.source.writing } as FontChoice }]
          : [],
      )
    : word
      ? [{ text: word, layout }]
      : []
  const faces = await Promise.all(written.map(({ text, layout }) => facesFor(text, layout).catch(() => null)))
  return faces.flatMap(found => [...(found?.values() ?? [])])
}

/** Notes recorded fonts that would not draw the word now. */
async function checkFonts(request: Request, record: PictureRecord, missing: Missing[]): Promise<void> {
  if (record.fonts.length === 0) return
  const faces = await facesOf(request)
  const now = new Set(faces.map(face => face.sha256))
  for (const font of record.fonts) {
    if (now.has(font.sha256)) continue
    const changed = faces.some(face => face.name === font.name)
    missing.push({ kind: 'font', ...font, reason: changed ? 'changed' : 'absent' })
  }
}

/** Which maps and fonts of a repeated picture differ from the record; empty where all are equal. */
export function replayDifferences(record: PictureRecord, made: Pick<GeneratedPicture, 'word'>): string[] {
  const maps = new Map(made.word?.maps.map(({ map, image }) => [map as string, sha256(image.data)]))
  const fonts = new Set(made.word?.fonts.map(font => font.sha256))
  return [
    ...record.maps.filter(({ map, sha256: hash }) => maps.get(map) !== hash).map(({ map }) => `the ${map} map`),
    ...record.fonts.filter(font => !fonts.has(font.sha256)).map(({ name }) => `the font ${name}`),
  ]
}
