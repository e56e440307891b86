/**
 * How far a picture has the outlines of the glyph that was to be written in it. Until the studio could read, this was the
 * whole score; now it is a part (judge.ts). Method, calibration and limits: legibility.md.
 */
import { fault } from '../faults/fault.ts'
import { boxMean, CHANNELS, type Channel, type Plane, shifted, shrink, sixPlanes } from '../raster/planes.ts'
import type { Gray, Rgb } from '../raster/raster.ts'

export interface LegibilityParts {
  /** Ink against the paper around it, over the whole word: 0..1. */
  strokes: number
  /**
   * How far the picture has the glyph's edges: in their direction, sharp, stronger than the picture's texture: 0..1.
   */
  edges: number
  /** How far picture and glyph agree in every small window: 0..1. */
  structure: number
  /** The plane in which the word is most visible. */
  channel: Channel
  /** The ink is darker (or, in a and b, lower) than the paper. */
  polarity: 'dark' | 'light'
  /** Where the word was found, as a share of the longer side, right and down. */
  shift: [number, number]
}

export interface LegibilityScore {
  /** 0 unreadable … 0.5 a reader hesitates … 1 plain. */
  score: number
  parts: LegibilityParts
  /** Of a composition with several words: each one's own; `score` and `parts` are those of the one that is read worst. */
  words?: { name: string; score: number }[]
}

/** Longer side at which pictures are compared; a stroke of a dense character is then 3 pixels wide. */
const SIDE = 256
/** The word is searched within shifts up to this share of the side. */
const REACH = 0.03
/** Contrast that the eye does not notice, of 255: about one just noticeable difference (ΔE 2.3 of 100). */
const EYE = 6

/** So many planes are scored in full: those with the best coarse correlation. */
const FINALISTS = 3

/** Exponents of the three parts, and the logistic that puts "a reader hesitates" at 0.5: legibility.md, "Calibration". */
const EXPONENTS = { strokes: 0.2, edges: 0.5, structure: 0.3 } as const
const HESITATION = 0.27
const STEEPNESS = 18

export interface Scale {
  /** Longer side at which picture and glyph are compared. */
  side: number
  /** The word is searched within shifts up to so many pixels of that size. */
  reach: number
}

/**
 * Scores a picture against the glyph that was to be written in it.
 * @param mask ink 255, paper 0, of any size in the picture's proportions
 * @param scale default: that of a word which fills its picture
 * @throws StudioError 'bad-image': no ink, nothing but ink, or other proportions
 */
export function legibility(
  picture: Rgb,
  mask: Gray,
  { side, reach }: Scale = { side: SIDE, reach: REACH * SIDE },
): LegibilityScore {
  const planes = sixPlanes(picture, side)
  const glyph = glyphAt(mask, planes.R)
  const found = CHANNELS.map(channel => ({ channel, ...locate(planes[channel], glyph, reach) }))
  const promising = found.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, FINALISTS)
  const candidates = promising.map(at => measure(planes[at.channel], glyph, at))
  return candidates.reduce((best, next) => (next.score > best.score ? next : best))
}

/** The glyph's side of the comparison, which does not depend on the picture. */
interface Glyph extends Plane {
  /** 1 for ink and the paper near it; what lies further away does not hinder reading. */
  near: Uint8Array
  gradient: Gradient
  /** Pixels on the outline. */
  outline: number[]
  /** Means of the glyph and of its square in windows of two sizes. */
  windows: { radius: number; mean: Plane; square: Plane }[]
  /** At half and at a quarter of the size. */
  coarse: { plane: Plane; near: Uint8Array }
  afar: { plane: Plane; near: Uint8Array }
}

function glyphAt(mask: Gray, { width, height }: Plane): Glyph {
  const [small] = shrink(mask, Math.max(width, height))
  if (Math.abs(small.width - width) > 1 || Math.abs(small.height - height) > 1) {
    throw fault('maskOfOtherProportions')
  }
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = Math.min(small.height - 1, y) * small.width + Math.min(small.width - 1, x)
      data[y * width + x] = small.data[from] / 255
    }
  }
  const plane: Plane = { width, height, data }
  const near = nearInk(plane, Math.round(0.04 * SIDE))
  const ink = data.reduce((sum, v) => sum + v, 0)
  if (ink < 1 || ink > data.length - 1) {
    throw fault('maskBlank')
  }
  const gradient = gradientOf(plane)
  const outline: number[] = []
  for (let i = 0; i < data.length; i++) if (Math.hypot(gradient.x[i], gradient.y[i]) > 0.12) outline.push(i)
  const windows = [4, 8].map(radius => ({
    radius,
    mean: boxMean(plane, radius),
    square: boxMean(product(plane, plane), radius),
  }))
  const half = halve(plane)
  const quarter = halve(half)
  const coarse = { plane: half, near: nearInk(half, Math.round(0.02 * SIDE)) }
  const afar = { plane: quarter, near: nearInk(quarter, Math.round(0.01 * SIDE)) }
  return { ...plane, near, gradient, outline, windows, coarse, afar }
}

