/** A file that holds a table, whatever program wrote it: text in any encoding, an Excel workbook, an Anki package. */
import { fault } from '../faults/fault.ts'
import { type ArchiveKind, readArchive } from './archives.ts'
import { type Preamble, readPreamble } from './delimited.ts'
import { decodeText, type Reading } from './encoding.ts'
import { refuseNoList } from './not-lists.ts'
import type { Sheet } from './workbook.ts'

export type ListFile =
  | ({
      kind: 'text'
      encoding: string
      /** Empty where nothing else reads nearly as well as this encoding. */
      candidates: Reading[]
    } & Preamble)
  | { kind: ArchiveKind; sheets: Sheet[] }

/** Endings of the files that are read as lists. */
export const LIST_ENDINGS = ['.csv', '.tsv', '.txt', '.xlsx', '.apkg', '.colpkg'] as const
const MOST_TEXT_BYTES = 32 * 1024 * 1024
const MOST_ARCHIVE_BYTES = 512 * 1024 * 1024

/**
 * @param file its name, for messages
 * @param encoding of a text; undefined: found
 * @throws StudioError 'bad-request': too large, damaged, an encoding that is not its own
 */
export async function readListFile(bytes: Uint8Array, file: string, encoding?: string): Promise<ListFile> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] < 0x09
  const most = isZip ? MOST_ARCHIVE_BYTES : MOST_TEXT_BYTES
  if (bytes.length > most) throw fault('listTooLarge', { file, megabytes: most / 1024 / 1024 })
  if (isZip) {
    const kind = /\.(?:apkg|colpkg)$/i.test(file) ? 'anki' : 'workbook'
    return { kind, sheets: await readArchive(bytes, file, kind) }
  }
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf)
    throw fault(isLocked(bytes) ? 'listIsLocked' : 'listIsOldWorkbook', { file })
  refuseNoList(bytes, file)
  const { text, certain, candidates, encoding: found } = decodeText(bytes, file, encoding)
  return { kind: 'text', encoding: found, candidates: certain ? [] : candidates, ...readPreamble(text) }
}

/**
 * A compound file is Excel's format of before 2007, or what an .xlsx becomes by a password: then its directory names a stream of
 * this name (MS-OFFCRYPTO, 2.3.4.4).
 */
const isLocked = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'))
