import type { BlockLabels } from '../composition/labels.ts'
import type { METHODS } from '../contract/vocabulary.ts'
import { STROKE_TYPES } from '../glyph/types.ts'
import { blank, type Rgb } from '../raster/raster.ts'
import { findModel } from './ai/ai-models.ts'
import { runAi } from './ai/ai-process.ts'
import { promptsFor } from './ai/sam-prompts.ts'
import type { GlyphFeatures } from './glyph-features.ts'
import { PAPER, partColour, strokeColour } from './palette.ts'
import { partsOf } from './parts.ts'
import type { Colour, LegendEntry, MapOptions, MethodResult } from './types.ts'

/** How one label is shown. */
interface Paint {
  colour: Colour
  meaning: string
  character: string | null
  block?: string
}

/** Flat colours, one for each part and one for the paper, no black: Union mode 5. */
export class SegmentationConditioning {
  /** @throws StudioError missing-model, cancelled, inference-crashed (ai_segmentation only) */
  async make(
    features: GlyphFeatures,
    method: (typeof METHODS.segmentation)[number],
    options: MapOptions,
  ): Promise<MethodResult> {
    const { width, height } = features.glyph
    switch (method) {
      case 'stroke_type_segmentation': {
        if (features.glyph.composed) return byStrokeType(features, await features.blockLabels())
        const { labels, strokes, basis } = await features.labels()
        const types = Uint8Array.from([0, ...strokes.map(({ type }) => STROKE_TYPES.indexOf(type) + 1)])
        const paints = STROKE_TYPES.map(type => ({ colour: strokeColour(type), meaning: type, character: null }))
        return {
          ...paint(
            labels.map(k => types[k]),
            width,
            height,
            paints,
          ),
          basis,
          parameters: {},
        }
      }
      case 'radical_segmentation': {
        const { labels, parts, basis } = await partsOf(features)
        const paints = parts.map((part, k) => ({ ...part, colour: partColour(k) }))
        return { ...paint(labels, width, height, paints), basis, parameters: {} }
      }
      case 'ai_segmentation': {
        const model = await findModel('segmentation', options.segmentModel, options.modelsFolder)
        const own = await partsOf(features)
        const prompts = promptsFor(own.labels, own.parts.length, width, height)
        const { labels } = await runAi(
          { task: 'segmentation', model, picture: features.colourPicture(), prompts, labels: own.labels },
          options.signal,
        )
        const paints = own.parts.map((part, k) => ({ ...part, colour: partColour(k) }))
        return { ...paint(labels, width, height, paints), basis: 'model', parameters: { model: model.id } }
      }
    }
  }
}

/** Of a composition: its words by stroke types, each motif and drawing in a colour of its own. */
function byStrokeType({ glyph }: GlyphFeatures, { labels, strokes, origins, basis }: BlockLabels): MethodResult {
  const { blocks } = glyph.composed!
  const shapes = blocks.filter(({ kind }) => kind !== 'word')
  const paints: Paint[] = [
    ...STROKE_TYPES.map(type => ({ colour: strokeColour(type), meaning: type, character: null })),
    ...shapes.map(({ kind, name }, k) => ({
      ...{ colour: partColour(STROKE_TYPES.length + k), meaning: kind, character: null, block: name },
    })),
  ]
  const paintOf = strokes.map(({ type }, k) => {
    const shape = shapes.indexOf(blocks[origins[k].block])
    return shape < 0 ? STROKE_TYPES.indexOf(type) + 1 : STROKE_TYPES.length + shape + 1
  })
  const painted = labels.map(label => (label === 0 ? 0 : paintOf[label - 1]))
  return { ...paint(painted, glyph.width, glyph.height, paints), basis, parameters: {} }
}

/** Labels as flat colours, and the legend of those that occur, paper first. */
function paint(
  labels: Uint16Array,
  width: number,
  height: number,
  paints: readonly Paint[],
): { image: Rgb; legend: LegendEntry[] } {
  const all: Paint[] = [{ colour: PAPER, meaning: 'paper', character: null }, ...paints]
  const image = blank(width, height, 3)
  const counts = new Uint32Array(all.length)
  for (let i = 0, o = 0; i < labels.length; i++) {
    const [red, green, blue] = all[labels[i]].colour
    counts[labels[i]]++
    image.data[o++] = red
    image.data[o++] = green
    image.data[o++] = blue
  }
  const legend = all.flatMap((entry, k) => (counts[k] > 0 ? [{ ...entry, pixels: counts[k] }] : []))
  return { image, legend }
}
