/**
 * The thread that hashes what is being downloaded, so that the network never waits for it. The rolling hash is hash-wasm's,
 * whose state can be written down and taken up again; Node's own is six times as fast and has no such state.
 */
import { open } from 'node:fs/promises'
import { createSHA256 } from 'hash-wasm'
import { answer } from '../channel/answer.ts'
import { sha256OfFile } from '../files/hashes.ts'
import type { HashState } from './journal.ts'

export interface HashCalls {
  /** Takes the bytes of a file up to `to` into the hash. */
  advance: { request: { file: string; from: HashState; to: number }; event: never; reply: HashState }
  /** The digest of a finished state, hexadecimal. */
  digest: { request: { from: HashState }; event: never; reply: string }
  /** Of a whole file, without a state. */
  whole: { request: { file: string }; event: never; reply: string }
}

const PIECE = 1 << 20

/** A state of another version of the library is useless: the hash begins anew. */
async function hasherAt({ bytes, state }: HashState) {
  const hasher = await createSHA256()
  hasher.init()
  if (state === null) return { hasher, bytes: 0 }
  try {
    hasher.load(state)
    return { hasher, bytes }
  } catch {
    hasher.init()
    return { hasher, bytes: 0 }
  }
}

answer<HashCalls>({
  async advance({ file, from, to }, { signal }) {
    const { hasher, bytes } = await hasherAt(from)
    const handle = await open(file, 'r')
    try {
      const piece = Buffer.allocUnsafe(PIECE)
      let at = bytes
      while (at < to && !signal.aborted) {
        const { bytesRead } = await handle.read(piece, 0, Math.min(PIECE, to - at), at)
        if (bytesRead === 0) throw new Error('the file is shorter than it was')
        hasher.update(piece.subarray(0, bytesRead))
        at += bytesRead
      }
      return { bytes: at, state: hasher.save() }
    } finally {
      await handle.close()
    }
  },
  digest: async ({ from }) => (await hasherAt(from)).hasher.digest(),
  whole: ({ file }) => sha256OfFile(file),
})
