/**
 * What each family of LoRA does to a weight, as LyCORIS merges it (github.com/KohakuBlueleaf/LyCORIS, lycoris/functional
 * and modules; s = alpha / rank, m the user's weight):
 *
 *     LoRA, LoCon   W + m·s · up @ down                          up (out, rank), down (rank, in·kernel)
 *       with mid    W + m·s · Σ mid[i,j] up[:,i] down[j,:]       mid (rank, rank, kernel)
 *     LoHa          W + m·s · (w1_a @ w1_b) ∘ (w2_a @ w2_b)      with t1, t2 each product is as with mid
 *     LoKr          W + m·s · w1 ⊗ w2                            each whole, or w_a @ w_b, w2 also with t2
 *     full, norms   W + m · diff
 *     IA3           W ∘ (1 + m · w)                              per input (on_input) or per output
 *     OFT           rescale · (W + m · (Rᵀ − I) W)                block by block of rows: orthogonal.ts
 *     with DoRA     V = W + s·Δ,  V · (1 + m · (dora_scale / ‖V‖ − 1))   norms per output row, or per input column
 *
 * LyCORIS 4.1's own merge multiplies LoHa and LoKr by s twice; its training forward does it once, as here.
 */
import type { LoraPart } from './lora-keys.ts'
import { BLOCK_LIMIT, rotateRows } from './orthogonal.ts'
import { type AddProduct, addProduct } from './product.ts'

export interface Values {
  readonly shape: readonly number[]
  readonly data: Float32Array
}
export type Parts = Readonly<Partial<Record<LoraPart, Values>>>
export type LoraMethod = 'lora' | 'loha' | 'lokr' | 'add' | 'ia3' | 'oft'

export interface Strength {
  /** alpha / rank */
  readonly scale: number
  /** The user's weight. */
  readonly weight: number
}

/**
 * Changes the numbers of a weight of this shape, in place. Parts were checked by partsFit().
 * @param product how matrices are multiplied
 */
export async function applyMethod(
  method: LoraMethod,
  weights: Float32Array,
  shape: readonly number[],
  parts: Parts,
  { scale, weight }: Strength,
  product: AddProduct = addProduct,
): Promise<void> {
  if (method === 'ia3') {
    scaleChannels(weights, shape, parts, weight)
    return
  }
  if (method === 'oft') {
    rotateRows(
      weights,
      shape[0],
      { blocks: parts.oft_blocks!, rescale: parts.rescale, limit: parts.alpha?.data[0] },
      weight,
    )
    return
  }
  const decomposed = parts.dora_scale
  const strength = decomposed ? scale : scale * weight
  if (method === 'lora' && !parts.mid)
    await product(weights, shape[0], parts.up!.data, parts.down!.data, parts.down!.shape[0], strength)
  else {
    const change = await deltaOf(method, shape, parts, product)
    for (let i = 0; i < weights.length; i++) weights[i] += strength * change[i]
  }
  if (decomposed) decompose(weights, shape, decomposed, weight)
}

/** The unscaled change. */
async function deltaOf(
  method: LoraMethod,
  shape: readonly number[],
  parts: Parts,
  product: AddProduct,
): Promise<Float32Array> {
  switch (method) {
    case 'loha': {
      const first = await factor(product, parts.hada_w1_a!, parts.hada_w1_b!, parts.hada_t1)
      const second = await factor(product, parts.hada_w2_a!, parts.hada_w2_b!, parts.hada_t2)
      for (let i = 0; i < first.data.length; i++) first.data[i] *= second.data[i]
      return first.data
    }
    case 'lokr':
      return kronecker(
        parts.lokr_w1 ?? (await factor(product, parts.lokr_w1_a!, parts.lokr_w1_b!)),
        parts.lokr_w2 ?? (await factor(product, parts.lokr_w2_a!, parts.lokr_w2_b!, parts.lokr_t2)),
        shape,
      )
    case 'lora': {
      const { up, down, mid } = parts
      return (await tucker(product, mid!, transpose(up!), down!)).data
    }
    default:
      return parts.diff!.data
  }
}

/** a (rows, rank) @ b (rank, columns…), or with a core: a (rank, rows), b (rank, columns). */
async function factor(product: AddProduct, a: Values, b: Values, core?: Values): Promise<Values> {
  if (core) return tucker(product, core, a, b)
  const rows = a.shape[0]
  const data = new Float32Array((rows * b.data.length) / b.shape[0])
  await product(data, rows, a.data, b.data, b.shape[0], 1)
  return { shape: [rows, ...b.shape.slice(1)], data }
}

