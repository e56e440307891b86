import type { composition } from '../../../../core/faults/composition.ts'
import type { Translated } from '../translated.ts'

/** О композициях: их блоки, мотивы и то, что рисуется заново. */
export const composing: Translated<typeof composition> = {
  blockHasNoInk: ({ name }) => [
    `Блок «${name}» ничего не рисует.`,
    'Дайте ему контур с внутренней частью или уберите его.',
  ],
  motifPathWrong: ({ reason }) => [
    `Контур мотива не читается: ${reason}.`,
    'Нужны данные пути из M, L, Q, C и Z в абсолютных координатах или файл SVG.',
  ],
  motifUnknown: ({ text }) => [
    `Мотива «${text}» нет.`,
    'Дайте эмодзи, другое слово на русском, английском или китайском или файл SVG.',
  ],
  svgUnreadable: ({ name, reason }) => [`${name} не читается как SVG: ${reason}.`, 'Сохраните его как простой SVG.'],
  svgTooLarge: ({ name, most }) => [`${name} больше ${most} байт.`, 'Упростите контуры.'],
  svgWithoutPaths: ({ name }) => [
    `В ${name} нет залитых фигур.`,
    'Превратите тексты и линии в контуры и сохраните как простой SVG.',
  ],
  svgHoldsMore: ({ name, element }) => [
    `В ${name} не только контуры: <${element}>.`,
    'Превратите всё в контуры и сохраните как простой SVG.',
  ],
  compositionUnreadable: ({ file, reason }) => [
    `В ${file} нет композиции: ${reason}.`,
    'Напишите {"blocks": [{"kind": "word", "source": {"text": "学"}, "transform": …}]}; поля описаны в README.',
  ],
  repaintNeedsPicture: () => ['Часть нужно нарисовать заново, а картинки нет.', 'Назовите картинку в initImage.'],
  upscaleNeedsPicture: () => ['Картинку нужно увеличить, а её нет.', 'Назовите картинку в initImage.'],
  repaintNothing: () => [
    'Не сказано, какую часть рисовать заново.',
    'Назовите черты, ключ, блоки, фон или маску, в которой есть белое.',
  ],
  repaintStrokeUnknown: ({ stroke, count }) => [
    `Черты ${stroke} нет: всего их ${count}.`,
    'Считайте черты в порядке письма, с 1.',
  ],
  repaintBlockUnknown: ({ block, count }) => [`Блока ${block} нет: участвуют ${count}.`, 'Считайте блоки снизу, с 1.'],
  repaintNoRadical: () => ['Ключ этих знаков неизвестен.', 'Назовите черты или нарисуйте маску.'],
}
