/**
 * The 8-bit floats of published weights. Source: Micikevicius et al., FP8 Formats for Deep Learning (arXiv 2209.05433),
 * table 1; the names of safetensors. E4M3 here is torch's float8_e4m3fn: no infinity, NaN only as ±0x7f.
 */

/** All 256 numbers of a format, by their byte. Every finite one is exact in fp16. */
export function float8Table(dtype: 'F8_E4M3' | 'F8_E5M2'): Float32Array {
  return dtype === 'F8_E4M3' ? E4M3 : E5M2
}

const E4M3 = table(4, 3, (exponent, mantissa) => (exponent === 15 && mantissa === 7 ? Number.NaN : null))
const E5M2 = table(5, 2, (exponent, mantissa) =>
  exponent === 31 ? (mantissa === 0 ? Number.POSITIVE_INFINITY : Number.NaN) : null,
)

function table(
  exponentBits: number,
  mantissaBits: number,
  special: (exponent: number, mantissa: number) => number | null,
): Float32Array {
  const bias = 2 ** (exponentBits - 1) - 1
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const exponent = (byte & 0x7f) >> mantissaBits
    const mantissa = byte & (2 ** mantissaBits - 1)
    const fraction = mantissa / 2 ** mantissaBits
    const plain = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias)
    return (byte & 0x80 ? -1 : 1) * (special(exponent, mantissa) ?? plain)
  })
}
