/** The worker thread of export-worker.ts. */
import sharp from 'sharp'
import { answer } from '../channel/answer.ts'
import { fault, reasonOf, reportOf } from '../faults/fault.ts'
import { encodePicture } from '../image/encode.ts'
import { altPacket } from '../image/png-metadata.ts'
import { writeDeck } from '../output/anki.ts'
import { drawCards } from '../output/cards-pdf.ts'
import { writeLayered } from '../output/psd.ts'
import { partsOf } from '../output/vector.ts'
import type { Rgb } from '../raster/raster.ts'
import { unmix } from '../raster/unmix.ts'
import { drawPage, layOutSheet } from '../sets/sheet.ts'
import { drawPdf } from '../sets/sheet-pdf.ts'
import { isTable, layOutTable } from '../sets/sheet-table.ts'
import type { ExportCalls } from './export-worker.ts'

async function read(path: string): Promise<Rgb> {
  try {
    const picture = sharp(path).flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha()
    const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) }
  } catch (cause) {
    throw fault('libraryPictureUnreadable', { path, reason: reasonOf(cause).split('\n')[0] }, { cause })
  }
}

answer<ExportCalls>(
  {
    picture: async ({ file, format, info, alt, mask, glow }) => {
      const picture = await read(file)
      const about = { info: info && { ...info, alt }, alt }
      if (!mask || format === 'jpeg') return encodePicture(picture, format, about)
      if (glow) return encodePicture(unmix(picture, mask).word, format, about)
      return encodePicture(picture, format, { ...about, cutOut: mask })
    },
    psd: async ({ file, glyph, mask, maps, alt }) =>
      writeLayered({ picture: await read(file), mask, maps, parts: partsOf(glyph), xmp: altPacket(alt) }),
    png: ({ image }) => encodePicture(image, 'png', { info: null }),
    deck: ({ cards, title }) => writeDeck(cards, title),
    cards: ({ cards, title, options }) => drawCards(cards, title, options),
    sheet: async ({ entries, title, pages }) => {
      const laid = isTable(entries) ? await layOutTable(entries, title) : await layOutSheet(entries, { title })
      if (pages === 'pdf') return [await drawPdf(laid, title)]
      return Promise.all(laid.map(page => drawPage(page)))
    },
  },
  { report: error => reportOf(error, 'unexpected') },
)
