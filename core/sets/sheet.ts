/** Contact sheets: pictures with captions, on pages. What a page holds is laid out once and drawn as PNG or PDF. */
import sharp from 'sharp'
import { caption } from './caption.ts'

export interface SheetEntry {
  /** Path of the picture. */
  file: string
  /** Up to three lines, the first larger. */
  lines: readonly string[]
}

export interface SheetOptions {
  title: string
  columns?: number
  rows?: number
}

/** Points of 1/72 inch: A4. */
export const PAGE = { width: 595, height: 842, margin: 36, header: 26, gap: 12 } as const
const LINE_SIZES = [11, 8, 8] as const
const LINE_HEIGHT = 1.35
const INK = '#1c1c1c'

/** Something on a page, in points. */
export type Placed =
  | { kind: 'picture'; file: string; x: number; y: number; width: number; height: number; alt: string }
  | { kind: 'text'; path: string; x: number; y: number }

/** The pages of a sheet. Pictures keep their proportions inside equal cells. */
export async function layOutSheet(entries: readonly SheetEntry[], options: SheetOptions): Promise<Placed[][]> {
  const { title, columns = 3, rows = 4 } = options
  const perPage = columns * rows
  const pages: Placed[][] = []
  const width = (PAGE.width - 2 * PAGE.margin - (columns - 1) * PAGE.gap) / columns
  const top = PAGE.margin + PAGE.header
  const height = (PAGE.height - PAGE.margin - top - (rows - 1) * PAGE.gap) / rows
  const count = Math.max(1, Math.ceil(entries.length / perPage))
  for (let page = 0; page < count; page++) {
    const number = `${page + 1} / ${count}`
    const right = await caption(number, 9, 80)
    const placed: Placed[] = [
      {
        kind: 'text',
        path: (await caption(title, 14, PAGE.width - 2 * PAGE.margin - 90)).path,
        x: PAGE.margin,
        y: PAGE.margin + 10,
      },
      { kind: 'text', path: right.path, x: PAGE.width - PAGE.margin - right.width, y: PAGE.margin + 10 },
    ]
    for (const [i, entry] of entries.slice(page * perPage, (page + 1) * perPage).entries()) {
      const x = PAGE.margin + (i % columns) * (width + PAGE.gap)
      const y = top + Math.floor(i / columns) * (height + PAGE.gap)
      placed.push(...(await cell(entry, x, y, width, height)))
    }
    pages.push(placed)
  }
  return pages
}

async function cell(entry: SheetEntry, x: number, y: number, width: number, height: number): Promise<Placed[]> {
  const lines = entry.lines.slice(0, LINE_SIZES.length)
  const text = lines.reduce((sum, _, i) => sum + LINE_SIZES[i] * LINE_HEIGHT, 4)
  const { width: w = 1, height: h = 1 } = await sharp(entry.file).metadata()
  const scale = Math.min(width / w, (height - text) / h)
  const picture = { width: w * scale, height: h * scale }
  const placed: Placed[] = [
    {
      kind: 'picture',
      file: entry.file,
      x: x + (width - picture.width) / 2,
      y,
      ...picture,
      alt: entry.lines.join(', '),
    },
  ]
  let baseline = y + picture.height + 4
  for (const [i, line] of lines.entries()) {
    const set = await caption(line, LINE_SIZES[i], width)
    baseline += LINE_SIZES[i] * LINE_HEIGHT
    placed.push({ kind: 'text', path: set.path, x: x + (width - set.width) / 2, y: baseline - 3 })
  }
  return placed
}

/** Pixels a point: 150 dpi. */
const DENSITY = 150 / 72

/** One page as PNG. */
export async function drawPage(page: readonly Placed[]): Promise<Uint8Array> {
  const [width, height] = [Math.round(PAGE.width * DENSITY), Math.round(PAGE.height * DENSITY)]
  const layers: { input: Buffer; left: number; top: number }[] = []
  for (const item of page) {
    if (item.kind !== 'picture') continue
    const size = [
      Math.max(1, Math.round(item.width * DENSITY)),
      Math.max(1, Math.round(item.height * DENSITY)),
    ] as const
    const input = await sharp(item.file)
      .resize(...size, { fit: 'fill' })
      .png()
      .toBuffer()
    layers.push({ input, left: Math.round(item.x * DENSITY), top: Math.round(item.y * DENSITY) })
  }
  const texts = page.map(item =>
    item.kind === 'text' ? `<path transform="translate(${item.x} ${item.y})" d="${item.path}"/>` : '',
  )
  const svg = svgOf(width, height, `<g fill="${INK}" transform="scale(${DENSITY})">${texts.join('')}</g>`)
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite([...layers, { input: svg, left: 0, top: 0 }])
    .removeAlpha()
    .png()
    .toBuffer()
}

const svgOf = (width: number, height: number, body: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`)

export interface GridCell {
  column: number
  row: number
  /** null: could not be made; its cell stays grey. */
  file: string | null
}

export interface GridOptions {
  title: string
  /** What varies: "guidanceScale × steps". */
  subtitle: string
  /** What the columns and the rows are, in order. */
  columns: readonly string[]
  rows: readonly string[]
}

/** A grid becomes no larger than this, so that it can still be opened. */
const GRID_SIDE = 8000

/** All pictures of a matrix in one PNG, with the values along the edges. */
export async function drawGrid(
  cells: readonly GridCell[],
  { title, subtitle, columns, rows }: GridOptions,
): Promise<Uint8Array> {
  const first = cells.find(({ file }) => file)?.file
  const { width: w = 256, height: h = 256 } = first ? await sharp(first).metadata() : {}
  const left = rows.length > 1 || rows[0] ? 130 : 12
  const top = 96
  const scale = Math.min(
    1,
    (GRID_SIDE - left) / (columns.length * (w + 8)),
    (GRID_SIDE - top) / (rows.length * (h + 8)),
  )
  const [cw, ch] = [Math.max(48, Math.round(w * scale)), Math.max(48, Math.round(h * scale))]
  // Narrow grids still show their title.
  const width = Math.max(640, left + columns.length * (cw + 8) + 4)
  const height = top + rows.length * (ch + 8) + 4
  const [x, y] = [(column: number) => left + column * (cw + 8), (row: number) => top + row * (ch + 8)]
  const layers: { input: Buffer; left: number; top: number }[] = []
  for (const { column, row, file } of cells) {
    const input = file
      ? await sharp(file).resize(cw, ch, { fit: 'contain', background: '#ffffff' }).png().toBuffer()
      : await sharp({ create: { width: cw, height: ch, channels: 3, background: '#cccccc' } })
          .png()
          .toBuffer()
    layers.push({ input, left: x(column), top: y(row) })
  }
  const texts: string[] = []
  const write = async (text: string, size: number, atX: number, atY: number, room: number) => {
    const set = await caption(text, size, room)
    texts.push(`<path transform="translate(${atX} ${atY})" d="${set.path}"/>`)
  }
  await write(title, 26, 12, 34, width - 24)
  await write(subtitle, 14, 12, 56, width - 24)
  for (const [i, label] of columns.entries()) await write(label, 18, x(i), top - 12, cw)
  for (const [i, label] of rows.entries()) await write(label, 18, 12, y(i) + ch / 2, left - 20)
  const svg = svgOf(width, height, `<g fill="${INK}">${texts.join('')}</g>`)
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite([...layers, { input: svg, left: 0, top: 0 }])
    .removeAlpha()
    .png()
    .toBuffer()
}
