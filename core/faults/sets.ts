/** Errors of image sets and word lists. */
import { says } from './says.ts'
import type { Phrase } from './studio-error.ts'

const GO_ON = 'Run the export again: it goes on where it stopped.'

export const sets = {
  setTooLarge: says('bad-request', ({ total, most }: { total: number; most: number }) => [
    `The set has ${total} pictures; ${most} is the most.`,
    'Split it.',
  ]),
  setNotJson: says('bad-request', ({ file }: { file: string }) => [
    `${file} is not valid JSON.`,
    'Correct it, or give a CSV with a header row.',
  ]),
  wordListWrong: says('bad-request', (v: { what: string; line: number; problem: string; columns: string }) => [
    `${v.what}: ${v.line > 0 ? `line ${v.line}: ` : ''}${v.problem}.`,
    `The first row names the columns: ${v.columns}; only word is needed.`,
  ]),
  listUnreadable: says('bad-request', ({ file, reason }: { file: string; reason: string }) => [
    `${file} cannot be read: ${reason}.`,
    'Save the list once more, or as CSV.',
  ]),
  listTooLarge: says('bad-request', ({ file, megabytes }: { file: string; megabytes: number }) => [
    `${file} is larger than ${megabytes} MB.`,
    'Split the list.',
  ]),
  listNotText: says('bad-request', ({ file }: { file: string }) => [
    `${file} is not a text in any known encoding.`,
    'Save the list as CSV in UTF-8, or as .xlsx.',
  ]),
  listIsOther: says('bad-request', ({ file, kind }: { file: string; kind: Phrase }) => [
    `${file} is ${kind}, not a list.`,
    'Save the list as CSV in UTF-8, or as .xlsx.',
  ]),
  listIsLocked: says('bad-request', ({ file }: { file: string }) => [
    `${file} is an Excel workbook that a password locks.`,
    'Save it without a password, or as CSV.',
  ]),
  listIsOldWorkbook: says('bad-request', ({ file }: { file: string }) => [
    `${file} is an Excel workbook of the old kind (.xls).`,
    'Save it as .xlsx or CSV.',
  ]),
  encodingUnknown: says('bad-request', ({ encoding }: { encoding: string }) => [
    `There is no encoding "${encoding}".`,
    'Name one such as utf-8, gb18030, big5, shift_jis, euc-kr, windows-1251 or windows-1252.',
  ]),
  encodingWrong: says('bad-request', ({ file, encoding }: { file: string; encoding: string }) => [
    `${file} is not in the encoding ${encoding}: it has bytes that mean nothing there.`,
    'Choose another encoding, or save the list in UTF-8.',
  ]),
  encodingUnclear: says(
    'bad-request',
    (v: { file: string; first: string; firstLines: string; second: string; secondLines: string }) => [
      `The encoding of ${v.file} is not clear: as ${v.first} it begins "${v.firstLines}", as ${v.second} "${v.secondLines}".`,
      'Say which one it is (--encoding on the command line).',
    ],
  ),
  sheetUnknown: says('bad-request', ({ sheet, sheets }: { sheet: string; sheets: string }) => [
    `There is no sheet "${sheet}".`,
    `Choose one of: ${sheets}.`,
  ]),
  columnNotThere: says('bad-request', ({ column, choice }: { column: string; choice: string }) => [
    `The list has no column "${choice}" for ${column}.`,
    'Give a number from 1, a letter as in a spreadsheet, or the name in the first row.',
  ]),
  folderHolds: says('bad-request', ({ folder, names }: { folder: string; names: string }) => [
    `${folder} has files of the same names that this set did not write: ${names}.`,
    'Choose another folder, or overwrite them (--overwrite on the command line).',
  ]),
  folderHoldsOtherSet: says('bad-request', ({ folder }: { folder: string }) => [
    `${folder} holds another set.`,
    'Choose another folder, or overwrite it (--overwrite on the command line).',
  ]),
  glossaryUnreadable: says('bad-request', ({ file, reason }: { file: string; reason: string }) => [
    `The glossary ${file} cannot be read: ${reason}.`,
    'Correct it, or move it away: a new one is begun.',
  ]),
  glossaryEntryEmpty: says('bad-request', () => ['A word and its meaning are needed.', 'Give both.']),
  matrixValueWrong: says('bad-request', ({ field, value, issue }: { field: string; value: string; issue: string }) => [
    `The matrix: "${field}" = ${value}: ${issue}.`,
    'Name a field of the request, and values that it takes.',
  ]),
  matrixFieldUnknown: says('bad-request', ({ field }: { field: string }) => [
    `The matrix: the request has no field "${field}".`,
    'Name a field of the request.',
  ]),
  matrixLabelsWrong: says('bad-request', (v: { what: string; field: string; values: number; labels: number }) => [
    `${v.what}: "${v.field}" has ${v.values} values and ${v.labels} labels.`,
    'Give each value a label, or none.',
  ]),
  namesWrong: says('bad-request', ({ problem }: { problem: string }) => [
    `The naming template: ${problem}.`,
    'Correct the template.',
  ]),
  setLocked: says('cannot-write', () => ['This set is being made already.', 'Wait for the other one, or cancel it.']),
  noSuchSet: says('bad-request', () => ['There is no such set in the queue.', 'Open the queue and choose another.']),
  folderNotAbsolute: says('bad-request', ({ folder }: { folder: string }) => [
    `"${folder}" is no absolute path.`,
    'Choose a folder by its whole path.',
  ]),
  setStopped: says('cancelled', () => ['The set was stopped.', 'Start it again: what is done stays.']),
  setUnreadable: says('bad-request', ({ file, reason }: { file: string; reason: string }) => [
    `${file} cannot be read (${reason}).`,
    'Name a SET.json or a WORDS.csv.',
  ]),
  setUnfinished: says('bad-request', ({ folder, file }: { folder: string; file: string }) => [
    `${folder} holds no finished set: there is no ${file}.`,
    GO_ON,
  ]),
  manifestDamaged: says('bad-request', ({ file }: { file: string }) => [`${file} is damaged.`, GO_ON]),
  setIncomplete: says('internal', ({ failures, total }: { failures: number; total: number }) => [
    `The set is not complete: ${failures} of ${total} failed.`,
    'Run it again; --failed tries those alone.',
  ]),
  setHasFailures: says('bad-request', ({ folder, failures }: { folder: string; failures: number }) => [
    `${folder} lacks what could not be made: ${failures} failed, and what was made is as it was.`,
    'Correct what is said of them and run the export again; --failed tries those alone.',
  ]),
  setChanged: says('bad-request', ({ folder }: { folder: string }) => [
    `${folder} is not as its manifest says.`,
    'Run the export again: it makes what is missing.',
  ]),
}
