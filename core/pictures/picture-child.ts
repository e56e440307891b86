/** The process that reads strangers' pictures: what blocks, crashes or fills it is ended with it (door.ts). */
import sharp from 'sharp'
import { answer } from '../channel/answer.ts'
import { decodeRgb, decodeToPng, decodeToThumbnail } from './decode.ts'
import { decodeLuminance } from './luminance.ts'
import type { PictureCalls } from './tasks.ts'

sharp.cache(false)

answer<PictureCalls>({
  ready: async () => null,
  rgb: ({ source, name, size }) => decodeRgb(source, name, size),
  luminance: ({ source, name, side }) => decodeLuminance(source, name, side),
  png: ({ source, name, use }) => decodeToPng(source, name, use),
  thumbnail: ({ source, name, side }) => decodeToThumbnail(source, name, side),
})
