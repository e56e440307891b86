/**
 * Which stroke of which block each pixel of a composition's ink is. Strokes are found on the upright character and carried
 * along with its bend and placement: known strokes do not fit a turned or bent character.
 */
import { LRUCache } from 'lru-cache'
import type { Labelled } from '../glyph/labels.ts'
import { labelAlone } from '../glyph/labels.ts'
import { spread } from '../glyph/regions.ts'
import type { Box, Composed, Glyph, PlacedBlock, Stroke, StrokeLabels } from '../glyph/types.ts'
import { placementOf } from './place.ts'
import type { PlaneMap } from './warp.ts'

/** Labels with the block that each stroke belongs to. */
export interface BlockLabels extends StrokeLabels {
  /** Of each stroke: its block, k = composed.blocks[k], and its character, in order of glyph.characters; null for none. */
  origins: { block: number; character: number | null }[]
}

/** Longer side on which an upright character is labelled, for previews and for finished maps. */
const COARSE = 112
const FINE = 320

/** A drag moves the same characters again and again. */
const known = new LRUCache<string, { labelled: Labelled; box: Box }>({ max: 128 })

async function upright(path: string, char: string | null, side: number) {
  const key = `${side} ${char} ${path}`
  const found = known.get(key)
  if (found) return found
  const made = await labelAlone(path, char, { most: null, side })
  if (made) known.set(key, made)
  return made
}

/** @param coarse several times faster, with borders a few pixels rougher: for previews */
export async function labelComposition(glyph: Glyph, composed: Composed, coarse: boolean): Promise<BlockLabels> {
  const { width, height } = glyph
  const side = coarse ? COARSE : FINE
  const out: BlockLabels = {
    basis: 'geometry',
    width,
    height,
    labels: new Uint16Array(width * height),
    strokes: [],
    origins: [],
  }
  for (const [at, block] of composed.blocks.entries()) {
    if (block.kind === 'word') await addWord(out, glyph, composed, at, side)
    else await addShape(out, composed, at, side)
  }
  spread(out.labels, width, height, composed.owners)
  return out
}

const mapOf = ({ frame, ...block }: PlacedBlock, { width, height }: Pick<Glyph, 'width' | 'height'>) =>
  placementOf(block, frame, width, height)

async function addWord(out: BlockLabels, glyph: Glyph, { blocks, owners }: Composed, at: number, side: number) {
  const map = mapOf(blocks[at], glyph)
  for (const [character, { char, upright: own }] of glyph.characters.entries()) {
    if (own?.block !== blocks[at].index) continue
    const alone = await upright(own.path, char, side)
    if (!alone) continue
    const { labelled, box } = alone
    if (labelled.basis === 'strokes') out.basis = 'strokes'
    const before = out.strokes.length
    out.strokes.push(...labelled.strokes.map(stroke => carried(stroke, box, map)))
    out.origins.push(...labelled.strokes.map(() => ({ block: at, character })))
    splat(out, labelled, box, map, (pixel, label) => owners[pixel] === at + 1 && before + label)
  }
}

/** A motif or drawing is one stroke in the labels; the ways of its lines follow it, for the methods that draw lines anew. */
async function addShape(out: BlockLabels, { blocks, owners }: Composed, at: number, side: number) {
  const block = blocks[at]
  const add = (median: [number, number][]) => {
    out.strokes.push({ type: 'other', radical: false, median })
    out.origins.push({ block: at, character: null })
  }
  const label = out.strokes.length + 1
  if (block.kind === 'drawing') for (const way of block.ways) add(way)
  else {
    const alone = await upright(block.path, null, side)
    const onCanvas = (stroke: Stroke) => (alone ? carried(stroke, alone.box, (x, y) => [x, y]) : stroke)
    for (const stroke of alone?.labelled.strokes ?? []) add(onCanvas(stroke).median)
  }
  if (out.strokes.length < label) add([])
  for (let i = 0; i < owners.length; i++) if (owners[i] === at + 1) out.labels[i] = label
}

/** Shares of a box → canvas. */
function carried(stroke: Stroke, box: Box, map: PlaneMap): Stroke {
  const median = stroke.median.map(([u, v]): [number, number] => {
    const [x, y] = map(box.x + u * box.width, box.y + v * box.height)
    return [x, y]
  })
  return { ...stroke, median }
}

/** Lays labels of an upright character onto the canvas, as densely as its pixels. */
function splat(
  out: BlockLabels,
  { width, height, labels }: Labelled,
  box: Box,
  map: PlaneMap,
  labelAt: (pixel: number, label: number) => number | false,
): void {
  const [dx, dy] = [box.width / width, box.height / height]
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const label = labels[row * width + column]
      if (!label) continue
      const [x, y] = [box.x + column * dx, box.y + row * dy]
      const [from, right, down] = [map(x, y), map(x + dx, y), map(x, y + dy)]
      const across = Math.ceil(Math.hypot(right[0] - from[0], right[1] - from[1]))
      const along = Math.ceil(Math.hypot(down[0] - from[0], down[1] - from[1]))
      // Beyond this a bend tears the character apart; spread() fills what is left.
      const [nx, ny] = [Math.min(24, Math.max(1, across)), Math.min(24, Math.max(1, along))]
      for (let j = 0; j < ny; j++)
        for (let i = 0; i < nx; i++) {
          const [px, py] = map(x + ((i + 0.5) / nx) * dx, y + ((j + 0.5) / ny) * dy)
          const [cx, cy] = [Math.floor(px), Math.floor(py)]
          if (cx < 0 || cy < 0 || cx >= out.width || cy >= out.height) continue
          const pixel = cy * out.width + cx
          const own = out.labels[pixel] === 0 && labelAt(pixel, label)
          if (own) out.labels[pixel] = own
        }
    }
}
