/** Which picture format a file is, by its first bytes: nothing else reaches a decoder, whatever the file's name. */

export const FORMATS = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'heif'] as const
export type PictureFormat = (typeof FORMATS)[number]

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * The format; null for anything else, SVG, PDF and raw video included: those are programs or documents, not pictures.
 * "heif" is AVIF or HEIC, which one container holds.
 */
export function formatOf(bytes: Uint8Array): PictureFormat | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.byteLength))
  const text = head.toString('latin1')
  if (head.subarray(0, PNG.length).equals(PNG)) return 'png'
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a/.test(text)) return 'gif'
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return 'tiff'
  if (text.slice(4, 8) === 'ftyp') return 'heif'
  return null
}
