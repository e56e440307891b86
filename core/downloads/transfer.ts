/**
 * One file over HTTP: several ranges at a time, in blocks that a journal remembers, so that a kill loses at most the block
 * that each range was in. The file gets its name only once its SHA-256 is the published one.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fault, reasonOf } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { cannotWrite, syncFolder } from '../files/durable.ts'
import { sha256OfFile } from '../files/hashes.ts'
import { BadAnswer, Changed, type Part, readAnswer } from './answers.ts'
import { insistOnRoom } from './disk.ts'
import type { Http } from './http.ts'
import { BLOCK_BYTES, Journal, PART } from './journal.ts'
import { Retries, type RetryOptions } from './retries.ts'
import { RollingHash } from './rolling-hash.ts'
import { Schedule, type Segment } from './schedule.ts'

export interface FileToGet {
  url: string
  /** Where it goes, absolute. */
  file: string
  /** As published; null: what the server says. */
  size: number | null
  /** As published; null: what the hub's own metadata say. */
  sha256: string | null
}

export interface TransferProgress {
  /** Bytes that are there, and of the whole; 0 until it is known. */
  received: number
  size: number
  /** "waiting": the server asked for a pause, or the network is gone. */
  state: 'downloading' | 'waiting' | 'verifying'
}

export interface TransferOptions {
  http: Http
  signal: AbortSignal
  onProgress?: (progress: TransferProgress) => void
  /** How many ranges at a time, 1–8. */
  ranges?: number
  blockBytes?: number
  retry?: RetryOptions
}

export interface Transferred {
  sha256: string
  bytes: number
  /** Who said what the hash should be: the manifest, the hub's metadata, Git's hash of a small file, or nobody. */
  proof: 'manifest' | 'hub' | 'git' | 'none'
  /** Commit of the hub's repository, where it says so. */
  commit: string | null
}

/** Bytes that are gathered before they are written. */
const WRITE_BYTES = 1 << 20
const MOST_CHANGES = 3
/** Every so many blocks the free space is looked at: others write to the disk too. */
const LOOK_AT_DISK = 16
const PAGE = /^(\ufeff)?\s*<(!doctype\s+html|html)\b/i

/**
 * Downloads a file, or goes on with it. What is there under its name already is taken if it is the same file.
 * @throws StudioError 'missing-model', 'cannot-write', 'cancelled'; what has arrived stays for the next try
 */
export async function transferFile(wanted: FileToGet, options: TransferOptions): Promise<Transferred> {
  const there = await alreadyThere(wanted)
  if (there) return there
  for (let changes = 0; changes < MOST_CHANGES; changes++) {
    try {
      return await new Transfer(wanted, options).run()
    } catch (error) {
      if (options.signal.aborted) throw fault('cancelled')
      if (!(error instanceof Changed))
        throw error instanceof StudioError ? error : isDiskError(error) ? cannotWrite(wanted.file, error) : error
      await Journal.discard(wanted.file)
    }
  }
  throw fault('downloadChanges', { file: basename(wanted.file) })
}

/** A file of this name that was downloaded or copied here before. @throws StudioError where it is another one */
async function alreadyThere({ file, size, sha256 }: FileToGet): Promise<Transferred | null> {
  const info = await stat(file).catch(() => null)
  if (!info) return null
  const isSize = info.isFile() && (size === null || info.size === size)
  const own = isSize ? await sha256OfFile(file) : null
  if (own === null || (sha256 !== null && own !== sha256)) throw fault('downloadInTheWay', { file })
  return { sha256: own, bytes: info.size, proof: sha256 === null ? 'none' : 'manifest', commit: null }
}

const isDiskError = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'EFBIG'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  )

const isCancel = (error: unknown): boolean => error instanceof StudioError && error.code === 'cancelled'

class Transfer {
  readonly #wanted: FileToGet
  readonly #options: TransferOptions
  readonly #name: string
  readonly #retries: Retries
  /** Ends all ranges when one has failed for good. */
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  /** Bytes of blocks that are not whole yet. */
  #inBlocks = 0
  #journal: Journal | null = null
  #hash: RollingHash | null = null
  #schedule: Schedule | null = null
  #gitBlob: string | null = null
  #proof: Transferred['proof'] = 'none'
  #sha256: string | null

