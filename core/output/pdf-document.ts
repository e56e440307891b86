/** What every PDF of the studio has in common: tagged for screen readers, and the same bytes for the same pages. */
import PDFDocument from 'pdfkit'

/** A file says nothing of when it was made: the same pictures give the same file. */
const NO_DATE = new Date('2000-01-01T00:00:00Z')

/** @param size points, of pages that name none of their own */
export function newDocument(title: string, size?: [width: number, height: number]): PDFKit.PDFDocument {
  return new PDFDocument({
    ...(size && { size }),
    margin: 0,
    autoFirstPage: false,
    tagged: true,
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: title, Producer: 'Zihua Studio', Creator: 'Zihua Studio', CreationDate: NO_DATE, ModDate: NO_DATE },
  })
}

/** All that a document writes until it is ended; to be called before anything is drawn. */
export function collect(document: PDFKit.PDFDocument): Promise<Uint8Array> {
  const parts: Buffer[] = []
  document.on('data', (part: Buffer) => parts.push(part))
  return new Promise((resolve, reject) => {
    document.on('end', () => resolve(Buffer.concat(parts)))
    document.on('error', reject)
  })
}
