/**
 * What is there of a file that is being downloaded: NAME.part holds the bytes at their places, NAME.part.jsonl which blocks
 * of them are whole. Each line is one event, written after the bytes that it speaks of are on the disk; a line that was cut
 * off by a power cut is ignored. Whether the file is right is decided by its hash alone.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../files/durable.ts'

export const PART = '.part'
export const BLOCK_BYTES = 8 << 20

const headSchema = z.object({
  version: z.literal(1),
  url: z.string(),
  size: z.int().positive(),
  blockBytes: z.int().positive(),
  /** ETag or date of the last change, for If-Range; null where the server has neither. */
  validator: z.string().nullable(),
  /** The hub's name of the content, which outlives a change of its storage; null elsewhere. */
  identity: z.string().nullable(),
  /** Commit of the hub's repository. */
  commit: z.string().nullable(),
  sha256: z.string().nullable(),
})
export type Head = z.infer<typeof headSchema>

const lineSchema = z.union([
  z.strictObject({ block: z.int().min(0) }),
  /** State of the hash over the first so many bytes, base64. */
  z.strictObject({ hashed: z.int().min(0), state: z.string() }),
])

export interface HashState {
  /** Bytes that went in. */
  bytes: number
  state: Uint8Array | null
}

export class Journal {
  readonly head: Head
  /** 1 for each block that is whole. */
  readonly done: Uint8Array
  hash: HashState
  readonly #data: FileHandle
  readonly #log: FileHandle

  private constructor(head: Head, done: Uint8Array, hash: HashState, data: FileHandle, log: FileHandle) {
    this.head = head
    this.done = done
    this.hash = hash
    this.#data = data
    this.#log = log
  }

  /** What an earlier run left of this file, or null. */
  static async find(file: string): Promise<{ head: Head; done: Uint8Array; hash: HashState } | null> {
    const text = await readFile(`${file}${PART}.jsonl`, 'utf8').catch(() => null)
    const bytes = await stat(file + PART).then(
      info => info.size,
      () => null,
    )
    if (text === null || bytes === null) return null
    const [first, ...lines] = text.split('\n')
    const head = headSchema.safeParse(parseJson(first)).data
    if (!head) return null
    const done = new Uint8Array(Math.ceil(head.size / head.blockBytes))
    let hash: HashState = { bytes: 0, state: null }
    for (const line of lines) {
      const entry = lineSchema.safeParse(parseJson(line)).data
      if (!entry) continue
      if ('hashed' in entry) hash = { bytes: entry.hashed, state: Buffer.from(entry.state, 'base64') }
      // A file that is shorter than its journal says was cut by hand.
      else if (Math.min((entry.block + 1) * head.blockBytes, head.size) <= bytes) done[entry.block] = 1
    }
    const front = frontOf(done, head)
    if (hash.bytes > front) hash = { bytes: 0, state: null }
    return { head, done, hash }
  }

  /** Goes on with what was found, or begins anew. @throws the system's error */
  static async open(file: string, head: Head, found: { done: Uint8Array; hash: HashState } | null): Promise<Journal> {
    await makeFolder(dirname(file))
    const blocks = Math.ceil(head.size / head.blockBytes)
    const { done, hash } = found ?? { done: new Uint8Array(blocks), hash: { bytes: 0, state: null } }
    const data = await open(file + PART, constants.O_RDWR | constants.O_CREAT | (found ? 0 : constants.O_TRUNC), 0o644)
    let log: FileHandle | null = null
    try {
      log = await open(`${file}${PART}.jsonl`, 'w', 0o600)
      const lines = [
        JSON.stringify(head),
        ...[...done.keys()].filter(block => done[block]).map(block => JSON.stringify({ block })),
        ...(hash.state ? [hashLine(hash)] : []),
      ]
      await log.write(`${lines.join('\n')}\n`)
      await log.sync()
      return new Journal(head, done, hash, data, log)
    } catch (error) {
      await log?.close()
      await data.close()
      throw error
    }
  }

  /** Deletes what is there of a file. */
  static async discard(file: string): Promise<void> {
    await rm(`${file}${PART}.jsonl`, { force: true })
    await rm(file + PART, { force: true })
  }

  get blocks(): number {
    return this.done.length
  }

  /** Bytes of a block: the last one is shorter. */
  bytesOf(block: number): number {
    return Math.min(this.head.blockBytes, this.head.size - block * this.head.blockBytes)
  }

  /** Bytes of whole blocks. */
  get received(): number {
    return this.done.reduce((sum, whole, block) => sum + (whole ? this.bytesOf(block) : 0), 0)
  }

  /** Bytes from the beginning up to the first gap. */
  get front(): number {
    return frontOf(this.done, this.head)
  }

  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    const { bytesWritten } = await this.#data.writev(chunks, position)
    if (bytesWritten !== total) throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
  }

  /** Notes a block as whole, once its bytes are on the disk. */
  async finish(block: number): Promise<void> {
    await this.#data.datasync()
    await this.#log.write(`${JSON.stringify({ block })}\n`)
    this.done[block] = 1
  }

  async noteHash(hash: HashState): Promise<void> {
    this.hash = hash
    if (hash.state) await this.#log.write(`${hashLine(hash)}\n`)
  }

  /** Flushes and closes; the part stays. */
  async close(): Promise<void> {
    await this.#data.sync().catch(() => {})
    await this.#data.close()
    await this.#log.close()
  }
}

const hashLine = ({ bytes, state }: HashState): string =>
  JSON.stringify({ hashed: bytes, state: Buffer.from(state!).toString('base64') })

function frontOf(done: Uint8Array, { blockBytes, size }: Head): number {
  const gap = done.indexOf(0)
  return gap < 0 ? size : gap * blockBytes
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
