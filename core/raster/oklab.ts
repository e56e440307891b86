/**
 * OKLab: a colour space in which equal distances look about equal. Lightness is 0..1, the other two about ±0.4.
 * Source: B. Ottosson, "A perceptual color space for image processing" (2020), with the matrices as published there.
 */

/** sRGB → linear light, both 0..1. Source: IEC 61966-2-1. */
export const linearLight = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4

/** 8-bit sRGB → linear light, 0..1. */
export const LINEAR = Float64Array.from({ length: 256 }, (_, i) => linearLight(i / 255))

const toByte = (linear: number): number => {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(255 * Math.min(1, Math.max(0, value)))
}

export type Oklab = readonly [lightness: number, a: number, b: number]

/** 8-bit sRGB → OKLab. */
export function oklabOf(red: number, green: number, blue: number): Oklab {
  const [r, g, b] = [LINEAR[red], LINEAR[green], LINEAR[blue]]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** OKLab → 8-bit sRGB; what lies outside of it is cut off. */
export function rgbOf([lightness, a, b]: Oklab): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

/** Squared. */
export const oklabDistance = (a: Oklab, b: Oklab): number =>
  (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2

/** "#rrggbb" → 8-bit sRGB. */
export const bytesOf = (hex: string): [number, number, number] =>
  [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]

/** 8-bit sRGB → "#rrggbb". */
export const hexOf = (rgb: readonly number[]): string =>
  `#${rgb.map(value => value.toString(16).padStart(2, '0')).join('')}`
