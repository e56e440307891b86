import { labelGlyph } from '../glyph/labels.ts'
import type { Glyph, StrokeLabels } from '../glyph/types.ts'
import { squaredDistance } from '../raster/distance.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import { thinZhangSuen } from '../raster/skeleton.ts'
import { draftLabels } from './draft-labels.ts'
import { inkMask } from './ink-mask.ts'

/** A glyph and what several maps need of it, each made at most once. */
export class Subject {
  readonly glyph: Glyph
  readonly #draft: boolean
  #mask?: Gray
  #distance?: Int32Array
  #skeleton?: Gray
  #labels?: Promise<StrokeLabels>

  /** @param draft strokes are looked for on a smaller copy */
  constructor(glyph: Glyph, draft = false) {
    this.glyph = glyph
    this.#draft = draft
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

  mask(): Gray {
    return (this.#mask ??= inkMask(this.glyph))
  }

  /** Squared distance to the paper, (height, width). */
  distance(): Int32Array {
    return (this.#distance ??= squaredDistance(this.mask()))
  }

  skeleton(): Gray {
    return (this.#skeleton ??= thinZhangSuen(this.mask()))
  }

  labels(): Promise<StrokeLabels> {
    const inked = { ...this.glyph, coverage: this.mask() }
    return (this.#labels ??= this.#draft ? draftLabels(inked, this.mask()) : labelGlyph(inked))
  }
}
