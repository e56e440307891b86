/** A palette that is taken from a picture. */
import { PALETTE_COLOURS } from '../contract/vocabulary.ts'
import { readPicture } from '../pictures/door.ts'
import { dominantColours } from '../raster/dominant-colours.ts'
import { hexOf } from '../raster/oklab.ts'

/** Longer side at which it is looked at, pixels. */
const SIDE = 160

/** Its colours, "#rrggbb", the commonest first: that is taken for the ground. @throws StudioError 'bad-image', 'cancelled' */
export async function coloursOfPicture(file: string, signal?: AbortSignal): Promise<string[]> {
  const picture = await readPicture(file, { size: { width: SIDE, height: SIDE }, signal })
  return dominantColours(picture, PALETTE_COLOURS).map(({ colour }) => hexOf(colour))
}
