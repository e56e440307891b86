/** The worker thread of mask.ts: decodes a stranger's mask, cuts out what is painted, and puts it back. */
import sharp, { type Sharp } from 'sharp'
import { answer } from '../../channel/answer.ts'
import { repaintArea } from '../../conditioning/repaint-area.ts'
import { fault, phrase, reasonOf, reportOf } from '../../faults/fault.ts'
import { squaredDistance } from '../../raster/distance.ts'
import type { Gray } from '../../raster/raster.ts'
import type { Box, MaskCalls, MaskPlan, MaskWish, Paste } from './mask.ts'

/** Of a picture that is painted over, and of its mask. */
const MAX_PIXELS = 16_000_000
/** The widest edge that a repaint can have, share of the shorter side. */
const WIDEST = 0.5

interface Size {
  width: number
  height: number
}

async function plan(wish: MaskWish): Promise<MaskPlan> {
  const { edge, place, fill, closeUp } = wish
  const { width, height } = await sharp(wish.picture, { limitInputPixels: MAX_PIXELS }).metadata()
  const whole = { width, height }
  const area = await openPart(wish, whole)
  const inner = place === 'within' ? edge : edge / 2
  const core = shrunk(area, inner)
  const part = closeUp && surroundings(area, closeUp)
  const feather = (size: Size) => Math.min(WIDEST, (core === area ? 0 : edge) / Math.min(size.width, size.height))
  const cut = (picture: Sharp) => (part ? picture.extract(part) : picture)
  const picture = () => cut(sharp(wish.picture).removeAlpha().toColourspace('srgb'))
  const mask = await cut(asSharp(core)).png().toBuffer()
  return {
    init: fill ? await filled(picture(), mask) : part && (await picture().png().toBuffer()),
    mask,
    feather: feather(part ?? whole),
    part,
  }
}

/** 255 where the mask lets the picture be painted again, at the picture's size. @throws StudioError */
async function openPart({ mask, open, invert }: MaskWish, { width, height }: Size): Promise<Gray> {
  const wrong = (issue: string) => fault('fieldWrong', { what: phrase('theRequest'), field: 'mask', issue })
  const plane = await planeOf(mask, open).catch((cause: unknown) => {
    throw fault('pictureUnreadable', { name: '"mask"', reason: reasonOf(cause).split('\n')[0] }, { cause })
  })
  if (!plane) throw wrong('a PNG with transparent parts is expected')
  const sized = await plane.resize(width, height, { fit: 'fill' }).toColourspace('b-w').raw().toBuffer()
  const wanted = (open === 'transparent') === invert
  const data = Uint8Array.from(sized, value => (value > 127 === wanted ? 255 : 0))
  if (!data.includes(255))
    throw wrong(open === 'white' ? 'a part to paint again is expected' : 'a PNG with transparent parts is expected')
  return { width, height, channels: 1, data }
}

/** Its alpha; of a mask that has none, its luminance, unless it has to have one. @throws Error for a damaged picture */
async function planeOf(bytes: Uint8Array, open: MaskWish['open']): Promise<Sharp | null> {
  const source = sharp(bytes, { limitInputPixels: MAX_PIXELS })
  const { format, hasAlpha } = await source.metadata()
  if (open === 'transparent' && ((format !== 'png' && format !== 'webp') || !hasAlpha)) return null
  const opaque = !hasAlpha || (await source.clone().stats()).isOpaque
  const plane = opaque && open === 'white' ? source.removeAlpha().greyscale() : source.extractChannel('alpha')
  const { data, info } = await plane.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } })
}

/** Without a border of `by` pixels; the area itself where nothing would be left. */
function shrunk(area: Gray, by: number): Gray {
  if (by <= 0) return area
  const data = Uint8Array.from(squaredDistance(area), d2 => (d2 > by * by ? 255 : 0))
  return data.includes(255) ? { ...area, data } : area
}

