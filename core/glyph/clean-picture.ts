import sharp, { type Sharp } from 'sharp'
import { fault } from '../faults/fault.ts'
import { label } from '../raster/components.ts'
import { otsu } from '../raster/otsu.ts'
import type { Gray } from '../raster/raster.ts'

/** Side of the small picture in which the paper's brightness is measured; its window is wider than any stroke. */
const PAPER_SIDE = 48
const PAPER_WINDOW = 7
/** Mean ink and mean paper nearer than this are noise on a blank sheet. */
const LEAST_CONTRAST = 24
/** Specks below this share of all ink are dirt. */
const SPECK = 0.004
/** The frame whose majority is taken for paper, share of the shorter side. */
const BORDER = 0.03

export const blankPicture = () => fault('pictureBlank')

const raw = ({ data, width, height }: Gray) => sharp(data, { raw: { width, height, channels: 1 } })

async function gray(image: Sharp): Promise<Gray> {
  const { data, info } = await image.extractChannel(0).raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: 1, data: new Uint8Array(data) }
}

/** Dark ink on light paper: inverted where most of the frame is on the dark side of Otsu's threshold. */
function darkOnLight(picture: Gray): Gray {
  const { width, height, data } = picture
  const threshold = otsu(picture)
  const frame = Math.max(1, Math.round(BORDER * Math.min(width, height)))
  let dark = 0
  let count = 0
  for (let y = 0; y < height; y++) {
    const whole = y < frame || y >= height - frame
    for (let x = 0; x < width; x += !whole && x === frame - 1 && width > 2 * frame ? width - 2 * frame + 1 : 1) {
      count++
      if (data[y * width + x] <= threshold) dark++
    }
  }
  return dark * 2 > count ? { ...picture, data: data.map(v => 255 - v) } : picture
}

/** Largest value within the window along rows, then columns. */
function brightest({ data, width, height }: Gray, window: number): Gray {
  const pass = (from: Uint8Array, step: number, length: number, stride: number, lines: number) => {
    const out = new Uint8Array(from.length)
    for (let line = 0; line < lines; line++)
      for (let i = 0; i < length; i++) {
        let best = 0
        for (let k = Math.max(0, i - window); k <= Math.min(length - 1, i + window); k++)
          best = Math.max(best, from[line * stride + k * step])
        out[line * stride + i * step] = best
      }
    return out
  }
  const rows = pass(data, 1, width, width, height)
  return { width, height, channels: 1, data: pass(rows, width, height, 1, width) }
}

/** Divides by the paper's own brightness, so that shadows and uneven light become white paper. */
async function flattenLight(picture: Gray): Promise<Gray> {
  const { width, height } = picture
  const small = await gray(raw(picture).resize(PAPER_SIDE, PAPER_SIDE, { fit: 'inside' }))
  const smooth = raw(brightest(small, Math.min(PAPER_WINDOW, Math.max(small.width, small.height)))).blur(3)
  // Blurred first and enlarged afterwards: in one pipeline the order would be the other way round.
  const paper = await gray(raw(await gray(smooth)).resize(width, height, { fit: 'fill', kernel: 'cubic' }))
  return {
    ...picture,
    data: picture.data.map((v, i) => Math.min(255, Math.round((255 * v) / Math.max(1, paper.data[i])))),
  }
}

/** Means of the two classes around a threshold. */
function classMeans({ data }: Gray, threshold: number): { ink: number; paper: number } {
  const sums = [0, 0]
  const counts = [0, 0]
  for (const v of data) {
    const side = v <= threshold ? 0 : 1
    sums[side] += v
    counts[side]++
  }
  return { ink: sums[0] / counts[0], paper: sums[1] / counts[1] }
}

/** Ink coverage: half at Otsu's threshold, with a soft edge in place of a step so that antialiasing survives. */
function inkOf(picture: Gray): Gray {
  const threshold = otsu(picture)
  const { ink, paper } = classMeans(picture, threshold)
  if (!(paper - ink >= LEAST_CONTRAST)) throw blankPicture()
  const middle = threshold + 0.5
  const soft = (paper - ink) / 4
  return {
    ...picture,
    data: picture.data.map(v => Math.round(255 * Math.min(1, Math.max(0, (middle + soft - v) / (2 * soft))))),
  }
}

/** Removes pieces of ink that are too small to be written. */
function withoutSpecks(coverage: Gray): Gray {
  const mask = { ...coverage, data: coverage.data.map(v => (v > 127 ? 255 : 0)) }
  const { labels, count } = label(mask, 8)
  const areas = new Uint32Array(count + 1)
  for (const piece of labels) areas[piece]++
  areas[0] = 0
  const all = areas.reduce((sum, area) => sum + area, 0)
  if (all === 0) throw blankPicture()
  const kept = new Uint8Array(labels.length)
  const { width, height } = coverage
  // The soft edge outside the mask goes with the piece that it touches.
  for (let at = 0; at < labels.length; at++) {
    if (areas[labels[at]] < SPECK * all) continue
    const x = at % width
    for (let y = Math.max(0, Math.floor(at / width) - 2); y <= Math.min(height - 1, Math.floor(at / width) + 2); y++)
      kept.fill(1, y * width + Math.max(0, x - 2), y * width + Math.min(width, x + 3))
  }
  return { ...coverage, data: coverage.data.map((v, at) => (kept[at] ? v : 0)) }
}

/**
 * From a drawing or a photo of handwriting to antialiased ink: polarity found, light flattened, denoised, thresholded by
 * Otsu, specks removed.
 * @param picture luminance (height, width)
 * @returns coverage (height, width), 255 = ink
 * @throws StudioError bad-image: blank
 */
export async function cleanPicture(picture: Gray): Promise<Gray> {
  const even = await flattenLight(darkOnLight(picture))
  const quiet =
    Math.min(even.width, even.height) > 16 ? await gray(raw(await gray(raw(even).median(3))).blur(0.8)) : even
  return withoutSpecks(inkOf(quiet))
}
