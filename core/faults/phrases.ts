/** Parts of sentences: what a fault names, and why. Without a full stop. */
import { damage } from './damage.ts'
import { machinePhrases } from './machine.ts'

interface Keys {
  count: number
  /** The first of them. */
  names: string
}

interface Family {
  /** A proper name: "Stable Diffusion 1.5". */
  family: string
}

/** Names of what is invalid. */
const things = {
  theRequest: () => 'The request',
  theSet: () => 'The set',
  theStyle: () => 'The style',
  theStyleCalled: ({ id }: { id: string }) => `the style "${id}"`,
  theWordList: () => 'The word list',
  thePicture: () => 'The picture',
  theJob: () => 'The job',
  theSearch: () => 'The search',
  theNotes: () => 'The notes',
  theSettings: () => 'The settings',
  theScheduler: ({ name }: { name: string }) => `Scheduler ${name}`,
}

/** What a style's schema expects, or a set's. */
export const expectations = {
  styleIdExpected: () => 'lower case letters, digits and single hyphens are expected',
  colourExpected: () => '"#rrggbb" in lower case is expected',
  windowExpected: () => 'the window starts after it ends',
  fieldExpected: () => 'a field like "controls.canny.weight" is expected',
  sizeExpected: () => 'a size like "1024x768" is expected',
  scaleExpected: () => 'a scale of at least 0.005 is expected',
  seedsBeyond: () => 'the pictures have seeds in turn, and the last one would be above 9007199254740991',
  oneKeepExpected: () => 'either "best" or "legible"',
  placeholderUnknown: ({ name }: { name: string }) => `{${name}} is not known, only {meaning} and {character} are`,
  braceLoose: () => 'a brace has no partner',
  meaningMissing: () => '{meaning} is missing',
  nameFieldUnknown: ({ field, known }: { field: string; known: string }) => `${field} is not known; there are ${known}`,
  nameBraceLoose: ({ template }: { template: string }) => `a brace in "${template}" has no partner`,
}

/** What the screen calls the fields of an export. */
const labels = {
  labelNames: () => 'Names',
  labelTitle: () => 'Title',
  labelSize: () => 'Size',
  labelBleed: () => 'Bleed',
  labelPictures: () => 'Pictures',
}

const wordList = {
  noWords: () => 'there are no words',
  noWordColumn: () => 'there is no column "word"',
  noWord: () => 'there is no word',
  wordMuchTooLong: () => 'the word is too long',
  seedNotWhole: ({ seed }: { seed: string }) => `the seed "${seed}" is not a whole number`,
  wordGarbled: () => 'the word holds U+FFFD, which stands for characters that were lost in a wrong encoding',
  meaningGarbled: () => 'the meaning holds U+FFFD, which stands for characters that were lost in a wrong encoding',
  translationTooLong: ({ most }: { most: number }) => `the meaning has more than ${most} characters`,
  columnUnused: ({ name }: { name: string }) => `the column "${name}" is not used`,
  columnUnnamed: ({ at }: { at: number }) => `column ${at} has no name and is not used`,
  columnOfAnki: ({ at, name }: { at: number; name: string }) => `column ${at} holds Anki's ${name} and is not used`,
  ofWord: ({ word, problem }: { word: string; problem: string }) => `the word "${word}": ${problem}`,
  takenForNames: () => 'the line was taken for the names of the columns',
  quoteInCell: () => 'more stands behind a closing quotation mark: write marks that belong to the cell twice',
  cellsBeyond: ({ count }: { count: number }) => `${count} cells beyond the named columns are not used`,
  sheetTaken: ({ sheet, others }: { sheet: string; others: string }) => `read from "${sheet}", not from ${others}`,
  styleUnknown: ({ style }: { style: string }) => `there is no style "${style}"`,
}

/** Notes on a set that is made. */
const notes = {
  nameTaken: ({ name }: { name: string }) => `${name}: named so because the name was taken.`,
  fileThere: ({ name }: { name: string }) => `${name}: named so because a file of that name is already there.`,
  jpegKeepsGround: () => 'JPEG has no transparency: those files keep their background.',
}

