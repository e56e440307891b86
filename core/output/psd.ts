/** A picture in layers for Photoshop and its kin: picture, ground, word with its glow, outline as a path, maps. */
import { type BezierPath, type Layer, type PixelData, type Psd, writePsdUint8Array } from 'ag-psd'
import type { Gray, Raster, Rgb } from '../raster/raster.ts'
import { unmix } from '../raster/unmix.ts'
import { type Curve, curvesOfParts, type VectorPart } from './vector.ts'

export interface Layered {
  picture: Rgb
  /** 255 = ink, of the picture's size. */
  mask: Gray
  maps: readonly { name: string; image: Gray | Rgb }[]
  parts: readonly VectorPart[]
  /** XMP with the alt text, or null. */
  xmp: string | null
}

/** The file's bytes. Layers from the bottom: Picture, Ground, Word, Outline, and the group Maps; the last two are hidden. */
export function writeLayered({ picture, mask, maps, parts, xmp }: Layered): Uint8Array {
  const { width, height } = picture
  const { word, ground } = unmix(picture, mask)
  const paths = curvesOfParts(parts).map(pathOf)
  const outline: Layer = {
    name: 'Outline',
    hidden: true,
    vectorFill: { type: 'color', color: { r: 0, g: 0, b: 0 } },
    vectorMask: { paths },
  }
  const children: Layer[] = [
    { name: 'Picture', imageData: rgba(picture) },
    { name: 'Ground', imageData: rgba(ground) },
    { name: 'Word', imageData: rgba(word) },
    ...(paths.length > 0 ? [outline] : []),
    {
      name: 'Maps',
      hidden: true,
      opened: false,
      children: maps.map(({ name, image }): Layer => ({ name, hidden: true, imageData: rgba(image) })),
    },
  ]
  const psd: Psd = {
    ...{ width, height, children },
    imageData: rgba(picture),
    imageResources: { resolutionInfo: RESOLUTION, ...(xmp && { xmpMetadata: xmp }) },
  }
  return writePsdUint8Array(psd, { noBackground: true })
}

const RESOLUTION = {
  horizontalResolution: 300,
  horizontalResolutionUnit: 'PPI',
  widthUnit: 'Centimeters',
  verticalResolution: 300,
  verticalResolutionUnit: 'PPI',
  heightUnit: 'Centimeters',
} as const

function rgba({ width, height, channels, data }: Raster): PixelData {
  if (channels === 4) return { width, height, data: new Uint8ClampedArray(data) }
  const out = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) out[4 * i + c] = data[channels * i + (channels === 1 ? 0 : c)]
    out[4 * i + 3] = 255
  }
  return { width, height, data: out }
}

/** A knot has the control point before it, itself, and the one after. */
function pathOf({ start, cubics, closed }: Curve): BezierPath {
  const knots: number[][] = [[...start, ...start, ...start]]
  for (const [ax, ay, bx, by, x, y] of cubics) {
    const last = knots.at(-1)!
    last[4] = ax
    last[5] = ay
    knots.push([bx, by, x, y, x, y])
  }
  const [first, end] = [knots[0], knots.at(-1)!]
  const meets = closed && knots.length > 1 && Math.hypot(end[2] - first[2], end[3] - first[3]) < 1e-3
  if (meets) {
    // The curve ends where it began: one knot, not two.
    first[0] = end[0]
    first[1] = end[1]
    knots.pop()
  }
  return {
    open: !closed,
    operation: 'combine',
    fillRule: 'non-zero',
    knots: knots.map(points => ({ linked: false, points })),
  }
}
