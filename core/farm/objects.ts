/** Objects of a bucket: put in few chunks, and read chunk by chunk. */
import type { JetStreamManager } from '@nats-io/jetstream'
import type { ObjectStore } from '@nats-io/obj'
import { sha256 } from '../files/hashes.ts'

/** Each chunk is flushed on its own: few large ones. A server that takes no message of this size gets smaller ones. */
const CHUNK_BYTES = 1 << 20

/** What is in an object store under a name; null where nothing is. */
export async function liveInfo(store: ObjectStore, name: string) {
  const info = await store.info(name)
  return info && !info.deleted ? info : null
}

export async function putObject(store: ObjectStore, name: string, bytes: Uint8Array): Promise<void> {
  await store.putBlob({ name, options: { max_chunk_size: CHUNK_BYTES } }, bytes)
}

/**
 * An object's bytes; null where nothing is under the name, or not all of it. The library's own reading leaves a consumer on the
 * server for five minutes after each object: after a thousand objects the server answered no more until they were gone.
 * @throws what the server says
 */
export async function getObject(jsm: JetStreamManager, store: ObjectStore, name: string): Promise<Uint8Array | null> {
  const info = await liveInfo(store, name)
  if (!info) return null
  const { bucket, nuid, size, digest } = info
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (let seq = 1; bytes < size; ) {
    const chunk = await jsm.direct.getMessage(`OBJ_${bucket}`, { seq, next_by_subj: `$O.${bucket}.C.${nuid}` })
    if (!chunk) return null
    chunks.push(chunk.data)
    bytes += chunk.data.length
    seq = chunk.seq + 1
  }
  const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  // "SHA-256=" and the digest in base64 for addresses.
  const told = Buffer.from(digest.slice(digest.indexOf('=') + 1), 'base64url').toString('hex')
  return told === sha256(whole) ? whole : null
}