/** Σ core[i, j, k…] · a[i, p] · b[j, r] → (p, r, k…). core (rank, rank, kernel), a (rank, rows), b (rank, columns). */
async function tucker(product: AddProduct, core: Values, a: Values, b: Values): Promise<Values> {
  const [first, second, ...kernel] = core.shape
  const spots = kernel.reduce((product, size) => product * size, 1)
  const [rows, columns] = [a.data.length / first, b.data.length / second]
  const data = new Float32Array(rows * columns * spots)
  // One spot of the kernel after another: rows (p, i) @ core (i, j) @ b (j, r).
  const left = transpose({ shape: [first, rows], data: a.data }).data
  for (let spot = 0; spot < spots; spot++) {
    const slice = Float32Array.from({ length: first * second }, (_, at) => core.data[at * spots + spot])
    const inner = new Float32Array(rows * second)
    await product(inner, rows, left, slice, first, 1)
    const whole = new Float32Array(rows * columns)
    await product(whole, rows, inner, b.data, second, 1)
    for (let at = 0; at < whole.length; at++) data[at * spots + spot] = whole[at]
  }
  return { shape: [rows, columns, ...kernel], data }
}

/** (rows, columns) → (columns, rows); further dimensions of size 1 are dropped. */
function transpose({ shape, data }: Values): Values {
  const rows = shape[0]
  const columns = data.length / rows
  const turned = new Float32Array(data.length)
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) turned[x * rows + y] = data[y * columns + x]
  return { shape: [columns, rows], data: turned }
}

/** w1 (a, b) ⊗ w2 (c, d, kernel) → (a·c, b·d, kernel), which is the weight's shape. */
function kronecker(w1: Values, w2: Values, shape: readonly number[]): Float32Array {
  const [a, b] = w1.shape
  const c = shape[0] / a
  const d = shape[1] / b
  const spots = w2.data.length / (c * d)
  const out = new Float32Array(w1.data.length * w2.data.length)
  for (let i = 0; i < a; i++)
    for (let k = 0; k < c; k++)
      for (let j = 0; j < b; j++) {
        const by = w1.data[i * b + j]
        const from = k * d * spots
        const to = ((i * c + k) * b + j) * d * spots
        for (let l = 0; l < d * spots; l++) out[to + l] = by * w2.data[from + l]
      }
  return out
}

function scaleChannels(weights: Float32Array, shape: readonly number[], parts: Parts, weight: number): void {
  const factors = parts.weight!.data
  const perRow = weights.length / shape[0]
  const spots = perRow / (shape[1] ?? 1)
  const columns = shape[1] ?? 1
  // The flag decides only where the number of factors leaves it open.
  const onInput = shape[0] === columns ? (parts.on_input?.data[0] ?? 0) !== 0 : factors.length === columns
  for (let i = 0; i < weights.length; i++) {
    const channel = onInput ? Math.floor((i % perRow) / spots) : Math.floor(i / perRow)
    weights[i] *= 1 + weight * factors[channel]
  }
}

/** Float32's machine epsilon: keeps an empty row from dividing by zero, as LyCORIS does. */
const EPSILON = 2 ** -23

/** Direction from the weights, length from the scale: (out, 1…) per output, (1, in…) per input. */
function decompose(weights: Float32Array, shape: readonly number[], scale: Values, weight: number): void {
  const perOutput = isPerOutput(scale, shape)
  const perRow = weights.length / shape[0]
  const spots = perRow / (shape[1] ?? 1)
  const squares = new Float64Array(scale.data.length)
  // Counters instead of divisions, and loops instead of a callback: those take longer than all the rest of the merge.
  const run = perOutput ? perRow : spots
  const channels = scale.data.length
  for (let i = 0, channel = 0; i < weights.length; channel = channel + 1 === channels ? 0 : channel + 1)
    for (const end = i + run; i < end; i++) squares[channel] += weights[i] * weights[i]
  const factors = squares.map((sum, n) => 1 + weight * (scale.data[n] / (Math.sqrt(sum) + EPSILON) - 1))
  for (let i = 0, channel = 0; i < weights.length; channel = channel + 1 === channels ? 0 : channel + 1)
    for (const end = i + run; i < end; i++) weights[i] *= factors[channel]
}

/** A vector, or a first dimension that is not 1, is one number a row. */
const isPerOutput = ({ shape, data }: Values, target: readonly number[]): boolean =>
  data.length === target[0] && (shape.length === 1 || shape[0] === target[0])

/** Shapes alone. */
export type Shapes = Readonly<Partial<Record<LoraPart, { readonly shape: readonly number[] }>>>

const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

