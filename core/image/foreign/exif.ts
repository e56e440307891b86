/** The one field of EXIF that the web UIs write. Source: EXIF 2.32 (CIPA DC-008), sections 4.5 and 4.6.5; tags 0x8769, 0x9286. */

const EXIF_IFD = 0x8769
const USER_COMMENT = 0x9286

/** Text of UserComment in an EXIF block ("Exif\0\0" in front or not), or null. */
export function userComment(block: Buffer): string | null {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block
  try {
    const little = tiff.toString('latin1', 0, 2) === 'II'
    const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
    const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
    const find = (directory: number, tag: number): number | null => {
      for (let i = 0; i < u16(directory); i++) {
        const entry = directory + 2 + 12 * i
        if (u16(entry) === tag) return entry
      }
      return null
    }
    const pointer = find(u32(4), EXIF_IFD)
    const entry = pointer === null ? null : find(u32(pointer + 8), USER_COMMENT)
    if (entry === null) return null
    const at = u32(entry + 8)
    return decode(tiff.subarray(at, at + u32(entry + 4)), little)
  } catch {
    return null // an offset beyond the end: damaged
  }
}

/** Eight bytes name the encoding. piexif, which the web UI uses, writes UTF-16 big endian whatever the file's own order is. */
function decode(bytes: Buffer, little: boolean): string | null {
  const encoding = bytes.toString('latin1', 0, 8)
  const body = bytes.subarray(8)
  if (!encoding.startsWith('UNICODE')) return body.toString('utf8').replace(/\0+$/, '') || null
  const zeros = (from: number) => body.filter((byte, i) => i % 2 === from && byte === 0).length
  const littleText = zeros(0) === zeros(1) ? little : zeros(1) > zeros(0)
  return new TextDecoder(littleText ? 'utf-16le' : 'utf-16be').decode(body).replace(/\0+$/, '') || null
}
