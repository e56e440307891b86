/** Replay: from a picture back to the request that gives the same pixels, and what is missing for it. */
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { textsOf } from '../composition/texts.ts'
import { DEFAULT_LAYOUT, type Request, type RequestInput } from '../contract/request.ts'
import { fault, phrase } from '../faults/fault.ts'
import { type HashCache, sha256, sha256OfFile } from '../files/hashes.ts'
import { leadsElsewhere } from '../files/regular-file.ts'
import type { GeneratedPicture } from '../generate/ai-image-generator.ts'
import type { FontIdentity } from '../glyph/font-file.ts'
import type { FontChoice } from '../glyph/fonts.ts'
import { DRAFT } from '../machine/draft-folder.ts'
import { type FormerDraft, formerName } from '../machine/former-draft.ts'
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

/** Where files that a record names may lie; nothing else on the machine is looked at. */
export interface KnownPlaces {
  hashes: HashCache
  assets: Assets
  /** The models of the studio's list, absolute. */
  models: readonly string[]
  /** The draft model as it was when older pictures were made. */
  former: Pick<FormerDraft, 'hashes' | 'folderOf'>
  /** Folders into which the user puts files for the studio, such as those of LoRAs and embeddings. */
  folders: readonly string[]
}

/** All of a replay's reading. A checkpoint of 7 GB that was touched since it was hashed takes a minute on a slow disk. */
const DEADLINE_MS = 300_000
/** Pictures, tensors and fonts. */
const MOST_ASSET_BYTES = 1 << 30
/** Files of one model, and weights of one picture: far above every real record. */
const MOST_RECORDED = 1000

/**
 * Reads a picture of the studio and finds every file that it was made from, by hash. The record is a stranger's data, and
 * never a list of paths to open: weights are looked for in the list of models, among files that were hashed before, in the
 * user's folders and beside the picture; other files among the library's copies and below the picture's folder.
 * @throws StudioError 'bad-image' for a picture that the studio did not make, or a damaged one; 'cancelled'
 */
export async function replayRequest(picture: string, places: KnownPlaces, signal?: AbortSignal): Promise<Replay> {
  const found = await readRecord(picture)
  if (!found) {
    throw fault('notOurs', { name: picture })
  }
  const { record } = found
  const base = dirname(resolve(picture))
  const request = { ...structuredClone(found.request), count: 1 }
  if (!record) {
    disarm(request)
    return {
      request,
      base,
      record,
      missing: [{ kind: 'record', name: basename(picture), sha256: null, reason: 'absent' }],
    }
  }
  refuseIncomplete(picture, request, record)
  const missing: Missing[] = []
  // The prompts as recorded, so that later changes of the style or the dictionary do not matter.
  request.prompt = record.prompt
  request.negativePrompt = record.negativePrompt
  // Nor does an embedding that was installed since then.
  if (request.promptWeights) request.embeddings ??= []
  const deadline = AbortSignal.timeout(DEADLINE_MS)
  const search = { ...places, base, missing, signal: signal ? AbortSignal.any([signal, deadline]) : deadline }
  try {
    await replaceWeights(request, record, search)
    await replaceFiles(request, record, search)
  } catch (error) {
    if (signal?.aborted) throw fault('cancelled', {}, { cause: error })
    if (deadline.aborted) throw fault('tooSlow', { seconds: DEADLINE_MS / 1000 }, { cause: error })
    throw error
  }
  await checkFonts(request, record, missing)
  disarm(request)
  return { request, base, record, missing }
}

interface Search extends KnownPlaces {
  base: string
  missing: Missing[]
  signal: AbortSignal
}

/** A record that the studio wrote has a file for all weights, and an entry of the request for every LoRA and embedding. */
function refuseIncomplete(picture: string, request: Request, { weights }: PictureRecord): void {
  const count = (wanted: WeightsRecord['role']) => weights.filter(({ role }) => role === wanted).length
  const named = count('lora') <= request.loras.length && count('embedding') <= (request.embeddings?.length ?? 0)
  const files = weights.reduce((sum, entry) => sum + entry.files.length, 0)
  const whole = weights.every(entry => entry.files.length > 0 && entry.path !== '')
  if (whole && named && Math.max(files, weights.length) <= MOST_RECORDED) return
  throw fault('recordDamaged', { name: picture, field: 'weights', issue: phrase('recordIncomplete') })
}

async function replaceWeights(request: Request, record: PictureRecord, search: Search) {
  let [lora, embedding] = [0, 0]
  let model: string | null = null
  for (const weights of record.weights) {
    // One that the model's folder brought along stays implied.
    if (weights.role === 'controlnet' && request.controlnet === null && (await isInside(model, weights, search)))
      continue
    const { path, reason } = await locate(weights, search)
    if (weights.role === 'model') model = path
    if (path === null) {
      search.missing.push({ kind: weights.role, name: weights.path, sha256: weights.sha256, reason })
    }
    const place = path ?? weights.path
    if (weights.role === 'lora') request.loras[lora++].path = place
    else if (weights.role === 'embedding') request.embeddings![embedding++].path = place
    else if (weights.role === 'model') request.model = await modelNameOf(request, weights, path, search)
    else if (request[weights.role] !== null || place !== weights.path) request[weights.role] = place
  }
}

/** Whether the model's own folder has this ControlNet. */
async function isInside(model: string | null, { sha256 }: WeightsRecord, { hashes, signal }: Search): Promise<boolean> {
  if (model === null) return false
  const tree = await hashes.tree(join(model, 'controlnet'), signal).catch(() => null)
  signal.throwIfAborted()
  return tree?.sha256 === sha256
}

