/**
 * A word lifted off its ground, with whatever it throws onto the ground around it: glow, spray, shadow. The ground is
 * guessed from where the word does not reach; how far a pixel differs from it is how opaque the pixel becomes.
 */
import { fault } from '../faults/fault.ts'
import { squaredDistance } from './distance.ts'
import { boxMean, shrink } from './planes.ts'
import { blank, type Gray, type Raster, type Rgb } from './raster.ts'

export interface Unmixed {
  /** The word and its glow with straight alpha: (height, width, RGBA). Laid over `ground` it gives the picture again. */
  word: Raster<4>
  /** The picture as it would be without the word. */
  ground: Rgb
}

/** How far from the ink the word's light may reach, as a part of the picture's longer side. */
const REACH = 0.12
/** Over this last part of the reach it fades to nothing. */
const FADES = 0.2
/** Where the ground cannot be the word's light in any case: at least so large a part of the picture, its farthest. */
const LEAST_GROUND = 0.12
/** Of the ground's own differences from the guess, so many count as its grain. */
const GRAIN = 0.95

/**
 * @param mask 255 = ink, of the picture's size
 * @throws StudioError bad-image: sizes that differ, or a mask without ink
 */
export function unmix(picture: Rgb, mask: Gray): Unmixed {
  const { width, height } = picture
  if (mask.width !== width || mask.height !== height) throw fault('maskMisfits')
  if (!mask.data.some(v => v > 0)) throw fault('maskBlank')
  const paper = { ...mask, data: mask.data.map(v => (v ? 0 : 255)) }
  // Of each paper pixel to the ink: (height, width)
  const distance = squaredDistance(paper)
  const reach = Math.min(REACH * Math.max(width, height), farthest(distance, LEAST_GROUND))
  const known = Uint8Array.from(distance, d2 => (d2 >= reach * reach ? 1 : 0))
  const ground = fill(picture, known)
  const opacity = differences(picture, ground)
  const grain = quantile(
    opacity.filter((_, i) => known[i] === 1),
    GRAIN,
  )
  const [plane] = shrink(mask, Math.max(width, height))
  const ink = boxMean(plane, 1).data
  const word = blank(width, height, 4)
  for (let i = 0; i < opacity.length; i++) {
    const fade = smooth((1 - Math.sqrt(distance[i]) / Math.max(1, reach)) / FADES)
    const light = Math.max(0, (opacity[i] - grain) / Math.max(0.05, 1 - grain)) * fade
    const alpha = Math.round(255 * Math.min(1, Math.max(light, ink[i] / 255)))
    if (alpha === 0) continue
    for (let c = 0; c < 3; c++) {
      const under = ground.data[3 * i + c]
      const seen = picture.data[3 * i + c]
      word.data[4 * i + c] = Math.min(255, Math.max(0, Math.round(under + ((seen - under) * 255) / alpha)))
    }
    word.data[4 * i + 3] = alpha
  }
  return { word, ground }
}

/** 0 below 0, 1 above 1, without a kink. */
const smooth = (t: number): number => {
  const x = Math.min(1, Math.max(0, t))
  return x * x * (3 - 2 * x)
}

/** The distance that this part of the pixels lies beyond, at most; pixels. */
function farthest(squared: Int32Array, part: number): number {
  const sorted = squared.toSorted()
  return Math.sqrt(sorted[Math.floor(sorted.length * (1 - part))])
}

function quantile(values: Float32Array, q: number): number {
  if (values.length === 0) return 0
  return values.toSorted()[Math.min(values.length - 1, Math.floor(values.length * q))]
}

/**
 * The least opacity with which some colour over the ground looks like the picture: (height, width), 0..1.
 * Source: the "color to alpha" of GIMP, with a ground that differs from pixel to pixel.
 */
function differences(picture: Rgb, ground: Rgb): Float32Array {
  const out = new Float32Array(picture.width * picture.height)
  for (let i = 0; i < out.length; i++) {
    let most = 0
    for (let c = 3 * i; c < 3 * i + 3; c++) {
      const [seen, under] = [picture.data[c], ground.data[c]]
      const room = seen > under ? 255 - under : under
      if (seen !== under) most = Math.max(most, Math.abs(seen - under) / Math.max(1, room))
    }
    out[i] = most
  }
  return out
}

interface Level {
  width: number
  height: number
  /** Sums of known colours and how much is known: (height, width, 4). */
  data: Float32Array
}

/**
 * The picture smoothly continued from where it is known.
 * Source: Gortler and others, The Lumigraph, 1996, section 3.4 (pull and push).
 */
function fill(picture: Rgb, known: Uint8Array): Rgb {
  const { width, height } = picture
  const finest = new Float32Array(width * height * 4)
  for (let i = 0; i < known.length; i++) {
    if (!known[i]) continue
    for (let c = 0; c < 3; c++) finest[4 * i + c] = picture.data[3 * i + c]
    finest[4 * i + 3] = 1
  }
  const levels: Level[] = [{ width, height, data: finest }]
  for (let level = levels[0]; level.width > 1 || level.height > 1; level = levels.at(-1)!) levels.push(half(level))
  for (let at = levels.length - 2; at >= 0; at--) push(levels[at], levels[at + 1])
  const out = blank(width, height, 3)
  for (let i = 0; i < known.length; i++)
    for (let c = 0; c < 3; c++) out.data[3 * i + c] = Math.round(finest[4 * i + c] / Math.max(1e-6, finest[4 * i + 3]))
  return out
}

/** Half the size; what is known well enough counts as known. */
function half({ width, height, data }: Level): Level {
  const [w, h] = [Math.max(1, (width + 1) >> 1), Math.max(1, (height + 1) >> 1)]
  const out = new Float32Array(w * h * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 4; c++) out[4 * ((y >> 1) * w + (x >> 1)) + c] += data[4 * (y * width + x) + c]
  for (let i = 0; i < out.length; i += 4) {
    const weight = out[i + 3]
    if (weight <= 1) continue
    for (let c = 0; c < 4; c++) out[i + c] /= weight
  }
  return { width: w, height: h, data: out }
}

/** Fills what is lacking on a level from the coarser one, between its four nearest cells. */
function push(fine: Level, coarse: Level): void {
  const at = (x: number, y: number, c: number) => {
    const cell =
      4 * (Math.min(coarse.height - 1, Math.max(0, y)) * coarse.width + Math.min(coarse.width - 1, Math.max(0, x)))
    return coarse.data[cell + c] / Math.max(1e-6, coarse.data[cell + 3])
  }
  for (let y = 0; y < fine.height; y++) {
    const [y0, ny] = [y >> 1, (y >> 1) + (y & 1 ? 1 : -1)]
    for (let x = 0; x < fine.width; x++) {
      const i = 4 * (y * fine.width + x)
      const lacking = 1 - Math.min(1, fine.data[i + 3])
      if (lacking <= 0) continue
      const [x0, nx] = [x >> 1, (x >> 1) + (x & 1 ? 1 : -1)]
      for (let c = 0; c < 3; c++) {
        const between = (9 * at(x0, y0, c) + 3 * (at(nx, y0, c) + at(x0, ny, c)) + at(nx, ny, c)) / 16
        fine.data[i + c] += lacking * between
      }
      fine.data[i + 3] += lacking
    }
  }
}
