/** Maps, their methods, and what their colours mean. */
import type { Messages } from '../en.ts'

export const map: Messages['map'] = { canny: '边缘', depth: '深度', segmentation: '分区', scribble: '线条' }

export const mapTip: Messages['mapTip'] = {
  canny: 'Canny：笔画的边缘',
  depth: 'Depth：粗的笔画更近',
  segmentation: 'Segmentation：哪些属于一起',
  scribble: 'Scribble：笔画化为线',
}

export const methods: Messages['methods'] = {
  opencv_canny: 'Canny',
  structured_edge_detection: '结构边缘',
  adaptive_canny: '自适应 Canny',
  stroke_thickness_depth: '笔画粗细',
  distance_transform_depth: '到边缘的距离',
  ai_depth_estimation: '深度网络',
  stroke_width_depth: '各笔画宽度',
  radical_segmentation: '部首',
  stroke_type_segmentation: '笔画种类',
  ai_segmentation: '分割网络',
  skeletonization_scribble: '骨架',
  hand_drawn_simulation: '手绘',
  style_aware_scribble: '随风格',
}

export const legend: Messages['legend'] = {
  paper: '纸',
  radical: '部首',
  rest: '其余',
  part: '部分',
  heng: '横 一',
  shu: '竖 丨',
  pie: '撇 丿',
  na: '捺 ㇏',
  dian: '点 丶',
  ti: '提 ㇀',
  zhe: '折 𠃍',
  gou: '钩 亅',
  other: '其他',
}

export const basis: Messages['basis'] = {
  ink: '来自墨迹',
  strokes: '来自笔画数据',
  geometry: '来自形状',
  model: '来自网络',
}

/** A picture of one's own in place of a map. */
export const ownMap: Messages['ownMap'] = {
  title: '自己的图片',
  shown: '将要使用的控制图',
  fit: '在画布上',
  fits: { fit: '适应', crop: '裁剪', stretch: '拉伸' },
  invert: '黑白反转',
  clean: '清理：只留线条',
  hint: '控制图里线条和近处是深底上的亮色。白底黑线会自动反转。',
  take: '用作控制图',
}
