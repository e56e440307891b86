/** The worker thread of mask.ts: decodes a stranger's mask, and puts two pictures together. */
import sharp, { type Sharp } from 'sharp'
import { answer } from '../../channel/answer.ts'
import { fault, phrase, reasonOf, reportOf } from '../../faults/fault.ts'
import type { Gray } from '../../raster/raster.ts'
import type { MaskCalls } from './mask.ts'

/** A mask is of its picture's size, and pictures are smaller. */
const MAX_PIXELS = 16_000_000
/** How far the new part fades into the old one, pixels; the old part itself is left alone. */
const FEATHER = 3

async function read(bytes: Uint8Array): Promise<Gray> {
  const opaque = () => {
    const issue = 'a PNG with transparent parts is expected'
    return fault('fieldWrong', { what: phrase('theRequest'), field: 'mask', issue })
  }
  const kept = await alphaOf(bytes).catch((cause: unknown) => {
    throw fault('pictureUnreadable', { name: '"mask"', reason: reasonOf(cause).split('\n')[0] }, { cause })
  })
  if (!kept?.data.some(alpha => alpha < 128)) throw opaque()
  return kept
}

/** null where there is none. @throws Error for a damaged picture, or one of too many pixels */
async function alphaOf(bytes: Uint8Array): Promise<Gray | null> {
  const source = sharp(bytes, { limitInputPixels: MAX_PIXELS })
  const { format, hasAlpha } = await source.metadata()
  if ((format !== 'png' && format !== 'webp') || !hasAlpha) return null
  const alpha = source.extractChannel('alpha').raw({ depth: 'uchar' })
  const { data, info } = await alpha.toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: 1, data: new Uint8Array(data) }
}

async function blend({ painted, original, kept }: MaskCalls['blend']['request']): Promise<Uint8Array> {
  const { data: anew, info } = await rgb(sharp(painted))
  const { width, height } = info
  const { data: before } = await rgb(sharp(original).resize(width, height, { fit: 'fill' }))
  const raw = { width: kept.width, height: kept.height, channels: 1 } as const
  const alpha = () => sharp(kept.data, { raw }).resize(width, height, { fit: 'fill' }).toColourspace('b-w')
  const [sharpEdge, softEdge] = await Promise.all([
    alpha().raw().toBuffer(),
    alpha().blur(FEATHER).toColourspace('b-w').raw().toBuffer(),
  ])
  const out = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const share = Math.max(sharpEdge[i], softEdge[i]) / 255
    for (let c = i * 3; c < i * 3 + 3; c++) out[c] = Math.round(anew[c] + share * (before[c] - anew[c]))
  }
  return sharp(out, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

const rgb = (picture: Sharp) => picture.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })

answer<MaskCalls>({ read: ({ bytes }) => read(bytes), blend }, { report: error => reportOf(error, 'unexpected') })
