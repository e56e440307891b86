/** The names that every part of the studio speaks: maps, methods, Union modes, samplers, limits. No zod: the renderer imports it at run time. */
/**
 * ControlNet-Union's modes by name, the kinds that share a mode included; tile and repaint exist in ProMax (8 modes) only.
 * Source: xinsir/controlnet-union-sdxl-1.0.
 */
export const UNION_MODES = {
  openpose: 0,
  depth: 1,
  scribble: 2,
  hed: 2,
  softedge: 2,
  canny: 3,
  lineart: 3,
  mlsd: 3,
  normal: 4,
  segmentation: 5,
  segment: 5,
  tile: 6,
  repaint: 7,
} as const
export type UnionMode = keyof typeof UNION_MODES

/** The four maps that are drawn from the word, in the order in which the Union network sums them. */
export const MAPS = ['depth', 'scribble', 'canny', 'segmentation'] as const
export type MapName = (typeof MAPS)[number]

/** Three methods a map; the first is the default. */
export const METHODS = {
  canny: ['opencv_canny', 'structured_edge_detection', 'adaptive_canny'],
  depth: ['stroke_thickness_depth', 'distance_transform_depth', 'ai_depth_estimation'],
  segmentation: ['radical_segmentation', 'stroke_type_segmentation', 'ai_segmentation'],
  scribble: ['skeletonization_scribble', 'hand_drawn_simulation', 'style_aware_scribble'],
} as const satisfies Record<MapName, readonly [string, string, string]>
export type Method = (typeof METHODS)[MapName][number]

export const SAMPLERS = [
  'euler',
  'euler_karras',
  'euler_a',
  'dpmpp_2m',
  'dpmpp_2m_karras',
  'dpmpp_2m_sde',
  'dpmpp_2m_sde_karras',
  'ddim',
  'unipc',
  'lcm',
  'heun',
] as const
export type SamplerName = (typeof SAMPLERS)[number]

/** Word length, picture size and counts beyond these are mistakes, not wishes. */
export const LIMITS = {
  word: 64,
  smallestSide: 64,
  side: 4096,
  steps: 1000,
  count: 64,
  prompt: 20_000,
  controls: 16,
  loras: 16,
} as const
