/** Errors of models: a name, and the folder or file that it stands for. */
import { says } from './says.ts'

const CHECKPOINT = 'Name an SDXL checkpoint, or the Hugging Face folder of an SDXL model.'
const FOLDER = 'A model folder needs model_index.json and a config.json in each part, as Hugging Face publishes them.'

interface At {
  path: string
}

export const model = {
  modelUnknown: says('missing-model', ({ model }: { model: string }) => [
    `There is no model called "${model}", nor a file or folder of that name.`,
    'See zihua models list, or name a Hugging Face folder or a .safetensors checkpoint.',
  ]),
  modelAbsent: says('missing-model', ({ model }: { model: string }) => [
    `${model}: there is no such model.`,
    'Name a Hugging Face folder or a .safetensors checkpoint.',
  ]),
  modelIsAddress: says('missing-model', ({ model }: { model: string }) => [
    `${model} is an address, not a file or folder of this computer.`,
    'Download the model and add what you have then, or take one that the studio downloads: the screen of models, or zihua models list.',
  ]),
  modelGone: says('missing-model', ({ model, path }: At & { model: string }) => [
    `The files of the model "${model}" are not at ${path}.`,
    'Add it again with zihua models add PATH.',
  ]),
  modelListDamaged: says('bad-request', ({ file }: { file: string }) => [
    `${file} is damaged.`,
    'Delete it and add your models again.',
  ]),
  modelManifestDamaged: says('bad-weights', ({ file }: { file: string }) => [
    `${file} is damaged.`,
    'Install the model again.',
  ]),
  formerDraftDamaged: says('bad-weights', ({ file }: { file: string }) => [
    `${file} is damaged or missing, so the former draft model cannot be put together.`,
    'Install the studio again.',
  ]),
  modelPickled: says('bad-weights', ({ model }: { model: string }) => [
    `${model} is a pickled file, which can run code when it is read.`,
    'Download the .safetensors file of this model.',
  ]),
  /** model_index.json names another pipeline. */
  modelNotSdxl: says('bad-weights', ({ path, family }: At & { family: string }) => [
    `${path} is a ${family}, not an SDXL model.`,
    'Name a folder or checkpoint of Stable Diffusion XL.',
  ]),
  notACheckpoint: says('bad-weights', ({ path, kind }: At & { kind: string }) => [`${path} is ${kind}.`, CHECKPOINT]),
  checkpointIncomplete: says('bad-weights', ({ path, complaints }: At & { complaints: readonly string[] }) => [
    `${path} is not a whole SDXL checkpoint: ${complaints.join('; ')}.`,
    'Download it again, or take another version of it.',
  ]),
  checkpointWithoutVae: says('bad-weights', ({ path }: At) => [
    `${path} has no VAE.`,
    'Name a VAE beside the checkpoint.',
  ]),
  notAVae: says('bad-weights', ({ file, kind }: { file: string; kind: string }) => [
    `${file} is ${kind}, not a VAE.`,
    'Name an SDXL VAE.',
  ]),
  notAControlnetUnion: says('bad-weights', ({ label }: { label: string }) => [
    `${label}: there is no task_embedding, so this is no ControlNet-Union.`,
    'Name xinsir/controlnet-union-sdxl-1.0 (6 modes) or its ProMax file (8 modes).',
  ]),
  configFolderMissing: says('bad-weights', ({ folder }: { folder: string }) => [
    `${folder}: there is no such folder of configs.`,
    'Name a Hugging Face folder.',
  ]),
  configsIncomplete: says('bad-weights', () => [
    'The configs give no layers_per_block of the UNet or no block_out_channels of the VAE.',
    'Name the Hugging Face folder that the checkpoint was made from.',
  ]),
  configMissing: says('bad-weights', ({ file }: { file: string }) => [`${file} is missing.`, FOLDER]),
  configUnreadable: says('bad-weights', ({ file, reason }: { file: string; reason: string }) => [
    `${file} cannot be read (${reason}).`,
    FOLDER,
  ]),
  configUnsupported: says('bad-weights', (v: { what: string; field: string; value: string; expected: string }) => [
    `${v.what}: config.json says "${v.field}": ${v.value}, which is not supported (${v.expected}).`,
    'Use a model of the SDXL family, or report this one.',
  ]),
  partMissing: says('missing-model', ({ folder, file }: { folder: string; file: string }) => [
    `${folder} has no ${file}.`,
    'Download the missing file of this model.',
  ]),
  partPickled: says('missing-model', ({ folder, file }: { folder: string; file: string }) => [
    `${folder} has no ${file}, only a pickled .bin file.`,
    'Download the .safetensors files of this model.',
  ]),
  vocabularyMissing: says('missing-model', ({ folder }: { folder: string }) => [
    `${folder} has no vocab.json and merges.txt.`,
    'Download the missing files of this model.',
  ]),
  tokenizerUnreadable: says('bad-weights', ({ folder, reason }: { folder: string; reason: string }) => [
    `The tokenizer in ${folder} could not be read: ${reason}.`,
    'Download vocab.json and merges.txt of this model again.',
  ]),
}
