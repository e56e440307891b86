/**
 * Copies of the files that a request names, stored by hash, so that a replay does not depend on files that have moved.
 */
import { copyFile, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path'
import type { RequestInput } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { cannotWrite, INCOMPLETE, makeFolder, syncFolder } from '../files/durable.ts'
import { sha256OfFile } from '../files/hashes.ts'
import type { AssetRecord } from './record.ts'

/** A path inside a request, and how to replace it. */
interface PathField {
  field: string
  path: string
  replace(path: string): void
}

const looksLikeFont = (font: string) => /[/\\]|\.(ttf|otf|ttc|otc|woff2?)$/i.test(font)

/** Every file that a request names, except weights. replace() changes `request` itself. */
export function pathFields(request: RequestInput): PathField[] {
  const fields: PathField[] = []
  const add = (field: string, path: string | null | undefined, replace: (path: string) => void) => {
    if (typeof path === 'string') fields.push({ field, path, replace })
  }
  for (const [map, control] of Object.entries(request.controls ?? {})) {
    if (control) add(`controls.${map}.image`, control.image, path => (control.image = path))
  }
  request.controlImages?.forEach((control, i) => {
    add(`controlImages.${i}.image`, control.image, path => (control.image = path))
  })
  const { repaint } = request
  if (repaint) add('repaint.mask', repaint.mask, path => (repaint.mask = path))
  add('initImage', request.initImage, path => (request.initImage = path))
  for (const name of ['latents', 'noise'] as const) {
    const value = request[name]
    const at = value?.lastIndexOf('#') ?? -1
    if (value && at > 0) add(name, value.slice(0, at), path => (request[name] = path + value.slice(at)))
  }
  const { layout } = request
  if (layout?.font && looksLikeFont(layout.font)) add('layout.font', layout.font, path => (layout.font = path))
  for (const [i, block] of request.composition?.blocks.entries() ?? []) {
    if (block.kind !== 'word') continue
    const { writing } = block.source
    const field = `composition.blocks.${i}.source.writing.font`
    if (writing.font && looksLikeFont(writing.font)) add(field, writing.font, path => (writing.font = path))
  }
  return fields
}

/** The name may come from a stranger's record: an ending is letters and digits, or there is none. */
const endingOf = (name: string): string => /^\.[a-z0-9]{1,16}$/.exec(extname(name).toLowerCase())?.[0] ?? ''

export class Assets {
  readonly folder: string
  constructor(folder: string) {
    this.folder = folder
  }

  /** Path of a file's copy, whether or not it exists. */
  pathOf({ name, sha256 }: Pick<AssetRecord, 'name' | 'sha256'>): string {
    return join(this.folder, sha256.slice(0, 2), sha256 + endingOf(name))
  }

  /** Copies all files that the request names. @throws StudioError 'bad-request' for a missing file, 'cannot-write' */
  async keep(request: RequestInput, base: string): Promise<AssetRecord[]> {
    const kept: AssetRecord[] = []
    for (const { field, path } of pathFields(request)) {
      const source = isAbsolute(path) ? path : resolve(base, path)
      const sha256 = await sha256OfFile(source).catch(cause => {
        throw fault('fieldUnreadable', { field, path: source }, { cause })
      })
      const asset = { field, name: basename(path), sha256 }
      await this.#copy(source, this.pathOf(asset))
      kept.push(asset)
    }
    return kept
  }

  async #copy(source: string, target: string): Promise<void> {
    if (await stat(target).catch(() => null)) return
    const temporary = `${target}.${process.pid}${INCOMPLETE}`
    try {
      await makeFolder(dirname(target))
      await copyFile(source, temporary)
      const handle = await open(temporary, 'r+')
      await handle.sync().finally(() => handle.close())
      await rename(temporary, target)
      await syncFolder(dirname(target))
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {})
      throw cannotWrite(target, cause)
    }
  }
}
