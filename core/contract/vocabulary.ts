/** The names that all parts of the studio share. No zod: the renderer imports it at run time. */

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

/** The methods of each map; the first is the default. */
export const METHODS = {
  canny: ['opencv_canny', 'structured_edge_detection', 'adaptive_canny'],
  depth: ['stroke_thickness_depth', 'distance_transform_depth', 'ai_depth_estimation', 'stroke_width_depth'],
  segmentation: ['radical_segmentation', 'stroke_type_segmentation', 'ai_segmentation'],
  scribble: ['skeletonization_scribble', 'hand_drawn_simulation', 'style_aware_scribble'],
} as const satisfies Record<MapName, readonly [string, ...string[]]>
export type Method = (typeof METHODS)[MapName][number]
/** Lines drawn by hand: another seed draws them otherwise. */
export const SEEDED_METHODS: readonly Method[] = ['hand_drawn_simulation', 'style_aware_scribble']

/**
 * Samplers by their names in requests, with the titles that designers know from AUTOMATIC1111's web UI.
 * Source of the titles: its modules/sd_samplers_kdiffusion.py and sd_samplers_timesteps.py.
 */
export const SAMPLER_TITLES = {
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
  tcd: 'TCD',
  heun: 'Heun',
} as const
export type SamplerName = keyof typeof SAMPLER_TITLES
export const SAMPLERS = Object.keys(SAMPLER_TITLES) as [SamplerName, ...SamplerName[]]

/** How the machine's memory is used: core/machine/profiles.ts has what each means. The largest first, GPUs before the processor. */
export const PROFILE_NAMES = ['ultra', 'high', 'medium', 'minimal', 'cpu', 'cpu-small'] as const
export type ProfileName = (typeof PROFILE_NAMES)[number]

/** What can compute pictures, by ONNX Runtime's names. */
export const PROVIDER_NAMES = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const

/** The style of a request that names none. */
export const DEFAULT_STYLE = 'comic'

/** The languages of the interface, of styles' names and of error messages. */
export const LANGUAGES = ['en', 'ru', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]

/** Limits of word length, picture size and counts; larger values are rejected as mistakes. */
export const LIMITS = {
  word: 64,
  smallestSide: 64,
  side: 4096,
  steps: 1000,
  count: 64,
  prompt: 20_000,
  controls: 16,
  loras: 16,
  embeddings: 16,
} as const

/** Of one picture at most, the ground among them. */
export const PALETTE_COLOURS = 5

/** What a composition is made of. */
export const BLOCK_KINDS = ['word', 'motif', 'drawing'] as const
export type BlockKind = (typeof BLOCK_KINDS)[number]

/** Pictures are painted in cells of so many pixels; a finer stroke is lost in one. */
export const FINEST_STROKE = 8

/** How a picture of one's own lies on a canvas of another shape: wholly in it, over all of it, or pulled to it. */
export const PICTURE_FITS = ['fit', 'crop', 'stretch'] as const
export type PictureFit = (typeof PICTURE_FITS)[number]

/** How a block is bent. */
export const WARPS = ['arc', 'wave', 'envelope'] as const
export type WarpKind = (typeof WARPS)[number]

/** The draft model by the names that requests give it: the present one, or a former one by the beginning of its hash. */
export const isDraftName = (model: string): boolean => /^draft(@[0-9a-f]{12})?$/.test(model)

/** A motif as a shape, or as the lines that its designer drew. */
export const MOTIF_FORMS = ['filled', 'line'] as const
export type MotifForm = (typeof MOTIF_FORMS)[number]

/** How motifs are set around, behind or into a word. */
export const MOTIF_LAYOUTS = ['beside', 'corners', 'frame', 'scatter', 'behind', 'inside'] as const
export type MotifLayout = (typeof MOTIF_LAYOUTS)[number]

/** Limits of a composition: more than a designer places, little enough for every map to follow a drag. */
export const COMPOSITION_LIMITS = {
  blocks: 48,
  /** Characters of one outline's path data. */
  path: 200_000,
  strokes: 500,
  /** Numbers of one stroke: x, y, pressure by turns. */
  points: 12_000,
  prompt: 400,
  name: 60,
} as const

/** What the pictures of a set have in common that is painted by several machines: the very bytes, or the look alone. */
export const SAMENESS = ['exact', 'look'] as const
export type Sameness = (typeof SAMENESS)[number]
