/** The LoRA files and embeddings that a program may name: those in the data folder's folders, by name, never by a path. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { phrase } from '../../faults/fault.ts'
import type { LoraTag } from '../../text/lora-tags.ts'

export interface Installed {
  /** The file's name without its ending. */
  name: string
  /** Absolute. */
  path: string
}

const ENDING = /\.safetensors$/i

/** By name. */
export async function installedIn(dataFolder: string, kind: 'loras' | 'embeddings'): Promise<Installed[]> {
  const folder = join(dataFolder, kind)
  const files = (await readdir(folder).catch(() => [])).filter(file => ENDING.test(file)).sort()
  return files.map(file => ({ name: file.replace(ENDING, ''), path: join(folder, file) }))
}

/** The file of a name, with or without its ending; another case of letters is the same, as on most disks. */
export async function findInstalled(
  dataFolder: string,
  kind: 'loras' | 'embeddings',
  name: string,
): Promise<Installed | null> {
  const wanted = name.replace(ENDING, '')
  const known = await installedIn(dataFolder, kind)
  return (
    known.find(file => file.name === wanted) ??
    known.find(file => file.name.toLowerCase() === wanted.toLowerCase()) ??
    null
  )
}

export interface TakenLoras {
  /** For a request: by name. */
  loras: { path: string; weight: number }[]
  /** A sentence for each that is not there; the picture is painted without it. */
  notices: string[]
}

/** What tags of a prompt ask for. */
export async function takeLoras(dataFolder: string, tags: readonly LoraTag[]): Promise<TakenLoras> {
  const taken: TakenLoras = { loras: [], notices: [] }
  for (const { name, weight } of tags) {
    const found = await findInstalled(dataFolder, 'loras', name)
    if (found) taken.loras.push({ path: found.name, weight: Math.min(Math.max(weight, -10), 10) })
    else taken.notices.push(phrase('loraNotInstalled', { name }).message)
  }
  return taken
}
