/** Tests only: the pictures of fixtures/conditioning as arrays. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { fixture } from '../testing/fixtures.ts'
import type { Gray } from './raster.ts'

/** The folder fixtures/conditioning, or null where the golden data is absent. */
export const goldens = fixture('conditioning/manifest.json') === null ? null : fixture('conditioning')

/** "a01_xue_sans" …: the folders of the golden pictures. */
export const pictures: readonly string[] = goldens
  ? readdirSync(goldens)
      .filter(name => /^a\d\d_/.test(name))
      .sort()
  : []

/** An 8-bit grey PNG of one golden picture. */
export async function golden(picture: string, name: string): Promise<Gray> {
  return readGray(join(goldens!, picture, `${name}.png`))
}

export async function readGray(path: string): Promise<Gray> {
  const { data, info } = await sharp(path).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: 1, data: new Uint8Array(data) }
}

/** A 16-bit grey PNG. */
export async function golden16(picture: string, name: string): Promise<Int32Array> {
  const pixels = await sharp(join(goldens!, picture, `${name}.png`))
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer()
  return Int32Array.from(new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.length / 2))
}

/** A little-endian int32 array in NumPy's format, gzipped. */
export function goldenInt32(picture: string, name: string): Int32Array {
  const file = gunzipSync(readFileSync(join(goldens!, picture, `${name}.npy.gz`)))
  const start = 10 + file.readUInt16LE(8)
  return new Int32Array(file.buffer.slice(file.byteOffset + start, file.byteOffset + file.length))
}

/** One picture's entry in manifest.json. */
export interface Item {
  id: string
  text: string
  fg: number
  bg: number
  noise_sigma: number
  adaptive: Record<'median' | 'otsu' | 'gradotsu', { low: number; high: number }>
}
export const items: readonly Item[] = goldens
  ? (JSON.parse(readFileSync(join(goldens, 'manifest.json'), 'utf8')) as { items: Item[] }).items.filter(({ id }) =>
      pictures.includes(id),
    )
  : []
