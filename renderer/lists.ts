/** The contract's lists as the screen orders them. core/contract/request.ts brings zod, so only its types are imported: a missing name fails the type check. */
import type { MapName, Method, SamplerName } from '../core/contract/vocabulary.ts'

/** In the order of the keys 1–4. */
export const MAP_ORDER = ['canny', 'depth', 'segmentation', 'scribble'] as const satisfies readonly MapName[]

export const METHODS_OF: Readonly<Record<MapName, readonly Method[]>> = {
  canny: ['opencv_canny', 'structured_edge_detection', 'adaptive_canny'],
  depth: ['stroke_thickness_depth', 'distance_transform_depth', 'ai_depth_estimation'],
  segmentation: ['radical_segmentation', 'stroke_type_segmentation', 'ai_segmentation'],
  scribble: ['skeletonization_scribble', 'hand_drawn_simulation', 'style_aware_scribble'],
}

/** A sampler's name as designers know it from other tools. */
export const SAMPLER_NAMES: Readonly<Record<SamplerName, string>> = {
  euler: 'Euler',
  euler_karras: 'Euler Karras',
  euler_a: 'Euler a',
  dpmpp_2m: 'DPM++ 2M',
  dpmpp_2m_karras: 'DPM++ 2M Karras',
  dpmpp_2m_sde: 'DPM++ 2M SDE',
  dpmpp_2m_sde_karras: 'DPM++ 2M SDE Karras',
  ddim: 'DDIM',
  unipc: 'UniPC',
  lcm: 'LCM',
  heun: 'Heun',
}

/** Shapes of the picture: width to height. */
export const RATIOS = [
  ['1:1', 1],
  ['4:3', 4 / 3],
  ['3:4', 3 / 4],
  ['16:9', 16 / 9],
  ['9:16', 9 / 16],
] as const
