import type { METHODS } from '../contract/vocabulary.ts'
import { distanceDepth } from '../raster/distance.ts'
import { localThickness, thicknessDepth } from '../raster/thickness.ts'
import { findModel } from './ai/ai-models.ts'
import { runAi } from './ai/ai-process.ts'
import type { Subject } from './subject.ts'
import type { Drawn, MapOptions } from './types.ts'

/** Depth, near is bright, paper is 0 (mode 1). */
export class DepthConditioning {
  readonly map = 'depth'

  /** @throws StudioError missing-model, cancelled, inference-crashed (ai_depth_estimation only) */
  async make(subject: Subject, method: (typeof METHODS.depth)[number], options: MapOptions): Promise<Drawn> {
    const { width, height } = subject.glyph
    switch (method) {
      case 'stroke_thickness_depth': {
        const thickness = localThickness(subject.distance(), width, height)
        return { image: thicknessDepth(thickness, width, height), legend: [], basis: 'ink', parameters: {} }
      }
      case 'distance_transform_depth':
        return { image: distanceDepth(subject.distance(), width, height), legend: [], basis: 'ink', parameters: {} }
      case 'ai_depth_estimation': {
        const model = await findModel('depth', options.depthModel, options.modelsFolder)
        const image = await runAi({ task: 'depth', model, picture: subject.colourPicture() }, options.signal)
        return { image, legend: [], basis: 'model', parameters: { model: model.id } }
      }
    }
  }
}