/** Notes on a composition. */
const composition = {
  wordIsCrossed: ({ word, by, percent }: { word: string; by: string; percent: number }) =>
    `${percent} % of the strokes of "${word}" lie beneath ${by}`,
  strokesFine: ({ word, pixels, least }: { word: string; pixels: number; least: number }) =>
    `the strokes of "${word}" are ${pixels} pixels wide, under ${least}: hard to read`,
}

/** Parts that a picture was made with and that are missing now. */
const lost = {
  changed: ({ kind, name }: { kind: string; name: string }) => `${kind}: ${name} (changed)`,
  absent: ({ kind, name }: { kind: string; name: string }) => `${kind}: ${name} (absent)`,
}

/** What a model's config.json should say. */
const configs = {
  wholeNumberExpected: () => 'a whole number is expected',
  numberExpected: () => 'a number is expected',
  booleanExpected: () => 'true or false is expected',
  wholeNumbersExpected: ({ count }: { count: number | null }) => `${count ?? 'some'} whole numbers are expected`,
  knownAre: ({ names }: { names: string }) => `known: ${names}`,
  onlyKnown: ({ value }: { value: string }) => `only ${value} is known`,
}

const engine = {
  graphNotLoaded: ({ graph }: { graph: string }) => `${graph} could not be loaded`,
  graphFailing: ({ graph }: { graph: string }) => `${graph} failed`,
  notReached: () => 'could not be reached',
  notStarted: ({ reason }: { reason: string }) => `could not start (${reason})`,
  endedBySignal: ({ signal }: { signal: string }) => `was ended by ${signal}`,
  endedByError: ({ reason }: { reason: string }) => `failed (${reason})`,
  endedWithCode: ({ code }: { code: number | null }) => `ended with code ${code}`,
  keysMissing: ({ count, names }: Keys) => `${count} missing: ${names}`,
  keysMisshapen: ({ count, names }: Keys) => `${count} of another shape: ${names}`,
  loraNotInstalled: ({ name }: { name: string }) =>
    `the LoRA "${name}" of the prompt is not installed: put ${name}.safetensors into the folder loras`,
  embeddingNotInstalled: ({ name }: { name: string }) =>
    `the embedding "${name}" of the prompt is not installed: put ${name}.safetensors into the folder embeddings`,
  embeddingsLeftOut: ({ file, count, names }: Keys & { file: string }) =>
    `${file}: ${count} embeddings beside the LoRA are not used: ${names}`,
  loraPartly: ({ file, count, names }: Keys & { file: string }) =>
    `${file}: ${count} keys have no place in this model and were left out: ${names}`,
  keysBeyondConfig: ({ count, names }: Keys) => `${count} of more layers than the config has: ${names}`,
}

