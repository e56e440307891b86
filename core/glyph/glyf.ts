/** How a TrueType glyph is put together: tables head, loca and glyf of the OpenType specification. */
import type { TableDirectory } from './tables.ts'

/** A part of a composite glyph. */
export interface Component {
  glyphId: number
  /** Only moved: neither scaled nor turned. */
  moved: boolean
}

export type Structure =
  | {
      kind: 'simple'
      /** Of each contour's points in order: lies on the curve. */
      onCurve: boolean[][]
    }
  | { kind: 'composite'; components: Component[] }

const ON_CURVE = 1
const REPEAT = 8
const ARGS_ARE_WORDS = 1
const MORE_COMPONENTS = 32
/** Bytes that a component's scale takes, by flag. */
const SCALES = [
  [8, 2],
  [64, 4],
  [128, 8],
] as const

/** Reads structures from a font's tables. */
export class GlyphTable {
  readonly #glyf: DataView
  readonly #loca: DataView
  readonly #long: boolean

  private constructor(glyf: DataView, loca: DataView, long: boolean) {
    this.#glyf = glyf
    this.#loca = loca
    this.#long = long
  }

  /** Null in a font that has no such outlines. */
  static of(tables: TableDirectory): GlyphTable | null {
    const [glyf, loca, head] = (['glyf', 'loca', 'head'] as const).map(tag => tables.get(tag))
    return glyf && loca && head ? new GlyphTable(glyf, loca, head.getInt16(50) !== 0) : null
  }

  /** @throws RangeError where the tables are damaged */
  structure(glyphId: number): Structure {
    const [start, end] = [glyphId, glyphId + 1].map(i =>
      this.#long ? this.#loca.getUint32(4 * i) : 2 * this.#loca.getUint16(2 * i),
    )
    if (end <= start) return { kind: 'simple', onCurve: [] }
    const contours = this.#glyf.getInt16(start)
    return contours < 0 ? this.#composite(start + 10) : this.#simple(start + 10, contours)
  }

  #simple(start: number, contours: number): Structure {
    const glyf = this.#glyf
    const ends = Array.from({ length: contours }, (_, i) => glyf.getUint16(start + 2 * i))
    const flags: boolean[] = []
    let at = start + 2 * contours
    at += 2 + glyf.getUint16(at)
    while (flags.length <= (ends.at(-1) ?? -1)) {
      const flag = glyf.getUint8(at++)
      const times = flag & REPEAT ? glyf.getUint8(at++) + 1 : 1
      for (let i = 0; i < times; i++) flags.push((flag & ON_CURVE) !== 0)
    }
    return { kind: 'simple', onCurve: ends.map((end, i) => flags.slice(i === 0 ? 0 : ends[i - 1] + 1, end + 1)) }
  }

  #composite(start: number): Structure {
    const components: Component[] = []
    let flags = MORE_COMPONENTS
    for (let at = start; flags & MORE_COMPONENTS; ) {
      flags = this.#glyf.getUint16(at)
      const scale = SCALES.find(([flag]) => flags & flag)?.[1] ?? 0
      components.push({ glyphId: this.#glyf.getUint16(at + 2), moved: scale === 0 })
      at += 4 + (flags & ARGS_ARE_WORDS ? 4 : 2) + scale
    }
    return { kind: 'composite', components }
  }
}
