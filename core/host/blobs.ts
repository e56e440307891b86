/**
 * Pictures that a page shows and nobody keeps: maps, glyphs, previews. Named by a hash of their pixels, the least
 * recently used evicted.
 */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import sharp, { type Channels } from 'sharp'

/** Some thousand maps of 512². */
const LIMIT_BYTES = 96 * 2 ** 20

/** Rows from the top, channels interleaved; two channels are grey and alpha. */
export interface Pixels {
  width: number
  height: number
  channels: Channels
  data: Uint8Array
}

export class Blobs {
  /** PNG files by name. */
  readonly #encoded: LRUCache<string, Uint8Array>
  /** Those that are being encoded: the same picture is encoded once. */
  readonly #encoding = new Map<string, Promise<Uint8Array>>()
  /** The cache refuses a picture larger than its limit; the newest one is served all the same. */
  #newest: { name: string; bytes: Uint8Array } | null = null

  constructor(limitBytes = LIMIT_BYTES) {
    this.#encoded = new LRUCache({ maxSize: limitBytes, sizeCalculation: ({ length }) => length })
  }

  /**
   * Keeps a picture as PNG.
   * @param scale enlarges it smoothly, for a preview of one pixel a latent
   * @returns its URL, the same for the same pixels
   */
  async put(pixels: Pixels, scale = 1): Promise<string> {
    const { width, height, channels, data } = pixels
    const name = createHash('sha256').update(`${width} ${height} ${channels} ${scale} `).update(data).digest('hex')
    if (!this.#encoded.get(name)) await (this.#encoding.get(name) ?? this.#encode(name, pixels, scale))
    return blobUrl(name)
  }

  /** The PNG, or null where it was evicted or never put. */
  async get(name: string): Promise<Uint8Array | null> {
    if (this.#newest?.name === name) return this.#newest.bytes
    return this.#encoded.get(name) ?? this.#encoding.get(name) ?? null
  }

  #encode(name: string, pixels: Pixels, scale: number): Promise<Uint8Array> {
    const encoding = encodeFast(pixels, scale)
      .then(bytes => {
        this.#encoded.set(name, bytes)
        this.#newest = { name, bytes }
        return bytes
      })
      .finally(() => this.#encoding.delete(name))
    this.#encoding.set(name, encoding)
    return encoding
  }
}

export const blobUrl = (name: string): string => `/blobs/${name}.png`

/** A PNG that is fast to make rather than small: it is read on this machine only. */
export async function encodeFast({ width, height, channels, data }: Pixels, scale = 1): Promise<Buffer> {
  const picture = sharp(data, { raw: { width, height, channels } })
  // Otherwise grey is written as red, green and blue.
  if (channels < 3) picture.toColourspace('b-w')
  if (scale !== 1) picture.resize(width * scale, height * scale, { kernel: 'cubic' })
  return picture.png({ compressionLevel: 2, adaptiveFiltering: false }).toBuffer()
}