function nearInk(plane: Plane, radius: number): Uint8Array {
  return Uint8Array.from(boxMean(plane, radius).data, v => (v > 1e-4 ? 1 : 0))
}

/** Where the word was found in a plane. */
interface Found {
  channel: Channel
  /** Pixels of the half size. */
  dx: number
  dy: number
  /** The correlation there. */
  value: number
}

function measure(plane: Plane, glyph: Glyph, { channel, dx, dy, value }: Found): LegibilityScore {
  const seen = shifted(plane, 2 * dx, 2 * dy)
  const fine = correlation(seen, glyph, glyph.near)
  const sign = Math.sign(value) || 1
  // The coarse correlation averages grain as the eye does; the fine one drops with blur.
  const strokes = clamp((Math.abs(value) + Math.max(0, sign * fine)) / 2)
  const edges = edgeAgreement(seen, glyph, sign)
  const structure = localAgreement(seen, glyph, sign)
  const raw = strokes ** EXPONENTS.strokes * edges ** EXPONENTS.edges * structure ** EXPONENTS.structure
  const longer = Math.max(plane.width, plane.height)
  return {
    score: calibrated(raw),
    parts: {
      strokes,
      edges,
      structure,
      channel,
      polarity: sign < 0 ? 'dark' : 'light',
      shift: [(2 * dx) / longer, (2 * dy) / longer],
    },
  }
}

/** A logistic, stretched so that 0 stays 0 and 1 stays 1. */
function calibrated(raw: number): number {
  const at = (x: number) => 1 / (1 + Math.exp(-STEEPNESS * (x - HESITATION)))
  return clamp((at(raw) - at(0)) / (at(1) - at(0)))
}

/** A shift must correlate better by this much, as noise correlates a little better somewhere by chance. */
const LEAST_GAIN = 0.01

/**
 * The shift, in pixels at half size, with the highest correlation: searched everywhere at quarter size, then refined at
 * half size.
 */
function locate(plane: Plane, { coarse, afar }: Glyph, farthest: number): Omit<Found, 'channel'> {
  const half = halve(plane)
  const quarter = halve(half)
  const reach = Math.round(farthest / 4)
  let best = { dx: 0, dy: 0, value: correlation(quarter, afar.plane, afar.near) }
  const better = (next: typeof best) => {
    if (Math.abs(next.value) > Math.abs(best.value) + LEAST_GAIN) best = next
  }
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++)
      better({ dx, dy, value: correlation(quarter, afar.plane, afar.near, dx, dy) })
  const [x, y] = [2 * best.dx, 2 * best.dy]
  best = { dx: x, dy: y, value: correlation(half, coarse.plane, coarse.near, x, y) }
  for (let dy = y - 1; dy <= y + 1; dy++)
    for (let dx = x - 1; dx <= x + 1; dx++)
      better({ dx, dy, value: correlation(half, coarse.plane, coarse.near, dx, dy) })
  return best
}

/**
 * Pearson correlation of picture and ink over the near pixels, damped where the contrast is below what the eye notices.
 */
function correlation(picture: Plane, glyph: Plane, near: Uint8Array, dx = 0, dy = 0): number {
  const { width, height, data } = picture
  let [n, sx, sxx, sm, smm, sxm] = [0, 0, 0, 0, 0, 0]
  for (let y = 0; y < height; y++) {
    const from = Math.min(height - 1, Math.max(0, y + dy)) * width
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (!near[i]) continue
      const v = data[from + Math.min(width - 1, Math.max(0, x + dx))]
      const m = glyph.data[i]
      n++
      sx += v
      sxx += v * v
      sm += m
      smm += m * m
      sxm += v * m
    }
  }
  const covariance = sxm / n - (sx / n) * (sm / n)
  const ink = smm / n - (sm / n) ** 2
  const values = Math.max(0, sxx / n - (sx / n) ** 2)
  return covariance / Math.sqrt(ink * (values + EYE * EYE) + 1e-9)
}

