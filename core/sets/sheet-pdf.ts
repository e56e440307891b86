/** A contact sheet as PDF: captions as outlines, so that every script prints as it looks; each picture has its caption as a text for screen readers. */
import sharp from 'sharp'
import { collect, newDocument } from '../output/pdf-document.ts'
import { PAGE, type Placed } from './sheet.ts'

/** Pixels of a point in print: 200 dpi, enough for a contact sheet. */
const DENSITY = 200 / 72

export async function drawPdf(pages: readonly Placed[][], title: string): Promise<Uint8Array> {
  const document = newDocument(title, [PAGE.width, PAGE.height])
  const bytes = collect(document)
  const root = document.struct('Document')
  document.addStructure(root)
  for (const page of pages) {
    document.addPage()
    for (const item of page) {
      if (item.kind === 'picture') {
        const jpeg = await sharp(item.file)
          .flatten({ background: '#ffffff' })
          .resize(Math.max(1, Math.round(item.width * DENSITY)), Math.max(1, Math.round(item.height * DENSITY)), {
            fit: 'fill',
            withoutEnlargement: true,
          })
          .jpeg({ quality: 88 })
          .toBuffer()
        const draw = () => document.image(jpeg, item.x, item.y, { width: item.width, height: item.height })
        root.add(document.struct('Figure', { alt: item.alt }, [draw]))
      } else if (item.path) {
        document.markContent('Artifact')
        document.save().translate(item.x, item.y).path(item.path).fill('#1c1c1c').restore()
        document.endMarkedContent()
      }
    }
  }
  root.end()
  document.end()
  return bytes
}
