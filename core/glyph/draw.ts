import sharp from 'sharp'
import type { Layout } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import type { Gray } from '../raster/raster.ts'
import { facesFor } from './fonts.ts'
import { inkOf, type LaidOut, layOut } from './layout.ts'
import { place, toPathData } from './outline.ts'
import { checkWord } from './text.ts'
import type { Glyph, PlacedCharacter } from './types.ts'

/** Letters may grow until their ink meets the frame; a word of punctuation alone stays within this many frames per em. */
const LARGEST_PUNCTUATION = 1.4
const LARGEST_LETTERS = 3

/** Em units → canvas pixels: the ink as large as the frame allows, and centred. */
function fitInk(laidOut: LaidOut[], word: string, shear: number, width: number, height: number, margin: number) {
  const ink = inkOf(laidOut, shear)
  if (!ink) throw fault('wordHasNoInk')
  const free = margin * Math.min(width, height)
  const frame = { width: width - 2 * free, height: height - 2 * free }
  const largest =
    (/[\p{L}\p{N}\p{S}]/u.test(word) ? LARGEST_LETTERS : LARGEST_PUNCTUATION) * Math.min(frame.width, frame.height)
  const scale = Math.min(frame.width / (ink.x1 - ink.x0), frame.height / (ink.y1 - ink.y0), largest)
  return {
    scale,
    x: width / 2 - (scale * (ink.x0 + ink.x1)) / 2,
    y: height / 2 - (scale * (ink.y0 + ink.y1)) / 2,
  }
}

/**
 * Fills outlines white on black, antialiased, one byte a pixel. `origin` moves the canvas over the paths, `scale` sizes it.
 * @param paths SVG path data in pixels of the canvas that they were made for
 */
export async function rasterise(
  paths: string[],
  width: number,
  height: number,
  { x = 0, y = 0, scale = 1 } = {},
): Promise<Gray> {
  const view = `${x} ${y} ${width / scale} ${height / scale}`
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${view}">` +
    `<rect x="${x}" y="${y}" width="100%" height="100%" fill="#000"/>` +
    `${paths.map(d => `<path fill="#fff" d="${d}"/>`).join('')}</svg>`
  // Red alone: converting to grey would pass through another gamma. Unlimited: 64 brush characters exceed libxml's 10 MB.
  const { data, info } = await sharp(Buffer.from(svg), { unlimited: true })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.width !== width || info.height !== height || info.channels !== 1)
    throw new StudioError('internal', 'The outline was drawn at another size.', 'Report this word and its layout.')
  return { width, height, channels: 1, data: new Uint8Array(data.buffer, data.byteOffset, data.length) }
}

/**
 * Writes a word on a canvas of width × height pixels: laid out, shaped and fitted so that its ink fills the canvas inside
 * the margin, centred.
 * @throws StudioError bad-word, missing-glyph, bad-font
 */
export async function drawWord(word: string, layout: Layout, width: number, height: number): Promise<Glyph> {
  const text = checkWord(word)
  const faces = await facesFor(text, layout)
  const shear = Math.tan((layout.slant * Math.PI) / 180)
  const free = 2 * layout.margin * Math.min(width, height)
  const laidOut = layOut(text, faces, layout.direction, { width: width - free, height: height - free }, shear)
  const { scale, x, y } = fitInk(laidOut, text, shear, width, height, layout.margin)
  const characters = laidOut
    .filter(({ character }) => character.ink)
    .map(({ character, ...at }): PlacedCharacter => {
      const { char, face, advance, ascent, descent, outline } = character
      const pen = { x: x + scale * at.x, y: y + scale * at.y }
      return {
        char,
        cell: { x: pen.x, y: pen.y - scale * ascent, width: scale * advance, height: scale * (ascent + descent) },
        path: toPathData(place(outline, { a: scale, c: -shear * scale, d: scale, e: pen.x, f: pen.y })),
        font: { name: face.name, sha256: face.sha256 },
      }
    })
  const coverage = await rasterise(
    characters.map(({ path }) => path),
    width,
    height,
  )
  return { word: text, width, height, coverage, characters }
}

/** Ink or paper, nothing between: coverage above one half is 255. */
export function maskOf({ coverage }: Pick<Glyph, 'coverage'>): Gray {
  const data = new Uint8Array(coverage.data.length)
  for (let i = 0; i < data.length; i++) data[i] = coverage.data[i] > 127 ? 255 : 0
  return { ...coverage, data }
}
