/** Of files that are kept. */
import { says } from './says.ts'

export const library = {
  diskFull: says('cannot-write', ({ file }: { file: string }) => [
    `The disk is full: ${file} was not written.`,
    'Free some space and continue.',
  ]),
  fileUnwritable: says('cannot-write', ({ file, reason }: { file: string; reason: string }) => [
    `${file} cannot be written (${reason}).`,
    'Check the folder, its permissions and the free space.',
  ]),
  noSuchPicture: says('bad-request', ({ id }: { id: string }) => [
    `There is no picture ${id}.`,
    'It may have been deleted.',
  ]),
  /** A model or another file that a picture is made with has gone. */
  modelUnreadable: says('missing-model', ({ path, reason }: { path: string; reason: string }) => [
    `${path} cannot be read (${reason}).`,
    'Put the file back, or add the model again.',
  ]),
}
