/** Maps, their methods, and what their colours mean. */

export const map = { canny: 'Edges', depth: 'Depth', segmentation: 'Parts', scribble: 'Lines' }

export const mapTip = {
  canny: 'Canny: the edges of the strokes',
  depth: 'Depth: thick strokes stand nearer',
  segmentation: 'Segmentation: what belongs together',
  scribble: 'Scribble: the strokes as lines',
}

export const methods = {
  opencv_canny: 'Canny',
  structured_edge_detection: 'Structured edges',
  adaptive_canny: 'Adaptive Canny',
  stroke_thickness_depth: 'Stroke thickness',
  distance_transform_depth: 'Distance to edge',
  ai_depth_estimation: 'Depth network',
  stroke_width_depth: 'Width of each stroke',
  radical_segmentation: 'Radicals',
  stroke_type_segmentation: 'Stroke types',
  ai_segmentation: 'Segment network',
  skeletonization_scribble: 'Skeleton',
  hand_drawn_simulation: 'Drawn by hand',
  style_aware_scribble: 'In the style',
}

export const legend = {
  paper: 'Paper',
  radical: 'Radical',
  rest: 'Rest',
  part: 'Part',
  heng: 'Héng 一',
  shu: 'Shù 丨',
  pie: 'Piě 丿',
  na: 'Nà ㇏',
  dian: 'Diǎn 丶',
  ti: 'Tí ㇀',
  zhe: 'Zhé 𠃍',
  gou: 'Gōu 亅',
  other: 'Other',
} as Record<string, string>

export const basis = {
  ink: 'from the ink',
  strokes: 'from stroke data',
  geometry: 'from the shape',
  model: 'by a network',
}

/** A picture of one's own in place of a map. */
export const ownMap = {
  title: 'a picture of my own',
  shown: 'The map as it will be used',
  fit: 'Placed',
  fits: { fit: 'Fit', crop: 'Crop', stretch: 'Stretch' },
  invert: 'Invert light and dark',
  clean: 'Clean: the drawn lines alone',
  hint: 'Lines and near things are light on dark in a map. Black on white is inverted by itself.',
  take: 'Use it as the map',
}
