/** Errors of the inference processes, and unexpected ones. */
import { says } from './says.ts'

interface Reason {
  /** Another program's words, mostly. */
  reason: string
}

export const engine = {
  memoryShort: says('out-of-memory', () => [
    'There is not enough memory for this picture.',
    'Choose a smaller picture.',
  ]),
  graphOutOfMemory: says('out-of-memory', ({ what }: { what: string }) => [
    `${what}: there is not enough memory.`,
    'Choose a smaller picture, or close other programs.',
  ]),
  graphFailed: says('bad-weights', ({ what, reason }: { what: string } & Reason) => [
    `${what}: ${reason}`,
    'Check the model files (zihua models verify) or choose another model.',
  ]),
  inferenceEnded: says('inference-crashed', ({ how }: { how: string }) => [
    `The inference process ${how} in the middle of the picture.`,
    'Start the picture again; if memory was short, choose a smaller size.',
  ]),
  cancelled: says('cancelled', () => ['It was cancelled.', 'Start it again when you like.']),
  silent: says('inference-crashed', ({ seconds }: { seconds: number }) => [
    `A process of the studio hung: it gave no sign of life for ${seconds} s and was ended.`,
    'Start it again; if it hangs again, look whether the disk or the network drive of the model answers.',
  ]),
  tooSlow: says('inference-crashed', ({ seconds }: { seconds: number }) => [
    `It was not done after ${seconds} s and was ended.`,
    'Try it again with a smaller size, or with another file.',
  ]),
  studioEnded: says('inference-crashed', ({ times }: { times: number }) => [
    `The studio ended ${times} times in the middle of this job.`,
    'Choose a smaller size or another model, then try it again.',
  ]),
  jobKindUnknown: says('internal', ({ kind }: { kind: string }) => [
    `This version cannot run jobs of the kind "${kind}".`,
    'Update the studio.',
  ]),
  pictureFailed: says('internal', ({ reason }: Reason) => [
    `The picture failed: ${reason}`,
    'Try again; if it fails again, report it with the request.',
  ]),
  unexpected: says('internal', ({ reason }: Reason) => [reason, 'Try it again; if it fails each time, report it.']),
  unexpectedInPicture: says('internal', ({ reason }: Reason) => [
    reason,
    'Try this picture again; if it fails each time, report it.',
  ]),
  unexpectedInPage: says('internal', ({ reason }: Reason) => [
    reason,
    'Reload the page; if it happens each time, report it.',
  ]),
  scoreThreadEnded: says('internal', ({ how }: { how: string }) => [
    `The process that scores pictures ${how}.`,
    'Try again; report it if it comes back.',
  ]),
  scoreFailed: says('internal', ({ reason }: Reason) => [reason, 'Report this picture.']),
  numbersNotFinite: says('bad-weights', ({ where }: { where: string }) => [
    `The model computed numbers that are not finite, first seen in ${where}.`,
    'Its weights are damaged or overflow in 16 bits: download them again, or use the fp32 files or the fp16-fix VAE.',
  ]),
  noSuchJobKind: says('bad-request', ({ kind, known }: { kind: string; known: string }) => [
    `There is no job of the kind "${kind}".`,
    `Kinds: ${known}.`,
  ]),
}
