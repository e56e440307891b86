/** A composition as ink on its canvas: what every map is made of. */
import type { Composition } from '../contract/composition.ts'
import { fault } from '../faults/fault.ts'
import { rasterise } from '../glyph/draw.ts'
import { type Extent, extentOf, type Outline, toPathData, union } from '../glyph/outline.ts'
import type { Glyph, PlacedBlock, PlacedCharacter } from '../glyph/types.ts'
import { blank, type Gray } from '../raster/raster.ts'
import { strokeWidthOf } from '../raster/stroke-width.ts'
import { type BlockOutline, outlineOf } from './block-outline.ts'
import { wayOf } from './drawing.ts'
import { placed, placementOf } from './place.ts'
import { type Written, wordsOf } from './texts.ts'

/** Path data of placed outlines: so fine that a renderer flattens a curve where it would flatten the unplaced one. */
const DIGITS = 6
/** Of outlines in a block's own frame, whose longer side is about one. */
const FRAME_DIGITS = 6

/** A block with its outline, before it is drawn. */
interface Ready {
  placed: Omit<PlacedBlock, 'ink' | 'hidden' | 'hiddenBy' | 'strokeWidth'>
  extent: Extent
  characters: PlacedCharacter[]
}

/**
 * Draws a composition on a canvas of width × height pixels. Blocks without control take no part. Each keeps those beneath
 * it `gap` away from its ink, so that their shapes stay apart in every map.
 * @throws StudioError bad-word, missing-glyph, bad-font, bad-request: a block without ink; bad-image: nothing takes part
 */
export async function drawComposition(
  composition: Composition,
  written: Written,
  width: number,
  height: number,
): Promise<Glyph> {
  const ready: Ready[] = []
  for (const [index, block] of composition.blocks.entries()) {
    if (block.control > 0) ready.push(readyOf(composition, index, await outlineOf(block, written), width, height))
  }
  if (ready.length === 0) throw fault('canvasEmpty')
  const canvas = new InkCanvas(width, height)
  for (const [i, block] of ready.entries()) await canvas.add(block, i, composition.gap * Math.min(width, height))
  const { coverage, owners, blocks } = canvas.finish()
  return {
    word: wordsOf(composition, written),
    width,
    height,
    coverage,
    characters: ready.flatMap(({ characters }) => characters),
    composed: { blocks, owners },
  }
}

function readyOf(
  { blocks }: Composition,
  index: number,
  { name, pieces, box, characters }: BlockOutline,
  width: number,
  height: number,
): Ready {
  const block = blocks[index]
  const at = placementOf(block, box, width, height)
  const outlines = pieces.map(piece => placed(piece, block, box, width, height))
  const extent = outlines.reduce<Extent | null>((all, outline) => union(all, extentOf(outline)), null)
  if (!extent) throw fault('blockHasNoInk', { name })
  const corner = (x: number, y: number): [number, number] => [...at(x, y)] as [number, number]
  const paths = outlines.map(outline => toPathData(outline, DIGITS))
  const ways = block.kind === 'drawing' ? block.source.strokes.map(stroke => wayOf(stroke)) : []
  return {
    extent,
    placed: {
      index,
      kind: block.kind,
      name,
      control: block.control,
      transform: block.transform,
      warp: block.warp,
      frame: box,
      path: paths.join(''),
      corners: [corner(box.x0, box.y0), corner(box.x1, box.y0), corner(box.x1, box.y1), corner(box.x0, box.y1)],
      ways: ways.map(way => way.map(([x, y]) => corner(x, y))),
    },
    characters: characters.map(({ char, font }, i) => ({
      char,
      font,
      cell: cellOf(outlines[i]),
      path: paths[i],
      upright: { block: index, path: toPathData(pieces[i], FRAME_DIGITS) },
    })),
  }
}

function cellOf(outline: Outline): PlacedCharacter['cell'] {
  const { x0, y0, x1, y1 } = extentOf(outline) ?? { x0: 0, y0: 0, x1: 1, y1: 1 }
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 }
}

