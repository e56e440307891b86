/** Maps, their methods, and what their colours mean. */
import type { Messages } from '../en.ts'

export const map: Messages['map'] = { canny: 'Края', depth: 'Глубина', segmentation: 'Части', scribble: 'Линии' }

export const mapTip: Messages['mapTip'] = {
  canny: 'Canny: края черт',
  depth: 'Depth: толстые черты ближе',
  segmentation: 'Segmentation: что к чему относится',
  scribble: 'Scribble: черты как линии',
}

export const methods: Messages['methods'] = {
  opencv_canny: 'Canny',
  structured_edge_detection: 'Структурные края',
  adaptive_canny: 'Canny с подстройкой',
  stroke_thickness_depth: 'Толщина черт',
  distance_transform_depth: 'Расстояние до края',
  ai_depth_estimation: 'Сеть глубины',
  stroke_width_depth: 'Ширина каждой черты',
  radical_segmentation: 'Ключи',
  stroke_type_segmentation: 'Виды черт',
  ai_segmentation: 'Сеть частей',
  skeletonization_scribble: 'Скелет',
  hand_drawn_simulation: 'От руки',
  style_aware_scribble: 'В духе стиля',
}

export const legend: Messages['legend'] = {
  paper: 'Бумага',
  radical: 'Ключ',
  rest: 'Остальное',
  part: 'Часть',
  heng: 'Хэн 一',
  shu: 'Шу 丨',
  pie: 'Пе 丿',
  na: 'На ㇏',
  dian: 'Дянь 丶',
  ti: 'Ти ㇀',
  zhe: 'Чжэ 𠃍',
  gou: 'Гоу 亅',
  other: 'Прочее',
}

export const basis: Messages['basis'] = {
  ink: 'по чернилам',
  strokes: 'по данным о чертах',
  geometry: 'по форме',
  model: 'нейросетью',
}

/** A picture of one's own in place of a map. */
export const ownMap: Messages['ownMap'] = {
  title: 'своё изображение',
  shown: 'Карта, какой она будет',
  fit: 'Место',
  fits: { fit: 'Вписать', crop: 'Обрезать', stretch: 'Растянуть' },
  invert: 'Поменять светлое и тёмное',
  clean: 'Очистить: только линии рисунка',
  hint: 'На карте линии и близкое светлые на тёмном. Чёрное на белом обращается само.',
  take: 'Взять как карту',
}