/** How the request names the model: a draft stays a draft, a former one by its hash, so that it is found on any machine. */
async function modelNameOf(
  { model }: Request,
  { path: recorded, sha256 }: WeightsRecord,
  path: string | null,
  { former }: Search,
): Promise<string> {
  if (path !== null && (await former.hashes()).includes(sha256)) return formerName(sha256)
  return model === DRAFT && path !== null ? DRAFT : (path ?? recorded)
}

/** Path of weights with this hash now, in a place that is known; otherwise why there is none. */
async function locate(
  weights: WeightsRecord,
  search: Search,
): Promise<{ path: string | null; reason: Missing['reason'] }> {
  let reason: Missing['reason'] = 'absent'
  const former = weights.role === 'model' ? await search.former.folderOf(weights.sha256) : null
  for (const path of [...(former === null ? [] : [former]), ...(await candidates(weights, search))]) {
    const tree = await search.hashes.tree(path, search.signal).catch(() => null)
    search.signal.throwIfAborted()
    if (tree?.sha256 === weights.sha256) return { path, reason }
    if (tree && path === weights.path) reason = 'changed'
  }
  return { path: null, reason }
}

/** The recorded path, where it is known, and every known path that may hold the same. */
async function candidates(weights: WeightsRecord, { hashes, models, folders, base }: Search): Promise<Set<string>> {
  const [first] = weights.files
  const single = weights.files.length === 1 && first.name === fileNameOf(weights.path)
  if (single) {
    const name = fileNameOf(weights.path)
    const put = [base, ...folders].map(folder => join(folder, name))
    const recorded = models.includes(weights.path) || hashes.has(weights.path) ? [weights.path] : []
    return new Set([
      ...recorded,
      ...hashes.known(first.sha256),
      ...models.filter(path => basename(path) === name),
      ...put,
    ])
  }
  const names = weights.files.map(file => file.name)
  const found = new Set<string>()
  const end = join('/', first.name)
  const seen = hashes.known(first.sha256).flatMap(path => (path.endsWith(end) ? [path.slice(0, -end.length)] : []))
  const inList = models.filter(path => path === weights.path || basename(path) === fileNameOf(weights.path))
  for (const path of new Set([weights.path, ...seen]))
    if (inList.includes(path) || (await hashes.hasFolder(path, names))) found.add(path)
  return new Set([...found, ...inList])
}

/** The last part of a path of any system: never a path itself. */
const fileNameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? ''

async function replaceFiles(request: Request, record: PictureRecord, search: Search): Promise<void> {
  const { base, assets, missing, signal } = search
  for (const field of pathFields(request)) {
    const asset = record.assets.find(kept => kept.field === field.field)
    const own = await realPathInside(base, field.path)
    if (!asset) {
      // Not recorded: an old picture's, or a stranger's invention.
      if (own === null) missing.push({ kind: 'file', name: fileNameOf(field.path), sha256: null, reason: 'absent' })
      continue
    }
    const found = await firstWith(
      asset.sha256,
      own === null ? [assets.pathOf(asset)] : [assets.pathOf(asset), own],
      signal,
    )
    if (found) field.replace(found)
    else missing.push({ kind: 'file', name: asset.name, sha256: asset.sha256, reason: own ? 'changed' : 'absent' })
  }
}

/** Where a path leads, if that is an existing file below the folder, links counted by where they end; null otherwise. */
async function realPathInside(folder: string, path: string): Promise<string | null> {
  if (leadsElsewhere(path)) return null
  const target = resolve(folder, path)
  if (!target.startsWith(join(folder, sep))) return null
  const [root, real] = await Promise.all([realpath(folder), realpath(target)]).catch(() => [null, null])
  return root && real?.startsWith(join(root, sep)) ? target : null
}

async function firstWith(hash: string, paths: readonly string[], signal: AbortSignal): Promise<string | null> {
  for (const path of paths) {
    const found = await sha256OfFile(path, { signal, maxBytes: MOST_ASSET_BYTES }).catch(() => null)
    signal.throwIfAborted()
    if (found === hash) return path
  }
  return null
}

/**
 * What was not found and leads to another machine or a device keeps its name alone: whoever takes the request over must
 * not touch it either.
 */
function disarm(request: Request): void {
  const harmless = (path: string) => (leadsElsewhere(path) ? fileNameOf(path) || 'unknown' : path)
  for (const field of pathFields(request)) if (leadsElsewhere(field.path)) field.replace(harmless(field.path))
  request.model = harmless(request.model)
  for (const role of ['controlnet', 'vae'] as const) if (request[role] !== null) request[role] = harmless(request[role])
  for (const each of [...request.loras, ...(request.embeddings ?? [])]) each.path = harmless(each.path)
}

/**
 * The fonts that would draw the request's words now. A font that was not found by its hash is not opened: its path is the
 * stranger's.
 */
async function facesOf(
  { word, layout = DEFAULT_LAYOUT, composition }: Request,
  missing: readonly Missing[],
): Promise<FontIdentity[]> {
  const unknown = ({ font }: FontChoice) =>
    missing.some(({ kind, name }) => kind === 'file' && name === fileNameOf(font ?? '/'))
  const known = textsOf({ word, layout, composition }).filter(({ layout }) => !unknown(layout))
  const { facesFor } = await import('../glyph/font-door.ts')
  const faces = await Promise.all(known.map(({ text, layout }) => facesFor(text, layout).catch(() => null)))
  return faces.flatMap(found => [...(found?.values() ?? [])])
}

/** Notes recorded fonts that would not draw the word now. */
async function checkFonts(request: Request, record: PictureRecord, missing: Missing[]): Promise<void> {
  if (record.fonts.length === 0) return
  const faces = await facesOf(request, missing)
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
