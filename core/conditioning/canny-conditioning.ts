import type { METHODS } from '../contract/vocabulary.ts'
import { canny, cannyFromGradient, sobel } from '../raster/canny.ts'
import { gaussianBlur } from '../raster/gaussian.ts'
import { gradientThresholds } from '../raster/otsu.ts'
import { structuredEdges, thinEdges } from '../raster/structure-tensor.ts'
import type { GlyphFeatures } from './glyph-features.ts'
import type { MethodResult } from './types.ts'

/** Edges, white on black, one pixel wide: Union mode 3. */
export class CannyConditioning {
  make(features: GlyphFeatures, method: (typeof METHODS.canny)[number]): MethodResult {
    const picture = features.picture()
    const { width, height } = picture
    switch (method) {
      case 'opencv_canny': {
        const parameters = { low: 100, high: 200, norm: 'l1' } as const
        return { image: canny(picture, parameters), legend: [], basis: 'ink', parameters }
      }
      case 'adaptive_canny': {
        const gradient = sobel(gaussianBlur(picture, 'g5'))
        const parameters = { ...gradientThresholds(gradient), norm: 'l2' } as const
        const image = cannyFromGradient(gradient, width, height, parameters)
        return { image, legend: [], basis: 'ink', parameters: { blur: 'g5', ...parameters } }
      }
      case 'structured_edge_detection':
        return { image: thinEdges(structuredEdges(picture)), legend: [], basis: 'ink', parameters: { scales: '1,2,4' } }
    }
  }
}
