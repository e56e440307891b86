/** Pictures that live only while they are looked at: maps, glyphs, previews. Named by their pixels, the oldest forgotten. */
import { createHash } from 'node:crypto'
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
  readonly #limit: number
  /** PNG files by name, in order of use, the newest last. */
  readonly #known = new Map<string, Promise<Uint8Array>>()
  readonly #sizes = new Map<string, number>()
  #bytes = 0

  constructor(limitBytes = LIMIT_BYTES) {
    this.#limit = limitBytes
  }

  /**
   * Keeps a picture as PNG.
   * @param scale enlarges it smoothly, for a preview of one pixel a latent
   * @returns its URL, the same for the same pixels
   */
  async put(pixels: Pixels, scale = 1): Promise<string> {
    const { width, height, channels, data } = pixels
    const name = createHash('sha256').update(`${width} ${height} ${channels} ${scale} `).update(data).digest('hex')
    if (!this.#use(name)) {
      const encoded = encodeFast(pixels, scale)
      this.#known.set(name, encoded)
      try {
        this.#count(name, (await encoded).length)
      } catch (error) {
        this.#known.delete(name)
        throw error
      }
    }
    await this.#known.get(name)
    return blobUrl(name)
  }

  /** The PNG, or null where it is forgotten or never was. */
  async get(name: string): Promise<Uint8Array | null> {
    return this.#use(name) ? this.#known.get(name)! : null
  }

  #use(name: string): boolean {
    const known = this.#known.get(name)
    if (!known) return false
    this.#known.delete(name)
    this.#known.set(name, known)
    return true
  }

  #count(name: string, bytes: number): void {
    this.#sizes.set(name, bytes)
    this.#bytes += bytes
    for (const oldest of this.#known.keys()) {
      if (this.#bytes <= this.#limit || oldest === name) break
      this.#bytes -= this.#sizes.get(oldest) ?? 0
      this.#sizes.delete(oldest)
      this.#known.delete(oldest)
    }
  }
}

export const blobUrl = (name: string): string => `/blobs/${name}.png`

/** PNG, fast before small: it travels no further than this machine. */
export async function encodeFast({ width, height, channels, data }: Pixels, scale = 1): Promise<Buffer> {
  const picture = sharp(data, { raw: { width, height, channels } })
  // Otherwise grey is written as red, green and blue.
  if (channels < 3) picture.toColourspace('b-w')
  if (scale !== 1) picture.resize(width * scale, height * scale, { kernel: 'cubic' })
  return picture.png({ compressionLevel: 2, adaptiveFiltering: false }).toBuffer()
}
