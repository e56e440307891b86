/** Sheets of an Excel workbook (.xlsx). */
import { buffer } from 'node:stream/consumers'
import readExcelFile from 'read-excel-file/node'
import { ZipFile } from 'yazl'
import { withPlaces } from './cell-places.ts'
import type { Row } from './rows.ts'
import { zipEntries } from './zip-entries.ts'

/** A page of rows: a workbook's sheet, or the notes of one type in an Anki package. */
export interface Sheet {
  name: string
  /** Names of the columns where the file keeps them apart from its rows. */
  names: string[] | null
  rows: Row[]
}

/** @throws Error in other programs' words: no workbook, damaged, too large */
export async function readWorkbook(bytes: Buffer): Promise<Sheet[]> {
  // Unpacked once beforehand, since only this reader counts what comes out, and packed anew, since the workbook's own waits for
  // ever for what a damaged archive lacks.
  const parts = await zipEntries(bytes, name => /\.(?:xml|rels)$/i.test(name))
  if (!parts.has('xl/workbook.xml')) throw new Error('it has no sheets')
  const sheets = await readExcelFile(await packedAnew(parts))
  return sheets.map(({ sheet, data }) => ({
    name: sheet,
    names: null,
    rows: data
      .map((cells, at) => ({ line: at + 1, cells: cells.map(textOf) }))
      .filter(({ cells }) => cells.some(text => text !== '')),
  }))
}

function packedAnew(parts: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, bytes] of parts) {
    const isSheet = name.startsWith('xl/worksheets/')
    zip.addBuffer(isSheet ? Buffer.from(withPlaces(bytes.toString())) : bytes, name, { compress: false })
  }
  zip.end()
  return buffer(zip.outputStream)
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell).trim()
}
