import type { model } from '../../../../core/faults/model.ts'
import type { weights } from '../../../../core/faults/weights.ts'
import { counter } from '../../plural.ts'
import type { Translated } from '../translated.ts'

const n = counter('ru')
const keys = { one: 'ключ', few: 'ключа', many: 'ключей', other: 'ключа' }

const CHECKPOINT = 'Укажите файл модели SDXL или папку модели SDXL с Hugging Face.'
const FOLDER =
  'В папке модели нужны model_index.json и config.json в каждой части, как они опубликованы на Hugging Face.'

/** О моделях и файлах их весов. */
export const models: Translated<typeof weights & typeof model> = {
  weightsMissing: ({ file }) => [`Файла ${file} нет.`, 'Исправьте путь или сначала скачайте модель.'],
  weightsRefused: ({ file, reason }) => [
    `Файл ${file} не удаётся прочитать (${reason}).`,
    'Проверьте права доступа к файлу.',
  ],
  weightsUnreadable: ({ file, reason }) => [
    `Файл ${file} не удаётся прочитать (${reason}).`,
    'Укажите файл, который читается.',
  ],
  notWeights: ({ file, kind, todo }) => [`${file} — это ${kind}, а не сами веса.`, todo],
  weightsDamaged: ({ file, damage }) => [
    `${file}: ${damage}.`,
    'Скачайте файл снова и сравните его размер и SHA-256 с опубликованными.',
  ],
  tensorMissing: ({ file, name, count }) => [
    `В ${file} нет тензора «${name}»; всего их ${count}.`,
    'Назовите один из его тензоров.',
  ],
  weightsNotFloats: ({ file, count, names }) => [
    `${file}: не F16, BF16 или F32 — ${n(count, { one: 'тензор', few: 'тензора', many: 'тензоров', other: 'тензора' })}: ${names}.`,
    'Возьмите файл этой модели в fp16, fp8, bf16 или fp32; другие квантованные файлы не читаются.',
  ],
  numbersNotRead: ({ dtype }) => [`Числа типа ${dtype} не читаются.`, 'Возьмите файл с весами F16, BF16 или F32.'],
  weightsNotFinite: ({ label, tensor }) => [
    `${label}: в ${tensor} есть NaN или бесконечность.`,
    'Файл повреждён, или модель не обучилась: возьмите другой.',
  ],
  weightsDoNotFit: ({ label, complaints }) => [
    `${label}: ${complaints.join('; ')}.`,
    'Веса и их config.json не подходят друг другу: возьмите то и другое от одной модели.',
  ],
  scratchUnwritable: ({ folder, reason }) => [
    `Нет места для объединённых весов: в ${folder} не создаётся папка (${reason}).`,
    'Проверьте права и свободное место или назначьте другую временную папку.',
  ],
  notALora: ({ file, kind }) => [`${file} — это ${kind}, а не LoRA.`, 'Укажите LoRA для SDXL.'],
  loraKeysUnknown: ({ file, count, names }) => [
    `${file}: этой модели не подходит ${n(count, keys)}: ${names}.`,
    'Возьмите LoRA для SDXL.',
  ],
  loraFamilyUnread: ({ file, family }) => [
    `${file}: внутри ${family}, а его здесь не читают.`,
    'Возьмите LoRA, LoCon, LoHa, LoKr, DoRA, IA3 или диагональный OFT.',
  ],
  loraNotFinite: ({ file, name }) => [
    `${file}: в ${name} есть NaN или бесконечность.`,
    'Файл повреждён, или обучение не удалось: возьмите другой.',
  ],
  loraIncomplete: ({ file, name, lacks }) => [`${file}: у ${name} нет весов ${lacks}.`, 'Скачайте файл снова.'],
  loraDoesNotFit: ({ file, name, parts, weight }) => [
    `${file}: ${name} (${parts}) не подходит к весам [${weight}].`,
    'Возьмите LoRA для SDXL.',
  ],
  notAnEmbedding: ({ file, kind }) => [
    `${file} — это ${kind}, а не эмбеддинг.`,
    'Укажите эмбеддинг (textual inversion) для SDXL.',
  ],
  embeddingDoesNotFit: ({ file, name, shape, width }) => [
    `${file}: ${name} [${shape}] не подходит к текстовому энкодеру, в котором у слова ${width} чисел.`,
    'Возьмите эмбеддинг для SDXL.',
  ],
  embeddingUneven: ({ file, first, second }) => [
    `${file}: число векторов для двух текстовых энкодеров разное — ${first} и ${second}.`,
    'Скачайте файл снова.',
  ],
  widenNoRoom: ({ file, folder, megabytes, free }) => [
    `${file} нужно один раз записать 16-битными числами: это ${megabytes} МБ, а в ${folder} свободно ${free} МБ.`,
    'Освободите место или возьмите файл этой модели в fp16.',
  ],

  modelUnknown: ({ model }) => [
    `Нет ни модели «${model}», ни файла или папки с таким именем.`,
    'Выберите модель в настройках, или укажите папку с Hugging Face либо файл .safetensors.',
  ],
  modelAbsent: ({ model }) => [`Такой модели нет: ${model}.`, 'Укажите папку с Hugging Face или файл .safetensors.'],
  modelIsAddress: ({ model }) => [
    `${model} — адрес, а не файл или папка этого компьютера.`,
    'Скачайте модель и добавьте то, что скачали, или возьмите одну из тех, что студия скачивает сама: экран моделей.',
  ],
  modelGone: ({ model, path }) => [`Файлов модели «${model}» нет в ${path}.`, 'Добавьте её снова в настройках.'],
  modelListDamaged: ({ file }) => [`Файл ${file} повреждён.`, 'Удалите его и добавьте свои модели снова.'],
  modelManifestDamaged: ({ file }) => [`Файл ${file} повреждён.`, 'Установите модель снова.'],
  formerDraftDamaged: ({ file }) => [
    `${file} повреждён или отсутствует, поэтому прежнюю черновую модель не собрать.`,
    'Установите студию заново.',
  ],
  modelPickled: ({ model }) => [
    `${model} — файл pickle: при чтении он может выполнить чужой код.`,
    'Скачайте файл .safetensors этой модели.',
  ],
  modelNotSdxl: ({ path, family }) => [
    `${path} — это ${family}, а не модель SDXL.`,
    'Укажите папку или файл Stable Diffusion XL.',
  ],
  notACheckpoint: ({ path, kind }) => [`${path} — это ${kind}.`, CHECKPOINT],
  checkpointIncomplete: ({ path, complaints }) => [
    `${path} — не целая модель SDXL: ${complaints.join('; ')}.`,
    'Скачайте её снова или возьмите другую версию.',
  ],
  checkpointWithoutVae: ({ path }) => [`В ${path} нет VAE.`, 'Укажите VAE рядом с файлом модели.'],
  notAVae: ({ file, kind }) => [`${file} — это ${kind}, а не VAE.`, 'Укажите VAE от SDXL.'],
  notAControlnetUnion: ({ label }) => [
    `${label}: нет task_embedding, значит это не ControlNet-Union.`,
    'Укажите xinsir/controlnet-union-sdxl-1.0 (6 режимов) или его файл ProMax (8 режимов).',
  ],
  configFolderMissing: ({ folder }) => [`Папки с настройками модели ${folder} нет.`, 'Укажите папку с Hugging Face.'],
  configsIncomplete: () => [
    'В настройках модели нет layers_per_block у UNet или block_out_channels у VAE.',
    'Укажите папку с Hugging Face, из которой сделан файл модели.',
  ],
  configMissing: ({ file }) => [`Файла ${file} нет.`, FOLDER],
  configUnreadable: ({ file, reason }) => [`Файл ${file} не удаётся прочитать (${reason}).`, FOLDER],
  configUnsupported: ({ what, field, value, expected }) => [
    `${what}: в config.json «${field}»: ${value}; так не бывает (${expected}).`,
    'Возьмите модель семейства SDXL или сообщите нам об этой.',
  ],
  partMissing: ({ folder, file }) => [`В ${folder} нет ${file}.`, 'Скачайте недостающий файл этой модели.'],
  partPickled: ({ folder, file }) => [
    `В ${folder} нет ${file}, только файл pickle (.bin).`,
    'Скачайте файлы .safetensors этой модели.',
  ],
  vocabularyMissing: ({ folder }) => [
    `В ${folder} нет vocab.json и merges.txt.`,
    'Скачайте недостающие файлы этой модели.',
  ],
  tokenizerUnreadable: ({ folder, reason }) => [
    `Словарь токенов в ${folder} не читается: ${reason}.`,
    'Скачайте vocab.json и merges.txt этой модели снова.',
  ],
}
