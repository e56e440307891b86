/**
 * What can be downloaded: a manifest names each file's address at a pinned revision, its size and its SHA-256. Where those
 * were not known when it was written they are null, and the first download takes them from the hub's own metadata and says
 * so. A manifest may be a stranger's: it is checked, and its paths never leave the model's folder.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { SAMPLERS } from '../contract/vocabulary.ts'
import { fault, reasonOf } from '../faults/fault.ts'
import { phraseOfIssue } from '../faults/issue.ts'
import { nameKey, safeName } from '../files/safe-name.ts'

const url = z
  .string()
  .max(4000)
  .refine(text => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'it is no http address')

/** "unet/config.json": folders with "/", every part a name that each system takes. */
const path = z
  .string()
  .max(500)
  .refine(text => text.split('/').every(part => part !== '' && part === safeName(part)), 'it is no safe path')

const hash = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/)
  .transform(text => text.toLowerCase())

const licence = z.object({
  name: z.string(),
  /** What it is the licence of. */
  of: z.string().default(''),
  url: z.string().default(''),
  /** Where its whole text is: a file of models/licences, or an address. */
  text: z.string().default(''),
})
export type Licence = z.infer<typeof licence>

/** What a download is: 'model' and 'checkpoint' paint; 'depth' and 'segmentation' are networks of maps. */
export const MANIFEST_KINDS = [
  'model',
  'checkpoint',
  'controlnet',
  'vae',
  'lora',
  'depth',
  'segmentation',
  'runtime',
] as const
export type ManifestKind = (typeof MANIFEST_KINDS)[number]

const schema = z.object({
  id: z
    .string()
    .max(64)
    .refine(text => text === safeName(text) && !/[\s%]/.test(text), 'it is no safe name'),
  name: z.string().min(1).max(200),
  /** Another program's word for a kind is taken, and what it is told from the files. */
  kind: z.string().default('model'),
  licence: z
    .union([z.array(licence), z.string().transform(name => [{ name, of: '', url: '', text: '' }])])
    .nullish()
    .transform(list => list ?? []),
  revision: z.string().nullish(),
  purpose: z.string().default(''),
  /** Part of the starter set. */
  starter: z.enum(['needed', 'optional']).nullish(),
  /** Fields of the request that fit a LoRA of few steps. */
  suggested: z
    .object({
      sampler: z.enum(SAMPLERS),
      steps: z.int().min(1),
      guidanceScale: z.number(),
      scheduler: z.record(z.string(), z.unknown()),
    })
    .partial()
    .nullish(),
  /** Of a runtime: where it runs, and the oldest driver. */
  requires: z.object({ platform: z.string(), arch: z.string(), driver: z.string() }).nullish(),
  files: z
    .array(
      z.object({
        path,
        url,
        size: z.int().positive().max(1e12).nullish(),
        sha256: hash.nullish(),
        version: z.string().nullish(),
      }),
    )
    .min(1)
    .max(2000)
    .refine(files => new Set(files.map(file => nameKey(file.path))).size === files.length, 'a path occurs twice'),
})
export type DownloadManifest = z.infer<typeof schema>

/** The kind as the studio knows it. */
export const kindOf = ({ kind }: DownloadManifest): ManifestKind =>
  MANIFEST_KINDS.find(known => known === kind) ?? 'model'

/** Bytes of all files, and whether every size is known that matters: a text of a few kB does not. */
export function sizeOf({ files }: DownloadManifest): { bytes: number; exact: boolean } {
  return {
    bytes: files.reduce((sum, { size }) => sum + (size ?? 0), 0),
    exact: files.every(({ size, path }) => size != null || /\.(md|txt|json)$/i.test(path)),
  }
}

const shipped = fileURLToPath(new URL('../../models/manifests', import.meta.url))
const licences = fileURLToPath(new URL('../../models/licences', import.meta.url))

/** Folders with manifests: the studio's own; `manifests` in the data folder, and ZIHUA_MANIFESTS, win over it. */
export const manifestFolders = (dataFolder: string): string[] => [
  ...(process.env['ZIHUA_MANIFESTS'] ? [process.env['ZIHUA_MANIFESTS']] : []),
  join(dataFolder, 'manifests'),
  shipped,
]

/** A manifest of the user's. @throws StudioError 'bad-request' */
export async function readDownloadManifest(file: string): Promise<DownloadManifest> {
  let json: unknown
  try {
    const text = await readFile(file, 'utf8')
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw fault('downloadManifestWrong', { file, reason: reasonOf(cause) }, { cause })
  }
  const { data, error } = schema.safeParse(json)
  if (data) return data
  const [issue] = error!.issues
  const field = issue.path.join('.')
  const said = phraseOfIssue(issue)
  throw fault('downloadManifestWrong', { file, reason: field ? `${field}: ${said.message}` : said.message })
}

/** All that can be downloaded, by id; the first folder that names an id wins. A damaged file of one's own is left out. */
export async function listManifests(dataFolder: string): Promise<DownloadManifest[]> {
  const found = new Map<string, DownloadManifest>()
  for (const folder of manifestFolders(dataFolder)) {
    const names = existsSync(folder) ? (await readdir(folder)).filter(name => name.endsWith('.json')).sort() : []
    for (const name of names) {
      const manifest = await readDownloadManifest(join(folder, name)).catch(error => {
        if (folder === shipped) throw error
        return null
      })
      if (manifest && !found.has(manifest.id)) found.set(manifest.id, manifest)
    }
  }
  return [...found.values()]
}

/** @throws StudioError 'missing-model' */
export async function findManifest(dataFolder: string, id: string): Promise<DownloadManifest> {
  const all = await listManifests(dataFolder)
  const found = all.find(manifest => manifest.id === id)
  if (!found) throw fault('downloadUnknown', { id, known: all.map(manifest => manifest.id).join(', ') })
  return found
}

/** A licence's whole text where the studio carries it, else null. */
export async function licenceText({ text }: Licence): Promise<string | null> {
  if (!/^[\w.-]+\.txt$/.test(text)) return null
  return readFile(join(licences, basename(text)), 'utf8').catch(() => null)
}
