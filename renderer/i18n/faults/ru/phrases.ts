import { counter } from '../../plural.ts'
import type { TranslatedPhrases } from '../translated.ts'
import { damage } from './damage.ts'
import { machinePhrases } from './machine.ts'

const n = counter('ru')
const number = new Intl.NumberFormat('ru').format
const keys = { one: 'ключ', few: 'ключа', many: 'ключей', other: 'ключа' }

/** «не меньше 5», «больше 0»; у строк и списков — сколько в них. */
const least = (of: string, bound: number, inclusive: boolean) =>
  of === 'string'
    ? bound === 1
      ? 'здесь пусто'
      : `нужно знаков не меньше ${number(bound)}`
    : of === 'array'
      ? bound === 1
        ? 'список пуст'
        : `нужно не меньше ${number(bound)}`
      : `нужно число ${inclusive ? 'не меньше' : 'больше'} ${number(bound)}`

const most = (of: string, bound: number, inclusive: boolean) =>
  of === 'string'
    ? `слишком длинно, знаков не больше ${number(bound)}`
    : of === 'array'
      ? `слишком много, не больше ${number(bound)}`
      : `нужно число ${inclusive ? 'не больше' : 'меньше'} ${number(bound)}`

const TYPES: Record<string, string> = {
  string: 'нужен текст',
  number: 'нужно число',
  int: 'нужно целое число',
  boolean: 'нужно true или false',
  array: 'нужен список',
  tuple: 'нужен список',
  object: 'нужен объект',
  record: 'нужен объект',
}

const LOST: Record<string, string> = { model: 'модель', controlnet: 'управляющая сеть', file: 'файл', font: 'шрифт' }

