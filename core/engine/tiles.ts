/**
 * Cuts a map that is too large for one run into overlapping tiles of one size, and puts the results together: in an
 * overlap each tile fades in from its edge, so that no seam shows.
 */

export interface Tiling {
  /** Size of every tile, in the units of what is cut. */
  readonly height: number
  readonly width: number
  /** First row of each row of tiles, first column of each column. */
  readonly tops: readonly number[]
  readonly lefts: readonly number[]
}

/** Latents are an eighth of the picture; ControlNet-Union reads pictures at the same stride. */
export const LATENT_STRIDE = 8

/**
 * What control pictures add to each tile is kept from step to step up to so many bytes; beyond them it is made anew, which costs
 * time instead of memory.
 */
export const KEPT_BYTES = 256e6

/** Of tiles over which every step goes. Pixels, multiples of 8. */
export interface TileSize {
  side: number
  /** That neighbours share at least. */
  overlap: number
}

/** Rows and columns of latents that neighbours share at least: 128 pixels, twice what SDXL's decoder sees around a pixel before its attention. */
const OVERLAP = 16
/** Below this side a tile is mostly overlap. */
const SMALLEST = 3 * OVERLAP
/** Tiles' sides are multiples of this. */
const GRAIN = 8

/**
 * The fewest tiles whose area is at most `share` of the whole, as nearly square as they can be.
 * @param share 0..1; 1 gives one tile, which is the whole
 */
export function chooseTiling(height: number, width: number, share: number): Tiling {
  let [rows, columns] = [1, 1]
  const side = (length: number, count: number) =>
    count === 1 ? length : Math.ceil((length + (count - 1) * OVERLAP) / count / GRAIN) * GRAIN
  while (side(height, rows) * side(width, columns) > share * height * width) {
    const [tall, wide] = [side(height, rows), side(width, columns)]
    if (Math.max(tall, wide) <= SMALLEST) break
    if (tall >= wide) rows++
    else columns++
  }
  const tile = { height: side(height, rows), width: side(width, columns) }
  return { ...tile, tops: starts(height, tile.height, rows), lefts: starts(width, tile.width, columns) }
}

/**
 * The fewest square tiles of one side that overlap by at least `overlap`, evenly spaced; where the whole is no longer than
 * a side, it is one tile along it.
 */
export function tilingOf(height: number, width: number, side: number, overlap = OVERLAP): Tiling {
  const tile = { height: Math.min(side, height), width: Math.min(side, width) }
  const count = (length: number, part: number) =>
    part === length ? 1 : Math.ceil((length - overlap) / (part - overlap))
  return {
    ...tile,
    tops: starts(height, tile.height, count(height, tile.height)),
    lefts: starts(width, tile.width, count(width, tile.width)),
  }
}

/**
 * How a step goes over the latents of a picture.
 * @param picture pixels
 * @param tiles null: in one piece
 */
export function latentTiling({ width, height }: { width: number; height: number }, tiles?: TileSize | null): Tiling {
  const [rows, columns] = [height / LATENT_STRIDE, width / LATENT_STRIDE]
  return tiles
    ? tilingOf(rows, columns, tiles.side / LATENT_STRIDE, tiles.overlap / LATENT_STRIDE)
    : { height: rows, width: columns, tops: [0], lefts: [0] }
}

/** How many tiles there are. */
export const tileCount = ({ tops, lefts }: Tiling): number => tops.length * lefts.length

/** Row, column and place of every tile, in rows. */
export function* tilesOf({ tops, lefts }: Tiling): Generator<{ row: number; column: number; at: [number, number] }> {
  for (const [row, top] of tops.entries())
    for (const [column, left] of lefts.entries()) yield { row, column, at: [top, left] }
}

/** Evenly spaced from 0 to the last that fits. */
const starts = (length: number, tile: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (length - tile)) / (count - 1))))

/** A window of planes (channels, height, width). */
export function cutTile(
  planes: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  [top, left]: readonly [number, number],
  tile: { readonly height: number; readonly width: number },
): Float32Array {
  const out = new Float32Array(channels * tile.height * tile.width)
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < tile.height; y++) {
      const from = (c * height + top + y) * width + left
      out.set(planes.subarray(from, from + tile.width), (c * tile.height + y) * tile.width)
    }
  }
  return out
}

/** Adds tiles into one picture (channels, height, width), each weighed by how far a pixel lies inside it. */
export class TileBlend {
  readonly #tiling: Tiling
  readonly #sum: Float32Array
  readonly #rows: readonly Float32Array[]
  readonly #columns: readonly Float32Array[]
  readonly #channels: number
  readonly #width: number
  readonly #height: number

  /** All sizes in pixels of what the tiles became. */
  constructor(channels: number, height: number, width: number, tiling: Tiling) {
    this.#tiling = tiling
    this.#channels = channels
    this.#height = height
    this.#width = width
    this.#sum = new Float32Array(channels * height * width)
    this.#rows = weights(height, tiling.height, tiling.tops)
    this.#columns = weights(width, tiling.width, tiling.lefts)
  }

  add(row: number, column: number, tile: Float32Array): void {
    const { height, width, tops, lefts } = this.#tiling
    const [down, across] = [this.#rows[row], this.#columns[column]]
    for (let c = 0; c < this.#channels; c++) {
      for (let y = 0; y < height; y++) {
        const to = (c * this.#height + tops[row] + y) * this.#width + lefts[column]
        const from = (c * height + y) * width
        for (let x = 0; x < width; x++) this.#sum[to + x] += down[y] * across[x] * tile[from + x]
      }
    }
  }

  /** Once every tile was added. */
  finish(): Float32Array {
    return this.#sum
  }
}

/** For each tile along one axis the weight of each of its pixels; those of all tiles over a pixel add up to 1. */
function weights(length: number, tile: number, starts: readonly number[]): Float32Array[] {
  const ramps = starts.map((start, i) => {
    const before = i === 0 ? 0 : starts[i - 1] + tile - start
    const after = i === starts.length - 1 ? 0 : start + tile - starts[i + 1]
    const rise = (inside: number, overlap: number) => (overlap > 0 ? Math.min(1, (inside + 0.5) / overlap) : 1)
    return Float32Array.from({ length: tile }, (_, x) => rise(x, before) * rise(tile - 1 - x, after))
  })
  const total = new Float32Array(length)
  starts.forEach((start, i) => {
    ramps[i].forEach((weight, x) => {
      total[start + x] += weight
    })
  })
  return ramps.map((ramp, i) => ramp.map((weight, x) => weight / total[starts[i] + x]))
}

/** The same tiling where each unit became `factor` pixels. */
export const scaleTiling = ({ height, width, tops, lefts }: Tiling, factor: number): Tiling => ({
  height: height * factor,
  width: width * factor,
  tops: tops.map(top => top * factor),
  lefts: lefts.map(left => left * factor),
})
