import type { image } from '../../../../core/faults/image.ts'
import type { maps } from '../../../../core/faults/maps.ts'
import type { style } from '../../../../core/faults/style.ts'
import type { word } from '../../../../core/faults/word.ts'
import type { Translated } from '../translated.ts'

const number = new Intl.NumberFormat('zh').format

const WORD = '请写 1 到 64 个字符的词。'
const FONT = '请选择 TrueType、OpenType 或 WOFF 字体文件（.ttf、.otf、.ttc、.woff、.woff2）。'
const FORMATS = '请选择 PNG、JPEG、WebP、TIFF、AVIF 或 GIF 图片。'

/** 字、图片、控制图和风格。 */
export const drawing: Translated<typeof word & typeof image & typeof maps & typeof style> = {
  wordHasNoInk: () => ['这个词没有可见的笔画。', '请至少写一个可见的字符。'],
  wordIsEmpty: () => ['词是空的。', WORD],
  wordHoldsHalfCharacter: () => ['词里有半个字符。', WORD],
  wordHoldsControlCharacter: ({ code }) => [`词里有控制字符（U+${code}）。`, WORD],
  wordTooLong: ({ count, most }) => [`词有 ${number(count)} 个字符，最多 ${number(most)} 个。`, WORD],
  noWordNorPrompt: () => ['既没有词，也没有描述。', '请写一个词，或写描述。'],
  noWordForMaps: () => ['控制图要从字画出，但没有字。', '请写一个词，或关闭控制图。'],
  noOutline: ({ characters, count, fonts, chosen }) => [
    `这些字体里没有 ${characters} 的字形：${fonts}。`,
    chosen
      ? '请勾选“缺字用其他字体”，或换一种字体。'
      : `请选择含有${count > 1 ? '这些字符' : '这个字符'}的字体，或改写这个词。`,
  ],
  glyphIsPicture: ({ font, character }) => [
    `字体 ${font} 里的 ${character} 没有轮廓。`,
    '这个字体里是彩色图片。请选择用轮廓绘制的字体，例如 Noto Emoji。',
  ],
  glyphIsEmpty: ({ font, character }) => [`字体 ${font} 画不出 ${character}。`, '请换一种字体。'],
  noVariant: ({ character, fonts }) => [
    `这些字体里没有 ${character} 的这种字形：${fonts}。`,
    '请选择有这种字形的字体，或删除变体选择符。',
  ],
  fontTakesTooLong: ({ font }) => [`字体 ${font} 绘制太慢或占用内存太多。`, '请换一种字体。'],
  noSuchFont: ({ font }) => [`没有安装字体“${font}”。`, '请从列表中选择字体，或填写字体文件的路径。'],
  fontCannotDraw: ({ font, text }) => [`字体 ${font} 已损坏，画不出“${text}”。`, '请换一种字体。'],
  notAFont: ({ file }) => [`“${file}”不是字体。`, FONT],
  fontDamaged: ({ file }) => [`字体“${file}”已损坏。`, FONT],
  fontUnreadable: ({ file }) => [`无法读取“${file}”。`, FONT],
  fontIsNoFile: ({ file }) => [`“${file}”不是文件。`, FONT],
  fontTooLarge: ({ file }) => [`“${file}”超过 512 MB。`, FONT],
  ownFontTooLarge: ({ file }) => [`“${file}”超过 128 MB。`, FONT],
  fontForWeb: ({ file }) => [`“${file}”是为网页打包的字体。`, '请添加同一字体的 .ttf 或 .otf 文件，字体作者也会提供。'],
  fontIsHere: ({ font }) => [`已有字体“${font}”。`, '请在字体列表中选择它。'],

  notAPicture: ({ name }) => [`${name}不是可以读取的图片。`, FORMATS],
  pictureDamaged: ({ name }) => [`${name}已损坏。`, FORMATS],
  pictureIsHeic: ({ name }) => [
    `${name}是 HEIC 图片，这里无法读取。`,
    '请另存为 JPEG 或 PNG。在 iPhone 的“设置”“相机”“格式”里选“兼容性最佳”，就会拍成 JPEG。',
  ],
  pictureTooLarge: ({ name, width, height }) => [
    `${name}太大：${number(width)} × ${number(height)} 像素。`,
    '请缩小：每边最多 20,000 像素，总共最多 1 亿像素。',
  ],
  pictureOverfull: ({ name }) => [
    `${name} 的内容超出图片所需：字节、文本或部分过多。`,
    '请用图片程序重新保存，不带元数据。',
  ],
  pictureTakesTooLong: ({ name }) => [
    `读取 ${name} 耗费的时间或内存过多。`,
    '请把它复制到这台电脑，或以 PNG 或 JPEG 存得小一些。',
  ],
  inkTooFine: () => ['图片里的线条太细，无法绘制。', '请选择更大或线条更粗的图片。'],
  pictureBlank: () => ['图片是空白的，看不出任何墨迹。', '请选择线条清楚的图片。'],
  canvasEmpty: () => ['画布上没有墨迹。', '请给出有可见笔画的词或图片。'],
  pictureUnreadable: ({ name, reason }) => [
    `${name} 无法作为图片读取：${reason}。`,
    '请使用 PNG、JPEG、WebP 或 TIFF 文件。',
  ],
  pictureTellsNothing: ({ name }) => [
    `${name} 里没有制作信息。`,
    '请拖入工作室的作品，或带有 AUTOMATIC1111、ComfyUI、InvokeAI 或 SwarmUI 参数的 PNG。',
  ],

  aiModelMissing: ({ name, id, folder }) => [
    `${folder} 里没有模型 ${name}（${id}）。`,
    `请下载：npm run --silent zihua -- models download ${id}`,
  ],
  aiModelUnloadable: ({ path }) => [
    `无法载入模型文件 ${path}。`,
    '请删除后重新下载：npm run --silent zihua -- models list',
  ],
  aiModelFailed: ({ reason }) => [`控制图的网络出错：${reason}`, '请为这张图换一种方法，或重新下载模型。'],
  aiModelEnded: ({ how }) => [`控制图的网络进程${how}。`, '请重试，或为这张图换一种方法。'],
  mapOutOfMemory: () => ['绘制控制图时内存不足。', '请选择较小的尺寸，或关闭其他程序。'],
  mapWorkerEnded: ({ how }) => [`控制图的绘制进程${how}。`, '请重试；若再次出现，请报告。'],
  mapFailed: ({ reason }) => [`控制图没有画成：${reason}`, '请报告这个词和它的设置。'],

  noSuchStyle: ({ id, nearest }) => [`没有风格“${id}”。`, `最接近的有：${nearest}。`],
  styleIsBuiltIn: ({ id }) => [`“${id}”是工作室自带的风格，不能更改。`, '请把改动另存为别的名称。'],
  styleMisnamed: ({ file, holds, id }) => [
    `${file} 里的风格是“${holds}”，而文件名是“${id}”。`,
    '请改文件名，或用“从 JSON 导入”。',
  ],
  styleWrong: ({ problem }) => [problem, '请改正这一项；导出任一风格可以看到正确的写法。'],
  styleIdReserved: ({ what }) => [`${what}：系统不允许这个文件名。`, '请换一个名称。'],
  styleNotJson: ({ what, reason }) => [`${what}：不是 JSON（${reason}）。`, '请重新导出这个风格，或移走文件。'],
  styleTooLarge: ({ what, kilobytes }) => [
    `${what}：超过 ${number(kilobytes)} KB，风格不会这么大。`,
    '请检查是否选对了文件。',
  ],
  styleUnreadable: ({ path, reason }) => [
    `${path} 无法作为风格读取：${reason}。`,
    '请检查它是风格的 JSON 文件，并且可以读取。',
  ],
  templateWrong: ({ what, problems }) => [
    `${what}的描述模板有误：${problems.join('；')}。`,
    '可用 {meaning} 和 {character}；要写括号本身，请用 {{ 和 }}。',
  ],

  outlineMisdrawn: () => ['轮廓按别的尺寸绘制了。', '请报告这个词和它的排版。'],
  strokeDataUnreadable: ({ character }) => [`无法读取“${character}”的笔画数据。`, '请重新安装工作室。'],
  dictionaryUnreadable: ({ file, reason }) => [
    `无法读取汉语词典 ${file}：${reason}。`,
    '请重新安装工作室，或自己填写意思，这样就不必查词典。',
  ],
  aiModelUnknown: ({ task, id, known }) => [`${task} 没有名为“${id}”的模型。`, `可用的有 ${known}。`],
  mapUnknown: ({ map, known }) => [`没有控制图“${map}”。`, `可用的有 ${known}。`],
  mapMethodUnknown: ({ map, method, known }) => [`控制图 ${map} 没有方法“${method}”。`, `可用的有 ${known}。`],
  scribbleStyleWrong: ({ field, given, least, most }) => [
    `涂鸦图的 ${field} 是 ${given}。`,
    `应为 ${least} 到 ${most} 之间的数。`,
  ],
  notAPng: ({ name }) => [`${name}不是 PNG 文件。`, '请指定 PNG 文件。'],
  pngUnreadable: ({ name, reason }) => [`无法读取 ${name}（${reason}）。`, '请指定 PNG 文件。'],
  maskMisfits: () => ['字的蒙版与画面尺寸不同。', '请使用为它绘制的蒙版。'],
  maskOfOtherProportions: () => ['字的蒙版与画面比例不同。', '请使用为它绘制的蒙版。'],
  maskBlank: () => ['字的蒙版是空的，或全部涂满。', '请使用所写的字的蒙版。'],
}