/** Части предложений, без точки. */
export const phrases: TranslatedPhrases = {
  readAsWritten: ({ read, sure }) => `Прочитано «${read}», как и написано; программа уверена на ${sure} %.`,
  readOtherwise: ({ read, word }) => `Прочитано «${read}» вместо «${word}».`,
  readAsVariant: ({ read, word }) => `Прочитано «${read}», другое написание «${word}».`,
  nothingRead: () => 'Там, где должно быть слово, букв не найдено.',
  scriptJudgedByOutline: () =>
    'Читаются только китайские знаки, латиница и греческие буквы: это слово оценено по совпадению с контуром.',
  scriptNotRead: ({ word }) =>
    `Оценить нельзя: не все знаки слова «${word}» известны, а как слово было нарисовано, по картине не узнать.`,
  judgedByOutlineAlone: () => 'Слово неизвестно: оценено совпадение с контуром рисунка.',
  strokesTooThin: () => 'Оценить нельзя: при таком размере линии слишком тонки. Сделайте картину крупнее.',
  noWordToCompare: () => 'Сравнить не с чем: назовите слово через --word.',

  theRequest: () => 'Запрос',
  theSet: () => 'Набор',
  theStyle: () => 'Стиль',
  theStyleCalled: ({ id }) => `стиль «${id}»`,
  theWordList: () => 'Список слов',
  thePicture: () => 'выбранный файл',
  theJob: () => 'Задание',
  theSearch: () => 'Поиск',
  theNotes: () => 'Заметки',
  theSettings: () => 'Настройки',
  theScheduler: ({ name }) => `Планировщик ${name}`,

  styleIdExpected: () => 'нужны строчные латинские буквы, цифры и одиночные дефисы',
  colourExpected: () => 'нужно «#rrggbb» строчными буквами',
  windowExpected: () => 'начало позже конца',
  fieldExpected: () => 'нужно поле вроде «controls.canny.weight»',
  sizeExpected: () => 'нужен размер вроде «1024x768»',
  scaleExpected: () => 'ожидается масштаб не меньше 0,005',
  seedsBeyond: () => 'зёрна картин идут подряд, и последнее превысит 9007199254740991',
  oneKeepExpected: () => 'что-то одно: «best» или «legible»',
  placeholderUnknown: ({ name }) => `{${name}} неизвестно, есть только {meaning} и {character}`,
  braceLoose: () => 'у скобки нет пары',
  meaningMissing: () => 'нет {meaning}',
  labelNames: () => 'Имена',
  labelTitle: () => 'Название',
  labelSize: () => 'Размер',
  labelBleed: () => 'Вылет',
  labelPictures: () => 'Картины',
  nameFieldUnknown: ({ field, known }) => `${field} неизвестно; есть ${known}`,
  nameBraceLoose: ({ template }) => `в «${template}» у скобки нет пары`,

  noWords: () => 'слов нет',
  noWordColumn: () => 'нет столбца word',
  noWord: () => 'слова нет',
  wordMuchTooLong: () => 'слово слишком длинное',
  seedNotWhole: ({ seed }) => `зерно «${seed}» — не целое число`,
  wordGarbled: () => 'в слове есть U+FFFD: эти знаки потеряны в неверной кодировке',
  meaningGarbled: () => 'в значении есть U+FFFD: эти знаки потеряны в неверной кодировке',
  translationTooLong: ({ most }) => `значение длиннее ${most} знаков`,
  columnUnused: ({ name }) => `столбец «${name}» не используется`,
  columnUnnamed: ({ at }) => `столбец ${at} без имени и не используется`,
  columnOfAnki: ({ at, name }) => `в столбце ${at} служебные данные Anki (${name}), он не используется`,
  ofWord: ({ word, problem }) => `слово «${word}»: ${problem}`,
  takenForNames: () => 'строка принята за имена столбцов',
  quoteInCell: () => 'после закрывающей кавычки есть ещё текст: удвойте кавычки внутри ячейки',
  cellsBeyond: ({ count }) => `ячеек за названными столбцами: ${count}, они не используются`,
  sheetTaken: ({ sheet, others }) => `взят лист «${sheet}», не взяты: ${others}`,
  styleUnknown: ({ style }) => `стиля «${style}» нет`,
  quoteNotClosed: () => 'кавычка не закрыта: закройте её или удвойте',

  wordIsCrossed: ({ word, by, percent }) => `${percent} % черт слова «${word}» закрыты: ${by}`,
  strokesFine: ({ word, pixels, least }) =>
    `черты слова «${word}» шириной ${pixels} пикс., меньше ${least}: читать трудно`,
  nameTaken: ({ name }) => `${name}: назван так, потому что имя занято.`,
  fileThere: ({ name }) => `${name}: назван так, потому что файл с этим именем уже есть.`,
  jpegKeepsGround: () => 'В JPEG нет прозрачности: у этих файлов фон останется.',

  changed: ({ kind, name }) => `${LOST[kind] ?? kind} ${name} (изменилось)`,
  absent: ({ kind, name }) => `${LOST[kind] ?? kind} ${name} (не найдено)`,

  wholeNumberExpected: () => 'нужно целое число',
  numberExpected: () => 'нужно число',
  booleanExpected: () => 'нужно true или false',
  wholeNumbersExpected: ({ count }) => (count === null ? 'нужны целые числа' : `нужны целые числа, всего ${count}`),
  knownAre: ({ names }) => `известны: ${names}`,
  onlyKnown: ({ value }) => `известно только ${value}`,

  graphNotLoaded: ({ graph }) => `${graph} не загружается`,
  graphFailing: ({ graph }) => `${graph}: сбой`,
  notReached: () => 'не ответил',
  notStarted: ({ reason }) => `не запустился (${reason})`,
  endedBySignal: ({ signal }) => `был завершён сигналом ${signal}`,
  endedByError: ({ reason }) => `дал сбой (${reason})`,
  endedWithCode: ({ code }) => `завершился с кодом ${code}`,
  keysMissing: ({ count, names }) => `не хватает — ${n(count, keys)}: ${names}`,
  keysMisshapen: ({ count, names }) => `другой формы — ${n(count, keys)}: ${names}`,
  loraNotInstalled: ({ name }) =>
    `LoRA «${name}» из запроса не установлена: положите ${name}.safetensors в папку loras`,
  embeddingNotInstalled: ({ name }) =>
    `эмбеддинг «${name}» из запроса не установлен: положите ${name}.safetensors в папку embeddings`,
  embeddingsLeftOut: ({ file, count, names }) =>
    `${file}: эмбеддинги рядом с LoRA не используются (${count}): ${names}`,
  loraPartly: ({ file, count, names }) => `${file}: в модели нет места и пропущено — ${n(count, keys)}: ${names}`,
  keysBeyondConfig: ({ count, names }) => `слоёв больше, чем в настройках, — ${n(count, keys)}: ${names}`,

  aLora: () => 'LoRA',
  aControlnetUnion: () => 'ControlNet-Union',
  aVae: () => 'VAE',
  aControlnet: () => 'ControlNet (не Union)',
  aUnet: () => 'только UNet',
  aTextEncoder: () => 'только текстовый кодировщик',
  noSdxlFile: () => 'посторонний файл',
  aRefiner: () => 'refiner от SDXL (не основная модель)',
  aDistilledModel: () => 'сокращённая SDXL: в её UNet нет части блоков (как у SSD-1B, Vega и KOALA)',
  packedNumbers: ({ packing }) =>
    `модель в числах из нескольких битов (${packing}), они здесь не читаются; возьмите её файл в fp16 или fp8`,
  anInpaintingModel: ({ channels }) => `модель SDXL для дорисовки: её UNet читает ${channels} каналов вместо 4`,
  aCheckpointOf: ({ family }) => `модель ${family} (не SDXL)`,
  aLoraFor: ({ family }) => `LoRA для ${family} (не SDXL)`,
  aVaeOf: ({ family }) => `VAE от ${family} (не от SDXL)`,
  aControlnetFor: ({ family }) => `ControlNet для ${family} (не SDXL)`,
  anEmbedding: () => 'эмбеддинг (textual inversion) для SDXL',
  anEmbeddingFor: ({ family }) => `эмбеддинг (textual inversion) для ${family} (не SDXL)`,
  anAuxiliary: ({ what }) => `не часть модели SDXL (${what})`,
  noCudaProvider: () => 'в ней нет libonnxruntime и libonnxruntime_providers_cuda.so',
  noNvidiaDriver: () => 'на этой машине нет драйвера NVIDIA',
  driverTooOld: ({ driver, cuda, needed, fits }) =>
    `драйвер NVIDIA ${driver} слишком стар для CUDA ${cuda}: установите ${needed} или новее${fits ? ` либо скачайте библиотеки CUDA ${fits}, которым хватит и этого (zihua models download cuda${fits}-runtime)` : ''}`,
  anLfsPointer: () => 'указатель Git LFS',
  anHtmlPage: () => 'страница HTML',
  aPickle: () => 'файл pickle, который при чтении может выполнить чужой код',
  aGguf: () => 'файл GGUF',
  aPicture: () => 'картинка',
  aJsonText: () => 'текст JSON',
  aText: () => 'текст',
  aPdf: () => 'документ PDF',
  anRtf: () => 'документ текстового редактора (RTF)',
  anArchive: () => 'упакованный архив',
  anOnnxModel: () => 'модель ONNX',
  anHdf5File: () => 'файл HDF5',
  onlyZeros: () => 'файл из нулей, какой остаётся от прерванной загрузки',
  lfsPull: () => 'Выполните «git lfs pull» в её папке или скачайте сам файл.',
  downloadInstead: () => 'Скачайте файл снова: вместо него сохранился другой ответ.',
  unpackIt: () => 'Распакуйте его и возьмите файл .safetensors изнутри.',
  takeSafetensors: () => 'Скачайте файл .safetensors этой модели.',
  takeUnquantised: () => 'Возьмите файл .safetensors этой модели в fp16 или fp8: GGUF не читается.',
  aUnetWithoutEncoders: () => 'UNet без текстовых кодировщиков',
  aCheckpoint: () => 'модель SDXL',
  formatNotTaken: ({ format }) => `формат ${format} не принимается`,
  recordIncomplete: () => 'не хватает его части',
  itIsNoFile: () => 'это не файл',
  tooManyBytes: ({ most }) => `в нём больше ${number(most)} байт`,
  ...damage,
  ...machinePhrases,

  tooSmall: ({ of, bound, inclusive }) => least(of, bound, inclusive),
  tooBig: ({ of, bound, inclusive }) => most(of, bound, inclusive),
  wrongType: ({ expected }) => TYPES[expected] ?? `нужно: ${expected}`,
  fieldMissing: () => 'не указано',
  notOneOf: ({ choices }) => `нужно одно из: ${choices}`,
  keysUnknown: ({ keys }) => `неизвестное поле: ${keys}`,
  notMultiple: ({ of }) => `нужно число, кратное ${of}`,
  notUnderstood: () => 'непонятное значение',
}
