/** Where nats-server is: on the PATH, or fetched on the user's word from a pinned list. */
import { access, chmod, constants, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fault, reasonOf } from '../faults/fault.ts'
import { writeDurably } from '../files/durable.ts'
import { sha256 } from '../files/hashes.ts'
import { zipEntries } from '../tables/zip-entries.ts'
import pinned from './server-files.json' with { type: 'json' }

export interface ServerFile {
  url: string
  /** Bytes. */
  size: number
  sha256: string
}

const PROGRAM = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server'
/** A connection that brings nothing for so long is given up. */
const FETCH_MS = 300_000

/** ZIHUA_NATS_SERVER, the PATH, or what was fetched before; null: it is nowhere. */
export async function findServer(dataFolder: string): Promise<string | null> {
  const named = process.env['ZIHUA_NATS_SERVER']
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const places = [...(named ? [named] : []), ...path.map(folder => join(folder, PROGRAM)), placeIn(dataFolder)]
  for (const place of places) if (await isProgram(place)) return place
  return null
}

async function isProgram(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null)
  return (
    info?.isFile() === true &&
    (await access(path, constants.X_OK).then(
      () => true,
      () => false,
    ))
  )
}

const placeIn = (dataFolder: string) => join(dataFolder, 'farm', `nats-server-${pinned.version}`, PROGRAM)

/**
 * Fetches nats-server for this machine into the data folder.
 * @returns its path
 * @throws StudioError farmServerUnknownHere, farmServerUnfetched, farmServerWrong, 'cannot-write'
 */
export async function fetchServer(
  dataFolder: string,
  files: Readonly<Record<string, ServerFile>> = pinned.files,
): Promise<string> {
  const platform = `${process.platform}-${process.arch}`
  const file = Object.hasOwn(files, platform) ? files[platform] : undefined
  if (!file) throw fault('farmServerUnknownHere', { platform })
  const archive = await download(file)
  const place = placeIn(dataFolder)
  await writeDurably(place, await programIn(archive, file.url))
  await chmod(place, 0o755)
  return place
}

async function download({ url, size, sha256: expected }: ServerFile): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) })
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`)
    for await (const part of response.body) {
      bytes += part.length
      // More than was listed is another file.
      if (bytes > size) break
      parts.push(part)
    }
  } catch (cause) {
    throw fault('farmServerUnfetched', { url, reason: reasonOf(cause) }, { cause })
  }
  const archive = Buffer.concat(parts)
  if (bytes !== size || sha256(archive) !== expected) throw fault('farmServerWrong', { url })
  return archive
}

async function programIn(archive: Buffer, url: string): Promise<Buffer> {
  const isIt = (name: string) => name.split('/').at(-1) === PROGRAM
  const entries = await zipEntries(archive, isIt).catch(() => new Map<string, Buffer>())
  const [program] = [...entries.values()]
  if (!program) throw fault('farmServerWrong', { url })
  return program
}
