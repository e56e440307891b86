import type { METHODS } from '../contract/vocabulary.ts'
import { distanceDepth } from '../raster/distance.ts'
import { ownThickness } from '../raster/own-thickness.ts'
import { localThickness, thicknessDepth } from '../raster/thickness.ts'
import { findModel } from './ai/ai-models.ts'
import { runAi } from './ai/ai-process.ts'
import type { GlyphFeatures } from './glyph-features.ts'
import type { MapOptions, MethodResult } from './types.ts'

/** Depth, near is bright, paper is 0: Union mode 1. */
export class DepthConditioning {
  /** @throws StudioError missing-model, cancelled, inference-crashed (ai_depth_estimation only) */
  async make(
    features: GlyphFeatures,
    method: (typeof METHODS.depth)[number],
    options: MapOptions,
  ): Promise<MethodResult> {
    const { width, height } = features.glyph
    switch (method) {
      case 'stroke_thickness_depth': {
        const thickness = localThickness(features.distance(), width, height)
        return { image: thicknessDepth(thickness, width, height), legend: [], basis: 'ink', parameters: {} }
      }
      case 'stroke_width_depth': {
        const { labels, basis } = await features.labels()
        const [d2, skeleton] = [features.distance(), features.skeleton().data]
        const thickness = localThickness(d2, width, height)
        const own = ownThickness({ width, height, d2, thickness, skeleton, labels })
        return { image: thicknessDepth(own, width, height), legend: [], basis, parameters: {} }
      }
      case 'distance_transform_depth':
        return { image: distanceDepth(features.distance(), width, height), legend: [], basis: 'ink', parameters: {} }
      case 'ai_depth_estimation': {
        const model = await findModel('depth', options.depthModel, options.modelsFolder)
        const image = await runAi({ task: 'depth', model, picture: features.colourPicture() }, options.signal)
        return { image, legend: [], basis: 'model', parameters: { model: model.id } }
      }
    }
  }
}
