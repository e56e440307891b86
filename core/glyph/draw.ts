import sharp from 'sharp'
import type { Layout } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import type { Gray } from '../raster/raster.ts'
import { placeWord } from './font-door.ts'
import { checkWord } from './text.ts'
import type { Glyph } from './types.ts'

export interface RasteriseOptions {
  x?: number
  y?: number
  scale?: number
  /** The paths grow by this much on every side, pixels of their canvas. */
  edge?: number
}

/**
 * Fills outlines white on black, antialiased, one byte a pixel. `origin` moves the canvas over the paths, `scale` sizes it.
 * @param paths SVG path data in pixels of the canvas that they were made for
 */
export async function rasterise(
  paths: string[],
  width: number,
  height: number,
  { x = 0, y = 0, scale = 1, edge = 0 }: RasteriseOptions = {},
): Promise<Gray> {
  const view = `${x} ${y} ${width / scale} ${height / scale}`
  const stroke = edge > 0 ? ` stroke="#fff" stroke-linejoin="round" stroke-width="${2 * edge}"` : ''
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${view}">` +
    `<rect x="${x}" y="${y}" width="100%" height="100%" fill="#000"/>` +
    `${paths.map(d => `<path fill="#fff"${stroke} d="${d}"/>`).join('')}</svg>`
  // Red alone: converting to grey would pass through another gamma. Unlimited: 64 brush characters exceed libxml's 10 MB.
  const { data, info } = await sharp(Buffer.from(svg), { unlimited: true })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.width !== width || info.height !== height || info.channels !== 1) throw fault('outlineMisdrawn')
  return { width, height, channels: 1, data: new Uint8Array(data.buffer, data.byteOffset, data.length) }
}

/**
 * Writes a word on a canvas of width × height pixels: laid out, shaped and fitted so that its ink fills the canvas inside
 * the margin, centred.
 * @throws StudioError bad-word, missing-glyph, bad-font
 */
export async function drawWord(word: string, layout: Layout, width: number, height: number): Promise<Glyph> {
  const text = checkWord(word)
  const characters = await placeWord(text, layout, width, height)
  const coverage = await rasterise(
    characters.map(({ path }) => path),
    width,
    height,
  )
  return { word: text, width, height, coverage, characters }
}
