/** Errors of the request and its fields. */
import { says } from './says.ts'

const TENSOR = 'Name it as "file.safetensors#tensor".'

interface Unknown {
  name: string
  classes: string
}
const scheduler = (classes: string) => `Use one of ${classes} with the fields that diffusers gives it.`

export const request = {
  /** A field of what was given from outside is invalid; the whole of it, where field is empty. */
  fieldWrong: says('bad-request', ({ what, field, issue }: { what: string; field: string; issue: string }) => [
    `${what}: ${field ? `"${field}": ` : ''}${issue}.`,
    'Correct that field; README lists the fields and their ranges.',
  ]),
  /** The same for the input of a procedure. */
  inputWrong: says('bad-request', ({ field, issue }: { field: string; issue: string }) => [
    // Without a field the phrase is the sentence.
    `${field ? `"${field}": ${issue}` : issue.charAt(0).toUpperCase() + issue.slice(1)}.`,
    'Correct that field.',
  ]),
  sideWrong: says(
    'bad-request',
    (v: { side: 'width' | 'height'; pixels: number; least: number; most: number; nearest: number }) => [
      `"${v.side}" is ${v.pixels}, and a side must be a multiple of 8 from ${v.least} to ${v.most}.`,
      `The nearest good size is ${v.nearest}.`,
    ],
  ),
  promptTooLong: says('bad-request', ({ length, most }: { length: number; most: number }) => [
    `The prompt has ${length} characters, and ${most} is the most.`,
    'Shorten the translation or what was added.',
  ]),
  negativePromptTooLong: says('bad-request', ({ length, most }: { length: number; most: number }) => [
    `The negative prompt has ${length} characters, and ${most} is the most.`,
    'Shorten the translation or what was added.',
  ]),
  clipSkipTooLarge: says('bad-request', ({ clipSkip, layers }: { clipSkip: number; layers: number }) => [
    `"clipSkip" is ${clipSkip}, and the text encoder has ${layers} layers.`,
    'Lower it.',
  ]),
  noControlnet: says('missing-model', () => [
    'The picture is controlled by maps, and no ControlNet-Union is given.',
    'Name one with --controlnet, or set all weights to 0.',
  ]),
  controlKindUnknown: says('bad-request', ({ known, kind }: { known: number; kind: number }) => [
    `This ControlNet-Union knows ${known} kinds of control picture, and kind ${kind} is asked for.`,
    'Tile and repaint need the ProMax version.',
  ]),
  stepsWrong: says('bad-request', ({ steps, most }: { steps: number; most: number }) => [
    `${steps} is no number of steps for this sampler.`,
    `Ask for 1 to ${most} steps.`,
  ]),
  consistencyStepsWrong: says(
    'bad-request',
    ({ sampler, steps, most }: { sampler: string; steps: number; most: number }) => [
      `The sampler ${sampler} takes at most ${most} steps, not ${steps}.`,
      'Ask for 4 to 8 steps.',
    ],
  ),
  timestepsWrong: says('bad-request', ({ steps, most }: { steps: number; most: number }) => [
    `The scheduler's "timesteps" do not fit ${steps} steps.`,
    `Give one a step, each below the one before it, from ${most} at most; or leave them out.`,
  ]),
  strengthTooLow: says('bad-request', ({ strength, steps }: { strength: number; steps: number }) => [
    `A strength of ${strength} leaves no step to run of ${steps}.`,
    'Raise the strength or the number of steps.',
  ]),
  modelSchedulerUnknown: says('bad-request', ({ name, classes }: Unknown) => [
    `The model's scheduler ${name} is not known.`,
    scheduler(classes),
  ]),
  schedulerUnknown: says('bad-request', ({ name, classes }: Unknown) => [
    `The scheduler ${name} is not known.`,
    scheduler(classes),
  ]),
  schedulerFieldUnknown: says('bad-request', ({ name, classes }: Unknown) => [
    `The scheduler's "${name}" is not known.`,
    scheduler(classes),
  ]),
  fieldUnreadable: says('bad-request', ({ field, path }: { field: string; path: string }) => [
    `"${field}": ${path} cannot be read.`,
    'Correct the path.',
  ]),
  noiseTooShort: says('bad-request', ({ noise }: { noise: string }) => [
    `"${noise}" holds fewer draws than the sampler takes.`,
    'Use the sampler that it was recorded with.',
  ]),
  tensorUnnamed: says('bad-request', ({ reference }: { reference: string }) => [
    `"${reference}" names no tensor.`,
    'Write it as "file.safetensors#tensor".',
  ]),
  latentsMissing: says('bad-request', ({ file, name }: { file: string; name: string }) => [
    `${file} holds no tensor called "${name}".`,
    TENSOR,
  ]),
  latentsMisshapen: says(
    'bad-request',
    (v: { file: string; name: string; shape: string; picture: number; wanted: string }) => [
      `"${v.name}" in ${v.file} has the shape ${v.shape}, and picture ${v.picture} needs ${v.wanted} numbers.`,
      'Give latents of the size of the picture, one row for each picture of the count.',
    ],
  ),
}
