import { type BlockLabels, labelComposition } from '../composition/labels.ts'
import { labelGlyph } from '../glyph/labels.ts'
import type { Glyph, StrokeLabels } from '../glyph/types.ts'
import { squaredDistance } from '../raster/distance.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import { thinZhangSuen } from '../raster/skeleton.ts'
import { coarseLabels } from './coarse-labels.ts'
import { inkMask } from './ink-mask.ts'

/**
 * A glyph and what several methods compute from it (mask, distances, skeleton, strokes), each computed at most once.
 */
export class GlyphFeatures {
  readonly glyph: Glyph
  readonly #coarse: boolean
  #mask?: Gray
  #distance?: Int32Array
  #skeleton?: Gray
  #labels?: Promise<StrokeLabels>
  #blockLabels?: Promise<BlockLabels>

  /** @param coarse labels strokes on a smaller copy, for previews */
  constructor(glyph: Glyph, coarse = false) {
    this.glyph = glyph
    this.#coarse = coarse
  }

  /** Dark ink on white paper, antialiased, (height, width): what a picture of the word looks like. */
  picture(): Gray {
    const { coverage } = this.glyph
    return { ...coverage, data: coverage.data.map(value => 255 - value) }
  }

  /** The same in colour, for networks. */
  colourPicture(): Rgb {
    const { width, height, coverage } = this.glyph
    const data = new Uint8Array(width * height * 3)
    for (let i = 0, o = 0; i < coverage.data.length; i++) data[o++] = data[o++] = data[o++] = 255 - coverage.data[i]
    return { width, height, channels: 3, data }
  }

  /** (height, width), 255 = ink. */
  mask(): Gray {
    return (this.#mask ??= inkMask(this.glyph))
  }

  /** Squared distance of each ink pixel to the paper, (height, width). */
  distance(): Int32Array {
    return (this.#distance ??= squaredDistance(this.mask()))
  }

  /** One pixel wide, (height, width), 255 on it. */
  skeleton(): Gray {
    return (this.#skeleton ??= thinZhangSuen(this.mask()))
  }

  /** Which stroke each ink pixel belongs to. */
  labels(): Promise<StrokeLabels> {
    if (this.glyph.composed) return this.blockLabels()
    const inked = { ...this.glyph, coverage: this.mask() }
    return (this.#labels ??= this.#coarse ? coarseLabels(inked, this.mask()) : labelGlyph(inked))
  }

  /** The same of a composition, with the block of each stroke. */
  blockLabels(): Promise<BlockLabels> {
    return (this.#blockLabels ??= labelComposition(this.glyph, this.glyph.composed!, this.#coarse))
  }
}
