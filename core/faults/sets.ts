/** Of image sets and word lists. */
import { says } from './says.ts'

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
}
