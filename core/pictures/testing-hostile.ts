/** Pictures that a stranger may send, made here: bombs, giants, loops, and what is no picture. */
import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length)
  out.writeUInt32BE(data.length)
  out.write(type, 4, 'latin1')
  out.set(data, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
  return out
}

interface Shape {
  width: number
  height: number
  /** 0 grey, 2 RGB, 6 RGBA. */
  colour?: number
  depth?: number
  extra?: Uint8Array
}

/** A PNG of any claimed size over given compressed data. */
function png({ width, height, colour = 0, depth = 8, extra = Buffer.alloc(0) }: Shape, data: Uint8Array): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = depth
  head[9] = colour
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), extra, chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

const zeros = (bytes: number) => deflateSync(Buffer.alloc(bytes), { level: 9 })
const dot = { width: 1, height: 1 }
const DOT = zeros(2)
const repeated = (part: Buffer, times: number) => Buffer.concat(Array<Buffer>(times).fill(part))
const text = (value: string | Buffer) => chunk('tEXt', Buffer.concat([Buffer.from('parameters\0'), Buffer.from(value)]))
const zipped = (keyword: string, data: Uint8Array) =>
  chunk('zTXt', Buffer.concat([Buffer.from(`${keyword}\0\0`), data]))

/** Name → a maker of the bytes, so that only one lies in memory at a time. */
export const HOSTILE: Readonly<Record<string, () => Uint8Array>> = {
  'more megapixels than are read': () => png({ width: 50_000, height: 50_000, depth: 1 }, zeros(1 << 20)),
  'one pixel high, a hundred million wide': () => png({ width: 100_000_000, height: 1, depth: 1 }, zeros(12_500_001)),
  'one pixel wide, a hundred million high': () => png({ width: 1, height: 99_999_999 }, zeros(1 << 20)),
  'the largest sides that can be written': () => png({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 }, Buffer.alloc(0)),
  'no side at all': () => png({ width: 0, height: 0 }, Buffer.alloc(0)),
  'cut off': () => png({ width: 4000, height: 4000, colour: 2 }, zeros(1000)),
  'texts that unpack to gigabytes': () => {
    const data = zeros(15 << 20)
    return png({ ...dot, extra: Buffer.concat(Array.from({ length: 256 }, (_, i) => zipped(`k${i}`, data))) }, DOT)
  },
  'a colour profile that unpacks to 400 MB': () =>
    png({ ...dot, extra: chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), zeros(400 << 20)])) }, DOT),
  'a million chunks': () => png({ ...dot, extra: repeated(chunk('tEXt', Buffer.from('a\0b')), 1_100_000) }, DOT),
  'too much text': () => png({ ...dot, extra: repeated(text(Buffer.alloc(15 << 20, 'a: ')), 3) }, DOT),
  'two billion frames': () => png({ ...dot, extra: chunk('acTL', Buffer.from('7fffffff00000000', 'hex')) }, DOT),
  'SVG that reads a file': () =>
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    ),
  'SVG of nested entities': () => Buffer.from('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "x">]><svg/>'),
  PDF: () => Buffer.from('%PDF-1.4\n'),
  PostScript: () => Buffer.from('%!PS\n(/etc/passwd) (r) file'),
  HTML: () => Buffer.from('<html><script>alert(1)</script>'),
  nothing: () => Buffer.alloc(0),
  'a signature alone': () => SIGNATURE,
  'a TIFF that leads to itself': () =>
    Buffer.from('49492a000800000001000001030001000000 0a00000008000000'.replace(/ /g, ''), 'hex'),
  'a container without a picture': () => Buffer.from('0000001c66747970617669660000000061766966', 'hex'),
}

/** Texts on which a careless reader of metadata spends minutes. */
export const HOSTILE_TEXTS: Readonly<Record<string, () => Uint8Array>> = Object.fromEntries(
  Object.entries({
    'settings that a pattern may search for ever': () =>
      `p\nSteps: 1, Sampler: x, CFG scale: 1, ${'a b-/'.repeat(9000)}${'"\\'.repeat(200)}`,
    'quotation marks without end': () => `p\nSteps: 1, ${'a:"'.repeat(16_000)}`,
    'LoRA tags without end': () => `${'<lora:a'.repeat(1_500_000)}\nSteps: 1, Sampler: x, CFG scale: 1`,
    'hypernet tags without end': () => `${'<hypernet:a'.repeat(1_000_000)}\nSteps: 1, Sampler: x, CFG scale: 1`,
    'open brackets without end': () => `${'(['.repeat(1_000_000)}\nSteps: 1, Sampler: x, CFG scale: 1`,
    'JSON nested without end': () => '{"a":'.repeat(200_000),
    'spaces between colons': () => `{"a":${`${' '.repeat(2000)}:`.repeat(5000)}}`,
  }).map(([name, make]) => [name, () => png({ ...dot, extra: text(make()) }, DOT)]),
)