/** Which method a module's parts make up, or null where one is missing; the name of what is missing goes with it. */
export function methodOf(parts: Shapes): { method: LoraMethod } | { lacks: LoraPart } | null {
  const has = (part: LoraPart) => parts[part] !== undefined
  const pairs: readonly (readonly [LoraPart, LoraPart])[] = [
    ['down', 'up'],
    ['hada_w1_a', 'hada_w1_b'],
    ['hada_w2_a', 'hada_w2_b'],
    ['lokr_w1_a', 'lokr_w1_b'],
    ['lokr_w2_a', 'lokr_w2_b'],
    ['hada_w1_a', 'hada_w2_a'],
  ]
  for (const [one, two] of pairs) {
    if (has(one) && !has(two)) return { lacks: two }
    if (has(two) && !has(one)) return { lacks: one }
  }
  if (has('down')) return { method: 'lora' }
  if (has('hada_w1_a')) return { method: 'loha' }
  const kronecker = [has('lokr_w1') || has('lokr_w1_a'), has('lokr_w2') || has('lokr_w2_a')]
  if (kronecker[0] && kronecker[1]) return { method: 'lokr' }
  if (kronecker[0] || kronecker[1]) return { lacks: kronecker[0] ? 'lokr_w2' : 'lokr_w1' }
  if (has('diff')) return { method: 'add' }
  if (has('weight') && has('on_input')) return { method: 'ia3' }
  // BOFT's have four dimensions.
  if (parts.oft_blocks?.shape.length === 3) return { method: 'oft' }
  return null
}

/** The rank that alpha is divided by; null where a method has none. */
export function rankOf(method: LoraMethod, parts: Shapes): number | null {
  if (method === 'lora') return parts.down!.shape[0]
  if (method === 'loha') return parts.hada_w1_b!.shape[0]
  if (method === 'lokr') return (parts.lokr_w1_b ?? parts.lokr_w2_b)?.shape[0] ?? null
  return null
}

/** Whether the parts give a change of the weight's shape. */
export function partsFit(method: LoraMethod, parts: Shapes, target: readonly number[]): boolean {
  const [rows] = target
  const size = count(target)
  const dora = parts.dora_scale && count(parts.dora_scale.shape)
  if (dora !== undefined && dora !== rows && dora !== target[1]) return false
  switch (method) {
    case 'add':
      return count(parts.diff!.shape) === size
    case 'ia3':
      return [rows, target[1]].includes(count(parts.weight!.shape)) && target.length > 1
    case 'lora': {
      const { up, down, mid } = parts
      if (target.length < 2) return false
      const rank = down!.shape[0]
      if (mid) return coreFits(mid.shape, up!.shape[1], rank, rows, up!.shape, down!.shape, target)
      return count(down!.shape) === (rank * size) / rows && count(up!.shape) === rows * rank
    }
    case 'loha':
      return (
        target.length > 1 &&
        productFits(parts.hada_w1_a!.shape, parts.hada_w1_b!.shape, parts.hada_t1?.shape, target) &&
        productFits(parts.hada_w2_a!.shape, parts.hada_w2_b!.shape, parts.hada_t2?.shape, target)
      )
    case 'lokr':
      return kroneckerFits(parts, target)
    case 'oft':
      return blocksFit(parts.oft_blocks!.shape, parts.rescale?.shape, rows)
  }
}

function coreFits(
  core: readonly number[],
  first: number,
  second: number,
  rows: number,
  up: readonly number[],
  down: readonly number[],
  target: readonly number[],
): boolean {
  return (
    core[0] === first &&
    core[1] === second &&
    count(up) === rows * first &&
    count(down) === second * target[1] &&
    count(core.slice(2)) === count(target.slice(2))
  )
}

function productFits(
  a: readonly number[],
  b: readonly number[],
  core: readonly number[] | undefined,
  target: readonly number[],
): boolean {
  if (core)
    return (
      a.length === 2 &&
      b.length === 2 &&
      a[1] === target[0] &&
      b[1] === target[1] &&
      core[0] === a[0] &&
      core[1] === b[0] &&
      count(core.slice(2)) === count(target.slice(2))
    )
  return a.length === 2 && a[0] === target[0] && a[1] === b[0] && a[0] * count(b.slice(1)) === count(target)
}

function blocksFit(blocks: readonly number[], rescale: readonly number[] | undefined, rows: number): boolean {
  const [number, size, width] = blocks
  return (
    blocks.length === 3 &&
    size === width &&
    size <= BLOCK_LIMIT &&
    number * size === rows &&
    (rescale === undefined || count(rescale) === rows)
  )
}

function kroneckerFits(parts: Shapes, target: readonly number[]): boolean {
  const {
    lokr_w1: w1,
    lokr_w1_a: w1a,
    lokr_w1_b: w1b,
    lokr_w2: w2,
    lokr_w2_a: w2a,
    lokr_w2_b: w2b,
    lokr_t2: t2,
  } = parts
  if (target.length < 2) return false
  if (!w1 && w1a!.shape[1] !== w1b!.shape[0]) return false
  const [a, b] = w1 ? w1.shape : [w1a!.shape[0], w1b!.shape[1]]
  if (target[0] % a !== 0 || target[1] % b !== 0 || (w1 && w1.shape.length !== 2)) return false
  const rest = [target[0] / a, target[1] / b, ...target.slice(2)]
  if (w2) return w2.shape[0] === rest[0] && count(w2.shape) === count(rest)
  return productFits(w2a!.shape, w2b!.shape, t2?.shape, rest)
}
