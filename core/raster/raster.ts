/** An 8-bit picture in memory, rows from the top, channels interleaved: data is (height, width, channels). */
export interface Raster<C extends 1 | 3 | 4 = 1 | 3 | 4> {
  readonly width: number
  readonly height: number
  readonly channels: C
  readonly data: Uint8Array
}

/** One channel, 0..255. A mask is a Gray with 255 = ink and 0 = paper and nothing between. */
export type Gray = Raster<1>
/** Three channels, sRGB. */
export type Rgb = Raster<3>

/** A black picture. */
export function blank<C extends 1 | 3 | 4>(width: number, height: number, channels: C): Raster<C> {
  return { width, height, channels, data: new Uint8Array(width * height * channels) }
}

/** The same grey in all three channels. */
export function grayToRgb(gray: Gray): Rgb {
  const out = blank(gray.width, gray.height, 3)
  for (let i = 0, o = 0; i < gray.data.length; i++) out.data[o++] = out.data[o++] = out.data[o++] = gray.data[i]
  return out
}