/** Mean correlation of picture and ink over the windows that contain an edge, weighted by the ink's variance. */
function localAgreement(picture: Plane, glyph: Glyph, sign: number): number {
  const squares = product(picture, picture)
  const both = product(picture, glyph)
  let total = 0
  for (const { radius, mean, square } of glyph.windows) {
    const means = boxMean(picture, radius).data
    const powers = boxMean(squares, radius).data
    const joint = boxMean(both, radius).data
    let [sum, weight] = [0, 0]
    for (let i = 0; i < means.length; i++) {
      const ink = square.data[i] - mean.data[i] ** 2
      if (ink < 0.02) continue
      const values = Math.max(0, powers[i] - means[i] ** 2)
      const covariance = sign * (joint[i] - means[i] * mean.data[i])
      sum += ink * Math.max(0, covariance / Math.sqrt(ink * (values + EYE * EYE)))
      weight += ink
    }
    total += weight ? sum / weight : 0
  }
  return clamp(total / glyph.windows.length)
}

interface Gradient {
  x: Float32Array
  y: Float32Array
}

/**
 * Mean over the pixels of the outline: is there an edge in the outline's direction, is it as steep as the word's
 * contrast
 * allows, and does it stand out from the gradients that the picture has elsewhere near the word?
 */
function edgeAgreement(picture: Plane, glyph: Glyph, sign: number): number {
  const { x, y } = gradientOf(picture)
  const contrast = meanContrast(picture, glyph)
  if (glyph.outline.length === 0 || contrast === 0) return 0
  let [texture, count] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    if (!glyph.near[i] || Math.hypot(glyph.gradient.x[i], glyph.gradient.y[i]) > 0.02) continue
    texture += x[i] * x[i] + y[i] * y[i]
    count++
  }
  const noise = count ? texture / count : 0
  let sum = 0
  for (const i of glyph.outline) {
    const steep = Math.hypot(glyph.gradient.x[i], glyph.gradient.y[i])
    const along = Math.max(0, (sign * (x[i] * glyph.gradient.x[i] + y[i] * glyph.gradient.y[i])) / steep)
    const sharp = Math.min(1, along / (contrast * steep))
    sum += (sharp * along * along) / (along * along + noise + (EYE / 4) ** 2)
  }
  return clamp(sum / glyph.outline.length)
}

/** Difference of the means of ink and of the paper near it. */
function meanContrast(picture: Plane, glyph: Glyph): number {
  let [ink, inks, paper, papers] = [0, 0, 0, 0]
  for (let i = 0; i < picture.data.length; i++) {
    if (!glyph.near[i]) continue
    const m = glyph.data[i]
    ink += m * picture.data[i]
    inks += m
    paper += (1 - m) * picture.data[i]
    papers += 1 - m
  }
  return inks && papers ? Math.abs(ink / inks - paper / papers) : 0
}

/** Central differences of the lightly smoothed plane, per pixel. */
function gradientOf(plane: Plane): Gradient {
  const { width, height, data } = boxMean(plane, 1)
  const x = new Float32Array(data.length)
  const y = new Float32Array(data.length)
  for (let row = 1; row < height - 1; row++) {
    for (let i = row * width + 1; i < (row + 1) * width - 1; i++) {
      x[i] = (data[i + 1] - data[i - 1]) / 2
      y[i] = (data[i + width] - data[i - width]) / 2
    }
  }
  return { x, y }
}

function product(a: Plane, b: Plane): Plane {
  const data = new Float32Array(a.data.length)
  for (let i = 0; i < data.length; i++) data[i] = a.data[i] * b.data[i]
  return { ...a, data }
}

/** Means of 2 × 2 pixels. */
function halve({ width, height, data }: Plane): Plane {
  const w = Math.max(1, width >> 1)
  const h = Math.max(1, height >> 1)
  const out = new Float32Array(w * h)
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x
      const right = 2 * x + 1 < width ? 1 : 0
      const down = 2 * y + 1 < height ? width : 0
      out[y * w + x] = (data[at] + data[at + right] + data[at + down] + data[at + right + down]) / 4
    }
  }
  return { width: w, height: h, data: out }
}

const clamp = (value: number) => Math.min(1, Math.max(0, value))
