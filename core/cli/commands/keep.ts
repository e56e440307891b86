import { readFile } from 'node:fs/promises'
import type { GeneratedPicture } from '../../generate/ai-image-generator.ts'
import type { Library } from '../../library/library.ts'

/** The library's own file: a copy of it goes where the user wants it, so that both hold the whole record. */
export async function keep(library: Library, picture: GeneratedPicture, base: string): Promise<Uint8Array> {
  const { id } = await library.add(picture, { base })
  return readFile(library.pathOf(id))
}
