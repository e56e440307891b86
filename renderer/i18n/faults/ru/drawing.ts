import type { image } from '../../../../core/faults/image.ts'
import type { maps } from '../../../../core/faults/maps.ts'
import type { style } from '../../../../core/faults/style.ts'
import type { word } from '../../../../core/faults/word.ts'
import { counter } from '../../plural.ts'
import type { Translated } from '../translated.ts'

const n = counter('ru')
const number = new Intl.NumberFormat('ru').format

const WORD = 'Напишите слово от 1 до 64 знаков.'
const FONT = 'Выберите файл шрифта TrueType, OpenType или WOFF (.ttf, .otf, .ttc, .woff, .woff2).'
const FORMATS = 'Выберите картинку PNG, JPEG, WebP, TIFF, AVIF или GIF.'

/** О слове, картинках, картах и стилях. */
export const drawing: Translated<typeof word & typeof image & typeof maps & typeof style> = {
  wordHasNoInk: () => ['В слове нечего рисовать.', 'Напишите хотя бы один видимый знак.'],
  wordIsEmpty: () => ['Слово пустое.', WORD],
  wordHoldsHalfCharacter: () => ['В слове есть половина знака.', WORD],
  wordHoldsControlCharacter: ({ code }) => [`В слове есть управляющий символ (U+${code}).`, WORD],
  wordTooLong: ({ count, most }) => [
    `В слове ${n(count, { one: 'знак', few: 'знака', many: 'знаков', other: 'знака' })}, а можно не больше ${number(most)}.`,
    WORD,
  ],
  noWordNorPrompt: () => ['Нет ни слова, ни описания.', 'Напишите слово или описание.'],
  noWordForMaps: () => ['Карты рисуются по слову, а слова нет.', 'Напишите слово или выключите карты.'],
  noOutline: ({ characters, count, fonts, chosen }) => [
    `Нет начертания для ${characters} в шрифтах: ${fonts}.`,
    chosen
      ? 'Отметьте «Недостающие знаки — другим шрифтом» или выберите другой шрифт.'
      : `Выберите шрифт, в котором есть ${count > 1 ? 'эти знаки' : 'этот знак'}, или измените слово.`,
  ],
  glyphIsPicture: ({ font, character }) => [
    `В шрифте ${font} у знака ${character} нет контура.`,
    'В этом шрифте цветные картинки. Выберите шрифт с контурами, например Noto Emoji.',
  ],
  glyphIsEmpty: ({ font, character }) => [
    `Шрифт ${font} ничего не рисует для знака ${character}.`,
    'Выберите другой шрифт.',
  ],
  noVariant: ({ character, fonts }) => [
    `Ни в одном шрифте нет такого варианта знака ${character}: ${fonts}.`,
    'Выберите шрифт, в котором он есть, или удалите селектор варианта.',
  ],
  fontTakesTooLong: ({ font }) => [
    `Шрифт ${font} рисуется слишком долго или занимает слишком много памяти.`,
    'Выберите другой шрифт.',
  ],
  noSuchFont: ({ font }) => [
    `Шрифт «${font}» не установлен.`,
    'Выберите шрифт из списка или укажите путь к файлу шрифта.',
  ],
  fontCannotDraw: ({ font, text }) => [
    `Шрифт ${font} повреждён: им нельзя нарисовать «${text}».`,
    'Выберите другой шрифт.',
  ],
  notAFont: ({ file }) => [`«${file}» — не шрифт.`, FONT],
  fontDamaged: ({ file }) => [`Шрифт «${file}» повреждён.`, FONT],
  fontUnreadable: ({ file }) => [`«${file}» не удаётся прочитать.`, FONT],
  fontIsNoFile: ({ file }) => [`«${file}» — не файл.`, FONT],
  fontTooLarge: ({ file }) => [`«${file}» больше 512 МБ.`, FONT],
  ownFontTooLarge: ({ file }) => [`«${file}» больше 128 МБ.`, FONT],
  fontForWeb: ({ file }) => [
    `«${file}» — шрифт, упакованный для веб-страниц.`,
    'Добавьте тот же шрифт как .ttf или .otf: у его автора они тоже есть.',
  ],
  fontIsHere: ({ font }) => [`Шрифт «${font}» здесь уже есть.`, 'Выберите его в списке шрифтов.'],

  notAPicture: ({ name }) => [`Не удаётся прочитать картинку: ${name}.`, FORMATS],
  pictureDamaged: ({ name }) => [`Картинка повреждена: ${name}.`, FORMATS],
  pictureIsHeic: ({ name }) => [
    `${name} — картинка HEIC, здесь она не читается.`,
    'Сохраните её как JPEG или PNG. iPhone снимает в JPEG: «Настройки», «Камера», «Форматы», «Наиболее совместимый».',
  ],
  pictureTooLarge: ({ name, width, height }) => [
    `Картинка слишком большая: ${name}, ${number(width)} × ${number(height)} пикселей.`,
    'Уменьшите: читается до 20 000 пикселей по стороне и 100 мегапикселей.',
  ],
  pictureOverfull: ({ name }) => [
    `${name}: в файле больше, чем нужно картинке, — слишком много байт, текстов или частей.`,
    'Сохраните её заново в графической программе, без метаданных.',
  ],
  pictureTakesTooLong: ({ name }) => [
    `${name}: чтение занимает слишком много времени или памяти.`,
    'Скопируйте файл на этот компьютер или сохраните его меньше, как PNG или JPEG.',
  ],
  inkTooFine: () => ['Линии на картинке слишком тонкие.', 'Выберите картинку крупнее или жирнее.'],
  pictureBlank: () => ['Картинка пустая: на ней ничего не выделяется.', 'Выберите картинку с чётким рисунком.'],
  canvasEmpty: () => ['На холсте ничего нет.', 'Нужно слово или картинка с видимыми чертами.'],
  pictureUnreadable: ({ name, reason }) => [
    `${name} не удаётся прочитать как картинку: ${reason}.`,
    'Возьмите файл PNG, JPEG, WebP или TIFF.',
  ],
  pictureTellsNothing: ({ name }) => [
    `В ${name} не записано, как сделана картина.`,
    'Перетащите картину студии или PNG с параметрами AUTOMATIC1111, ComfyUI, InvokeAI или SwarmUI.',
  ],

  aiModelMissing: ({ name, id, folder }) => [
    `Модели ${name} (${id}) нет в папке ${folder}.`,
    `Скачайте её: npm run --silent zihua -- models download ${id}`,
  ],
  aiModelUnloadable: ({ path }) => [
    `Файл модели ${path} не загружается.`,
    'Удалите его и скачайте снова: npm run --silent zihua -- models list',
  ],
  aiModelFailed: ({ reason }) => [
    `Нейросеть карты не справилась: ${reason}`,
    'Выберите другой способ для этой карты или скачайте модель снова.',
  ],
  aiModelEnded: ({ how }) => [
    `Процесс нейросети карты ${how}.`,
    'Попробуйте ещё раз или выберите другой способ для этой карты.',
  ],
  mapOutOfMemory: () => ['На карту не хватило памяти.', 'Выберите размер меньше или закройте другие программы.'],
  mapWorkerEnded: ({ how }) => [`Процесс рисования карт ${how}.`, 'Попробуйте ещё раз; если повторится, сообщите нам.'],
  mapFailed: ({ reason }) => [`Карта не получилась: ${reason}`, 'Сообщите нам это слово и его настройки.'],

  noSuchStyle: ({ id, nearest }) => [`Стиля «${id}» нет.`, `Самые похожие: ${nearest}.`],
  styleIsBuiltIn: ({ id }) => [
    `«${id}» — стиль самой студии, он не меняется.`,
    'Сохраните изменения под другим именем.',
  ],
  styleMisnamed: ({ file, holds, id }) => [
    `В файле ${file} лежит стиль «${holds}», а по имени это «${id}».`,
    'Переименуйте файл или возьмите его через «Взять из JSON…».',
  ],
  styleWrong: ({ problem }) => [problem, 'Исправьте это поле или сохраните любой стиль в JSON, чтобы увидеть верный.'],
  styleIdReserved: ({ what }) => [`${what}: файл с таким именем создать нельзя.`, 'Выберите другое имя.'],
  styleNotJson: ({ what, reason }) => [`${what}: это не JSON (${reason}).`, 'Сохраните стиль снова или удалите файл.'],
  styleTooLarge: ({ what, kilobytes }) => [
    `${what}: больше ${number(kilobytes)} КБ, таких стилей не бывает.`,
    'Проверьте, тот ли это файл.',
  ],
  styleUnreadable: ({ path, reason }) => [
    `${path} не удаётся прочитать как стиль: ${reason}.`,
    'Проверьте, что это файл стиля в JSON и что его можно читать.',
  ],
  templateWrong: ({ what, problems }) => [
    `Ошибка в шаблоне описания, ${what}: ${problems.join('; ')}.`,
    'Есть {meaning} и {character}; сами скобки пишутся {{ и }}.',
  ],

  outlineMisdrawn: () => ['Контур нарисован в другом размере.', 'Сообщите нам это слово и его расположение.'],
  strokeDataUnreadable: ({ character }) => [
    `Данные о чертах знака ${character} не удаётся прочитать.`,
    'Установите студию заново.',
  ],
  dictionaryUnreadable: ({ file, reason }) => [
    `Китайский словарь ${file} не удаётся прочитать: ${reason}.`,
    'Установите студию заново или напишите перевод сами: тогда словарь не нужен.',
  ],
  aiModelUnknown: ({ task, id, known }) => [`Для задачи ${task} нет модели «${id}».`, `Есть ${known}.`],
  mapUnknown: ({ map, known }) => [`Карты «${map}» нет.`, `Есть ${known}.`],
  mapMethodUnknown: ({ map, method, known }) => [`У карты ${map} нет способа «${method}».`, `Есть ${known}.`],
  scribbleStyleWrong: ({ field, given, least, most }) => [
    `У наброска «${field}» равно ${given}.`,
    `Нужно число от ${least} до ${most}.`,
  ],
  notAPng: ({ name }) => [`Не файл PNG: ${name}.`, 'Укажите файл PNG.'],
  pngUnreadable: ({ name, reason }) => [`Не удаётся прочитать: ${name} (${reason}).`, 'Укажите файл PNG.'],
  maskMisfits: () => ['Маска слова другого размера, чем картина.', 'Возьмите маску, нарисованную для неё.'],
  maskOfOtherProportions: () => [
    'У маски слова другие пропорции, чем у картины.',
    'Возьмите маску, нарисованную для неё.',
  ],
  maskBlank: () => ['Маска слова пуста или закрашена целиком.', 'Возьмите маску написанного слова.'],
}
