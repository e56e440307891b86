import { stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { writeDurably } from '../files/durable.ts'
import { NameBook, safeName } from '../files/safe-name.ts'
import { VERSION } from '../files/version.ts'
import type { GeneratedPicture } from '../generate/ai-image-generator.ts'
import { encodePng } from '../image/png.ts'

/**
 * Writes pictures to a file or a folder and returns where each lies. "x.png" takes one picture; several become
 * "x-SEED.png". Anything else is a folder: "WORD-STYLE-SEED.png". Existing files are replaced.
 * @param encode bytes of the PNG, by default with the request alone; the library's own file has the whole record
 * @throws StudioError 'cannot-write'
 */
export async function savePictures(
  pictures: readonly GeneratedPicture[],
  out: string,
  encode: (picture: GeneratedPicture) => Promise<Uint8Array> = encodePicture,
): Promise<string[]> {
  const files = await namesFor(pictures, resolve(out))
  for (const [i, picture] of pictures.entries()) await writeDurably(files[i], await encode(picture))
  return files
}

const encodePicture = ({ image, request, prompt, negativePrompt }: GeneratedPicture): Promise<Uint8Array> =>
  encodePng(image, { request, prompt, negativePrompt, version: VERSION })

/** Who names such a file wants a picture of that kind; any other name, "v1.5" too, is a folder's. */
const PICTURE_ENDING = /^\.(png|jpe?g|jfif|webp|avif|hei[cf]|tiff?|gif|bmp|svg|psd|pdf|jxl)$/

/** Checks before anything heavy starts that a picture could be written there. Throws StudioError('cannot-write'). */
export async function checkOut(out: string): Promise<void> {
  const target = resolve(out)
  const ending = extname(target).toLowerCase()
  if (PICTURE_ENDING.test(ending) && ending !== '.png' && !(await isFolder(target))) {
    throw fault('outIsNoPng', { out, ending })
  }
  if (ending === '.png' && (await isFolder(target))) {
    throw fault('outIsFolder', { out })
  }
  // The nearest folder that exists must be a folder.
  let folder = ending === '.png' ? join(target, '..') : target
  while (!(await exists(folder)) && folder !== join(folder, '..')) folder = join(folder, '..')
  if (!(await isFolder(folder))) throw fault('outIsNoFolder', { folder })
}

async function namesFor(pictures: readonly GeneratedPicture[], target: string): Promise<string[]> {
  if (extname(target).toLowerCase() === '.png' && !(await isFolder(target))) {
    if (pictures.length === 1) return [target]
    return pictures.map(({ request }) => `${target.slice(0, -4)}-${request.seed}.png`)
  }
  const names = new NameBook()
  return pictures.map(({ request: { word, style, seed } }) =>
    join(target, `${names.take(safeName(`${word ?? 'picture'}-${style}-${seed}`))}.png`),
  )
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
const isFolder = (path: string) =>
  stat(path).then(
    info => info.isDirectory(),
    () => false,
  )
