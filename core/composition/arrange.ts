/** Sets motifs around, behind or into the word of a composition. */
import type { Block, BlockOf, Composition, Transform } from '../contract/composition.ts'
import { COMPOSITION_LIMITS, type MotifLayout } from '../contract/vocabulary.ts'
import type { Glyph } from '../glyph/types.ts'
import { squaredDistance } from '../raster/distance.ts'
import { seededRandom } from '../raster/random.ts'
import type { Gray } from '../raster/raster.ts'
import { type CanvasSize, emblem, loneWord } from './beside.ts'

export interface MotifChoice {
  source: BlockOf<'motif'>['source']
  name: string
}

export interface Arrangement {
  layout: MotifLayout
  /** Used by turns. */
  motifs: readonly MotifChoice[]
  seed: number
  /** Width over height of the canvas. */
  aspect: number
}

/** How large a lone word may be, longer side in shares of the shorter side of the canvas, so that the motifs have room. */
const WORD_SIZE: Readonly<Record<MotifLayout, number>> = {
  beside: 0.62,
  corners: 0.62,
  frame: 0.64,
  scatter: 0.66,
  behind: 0.62,
  inside: 0.92,
}
/** Motifs behind and inside a word have less control than the word, or it could not be read. */
const CONTROL: Readonly<Record<MotifLayout, number>> = {
  ...{ beside: 1, corners: 1, frame: 1, scatter: 1 },
  ...{ behind: 0.7, inside: 0.9 },
}
const MOST_SCATTERED = 10
/** Of a motif that stands on the paper. */
const SMALLEST = 0.07
const MOST_INSIDE = 12

/**
 * The composition without its motifs, a lone word scaled to leave the layout its room; in the middle, where it is all that
 * stands.
 */
export function roomFor({ blocks, ...composition }: Composition, layout: MotifLayout): Composition {
  const rest = blocks.filter(({ kind }) => kind !== 'motif')
  const words = rest.filter(({ kind }) => kind === 'word')
  const size = WORD_SIZE[layout]
  const sized = rest.map((block): Block => {
    if (words.length !== 1 || block.kind !== 'word') return block
    const { scale, ...place } = block.transform
    const factor = size / Math.max(Math.abs(scale[0]), Math.abs(scale[1]))
    // Where nothing else stands, another layout may have moved it: it would run off the canvas at its new size.
    const middle = rest.length === 1 ? { x: 0.5, y: 0.5 } : {}
    return { ...block, transform: { ...place, ...middle, scale: [scale[0] * factor, scale[1] * factor] } }
  })
  return { ...composition, blocks: sized }
}

/** A place: middle and size in shares of the shorter side, from the top left. */
interface Place {
  x: number
  y: number
  size: number
  rotation: number
}

/**
 * The composition with its motifs set anew; the same seed gives the same places.
 * @param given what roomFor() gave, and its ink on any canvas of the aspect
 */
export function arrange(
  given: Composition,
  ink: Pick<Glyph, 'coverage'>,
  { layout, motifs, seed, aspect }: Arrangement,
): Composition {
  if (motifs.length === 0) return given
  const size = aspect >= 1 ? { width: aspect, height: 1 } : { width: 1, height: 1 / aspect }
  const word = layout === 'beside' ? loneWord(given.blocks) : null
  const together = word && emblem(word.transform, asMask(ink.coverage), size)
  const room = together ? { ...given, blocks: [{ ...word, transform: together.word }] } : given
  const random = seededRandom(seed)
  const places = {
    beside: () => (together ? [{ ...together.motif, rotation: 0 }] : roomiest(ink.coverage, size)),
    corners: () => corners(size),
    frame: () => frame(size),
    behind: () => [{ x: size.width / 2, y: size.height / 2, size: 0.96, rotation: 0 }],
    scatter: () => scatter(ink.coverage, size, random),
    inside: () => inside(ink.coverage, size),
  }[layout]()
  const made = places.slice(0, COMPOSITION_LIMITS.blocks - room.blocks.length).map((place, i): Block => {
    const { source, name } = motifs[i % motifs.length]
    const transform: Transform = {
      x: place.x / size.width,
      y: place.y / size.height,
      scale: [place.size, place.size],
      rotation: place.rotation,
    }
    return { kind: 'motif', source, name, transform, warp: null, control: CONTROL[layout], prompt: null }
  })
  return { ...room, blocks: layout === 'inside' ? [...room.blocks, ...made] : [...made, ...room.blocks] }
}

