/** Cards to print: the picture in front, the word with its reading and meaning behind. Texts are texts. */
import sharp from 'sharp'
import { altOf, type Card } from './card.ts'
import { type CardOptions, type CardPages, layOutCards, MARKS, type PlacedSide } from './card-layout.ts'
import { CardTexts, type TextRun } from './card-text.ts'
import { collect, newDocument } from './pdf-document.ts'

/** Points of 1/72 inch. */
const MM = 72 / 25.4
/** Pixels a millimetre: 300 dpi. */
const DENSITY = 300 / 25.4
const INK = '#1c1c1c'
const FAINT = '#5c564d'

/** A text of the card's back. */
interface Entry {
  text: string
  weight: number
  /** Of the em, as a part of the card's shorter side. */
  size: number
  colour: string
}

/** A line of it as it is set; lengths in points. */
interface Line extends Measured {
  runs: TextRun[]
  em: number
  colour: string
}

type Document = PDFKit.PDFDocument

/** @throws StudioError, or sharp's error for a picture that cannot be read */
export async function drawCards(cards: readonly Card[], title: string, options: CardOptions): Promise<Uint8Array> {
  const layout = layOutCards(cards.length, options)
  const texts = new CardTexts()
  const entries = cards.map(entriesOf)
  for (const { text, weight } of entries.flat()) await texts.runs(text, weight)
  const document = newDocument(title)
  for (const [name, bytes] of texts.fonts()) document.registerFont(name, Buffer.from(bytes))
  const bytes = collect(document)
  const root = document.struct('Document')
  document.addStructure(root)
  for (const sides of layout.pages) {
    document.addPage({ size: [layout.page.width * MM, layout.page.height * MM], margin: 0 })
    boxesOf(document, sides, layout, options)
    for (const placed of sides) {
      const draw = placed.side === 'front' ? await front(cards[placed.card], layout, options) : null
      const lines = draw ? [] : await linesOf(document, texts, entries[placed.card], layout)
      document.save()
      moveTo(document, placed, layout)
      if (draw) root.add(document.struct('Figure', { alt: altOf(cards[placed.card]) }, [() => draw(document)]))
      else await back(document, root, cards[placed.card], lines, layout)
      document.restore()
      if (options.cropMarks) drawMarks(document, placed, sides, layout, options.bleed)
    }
  }
  root.end()
  document.end()
  return bytes
}

const entriesOf = ({ word, reading, meaning }: Card): Entry[] =>
  [
    { text: word, weight: 500, size: 0.2, colour: INK },
    { text: reading ?? '', weight: 400, size: 0.085, colour: FAINT },
    { text: meaning ?? '', weight: 400, size: 0.085, colour: INK },
  ].filter(({ text }) => text.trim() !== '')

/** Where the page is cut and how far it bleeds, for printers; only of pages with one card. Source: ISO 32000-1, 14.11.2. */
function boxesOf(
  document: Document,
  sides: readonly PlacedSide[],
  { page, card, single }: CardPages,
  { bleed }: CardOptions,
): void {
  const [only] = sides
  if (!single || !only) return
  const box = (around: number) => [
    (only.x - around) * MM,
    (page.height - only.y - card.height - around) * MM,
    (only.x + card.width + around) * MM,
    (page.height - only.y + around) * MM,
  ]
  const { data } = document.page.dictionary as unknown as { data: Record<string, unknown> }
  data['TrimBox'] = box(0)
  data['BleedBox'] = box(bleed)
}

/** From here on the card's upper left corner is the origin. */
function moveTo(document: Document, { x, y, turned }: PlacedSide, { card }: CardPages): void {
  document.translate(x * MM, y * MM)
  if (turned) document.rotate(180, { origin: [(card.width / 2) * MM, (card.height / 2) * MM] })
}

/** The picture whole, as large as the card takes it; its margin is mirrored into the bleed, and its edges' colour fills the rest. */
async function front(
  { pictures }: Card,
  { card }: CardPages,
  { bleed }: CardOptions,
): Promise<(document: Document) => void> {
  const [file] = pictures
  const source = sharp(file).flatten({ background: '#ffffff' }).toColourspace('srgb')
  const { width: w = 1, height: h = 1 } = await sharp(file).metadata()
  const scale = Math.min(card.width / w, card.height / h)
  const [width, height] = [w * scale, h * scale]
  const pixels = (mm: number) => Math.max(1, Math.round(mm * DENSITY))
  const [pw, ph] = [Math.min(w, pixels(width)), Math.min(h, pixels(height))]
  const extra = Math.min(Math.round((bleed * pw) / width), pw - 1, ph - 1)
  const small = await source.resize(pw, ph, { fit: 'fill' }).removeAlpha().raw().toBuffer()
  const raw = { width: pw, height: ph, channels: 3 } as const
  const jpeg = await sharp(small, { raw })
    .extend({ top: extra, bottom: extra, left: extra, right: extra, extendWith: 'mirror' })
    .jpeg({ quality: 93, chromaSubsampling: '4:4:4' })
    .toBuffer()
  const ground = edgeColour(small, pw, ph)
  const around = (extra * width) / pw
  const [x, y] = [(card.width - width) / 2, (card.height - height) / 2]
  return document => {
    document.rect(-bleed * MM, -bleed * MM, (card.width + 2 * bleed) * MM, (card.height + 2 * bleed) * MM).fill(ground)
    document.image(jpeg, (x - around) * MM, (y - around) * MM, {
      width: (width + 2 * around) * MM,
      height: (height + 2 * around) * MM,
    })
  }
}

