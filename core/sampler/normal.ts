/**
 * The inverse normal distribution: algorithm AS 241 PPND16 (Wichura 1988, Applied Statistics 37), with only + - * / and
 * sqrt, which IEEE 754 rounds exactly, and a logarithm of our own: Math.log may differ in the last bit between engines.
 */

/** Coefficients of AS 241, numerator and denominator, ascending: centre, middle and far tail. */
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852546,
  ],
]
const MIDDLE = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
]
const TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
]

/** The value below which a share p (0 < p < 1) of N(0, 1) lies; relative error about 1e-16. */
export function inverseNormal(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q)
  const root = Math.sqrt(-naturalLog(q < 0 ? p : 1 - p))
  const value = root <= 5 ? ratio(MIDDLE, root - 1.6) : ratio(TAIL, root - 5)
  return q < 0 ? -value : value
}

function ratio([numerator, denominator]: readonly (readonly number[])[], x: number): number {
  return horner(numerator, x) / horner(denominator, x)
}

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]
  return sum
}

/** 2 / (2k + 1): the series of log((1 + s) / (1 - s)) / s in s². */
const ATANH_SERIES = Array.from({ length: 12 }, (_, k) => 2 / (2 * k + 1))
const float = new Float64Array(1)
const bits = new Uint32Array(float.buffer)

/**
 * log x for normal x > 0: x = m · 2ᵏ with m around 1, then the atanh series; |s| < 0.172, so twelve terms reach 1e-18.
 * The exponent is read from the number's bits (little endian, as every platform of ours).
 */
export function naturalLog(x: number): number {
  float[0] = x
  let exponent = (bits[1] >>> 20) - 1023
  bits[1] = (bits[1] & 0xfffff) | (1023 << 20)
  let mantissa = float[0]
  if (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent++
  }
  const s = (mantissa - 1) / (mantissa + 1)
  return exponent * Math.LN2 + s * horner(ATANH_SERIES, s * s)
}
