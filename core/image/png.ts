/** PNG files with the request and record that made them. */
import sharp from 'sharp'
import { writeDurably } from '../files/durable.ts'
import type { Raster } from '../raster/raster.ts'
import { internationalChunk, plainestChunk, SIGNATURE } from './png-chunks.ts'
import {
  type PictureInfo,
  parametersText,
  REQUEST_KEYWORD,
  requestText,
  XMP_KEYWORD,
  xmpPacket,
} from './png-metadata.ts'

/** Bytes of signature and IHDR, which come before every other chunk. */
const HEAD = SIGNATURE.length + 25

/**
 * Writes a picture with its request (chunk "zihua"), the web UIs' "parameters" and XMP, through a temporary file beside.
 * @throws StudioError 'cannot-write'; nothing half-written is left behind
 */
export async function writePng(file: string, raster: Raster, info: PictureInfo): Promise<void> {
  await writeDurably(file, await encodePng(raster, info))
}

/** A picture's pixels as a PNG that says nothing of it yet. */
export const packPixels = ({ width, height, channels, data }: Raster): Promise<Buffer> =>
  sharp(data, { raw: { width, height, channels } }).png({ palette: false }).toBuffer()

/** The bytes of the PNG file. @param packed what packPixels() gives, where it was begun before `info` was known */
export async function encodePng(raster: Raster, info: PictureInfo, packed = packPixels(raster)): Promise<Uint8Array> {
  const plain = await packed
  return Buffer.concat([
    plain.subarray(0, HEAD),
    internationalChunk(REQUEST_KEYWORD, requestText(info)),
    plainestChunk('parameters', parametersText(info)),
    internationalChunk(XMP_KEYWORD, xmpPacket(info)),
    plain.subarray(HEAD),
  ])
}