function corners({ width, height }: CanvasSize): Place[] {
  const [size, edge] = [0.25, 0.155]
  return [
    { x: edge, y: edge, size, rotation: -8 },
    { x: width - edge, y: height - edge, size, rotation: -8 },
    { x: width - edge, y: edge, size, rotation: 8 },
    { x: edge, y: height - edge, size, rotation: 8 },
  ]
}

function frame({ width, height }: CanvasSize): Place[] {
  const [size, edge] = [0.135, 0.085]
  const [across, down] = [width - 2 * edge, height - 2 * edge]
  const [n, m] = [across, down].map(length => Math.max(2, Math.round(length / 0.2)))
  const top = Array.from({ length: n }, (_, i) => ({ x: edge + (across * i) / n, y: edge }))
  const right = Array.from({ length: m }, (_, i) => ({ x: width - edge, y: edge + (down * i) / m }))
  const turned = [...top, ...right].map(({ x, y }) => ({ x: width - x, y: height - y }))
  return [...top, ...right, ...turned].map(place => ({ ...place, size, rotation: 0 }))
}

/** Distance of each pixel to what is not in the mask, in shares of the canvas' shorter side. */
function room(mask: Gray): (x: number, y: number) => number {
  const { width, height } = mask
  const d2 = squaredDistance(mask)
  const unit = Math.min(width, height)
  return (x, y) => {
    const column = Math.min(width - 1, Math.max(0, Math.floor(x * unit)))
    const row = Math.min(height - 1, Math.max(0, Math.floor(y * unit)))
    return Math.sqrt(d2[row * width + column]) / unit
  }
}

const inverted = (coverage: Gray): Gray => ({ ...coverage, data: coverage.data.map(v => (v > 127 ? 0 : 255)) })
const asMask = (coverage: Gray): Gray => ({ ...coverage, data: coverage.data.map(v => (v > 127 ? 255 : 0)) })

/** The largest free place on the paper. */
function roomiest(coverage: Gray, { width, height }: CanvasSize): Place[] {
  const free = room(inverted(coverage))
  const step = 1 / 64
  let best: Place | null = null
  for (let y = step; y < height; y += step)
    for (let x = step; x < width; x += step) {
      const size = 2 * Math.min(free(x, y), x, y, width - x, height - y)
      if (!best || size > best.size) best = { x, y, size, rotation: 0 }
    }
  return best && best.size >= SMALLEST ? [best] : []
}

/** Free places on the paper, each time the roomiest of some random ones. */
function scatter(coverage: Gray, { width, height }: CanvasSize, random: () => number): Place[] {
  const free = room(inverted(coverage))
  const places: Place[] = []
  for (let n = 0; n < MOST_SCATTERED; n++) {
    let best: Place | null = null
    for (let tries = 0; tries < 400; tries++) {
      const [x, y] = [random() * width, random() * height]
      const beside = Math.min(...places.map(p => Math.hypot(p.x - x, p.y - y) - p.size * 0.55), Infinity)
      const radius = Math.min(free(x, y), beside, x, y, width - x, height - y)
      if (!best || radius * 2 > best.size) best = { x, y, size: radius * 2, rotation: 0 }
    }
    if (!best || best.size < SMALLEST) break
    places.push({ ...best, size: Math.min(0.26, best.size * 1.05), rotation: Math.round((random() - 0.5) * 40) })
  }
  return places
}

/** The thickest places of the strokes, apart from each other. */
function inside(coverage: Gray, { width, height }: CanvasSize): Place[] {
  const depth = room(asMask(coverage))
  const places: Place[] = []
  const step = 1 / 128
  for (let n = 0; n < MOST_INSIDE; n++) {
    let best: Place | null = null
    for (let y = step; y < height; y += step)
      for (let x = step; x < width; x += step) {
        const radius = depth(x, y)
        if (best && radius * 1.35 <= best.size) continue
        if (places.some(p => Math.hypot(p.x - x, p.y - y) < p.size * 1.6)) continue
        best = { x, y, size: radius * 1.35, rotation: 0 }
      }
    // Below this a motif is a speck that only frays the stroke.
    if (!best || best.size < 0.03) break
    places.push(best)
  }
  return places
}
