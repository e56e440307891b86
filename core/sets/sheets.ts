/** Contact sheets and grids of a set. */
import { join } from 'node:path'
import type { Axis, SetDefinition } from './definition.ts'
import { labelsOf } from './file-names.ts'
import { ListedFiles } from './listed-files.ts'
import type { ListedFile, ManifestEntry } from './manifest.ts'
import { drawGrid, drawPage, layOutSheet, type SheetEntry } from './sheet.ts'
import { drawPdf } from './sheet-pdf.ts'
import { isTable, layOutTable, type TableEntry } from './sheet-table.ts'

/** Draws what the definition asks for. @returns the files, in the order they were made */
export async function drawSheets(
  definition: SetDefinition,
  entries: readonly ManifestEntry[],
  folder: string,
  staging: string,
): Promise<ListedFile[]> {
  const files = new ListedFiles(folder, staging)
  const made = entries.filter(({ done }) => done)
  if (definition.sheet && made.length) {
    const table = made.map(entry => tableEntry(entry, folder))
    const pages =
      isTable(table) && !definition.matrix
        ? await layOutTable(table, definition.name)
        : await layOutSheet(
            made.map(entry => sheetEntry(entry, definition, folder)),
            { title: definition.name },
          )
    for (const [i, page] of pages.entries())
      await files.write(`contact-sheet-${number(i + 1)}.png`, await drawPage(page))
    await files.write('contact-sheet.pdf', await drawPdf(pages, definition.name))
  }
  if (definition.matrix && made.length) {
    const groups = Map.groupBy(entries, ({ picture }) => picture.group)
    for (const [i, group] of [...groups.values()].entries())
      await files.write(`grid-${number(i + 1)}.png`, await gridOf(definition, group, folder))
  }
  return files.all
}

const number = (n: number) => String(n).padStart(2, '0')

const tableEntry = ({ picture, done }: ManifestEntry, folder: string): TableEntry => ({
  file: join(folder, done!.files[0].name),
  word: picture.word,
  about: [picture.pinyin, picture.translation].filter(Boolean).join(' · '),
  style: picture.about.style,
})

function sheetEntry({ picture, done }: ManifestEntry, { matrix }: SetDefinition, folder: string): SheetEntry {
  const { word, pinyin, translation, about, variant } = picture
  const name = done!.files[0].name
  const place = (axis: Axis | undefined, at: number | null) =>
    axis && at !== null && `${axis.field.split('.').slice(-2).join(' ')} ${labelsOf(axis)[at]}`
  const what = [about.style, `seed ${about.seed}`, variant, place(matrix?.x, picture.x), place(matrix?.y, picture.y)]
    .filter(Boolean)
    .join(' · ')
  return { file: join(folder, name), lines: [[word, pinyin, translation].filter(Boolean).join(' · '), what, name] }
}

async function gridOf(definition: SetDefinition, group: readonly ManifestEntry[], folder: string): Promise<Uint8Array> {
  const { x, y } = definition.matrix!
  const [{ picture }] = group
  const title = [picture.word, picture.translation, picture.about.style, picture.variant].filter(Boolean).join(' · ')
  const fields = `${x.field}${y ? ` × ${y.field}` : ''}`
  const cells = group.map(({ picture: at, done }) => ({
    column: at.x ?? 0,
    row: at.y ?? 0,
    file: done ? join(folder, done.files[0].name) : null,
  }))
  return drawGrid(cells, { title, subtitle: fields, columns: labelsOf(x), rows: y ? labelsOf(y) : [''] })
}
