/**
 * How much wider the glyphs of a variable font are at a weight: tables fvar, avar and HVAR of the OpenType specification.
 * HarfBuzz rounds an instance's advances to whole font units; the studio has always set words with the exact ones, so that
 * old pictures come out to the byte.
 */
import type { TableDirectory } from './tables.ts'

/** Advance of a glyph beyond its default, font units, not rounded. */
export type AdvanceDelta = (glyphId: number) => number

/** No font in use has more than a dozen. */
const MOST_AXES = 64

const f2dot14 = (view: DataView, at: number) => view.getInt16(at) / 16384

/** A share of the way, and what stands for it where the way has no length. */
const share = (part: number, whole: number) => (part + Number.EPSILON) / (whole + Number.EPSILON)

/** Coordinates of the instance on all axes, -1..1: the weight given, every other axis at its default. */
function normalized(fvar: DataView, avar: DataView | undefined, weight: number): number[] {
  const [first, count, size] = [fvar.getUint16(4), fvar.getUint16(8), fvar.getUint16(10)]
  if (count > MOST_AXES) throw new RangeError('too many axes')
  let segment = 8
  return Array.from({ length: count }, (_, axis) => {
    const at = first + axis * size
    const [min, normal, max] = [4, 8, 12].map(offset => fvar.getInt32(at + offset) / 65536)
    // 'wght'
    const value = fvar.getUint32(at) === 0x77676874 ? weight : normal
    const linear = share(value - normal, value < normal ? normal - min : max - normal)
    if (!avar) return linear
    const pairs = Array.from({ length: avar.getUint16(segment) }, (_, i) => ({
      from: f2dot14(avar, segment + 2 + 4 * i),
      to: f2dot14(avar, segment + 4 + 4 * i),
    }))
    segment += 2 + 4 * pairs.length
    const next = pairs.findIndex(({ from }, i) => i > 0 && linear < from)
    if (next < 0) return linear
    const [a, b] = [pairs[next - 1], pairs[next]]
    return ((linear - a.from) * (b.to - a.to) + Number.EPSILON) / (b.from - a.from + Number.EPSILON) + a.to
  })
}

/** How much of a region's delta applies: product over the axes. */
function regionScalar(store: DataView, region: number, coordinates: number[]): number {
  let scalar = 1
  for (const [axis, at] of coordinates.entries()) {
    const [start, peak, end] = [0, 2, 4].map(offset => f2dot14(store, region + 6 * axis + offset))
    if (peak === 0 || start > peak || peak > end || (start < 0 && end > 0)) continue
    if (at < start || at > end) return 0
    if (at < peak) scalar *= share(at - start, peak - start)
    else if (at > peak) scalar *= share(end - at, end - peak)
  }
  return scalar
}

/** Deltas of one ItemVariationData subtable: sums over its regions, by inner index. */
function deltasOf(store: DataView, data: number, scalars: number[]): (inner: number) => number {
  const [items, words, regions] = [0, 2, 4].map(offset => store.getUint16(data + offset))
  const long = (words & 0x8000) !== 0
  const wide = words & 0x7fff
  const row = (regions + wide) * (long ? 2 : 1)
  const own = Array.from({ length: regions }, (_, i) => scalars[store.getUint16(data + 6 + 2 * i)])
  return inner => {
    if (inner >= items) return 0
    let at = data + 6 + 2 * regions + inner * row
    let sum = 0
    for (const [i, scalar] of own.entries()) {
      const bytes = (i < wide ? 2 : 1) * (long ? 2 : 1)
      const delta = bytes === 4 ? store.getInt32(at) : bytes === 2 ? store.getInt16(at) : store.getInt8(at)
      sum += delta * scalar
      at += bytes
    }
    return sum
  }
}

/** DeltaSetIndexMap: glyph → place in the store; null means that outer is 0 and inner the glyph itself. */
function indexMap(hvar: DataView, at: number): (glyphId: number) => [outer: number, inner: number] {
  if (at === 0) return glyphId => [0, glyphId]
  const [format, entry] = [hvar.getUint8(at), hvar.getUint8(at + 1)]
  const [count, first] = format === 0 ? [hvar.getUint16(at + 2), at + 4] : [hvar.getUint32(at + 2), at + 6]
  const size = ((entry >> 4) & 3) + 1
  const innerBits = (entry & 15) + 1
  return glyphId => {
    let value = 0
    const start = first + Math.min(glyphId, count - 1) * size
    for (let i = 0; i < size; i++) value = value * 256 + hvar.getUint8(start + i)
    return [Math.floor(value / 2 ** innerBits), value % 2 ** innerBits]
  }
}

/**
 * @returns null where the font has no such tables: then its advances are what HarfBuzz says
 * @throws RangeError where a table is damaged
 */
export function advanceDeltas(tables: TableDirectory, weight: number): AdvanceDelta | null {
  const fvar = tables.get('fvar')
  const hvar = tables.get('HVAR')
  if (!fvar || !hvar) return null
  const coordinates = normalized(fvar, tables.get('avar'), weight)
  const store = new DataView(hvar.buffer, hvar.byteOffset + hvar.getUint32(4))
  const regionList = store.getUint32(2)
  const [axes, regions] = [store.getUint16(regionList), store.getUint16(regionList + 2)]
  if (axes !== coordinates.length) throw new RangeError('axes of fvar and HVAR differ')
  const scalars = Array.from({ length: regions }, (_, i) =>
    regionScalar(store, regionList + 4 + i * axes * 6, coordinates),
  )
  const count = store.getUint16(6)
  const known = new Map<number, (inner: number) => number>()
  const deltas = (outer: number) => {
    let found = known.get(outer)
    if (!found) known.set(outer, (found = deltasOf(store, store.getUint32(8 + 4 * outer), scalars)))
    return found
  }
  const place = indexMap(hvar, hvar.getUint32(8))
  return glyphId => {
    const [outer, inner] = place(glyphId)
    return outer < count ? deltas(outer)(inner) : 0
  }
}
