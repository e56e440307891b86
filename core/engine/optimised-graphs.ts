/**
 * Graphs as ONNX Runtime has optimised them, kept on disk: loading one of the draft's takes a fifth of optimising it again, and
 * its weights stay mapped, shared by all processes that use it. An entry is a folder named by what decides its content: the
 * graph's bytes, the weights files as they are now, ONNX Runtime's version and settings, and the processor, for which layouts are
 * chosen. What cannot be read, is damaged or is being removed by another process is as if it was not there.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { arch, cpus, endianness } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { INCOMPLETE, makeFolder, syncFolder } from '../files/durable.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import type { Graph } from '../graph/builder.ts'
import { isScratch } from '../weights/scratch.ts'

export const MODEL = 'graph.onnx'
export const WEIGHTS = 'weights.bin'
const ENTRY = 'entry.json'

/** Larger weights are not copied, however much sooner they would load. */
const MOST_WEIGHTS = 256e6
/** Only weights that lie in memory, which are in the graph, make one larger than this. */
const MOST_GRAPH = 16e6
/** Beyond this much on disk, entries that were used longest ago go. */
const MOST_BYTES = 512e6
/** What was begun so long ago was left over by a process that ended meanwhile. */
const ABANDONED_MS = 3_600_000
/** Bytes that are read and summed between two turns of the event loop: about 2 ms. */
const PIECE = 1 << 22

/** A graph that needs no optimising any more. */
export interface OptimisedGraph {
  model: Uint8Array
  /** Of its weights: session.model_external_initializers_file_folder_path. */
  folder: string
}

/** Where a graph may be kept, and room to write it in; finish() puts it in place, once it is written. */
export interface Pending {
  /** The file that ONNX Runtime writes; its weights lie beside it as WEIGHTS. */
  model: string
  /** Settles when the entry is there, or is given up: without an error, as a picture does not depend on it. */
  finish(): Promise<void>
  abandon(): Promise<void>
}

/** The size and checksum of each of an entry's files. */
type Entry = Record<string, { bytes: number; crc32: number }>

export class OptimisedGraphs {
  readonly #folder: string
  readonly #mostBytes: number
  /** One after another: sums and flushes must not take all threads of Node's pool, on which networks run too. */
  readonly #writing = new SerialQueue()

  /** @param folder made when it is needed */
  constructor(folder: string, { mostBytes = MOST_BYTES }: { mostBytes?: number } = {}) {
    this.#folder = folder
    this.#mostBytes = mostBytes
  }

  /**
   * Its name here; null for what is not kept: large weights, weights that stay mapped in their own files, scratch files.
   * @param about what else decides how the graph is optimised
   */
  async keyOf(graph: Graph, about: unknown): Promise<string | null> {
    if (graph.mapped || graph.weightBytes > MOST_WEIGHTS || graph.onnx.length > MOST_GRAPH) return null
    if (graph.files.some(isScratch)) return null
    const files = await Promise.all(
      graph.files.map(async file => {
        const { size, mtimeNs, ctimeNs } = await stat(file, { bigint: true })
        return [file, `${size}`, `${mtimeNs}`, `${ctimeNs}`]
      }),
    )
    const machine = [process.platform, arch(), endianness(), cpus()[0]?.model]
    return createHash('sha256')
      .update(JSON.stringify([about, machine, files]))
      .update(graph.onnx)
      .digest('hex')
      .slice(0, 40)
  }