  constructor(wanted: FileToGet, options: TransferOptions) {
    this.#wanted = wanted
    this.#options = options
    this.#name = basename(wanted.file)
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal])
    this.#retries = new Retries(this.#name, this.#signal, options.retry)
    this.#sha256 = wanted.sha256
    if (wanted.sha256 !== null) this.#proof = 'manifest'
  }

  async run(): Promise<Transferred> {
    try {
      await this.#resume()
      // The first range learns what the others need to know.
      await this.#range(true)
      const others = Math.min(this.#options.ranges ?? 6, 8)
      const ranges = Array.from({ length: others }, () => this.#range(false))
      // Nothing is closed before all have stopped.
      const failed = (await Promise.allSettled(ranges)).flatMap(range =>
        range.status === 'rejected' ? [range.reason] : [],
      )
      if (failed.length > 0) throw failed.find(error => !isCancel(error)) ?? failed[0]
      return await this.#finish()
    } catch (error) {
      this.#stop.abort()
      throw error
    } finally {
      await this.#hash?.[Symbol.asyncDispose]()
      await this.#journal?.close()
    }
  }

  /** Takes up what an earlier run left, where it is of the same file. */
  async #resume(): Promise<void> {
    const { file, url, size, sha256 } = this.#wanted
    const found = await Journal.find(file)
    if (!found) return
    const { head } = found
    const isSame = (size ?? head.size) === head.size && (sha256 ?? head.sha256) === head.sha256
    // From another address the validator is worth nothing; the same hash is the same file.
    if (!isSame || (head.url !== url && sha256 === null)) return Journal.discard(file)
    const taken = head.url === url ? head : { ...head, url, validator: null, identity: null }
    await this.#begin(taken, found)
  }

  async #begin(head: Journal['head'], found: Parameters<typeof Journal.open>[2]): Promise<void> {
    const { file } = this.#wanted
    this.#sha256 ??= head.sha256
    if (this.#proof === 'none' && head.sha256 !== null) this.#proof = 'hub'
    const journal = await Journal.open(file, head, found)
    this.#journal = journal
    await insistOnRoom(dirname(file), head.size - journal.received)
    this.#hash = new RollingHash(file, journal)
    this.#schedule = new Schedule(journal.done)
    this.#hash.follow()
    this.#tell('downloading')
  }

  /** Gets segments until none is left; the first range only until it has begun to arrive. */
  async #range(first: boolean): Promise<void> {
    for (;;) {
      if (this.#signal.aborted) throw fault('cancelled')
      const segment = this.#schedule ? this.#schedule.next() : { from: 0, to: 1 }
      if (!segment) return
      try {
        await this.#segment(segment)
        if (first) return
      } catch (error) {
        if (error instanceof StudioError || error instanceof Changed || isDiskError(error)) {
          this.#stop.abort()
          throw error
        }
        if (this.#signal.aborted) throw fault('cancelled')
        this.#tell('waiting')
        await this.#retries.wait(error instanceof BadAnswer ? error : new BadAnswer(reasonOf(error)))
        this.#tell('downloading')
      } finally {
        this.#schedule?.giveBack(segment)
      }
    }
  }

  /** @param segment blocks from..to */
  async #segment(segment: Segment): Promise<void> {
    const { blockBytes = BLOCK_BYTES } = this.#options
    const size = this.#journal?.head.size ?? this.#wanted.size
    const from = segment.from * blockBytes
    const last = Math.min(segment.to * blockBytes, size ?? Number.POSITIVE_INFINITY) - 1
    const validator = this.#journal?.head.validator ?? null
    const headers = { range: `bytes=${from}-${last}`, ...(validator !== null && { 'if-range': validator }) }
    const answer = await this.#options.http.get(this.#wanted.url, headers, this.#signal)
    try {
      const part = readAnswer(answer, { file: this.#name, from, size })
      await this.#learn(part)
      await this.#receive(answer.body, part, part.whole ? { from: 0, to: this.#journal!.blocks } : segment, answer.url)
    } finally {
      answer.body.on('error', () => {})
      answer.body.destroy()
    }
  }

  /** The first answer tells what the file is; each later one must be of the same file. */
  async #learn(part: Part): Promise<void> {
    const { url, sha256 } = this.#wanted
    this.#gitBlob ??= part.gitBlob
    const head = this.#journal?.head
    if (!head) {
      const { size, validator, identity, commit } = part
      const { blockBytes = BLOCK_BYTES } = this.#options
      const known = { version: 1 as const, url, size, blockBytes, validator, identity, commit }
      await this.#begin({ ...known, sha256: sha256 ?? part.sha256 }, null)
      return
    }
    const isSame =
      head.identity !== null && part.identity !== null
        ? head.identity === part.identity
        : head.validator === null || part.validator === head.validator
    if (!isSame) throw new Changed()
    // The same content from another store: its ETag is what the next requests must name.
    head.validator = part.validator
    head.identity ??= part.identity
    head.commit ??= part.commit
  }

  /** Writes the body's bytes to the blocks of the segment; of a whole file those that are there already are skipped. */
  async #receive(body: AsyncIterable<Uint8Array>, part: Part, segment: Segment, url: string): Promise<void> {
    const journal = this.#journal!
    const { blockBytes, size } = journal.head
    const end = Math.min(segment.to * blockBytes, size)
    let at = part.from
    let gathered: Uint8Array[] = []
    let waiting = 0
    const flush = async () => {
      if (waiting > 0) await journal.write(gathered, at - waiting)
      gathered = []
      waiting = 0
    }
    let inBlock = 0
    const blockOf = (position: number) => Math.floor(position / blockBytes)
    try {
      // The body is read to its end, so that its connection serves the next request.
      for await (const bytes of body) {
        if (at >= end) return
        if (at === 0 && bytes.length > 0 && PAGE.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1')))
          throw fault('downloadPage', { file: this.#name, host: new URL(url).host })
        for (let taken = 0; taken < bytes.length && at < end; ) {
          const block = blockOf(at)
          const count = Math.min(bytes.length - taken, block * blockBytes + journal.bytesOf(block) - at)
          const isNew = !journal.done[block]
          if (isNew) gathered.push(bytes.subarray(taken, taken + count))
          if (isNew) waiting += count
          at += count
          taken += count
          inBlock += isNew ? count : 0
          this.#inBlocks += isNew ? count : 0
          const isWhole = at === block * blockBytes + journal.bytesOf(block)
          if (isNew && (isWhole || waiting >= WRITE_BYTES)) await flush()
          if (!isWhole) continue
          if (isNew) {
            await journal.finish(block)
            this.#inBlocks -= inBlock
            this.#retries.succeeded()
            this.#hash!.follow()
            if (block % LOOK_AT_DISK === 0) await insistOnRoom(dirname(this.#wanted.file), size - journal.received)
          }
          inBlock = 0
        }
        this.#tell('downloading')
      }
    } finally {
      this.#inBlocks -= inBlock
    }
    if (at < Math.min(part.to, end)) throw new BadAnswer('the connection ended too early')
  }

  /** Checks the hash and gives the file its name. */
  async #finish(): Promise<Transferred> {
    const { file } = this.#wanted
    const journal = this.#journal!
    this.#tell('verifying')
    const own = await this.#hash!.digest()
    if (this.#signal.aborted) throw fault('cancelled')
    if (this.#proof === 'none' && this.#gitBlob !== null) this.#proof = 'git'
    const isRight =
      this.#sha256 === null
        ? this.#gitBlob === null || (await gitBlobOf(file + PART, journal.head.size)) === this.#gitBlob
        : own === this.#sha256
    await journal.close()
    this.#journal = null
    if (!isRight) {
      await Journal.discard(file)
      throw fault('downloadCorrupt', { file: this.#name })
    }
    if (await stat(file).catch(() => null)) throw fault('downloadInTheWay', { file })
    await rename(file + PART, file)
    await syncFolder(dirname(file))
    await Journal.discard(file)
    return { sha256: own, bytes: journal.head.size, proof: this.#proof, commit: journal.head.commit }
  }

  #tell(state: TransferProgress['state']): void {
    const journal = this.#journal
    const received = (journal?.received ?? 0) + Math.max(0, this.#inBlocks)
    this.#options.onProgress?.({ received, size: journal?.head.size ?? this.#wanted.size ?? 0, state })
  }
}

/** Git's name of a file's content. Source: Pro Git, 10.2 "Git Objects". */
async function gitBlobOf(file: string, size: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`)
  for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
