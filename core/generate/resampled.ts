/** A larger picture that is resampled alone: Lanczos' filter over the picture that the request names, and no model. */
import { resolve } from 'node:path'
import type { Request } from '../contract/request.ts'
import { readPicture } from '../pictures/door.ts'
import type { PaintReply } from '../processes/painting/protocol.ts'

/** What a painted picture's reply tells, as far as there is anything to tell. @throws StudioError 'bad-image', 'cancelled' */
export async function resampled(
  { initImage, width, height, seed, count }: Request,
  base: string,
  signal: AbortSignal | undefined,
): Promise<Omit<PaintReply, 'holding' | 'computed' | 'measured' | 'tiles'>> {
  const image = await readPicture(resolve(base, initImage!), { size: { width, height }, signal })
  return {
    pictures: Array.from({ length: count }, (_, i) => ({ image, seed: seed + i, trace: null })),
    batch: 1,
    tokens: { prompt: 0, negativePrompt: null, dropped: 0 },
    notices: [],
    timings: {},
    peakMemory: process.resourceUsage().maxRSS * 1024,
    engine: null,
    memory: [],
  }
}
