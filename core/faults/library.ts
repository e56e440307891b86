/** Errors of files that the studio writes, of the library and its databases. */
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
  fileUnreadable: says('bad-request', ({ file, reason }: { file: string; reason: string }) => [
    `${file} cannot be read (${reason}).`,
    'Choose an ordinary file.',
  ]),
  noSuchPicture: says('bad-request', () => [
    'There is no such picture in the library.',
    'It may have been deleted: choose another one.',
  ]),
  exportNeedsWord: says('bad-request', ({ count }: { count: number }) => [
    count === 1
      ? 'One of the pictures was made without a word, whose outline this export needs.'
      : `${count} of the pictures were made without a word, whose outline this export needs.`,
    'Take them out of the selection, or export them as pictures.',
  ]),
  exportGone: says('bad-request', () => ['This export is not there any more.', 'Export the pictures again.']),
  /** A model or another file that a picture is made with is gone. */
  modelUnreadable: says('missing-model', ({ path, reason }: { path: string; reason: string }) => [
    `${path} cannot be read (${reason}).`,
    'Put the file back, or add the model again.',
  ]),
  /** The file of a picture that the library lists. */
  libraryPictureUnreadable: says('bad-image', ({ path, reason }: { path: string; reason: string }) => [
    `${path} cannot be read (${reason}).`,
    'Rebuild the library.',
  ]),
  recordDamaged: says('bad-image', (v: { name: string; field: string; issue: string }) => [
    `${v.name} holds a damaged request (${v.field}: ${v.issue}).`,
    'It may come from a newer version of the studio.',
  ]),
  notOurs: says('bad-image', ({ name }: { name: string }) => [
    `${name} was not made by the studio, or its metadata were removed.`,
    'Import it instead: what other programs wrote is read as far as it maps.',
  ]),
  databaseBusy: says('busy', () => [
    "The studio's database is in use by another program.",
    'Close that program, or try again in a moment.',
  ]),
  databaseFull: says('cannot-write', () => [
    'The disk of the data folder is full.',
    'Free some space, for example by emptying the trash of the library; the queue goes on by itself.',
  ]),
  databaseUnwritable: says('cannot-write', ({ reason }: { reason: string }) => [
    `The studio's database cannot be written (${reason}).`,
    'Check the data folder, its permissions and the free space.',
  ]),
  databaseUnreadable: says('internal', () => [
    "The studio's database is damaged.",
    'Start the studio again: what is damaged is put aside and made anew; your pictures are safe.',
  ]),
  /** Told when a damaged file was replaced. */
  putAside: says('internal', ({ file, aside }: { file: string; aside: string }) => [
    `${file} was damaged and has been made anew from what could be read.`,
    `The old one is kept as ${aside}.`,
  ]),
  jobDamaged: says('internal', ({ count }: { count: number }) => [
    `${count} damaged entries of the queue were taken out.`,
    'Add those jobs again.',
  ]),
  databaseDamaged: says('internal', ({ file }: { file: string }) => [
    `${file} is damaged.`,
    'Rename it and start again; your pictures are safe.',
  ]),
  databaseTooNew: says('cannot-write', ({ file }: { file: string }) => [
    `${file} was made by a newer version of the studio.`,
    'Update the studio.',
  ]),
  databaseUnopened: says('cannot-write', ({ file, reason }: { file: string; reason: string }) => [
    `${file} cannot be opened (${reason}).`,
    'Check the data folder, its permissions and the free space.',
  ]),
}
