/** Writes build/icons from the seal: PNGs for Linux, an ICO for Windows, an ICNS for the Mac. Run it when the seal changes. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import sharp from 'sharp'

const root = resolve(import.meta.dirname, '..')
export const ICONS = join(root, 'build/icons')

export const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512]
export const WINDOWS_SIZES = [16, 24, 32, 48, 64, 128, 256]
/** OSType and pixels; 1024 is 512 at double density. */
export const MAC_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['icp6', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
] as const
/** Apple's grid: an icon's body fills 824 of 1024. */
const MAC_BODY = 824 / 1024

/** Renders the SVG at this size instead of scaling a larger picture, so that thin strokes stay sharp. */
async function draw(seal: Buffer, size: number, body = 1): Promise<Buffer> {
  const inner = Math.round(size * body)
  const margin = (size - inner) / 2
  const [before, after] = [Math.floor(margin), Math.ceil(margin)]
  return sharp(seal, { density: (72 * inner) / 32 })
    .resize(inner, inner)
    .extend({ top: before, left: before, bottom: after, right: after, background: '#0000' })
    .png({ compressionLevel: 9 })
    .toBuffer()
}

/** Windows' container: a header of 6 bytes, 16 a picture, then the PNGs. */
function ico(pictures: readonly { size: number; png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  for (const [i, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * i
    // 256 does not fit a byte and is written as 0.
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** Apple's container: 'icns' and the whole length, then each type, its length with these 8 bytes, its PNG. */
function icns(pictures: readonly { type: string; png: Buffer }[]): Buffer {
  const part = (type: string, body: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(8 + body.length, 4)
    return Buffer.concat([head, body])
  }
  return part('icns', Buffer.concat(pictures.map(({ type, png }) => part(type, png))))
}

if (import.meta.main) {
  const seal = await readFile(join(root, 'renderer/public/seal.svg'))
  await mkdir(ICONS, { recursive: true })
  for (const size of LINUX_SIZES) await writeFile(join(ICONS, `${size}x${size}.png`), await draw(seal, size))
  const windows = WINDOWS_SIZES.map(async size => ({ size, png: await draw(seal, size) }))
  await writeFile(join(ICONS, 'icon.ico'), ico(await Promise.all(windows)))
  const mac = MAC_TYPES.map(async ([type, size]) => ({ type, png: await draw(seal, size, MAC_BODY) }))
  await writeFile(join(ICONS, 'icon.icns'), icns(await Promise.all(mac)))
  console.log(ICONS)
}
