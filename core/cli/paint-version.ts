/** A version of a picture: painted from it, saved beside its parent. */
import { resolve } from 'node:path'
import type { Request, RequestInput } from '../contract/request.ts'
import { Studio } from '../generate/studio.ts'
import { Library } from '../library/library.ts'
import { stopSignal } from '../server/told-to-stop.ts'
import { checkOut } from './check-place.ts'
import { keep } from './commands/keep.ts'
import { progressBar } from './commands/progress.ts'
import { savePictures } from './save-pictures.ts'

export interface VersionOptions {
  out: string
  inLibrary: boolean
  json: boolean
  /** Told before it is painted, with its complete request. @returns milliseconds that are expected, where that is known */
  before?: (request: Request, library: Library) => number | null
}

/**
 * Paints what `change` makes of the picture's own request, and prints where it is.
 * @param change gets the request that made the picture, and the picture's file
 * @throws StudioError
 */
export async function paintVersion(
  picture: string,
  change: (request: RequestInput, file: string) => RequestInput,
  { out, inLibrary, json, before }: VersionOptions,
): Promise<void> {
  await checkOut(out)
  const signal = stopSignal()
  await using studio = new Studio()
  const library = await Library.open(studio.dataFolder)
  const bar = progressBar()
  try {
    const file = resolve(picture)
    const { request, base, record } = await library.replay(file)
    const input = { ...change(request, file), ...(record && { parent: record.id }) }
    const complete = await studio.generator.complete(input, base)
    const expected = before?.(complete, library) ?? null
    const began = performance.now()
    const pictures = await studio.generator.generate(complete, { base, signal, onProgress: bar.show })
    const files = await savePictures(pictures, out, inLibrary ? each => keep(library, each, base) : undefined)
    bar.end()
    const [{ request: made, timings, peakMemory }] = pictures
    const { seed, width, height } = made
    const milliseconds = Math.round(performance.now() - began)
    const about = { seed, width, height, parent: record?.id ?? null, milliseconds, expected, timings, peakMemory }
    if (json) console.log(JSON.stringify({ file: files[0], ...about }))
    else console.log(files[0])
  } finally {
    bar.end()
    library.close()
  }
}