/** Mean colour of the outermost pixels. */
function edgeColour(data: Uint8Array, width: number, height: number): [number, number, number] {
  const sum = [0, 0, 0]
  let count = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (y > 0 && y < height - 1 && x > 0 && x < width - 1) continue
      for (let c = 0; c < 3; c++) sum[c] += data[3 * (y * width + x) + c]
      count++
    }
  }
  return sum.map(each => Math.round(each / count)) as [number, number, number]
}

const MARGIN = 0.08
/** A text is broken into so many lines at most before it is set smaller. */
const MOST_LINES = 4

async function back(
  document: Document,
  root: PDFKit.PDFStructureElement,
  card: Card,
  lines: readonly Line[],
  { card: size }: CardPages,
): Promise<void> {
  const short = Math.min(size.width, size.height) * MM
  const [width, height] = [size.width * MM, size.height * MM]
  const mapSide = card.maps.length > 0 ? Math.min(0.24 * short, (width - 2 * MARGIN * short - 3 * 4) / 4) : 0
  const below = mapSide > 0 ? mapSide + MARGIN * short : 0
  const text = lines.reduce((sum, line) => sum + line.height, 0)
  const top = Math.max(MARGIN * short, (height - below - text) / 2)
  // What is still too high for the card is drawn smaller as a whole.
  const scale = Math.min(1, (height - below - 2 * MARGIN * short) / Math.max(1, text))
  let y = top
  for (const line of lines) {
    const at = y
    const write = () => {
      document
        .save()
        .translate(width / 2, at)
        .scale(scale)
      let x = -line.width / 2
      for (const { text: part, font } of line.runs) {
        document.font(font).fontSize(line.em).fillColor(line.colour)
        document.text(part, x, line.ascent, { lineBreak: false, baseline: 'alphabetic' })
        x += document.widthOfString(part)
      }
      document.restore()
    }
    root.add(document.struct('P', {}, [write]))
    y += line.height * scale
  }
  let x = (width - card.maps.length * mapSide - (card.maps.length - 1) * 4) / 2
  for (const { name, png } of card.maps) {
    const side = Math.max(1, Math.round((mapSide / MM) * DENSITY))
    const small = await sharp(png).resize(side, side, { fit: 'inside', withoutEnlargement: true }).png().toBuffer()
    const at = x
    const draw = () => {
      document.image(small, at, height - MARGIN * short - mapSide, { fit: [mapSide, mapSide] })
    }
    root.add(document.struct('Figure', { alt: `${name}, ${card.word}` }, [draw]))
    x += mapSide + 4
  }
}

/** The lines of the entries: in as few as they fit into at their size, and smaller where no number of lines will do. */
async function linesOf(
  document: Document,
  texts: CardTexts,
  entries: readonly Entry[],
  { card }: CardPages,
): Promise<Line[]> {
  const short = Math.min(card.width, card.height) * MM
  const room = card.width * MM - 2 * MARGIN * short
  const lines: Line[] = []
  for (const { text, weight, size, colour } of entries) {
    const em = size * short
    for (let count = 1; ; count++) {
      const parts = await Promise.all(broken(text, count).map(part => texts.runs(part, weight)))
      const widest = Math.max(...parts.map(runs => measure(document, runs, em).width))
      if (widest > room && count < Math.min(MOST_LINES, text.split(/\s+/).length)) continue
      const fitted = em * Math.min(1, room / Math.max(1, widest))
      lines.push(...parts.map(runs => ({ runs, em: fitted, colour, ...measure(document, runs, fitted) })))
      break
    }
  }
  return lines
}

/** A text in so many lines of about equal length, broken at its spaces. */
function broken(text: string, count: number): string[] {
  const lines: string[] = ['']
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.length - 1
    const full = (lines.join(' ').length + word.length / 2) / text.length >= lines.length / count
    if (lines[last] !== '' && full && lines.length < count) lines.push(word)
    else lines[last] = lines[last] === '' ? word : `${lines[last]} ${word}`
  }
  return lines
}

interface Measured {
  width: number
  height: number
  ascent: number
}

/** Fonts differ in how far they reach above and below the line. */
function measure(document: Document, runs: readonly TextRun[], em: number): Measured {
  const sum = { width: 0, height: 0, ascent: 0 }
  for (const { text, font } of runs) {
    document.font(font).fontSize(em)
    const { ascender } = (document as unknown as { _font: { ascender: number } })._font
    sum.width += document.widthOfString(text)
    sum.height = Math.max(sum.height, document.currentLineHeight(true))
    sum.ascent = Math.max(sum.ascent, (ascender / 1000) * em)
  }
  return sum
}

/** Two short lines beside each corner, outside the bleed; on a sheet none that would cross another card. */
function drawMarks(
  document: Document,
  placed: PlacedSide,
  sides: readonly PlacedSide[],
  { card }: CardPages,
  bleed: number,
): void {
  const from = bleed + MARKS.gap
  const to = from + MARKS.length
  const crosses = (x: number, y: number) =>
    sides.some(
      other =>
        other !== placed &&
        x > other.x - bleed &&
        x < other.x + card.width + bleed &&
        y > other.y - bleed &&
        y < other.y + card.height + bleed,
    )
  const mark = (x: number, y: number, dx: number, dy: number) => {
    if (crosses(x + to * dx, y + to * dy)) return
    document.moveTo((x + from * dx) * MM, (y + from * dy) * MM).lineTo((x + to * dx) * MM, (y + to * dy) * MM)
  }
  document.markContent('Artifact')
  document.save().lineWidth(0.25).strokeColor('#000000')
  for (const right of [0, 1]) {
    for (const low of [0, 1]) {
      const [x, y] = [placed.x + right * card.width, placed.y + low * card.height]
      mark(x, y, right ? 1 : -1, 0)
      mark(x, y, 0, low ? 1 : -1)
    }
  }
  document.stroke().restore()
  document.endMarkedContent()
}
