/** JSON beside weights: config.json, model_index.json, shard indexes. */
import { access, readFile, stat } from 'node:fs/promises'
import { fault, phrase, reasonOf } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { parsePythonJson } from '../files/python-json.ts'
import type { Config } from './network.ts'
import { damaged } from './safetensors.ts'

/** A config has a few kB, a shard index under 1 MB; more is no config. */
const JSON_LIMIT = 16_000_000

/** @throws StudioError 'bad-weights' if the file is absent, too large or not a JSON object */
export async function readConfig(file: string): Promise<Config> {
  let text: string
  try {
    const info = await stat(file)
    if (!info.isFile()) throw fault('configUnreadable', { file, reason: phrase('itIsNoFile') })
    if (info.size > JSON_LIMIT)
      throw fault('configUnreadable', { file, reason: phrase('tooManyBytes', { most: JSON_LIMIT }) })
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof StudioError) throw cause
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw absent
      ? fault('configMissing', { file }, { cause })
      : fault('configUnreadable', { file, reason: reasonOf(cause) }, { cause })
  }
  try {
    const json: unknown = parsePythonJson(text)
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Config
  } catch {
    // falls through: not JSON is told like not an object
  }
  throw damaged(file, phrase('notAnObject'))
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
