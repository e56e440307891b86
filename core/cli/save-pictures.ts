import { extname, join, resolve } from 'node:path'
import type { Request } from '../contract/request.ts'
import { writeDurably } from '../files/durable.ts'
import { MAX_NAME_BYTES, NameBook, safeName } from '../files/safe-name.ts'
import { VERSION } from '../files/version.ts'
import type { GeneratedPicture } from '../generate/ai-image-generator.ts'
import { encodePng } from '../image/png.ts'
import { isFolder } from './check-place.ts'

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

async function namesFor(pictures: readonly GeneratedPicture[], target: string): Promise<string[]> {
  if (extname(target).toLowerCase() === '.png' && !(await isFolder(target))) {
    if (pictures.length === 1) return [target]
    return pictures.map(({ request }) => `${target.slice(0, -4)}-${request.seed}.png`)
  }
  const names = new NameBook()
  return pictures.map(({ request }) => join(target, `${names.take(nameOf(request))}.png`))
}

/** "WORD-STYLE-SEED". A word that is too long is cut: pictures of another style or seed have names of their own. */
function nameOf({ word, style, seed }: Pick<Request, 'word' | 'style' | 'seed'>): string {
  // A name does not begin so; but "-5" is another word than "5".
  const start = (word ?? 'picture').trimStart().replace(/^[.~-]+/, marks => '_'.repeat(marks.length))
  const end = `-${style}-${seed}`
  const whole = safeName(start + end, 'picture', Infinity)
  const room = MAX_NAME_BYTES - Buffer.byteLength(end)
  return Buffer.byteLength(whole) <= MAX_NAME_BYTES ? whole : safeName(start, 'picture', room) + end
}
