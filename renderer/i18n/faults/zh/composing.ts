import type { composition } from '../../../../core/faults/composition.ts'
import type { Translated } from '../translated.ts'

/** 构图：各块、图案，以及重画的部分。 */
export const composing: Translated<typeof composition> = {
  blockHasNoInk: ({ name }) => [`“${name}”这一块没有可画的内容。`, '请给它有面积的轮廓，或将其删除。'],
  motifPathWrong: ({ reason }) => [
    `图案的轮廓无法读取：${reason}。`,
    '请使用由 M、L、Q、C、Z 组成的绝对路径数据，或 SVG 文件。',
  ],
  motifUnknown: ({ text }) => [`没有“${text}”的图案。`, '请给出表情符号、另一个中文、英文或俄文词，或 SVG 文件。'],
  svgUnreadable: ({ name, reason }) => [`${name} 不是可读的 SVG：${reason}。`, '请另存为普通 SVG。'],
  svgTooLarge: ({ name, most }) => [`${name} 超过 ${most} 字节。`, '请简化路径。'],
  svgWithoutPaths: ({ name }) => [`${name} 里没有填充的图形。`, '请把文字和线条转换为路径，再存为普通 SVG。'],
  svgHoldsMore: ({ name, element }) => [
    `${name} 里不只有路径：<${element}>。`,
    '请把全部内容转换为路径，再存为普通 SVG。',
  ],
  compositionUnreadable: ({ file, reason }) => [
    `${file} 里没有构图：${reason}。`,
    '请写成 {"blocks": [{"kind": "word", "source": {"text": "学"}, "transform": …}]}；字段见 README。',
  ],
  repaintNeedsPicture: () => ['要重画一部分，却没有给出图片。', '请在 initImage 中给出图片。'],
  upscaleNeedsPicture: () => ['要把图片放大，但没有给出图片。', '请用 initImage 指定图片。'],
  repaintNothing: () => ['没有说明要重画哪一部分。', '请给出笔画、部首、块、背景，或带白色的蒙版。'],
  repaintStrokeUnknown: ({ stroke, count }) => [`没有第 ${stroke} 笔：一共 ${count} 笔。`, '请按书写顺序从 1 数起。'],
  repaintBlockUnknown: ({ block, count }) => [`没有第 ${block} 块：共有 ${count} 块。`, '请从最下层起，从 1 数起。'],
  repaintNoRadical: () => ['这些字的部首未知。', '请给出笔画，或画一个蒙版。'],
}
