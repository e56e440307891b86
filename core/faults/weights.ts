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
    'Use the fp16, bf16 or fp32 file of this model; quantised files are not read.',
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
    'Use a LoRA (or LoCon) made for SDXL; LoHa, LoKr and DoRA files are not read.',
  ]),
  loraIncomplete: says('bad-weights', ({ file, name, lacks }: File & { name: string; lacks: 'up' | 'down' }) => [
    `${file}: ${name} has no ${lacks} weight.`,
    'Download the file again.',
  ]),
  loraDoesNotFit: says('bad-weights', (v: File & { name: string; up: string; down: string; weight: string }) => [
    `${v.file}: ${v.name} [${v.up}] · [${v.down}] does not fit the weight [${v.weight}].`,
    'Use a LoRA made for SDXL.',
  ]),
  loraScaled: says('bad-weights', ({ file }: File) => [
    `${file} scales its modules by rslora, DoRA or an alpha_pattern, which is not read.`,
    'Save it with one alpha for all modules.',
  ]),
}