  /** The entry, if there is a whole one. */
  async find(key: string): Promise<OptimisedGraph | null> {
    const folder = join(this.#folder, key)
    try {
      const entry = JSON.parse(await readFile(join(folder, ENTRY), 'utf8')) as Entry
      for (const name of [MODEL, WEIGHTS]) {
        const { bytes, crc32: sum } = entry[name]
        const found = await checksum(join(folder, name))
        if (found.bytes !== bytes || found.crc32 !== sum) throw new Error(`${name} is damaged`)
      }
      const now = new Date()
      await utimes(join(folder, ENTRY), now, now)
      return { model: await readFile(join(folder, MODEL)), folder }
    } catch {
      await this.remove(key)
      return null
    }
  }

  /** Never fails: where an entry cannot be written there is none. */
  async begin(key: string): Promise<Pending | null> {
    const folder = join(this.#folder, `.${randomUUID()}${INCOMPLETE}`)
    const abandon = () => rm(folder, { recursive: true, force: true }).catch(() => undefined)
    try {
      await makeFolder(this.#folder)
      await mkdir(folder)
    } catch {
      return null
    }
    const finish = async () => {
      const entry: Entry = {}
      // A graph without a large weight has none of these.
      await writeFile(join(folder, WEIGHTS), '', { flag: 'a' })
      for (const name of [MODEL, WEIGHTS]) entry[name] = await checksum(join(folder, name), true)
      await writeFile(join(folder, ENTRY), JSON.stringify(entry), { flush: true })
      await syncFolder(folder)
      // Fails where another process was first.
      await rename(folder, join(this.#folder, key))
      await this.#makeRoom(key)
    }
    return { model: join(folder, MODEL), finish: () => this.#writing.run(() => finish().catch(abandon)), abandon }
  }

  /** Settles when all that was begun is written. */
  written(): Promise<void> {
    return this.#writing.run(async () => {})
  }

  async remove(key: string): Promise<void> {
    // Renamed first: half an entry must never stand under its name.
    const aside = join(this.#folder, `.${randomUUID()}${INCOMPLETE}`)
    await rename(join(this.#folder, key), aside).catch(() => undefined)
    await rm(aside, { recursive: true, force: true }).catch(() => undefined)
  }

  async #makeRoom(kept: string): Promise<void> {
    const entries: { name: string; bytes: number; used: number }[] = []
    for (const name of await readdir(this.#folder)) {
      const folder = join(this.#folder, name)
      try {
        const sizes = await Promise.all([MODEL, WEIGHTS].map(async file => (await stat(join(folder, file))).size))
        const used = (await stat(join(folder, ENTRY))).mtimeMs
        entries.push({ name, bytes: sizes[0] + sizes[1], used })
      } catch {
        const begun = await stat(folder).catch(() => null)
        if (name.endsWith(INCOMPLETE) && begun && Date.now() - begun.mtimeMs > ABANDONED_MS)
          await rm(folder, { recursive: true, force: true })
      }
    }
    let total = entries.reduce((sum, { bytes }) => sum + bytes, 0)
    for (const { name, bytes } of entries.sort((a, b) => a.used - b.used)) {
      if (total <= this.#mostBytes) return
      if (name === kept) continue
      await this.remove(name)
      total -= bytes
    }
  }
}

/** @param flush writes it through to the disk too */
async function checksum(file: string, flush = false): Promise<{ bytes: number; crc32: number }> {
  const handle = await open(file, flush ? 'r+' : 'r')
  try {
    const piece = Buffer.allocUnsafeSlow(PIECE)
    let [bytes, sum] = [0, 0]
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE, bytes)
      if (bytesRead === 0) break
      sum = crc32(piece.subarray(0, bytesRead), sum)
      bytes += bytesRead
    }
    if (flush) await handle.sync()
    return { bytes, crc32: sum }
  } finally {
    await handle.close()
  }
}

let known: { folder: string; graphs: OptimisedGraphs } | null = null

/**
 * Those of this process: in ZIHUA_GRAPHS, or beside the compiled scripts where these are kept; null where neither is said, or
 * where ZIHUA_GRAPHS is empty.
 */
export function optimisedGraphs(): OptimisedGraphs | null {
  const { ZIHUA_GRAPHS: told, NODE_COMPILE_CACHE: compiled } = process.env
  const folder = told ?? (compiled ? join(dirname(compiled), 'graphs') : '')
  if (folder === '') return null
  if (known?.folder !== folder) known = { folder, graphs: new OptimisedGraphs(folder) }
  return known.graphs
}