/** What a file is where another kind was expected, and why one cannot be read. */
const kinds = {
  aLora: () => 'a LoRA',
  aControlnetUnion: () => 'a ControlNet-Union',
  aVae: () => 'a VAE',
  aControlnet: () => 'a ControlNet, but not a Union one',
  aUnet: () => 'a UNet alone',
  aTextEncoder: () => 'a text encoder alone',
  noSdxlFile: () => 'no file of an SDXL model',
  aRefiner: () => "SDXL's refiner, not its base",
  aDistilledModel: () => 'a distilled SDXL, whose UNet lacks blocks of the whole one (as SSD-1B, Vega and KOALA do)',
  packedNumbers: ({ packing }: { packing: string }) =>
    `a model in packed numbers of a few bits (${packing}), which are not read here; take its fp16 or fp8 file`,
  anInpaintingModel: ({ channels }: { channels: number }) =>
    `an SDXL inpainting model, whose UNet reads ${channels} channels instead of 4`,
  aUnetWithoutEncoders: () => 'a UNet without text encoders',
  aCheckpoint: () => 'an SDXL checkpoint',
  aCheckpointOf: ({ family }: Family) => `a ${family} checkpoint, not SDXL`,
  aLoraFor: ({ family }: Family) => `a LoRA for ${family}, not SDXL`,
  aVaeOf: ({ family }: Family) => `the VAE of ${family}, not SDXL's`,
  aControlnetFor: ({ family }: Family) => `a ControlNet for ${family}, not SDXL`,
  anEmbedding: () => 'an embedding (textual inversion) for SDXL',
  anEmbeddingFor: ({ family }: Family) => `an embedding (textual inversion) for ${family}, not SDXL`,
  anAuxiliary: ({ what }: { what: string }) => `${what}, which is no part of an SDXL model`,
  noCudaProvider: () => 'libonnxruntime and libonnxruntime_providers_cuda.so are not in it',
  noNvidiaDriver: () => 'there is no NVIDIA driver on this machine',
  driverTooOld: (v: { driver: string; cuda: number; needed: string; fits?: number | null }) =>
    `the NVIDIA driver ${v.driver} is too old for CUDA ${v.cuda}: install driver ${v.needed} or newer${v.fits ? `, or fetch the runtime for CUDA ${v.fits}, which this one runs (zihua models download cuda${v.fits}-runtime)` : ''}`,
  anLfsPointer: () => 'a Git LFS pointer',
  anHtmlPage: () => 'an HTML page',
  aPickle: () => 'a pickled checkpoint, which can run code when it is read',
  aGguf: () => 'a GGUF file',
  aPicture: () => 'a picture',
  aJsonText: () => 'a JSON text',
  aText: () => 'a text',
  aPdf: () => 'a PDF document',
  anRtf: () => 'a document of a word processor (RTF)',
  anArchive: () => 'a packed archive',
  anOnnxModel: () => 'an ONNX model',
  anHdf5File: () => 'an HDF5 file',
  onlyZeros: () => 'a file of zeros, as an interrupted download leaves it',
  lfsPull: () => 'Run "git lfs pull" in its folder, or download the file itself.',
  downloadInstead: () => 'Download the file again: another answer was saved in its place.',
  unpackIt: () => 'Unpack it, and take the .safetensors file inside.',
  takeSafetensors: () => 'Download the .safetensors file of this model.',
  takeUnquantised: () => 'Take the fp16 or fp8 .safetensors file of this model: GGUF is not read.',
  formatNotTaken: ({ format }: { format: string }) => `${format} is not taken`,
  recordIncomplete: () => 'a part of it is lacking',
  itIsNoFile: () => 'it is not a file',
  tooManyBytes: ({ most }: { most: number }) => `it has more than ${most} bytes`,
}

/** Why a legibility score is what it is: sentences of their own. */
const judgements = {
  readAsWritten: ({ read, sure }: { read: string; sure: number }) =>
    `Read as ${read}, as it is written; the reader is ${sure} % sure.`,
  readOtherwise: ({ read, word }: { read: string; word: string }) => `Read as ${read} instead of ${word}.`,
  readAsVariant: ({ read, word }: { read: string; word: string }) => `Read as ${read}, another writing of ${word}.`,
  nothingRead: () => 'No letters were found where the word should be.',
  scriptJudgedByOutline: () =>
    "The reader knows Chinese, Latin and Greek letters only: this script is judged by the agreement with the glyph's outline.",
  scriptNotRead: ({ word }: { word: string }) =>
    `It cannot be judged: the reader does not know all characters of ${word}, and the picture does not say how the word was drawn.`,
  judgedByOutlineAlone: () => "No word is known: judged by the agreement with the drawing's outline.",
  strokesTooThin: () => 'It cannot be judged: the strokes are too thin at this size. Make a larger picture.',
  noWordToCompare: () => 'There is no word to compare with: name it with --word.',
}

export const PHRASES = {
  ...judgements,
  ...things,
  ...expectations,
  ...labels,
  ...wordList,
  ...notes,
  ...composition,
  ...lost,
  ...configs,
  ...engine,
  ...kinds,
  ...damage,
  ...machinePhrases,
}
