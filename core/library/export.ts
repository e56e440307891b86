/** One picture of the library in another format, with or without what it says of itself. */
import sharp from 'sharp'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { writeDurably } from '../files/durable.ts'
import { VERSION } from '../files/version.ts'
import { drawWord, maskOf } from '../glyph/draw.ts'
import { encodePicture, type Format } from '../image/encode.ts'
import { readPicture } from '../raster/read.ts'
import { readRecord } from './record.ts'

export interface ExportOptions {
  format: Format
  /** Leaves out every word of how it was made. */
  strip?: boolean
  /** The word alone. Pictures without a word stay whole. */
  transparent?: boolean
}

/**
 * Writes a picture of ours as a file for others. The private part of the record (paths, timings) never goes along; the
 * request, the web UIs' parameters and XMP do, unless stripped.
 * @throws StudioError 'bad-image', 'cannot-write'
 */
export async function exportPicture(picture: string, target: string, options: ExportOptions): Promise<void> {
  const { format, strip = false, transparent = false } = options
  const image = await readPicture(picture)
  const found = await sharp(picture)
    .metadata()
    .then(({ format: kind }) => (kind === 'png' ? readRecord(picture) : null))
  const request = found?.request ?? null
  const info =
    request && !strip
      ? {
          request,
          prompt: found?.record?.prompt ?? request.prompt ?? '',
          negativePrompt: found?.record?.negativePrompt ?? request.negativePrompt,
          version: found?.version ?? VERSION,
        }
      : null
  const cutOut =
    transparent && request?.word
      ? maskOf(await drawWord(request.word, request.layout ?? DEFAULT_LAYOUT, image.width, image.height))
      : null
  await writeDurably(target, await encodePicture(image, format, { info, cutOut }))
}
