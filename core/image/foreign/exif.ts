/** The texts in EXIF that picture programs write. Source: EXIF 2.32 (CIPA DC-008), sections 4.5 and 4.6.5; tags 0x8769, 0x9286. */

const EXIF_IFD = 0x8769
const USER_COMMENT = 0x9286
const ASCII = 2

/** No program writes more fields than this into one directory. */
const MOST_ENTRIES = 200

export interface ExifTexts {
  /** UserComment, whatever its encoding. */
  comment: string | null
  /** Every text of the first directory: ComfyUI writes "prompt:{…}" and "workflow:{…}" as Model and Make. */
  texts: string[]
}

/** Texts of an EXIF block ("Exif\0\0" in front or not); a damaged one gives what can be read. */
export function exifTexts(block: Buffer): ExifTexts {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block
  const found: ExifTexts = { comment: null, texts: [] }
  try {
    const little = tiff.toString('latin1', 0, 2) === 'II'
    const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
    const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
    const entriesOf = (directory: number) =>
      Array.from({ length: Math.min(u16(directory), MOST_ENTRIES) }, (_, i) => directory + 2 + 12 * i)
    const bytesOf = (entry: number) => {
      const length = u32(entry + 4)
      // Up to four bytes stand in the entry itself.
      const at = length <= 4 ? entry + 8 : u32(entry + 8)
      return tiff.subarray(at, at + length)
    }
    const first = entriesOf(u32(4))
    for (const entry of first)
      if (u16(entry + 2) === ASCII)
        found.texts.push(
          bytesOf(entry)
            .toString('utf8')
            .replace(/(?<!\0)\0+$/, ''),
        )
    const pointer = first.find(entry => u16(entry) === EXIF_IFD)
    const comment =
      pointer === undefined ? undefined : entriesOf(u32(pointer + 8)).find(entry => u16(entry) === USER_COMMENT)
    if (comment !== undefined) found.comment = decode(bytesOf(comment), little)
  } catch {
    // an offset beyond the end: damaged
  }
  return found
}

/** Null: it has zeros before its end, or bytes that are none of UTF-8's, or no plain letters. */
function utf8Of(body: Buffer): string | null {
  let end = body.length
  while (end > 0 && body[end - 1] === 0) end--
  if (end === 0 || body.subarray(0, end).includes(0)) return null
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, end))
    return /[\w ]{4}/.test(text) ? text : null
  } catch {
    return null
  }
}

/**
 * Eight bytes name the encoding; Fooocus leaves them out. piexif, which A1111's web UI uses, writes UTF-16 big endian
 * whatever the file's own order is.
 */
function decode(bytes: Buffer, little: boolean): string | null {
  const encoding = bytes.toString('latin1', 0, 8)
  if (!/^(UNICODE|ASCII|JIS|\0)/.test(encoding)) return bytes.toString('utf8').replace(/(?<!\0)\0+$/, '') || null
  const body = bytes.subarray(8)
  if (!encoding.startsWith('UNICODE')) return body.toString('utf8').replace(/(?<!\0)\0+$/, '') || null
  // Named so, but written in UTF-8: the letters of a text in UTF-16 have zeros.
  const narrow = utf8Of(body)
  if (narrow !== null) return narrow
  const zeros = (from: number) => body.filter((byte, i) => i % 2 === from && byte === 0).length
  const littleText = zeros(0) === zeros(1) ? little : zeros(1) > zeros(0)
  return new TextDecoder(littleText ? 'utf-16le' : 'utf-16be').decode(body).replace(/(?<!\0)\0+$/, '') || null
}