/** Whole pixels around an extent that lie on the canvas. */
function windowOf({ x0, y0, x1, y1 }: Extent, edge: number, width: number, height: number) {
  const left = Math.max(0, Math.floor(x0 - edge) - 1)
  const top = Math.max(0, Math.floor(y0 - edge) - 1)
  const right = Math.min(width, Math.ceil(x1 + edge) + 1)
  const bottom = Math.min(height, Math.ceil(y1 + edge) + 1)
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null
}

/** Lays one block over the other. */
class InkCanvas {
  readonly #coverage: Gray
  readonly #owners: Uint8Array
  readonly #blocks: PlacedBlock[] = []

  constructor(width: number, height: number) {
    this.#coverage = blank(width, height, 1)
    this.#owners = new Uint8Array(width * height)
  }

  async add({ placed, extent }: Ready, at: number, gap: number): Promise<void> {
    const { width, height } = this.#coverage
    const block = { ...placed, ink: 0, hidden: 0, hiddenBy: [], strokeWidth: 0 }
    this.#blocks.push(block)
    const own = windowOf(extent, 0, width, height)
    if (!own) return
    const { x, y } = own
    const ink = await rasterise([placed.path], own.width, own.height, { x, y })
    const around = gap > 0 && at > 0 ? windowOf(extent, gap, width, height) : null
    if (around && this.#meets(around)) {
      const { x, y } = around
      const grown = await rasterise([placed.path], around.width, around.height, { x, y, edge: gap })
      this.#clear(grown, around)
    }
    this.#lay(ink, own, block, at + 1)
  }

  /** Whether anything lies there already. */
  #meets({ x, y, width, height }: { x: number; y: number; width: number; height: number }): boolean {
    const { width: stride, data } = this.#coverage
    for (let row = y; row < y + height; row++)
      for (let i = row * stride + x; i < row * stride + x + width; i++) if (data[i]) return true
    return false
  }

  #clear(grown: Gray, { x, y }: { x: number; y: number }): void {
    const { width, data } = this.#coverage
    for (let row = 0, from = 0; row < grown.height; row++)
      for (let to = (y + row) * width + x, end = to + grown.width; to < end; to++, from++)
        if (grown.data[from]) data[to] = Math.round((data[to] * (255 - grown.data[from])) / 255)
  }

  #lay(ink: Gray, { x, y }: { x: number; y: number }, block: PlacedBlock, owner: number): void {
    const { width, data } = this.#coverage
    let [area, edge] = [0, 0]
    const inside = (row: number, column: number) =>
      row >= 0 && column >= 0 && row < ink.height && column < ink.width && ink.data[row * ink.width + column] > 127
    for (let row = 0, from = 0; row < ink.height; row++)
      for (let column = 0, to = (y + row) * width + x; column < ink.width; column++, to++, from++) {
        const value = ink.data[from]
        if (value > 127) {
          area++
          if (!inside(row, column + 1)) edge++
          if (!inside(row, column - 1)) edge++
          if (!inside(row + 1, column)) edge++
          if (!inside(row - 1, column)) edge++
          this.#hide(to, owner)
        }
        if (value === 0 || value < data[to]) continue
        data[to] = value
        this.#owners[to] = owner
      }
    block.ink = area
    block.strokeWidth = strokeWidthOf(area, edge)
  }

  /** Notes that ink of an earlier block lay under this one's. */
  #hide(at: number, owner: number): void {
    const below = this.#owners[at]
    if (below === 0 || below === owner) return
    const block = this.#blocks[below - 1]
    const { index } = this.#blocks[owner - 1]
    block.hidden++
    if (!block.hiddenBy.includes(index)) block.hiddenBy.push(index)
  }

  finish() {
    const { data } = this.#coverage
    for (let i = 0; i < data.length; i++) if (data[i] <= 127) this.#owners[i] = 0
    const blocks = this.#blocks.map(block => ({ ...block, hidden: block.ink === 0 ? 0 : block.hidden / block.ink }))
    return { coverage: this.#coverage, owners: this.#owners, blocks }
  }
}