/** The area's box with padding around it, widened to the proportions of what is painted, within the picture. */
function surroundings({ width, height, data }: Gray, { padding, ...target }: NonNullable<MaskWish['closeUp']>): Box {
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (data[y * width + x]) {
        left = Math.min(left, x)
        right = Math.max(right, x + 1)
        top = Math.min(top, y)
        bottom = y + 1
      }
  const columns = within(
    left - padding,
    right + padding,
    width,
    ((bottom - top + 2 * padding) * target.width) / target.height,
  )
  const rows = within(top - padding, bottom + padding, height, (columns.length * target.height) / target.width)
  return { left: columns.from, top: rows.from, width: columns.length, height: rows.length }
}

/** from..to made at least as long as `least` about its middle, and moved into 0..size. */
function within(from: number, to: number, size: number, least: number): { from: number; length: number } {
  const length = Math.min(size, Math.round(Math.max(to - from, least)))
  const start = Math.round((from + to - length) / 2)
  return { from: Math.max(0, Math.min(size - length, start)), length }
}

/**
 * How far the colours around reach into the area, Gaussian sigmas in pixels, and how often each is laid on: the nearer lie over
 * the farther.
 */
const REACHES = [
  [256, 1],
  [64, 1],
  [16, 2],
  [4, 4],
  [2, 2],
] as const
/** A wide blur is that of a smaller picture, whose sigma is this. */
const BLUR = 4

/**
 * The picture with what is painted again covered by the blurred colours around it, as A1111's "fill" begins.
 * Source: the description of masked content in its wiki; the reaches are its modules/masking.py's.
 */
async function filled(picture: Sharp, mask: Uint8Array): Promise<Uint8Array> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const area = await sharp(mask).toColourspace('b-w').raw().toBuffer()
  const holed = new Uint8Array(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    holed.set(data.subarray(3 * i, 3 * i + 3), 4 * i)
    holed[4 * i + 3] = 255 - area[i]
  }
  // Written to be read at once.
  const quick = { compressionLevel: 0 }
  const cut = await sharp(holed, { raw: { width, height, channels: 4 } })
    .png(quick)
    .toBuffer()
  const layers = REACHES.map(async ([reach, times]) => {
    const by = Math.max(1, reach / BLUR)
    const small = { width: Math.max(1, Math.round(width / by)), height: Math.max(1, Math.round(height / by)) }
    const blurred = await sharp(cut).resize(small.width, small.height, { fit: 'fill' }).png().toBuffer()
    const wide = await sharp(blurred)
      .blur(reach / by)
      .png()
      .toBuffer()
    const layer = await sharp(wide).resize(width, height, { fit: 'fill' }).png(quick).toBuffer()
    return Array.from({ length: times }, () => layer)
  })
  const over = [...(await Promise.all(layers)).flat(), cut].map(input => ({ input }))
  return sharp({ create: { width, height, channels: 3, background: '#808080' } })
    .composite(over)
    .removeAlpha()
    .png()
    .toBuffer()
}

async function paste({ painted, picture, plan }: Paste): Promise<Uint8Array> {
  const { part, mask, feather } = plan
  const { data: before, info } = await rgb(sharp(picture))
  const { data: anew } = await rgb(sharp(painted).resize(part.width, part.height, { fit: 'fill' }))
  const brush = await sharp(mask).toColourspace('b-w').raw().toBuffer()
  const named = { strokes: [], radical: false, blocks: [], ground: false, mask: null, grow: 0, feather }
  const area = await repaintArea(named, null, { ...part, channels: 1, data: brush })
  for (let y = 0; y < part.height; y++)
    for (let x = 0; x < part.width; x++) {
      const share = area.data[y * part.width + x] / 255
      const [to, from] = [((y + part.top) * info.width + x + part.left) * 3, (y * part.width + x) * 3]
      for (let c = 0; c < 3; c++) before[to + c] += Math.round(share * (anew[from + c] - before[to + c]))
    }
  return sharp(before, { raw: { width: info.width, height: info.height, channels: 3 } })
    .png()
    .toBuffer()
}

const rgb = (picture: Sharp) => picture.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
const asSharp = ({ width, height, data }: Gray) =>
  sharp(data, { raw: { width, height, channels: 1 } }).toColourspace('b-w')

answer<MaskCalls>({ plan, paste }, { report: error => reportOf(error, 'unexpected') })
