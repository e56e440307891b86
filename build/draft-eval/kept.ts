/** A cache of pictures between evaluations: what the same weights have painted is not painted again. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../../core/files/durable.ts'
import { sha256 } from '../../core/files/hashes.ts'
import { encodePicture } from '../../core/image/encode.ts'
import { draftFolder } from '../../core/machine/draft-folder.ts'
import { readPicture } from '../../core/pictures/door.ts'
import type { Rgb } from '../../core/raster/raster.ts'

/** @param folder of the cache; null: no cache */
export function keeping<T>(folder: string | null, paint: (request: T) => Promise<Rgb>): (request: T) => Promise<Rgb> {
  if (folder === null) return paint
  mkdirSync(folder, { recursive: true })
  // The manifest has the sums of all weights, and the defaults of a request.
  const model = sha256(readFileSync(join(draftFolder, 'manifest.json')))
  return async request => {
    const file = join(folder, `${sha256(model + JSON.stringify(request)).slice(0, 24)}.png`)
    if (existsSync(file)) return readPicture(file)
    const picture = await paint(request)
    await writeDurably(file, await encodePicture(picture, 'png', { info: null }))
    return picture
  }
}
