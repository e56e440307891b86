/** Errors of weights files and what is in them. */
import { says } from './says.ts'

interface File {
  file: string
}
interface Reason {
  reason: string
}
interface Keys {
  count: number
  /** The first of them. */
  names: string
}

export const weights = {
  weightsMissing: says('missing-model', ({ file }: File) => [
    `${file}: there is no such file.`,
    'Correct the path, or download the model first.',
  ]),
  weightsRefused: says('bad-weights', ({ file, reason }: File & Reason) => [
    `${file} cannot be read (${reason}).`,
    'Check the permissions of the file.',
  ]),
  weightsUnreadable: says('bad-weights', ({ file, reason }: File & Reason) => [
    `${file} cannot be read (${reason}).`,
    'Name a file that is readable.',
  ]),
  /** Something else under the name of weights. */
  notWeights: says('bad-weights', ({ file, kind, todo }: File & { kind: string; todo: string }) => [
    `${file} is ${kind}, not the weights themselves.`,
    todo,
  ]),
  weightsDamaged: says('bad-weights', ({ file, damage }: File & { damage: string }) => [
    `${file}: ${damage}.`,
    'Download the file again and compare its size and SHA-256 with the published ones.',
  ]),
  tensorMissing: says('bad-weights', ({ file, name, count }: File & { name: string; count: number }) => [
    `${file}: no tensor "${name}" among ${count}.`,
    'Name one of its tensors.',
  ]),
  weightsNotFloats: says('bad-weights', ({ file, count, names }: File & Keys) => [
    `${file}: ${count} tensors are not F16, BF16 or F32: ${names}.`,
    'Use the fp16, fp8, bf16 or fp32 file of this model; other quantised files are not read.',
  ]),
  numbersNotRead: says('bad-weights', ({ dtype }: { dtype: string }) => [
    `Numbers of dtype ${dtype} are not read.`,
    'Use a file with F16, BF16 or F32 weights.',
  ]),
  weightsNotFinite: says('bad-weights', ({ label, tensor }: { label: string; tensor: string }) => [
    `${label}: ${tensor} holds NaN or infinity.`,
    'The file is damaged or its training failed: take another one.',
  ]),
  weightsDoNotFit: says('bad-weights', ({ label, complaints }: { label: string; complaints: readonly string[] }) => [
    `${label}: ${complaints.join('; ')}.`,
    'The weights and their config.json do not belong together: take both from the same model.',
  ]),
  scratchUnwritable: says('cannot-write', ({ folder, reason }: { folder: string } & Reason) => [
    `No scratch folder for merged weights in ${folder} (${reason}).`,
    'Check its permissions and free space, or name another temporary folder.',
  ]),
  notALora: says('bad-weights', ({ file, kind }: File & { kind: string }) => [
    `${file} is ${kind}, not a LoRA.`,
    'Name a LoRA made for SDXL.',
  ]),
  loraKeysUnknown: says('bad-weights', ({ file, count, names }: File & Keys) => [
    `${file}: ${count} keys match nothing in this model: ${names}.`,
    'Use a LoRA made for SDXL.',
  ]),
  loraFamilyUnread: says('bad-weights', ({ file, family }: File & { family: string }) => [
    `${file} holds ${family}, which is not read here.`,
    'Use a LoRA, LoCon, LoHa, LoKr, DoRA, IA3 or diagonal OFT.',
  ]),
  loraNotFinite: says('bad-weights', ({ file, name }: File & { name: string }) => [
    `${file}: ${name} holds NaN or infinity.`,
    'The file is damaged or its training failed: take another one.',
  ]),
  loraIncomplete: says('bad-weights', ({ file, name, lacks }: File & { name: string; lacks: string }) => [
    `${file}: ${name} has no ${lacks} weight.`,
    'Download the file again.',
  ]),
  loraDoesNotFit: says('bad-weights', (v: File & { name: string; parts: string; weight: string }) => [
    `${v.file}: ${v.name} (${v.parts}) does not fit the weight [${v.weight}].`,
    'Use a LoRA made for SDXL.',
  ]),
  notAnEmbedding: says('bad-weights', ({ file, kind }: File & { kind: string }) => [
    `${file} is ${kind}, not an embedding.`,
    'Name an embedding (textual inversion) made for SDXL.',
  ]),
  embeddingDoesNotFit: says('bad-weights', (v: File & { name: string; shape: string; width: number }) => [
    `${v.file}: ${v.name} [${v.shape}] does not fit the text encoder, whose words have ${v.width} numbers.`,
    'Use an embedding made for SDXL.',
  ]),
  embeddingUneven: says('bad-weights', ({ file, first, second }: File & { first: number; second: number }) => [
    `${file} has ${first} vectors for one text encoder and ${second} for the other.`,
    'Download the file again.',
  ]),
  /** Weights that have to be written once in a wider dtype. */
  widenNoRoom: says('cannot-write', (v: File & { folder: string; megabytes: number; free: number }) => [
    `${v.file} has to be written once as 16-bit numbers, which takes ${v.megabytes} MB; ${v.folder} has ${v.free} MB left.`,
    'Make room there, or use the fp16 file of this model.',
  ]),
}
