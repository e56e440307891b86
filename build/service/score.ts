/** Whether 学习 can be read in a picture that a client has got: the studio's own score, from the pixels alone. */
import sharp from 'sharp'
import { DEFAULT_LAYOUT } from '../../core/contract/request.ts'
import { drawWord } from '../../core/glyph/draw.ts'
import { maskOf } from '../../core/glyph/mask.ts'
import { legibility } from '../../core/legibility/legibility.ts'

/** Above it a reader does not hesitate: core/legibility/legibility.md. */
export const LEGIBLE = 0.5

/** @param file a picture of any format and size. @returns 0 unreadable … 1 plain */
export async function scoreOf(file: string, word = '学习'): Promise<number> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const mask = maskOf(await drawWord(word, DEFAULT_LAYOUT, width, height))
  return legibility({ width, height, channels: 3, data: new Uint8Array(data) }, mask).score
}
