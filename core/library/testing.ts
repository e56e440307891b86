/** For tests: a picture maker without weights, whose pictures are the written word in two colours. */
import { createHash } from 'node:crypto'
import { type Request, type RequestInput, requestInputSchema } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { completeRequest } from '../generate/complete-request.ts'
import { drawWord } from '../glyph/draw.ts'
import { maskOf } from '../glyph/mask.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { painted } from '../raster/distortions.ts'
import { seededRandom as random } from '../raster/random.ts'
import type { GeneratedPicture, PictureMaker } from './maker.ts'

/** Paints the word in colours that the seed decides; the heavier the controls, the stronger the contrast. */
export class WordPainter implements PictureMaker {
  /** Seeds of the pictures made, in order. */
  readonly made: number[] = []
  readonly #model: string

  /** @param model a file or folder that stands for the weights */
  constructor(model: string) {
    this.#model = model
  }

  async complete(input: unknown) {
    const partial: RequestInput = parse(requestInputSchema, input, 'The request')
    const style = builtInStyle(partial.style ?? 'comic')
    if (!style) throw fault('noSuchStyle', { id: partial.style ?? '', nearest: 'comic' })
    return completeRequest(partial, { style, manifest: null, trainedSize: 64 })
  }

  /** Takes an incomplete request too, so that tests say only what they are about. */
  async generate(input: RequestInput, { signal }: { signal?: AbortSignal } = {}): Promise<GeneratedPicture[]> {
    const request = await this.complete(input)
    const files = { model: this.#model, controlnet: null, vae: null, loras: [] }
    signal?.throwIfAborted()
    const glyph = await drawWord(request.word ?? '', request.layout, request.width, request.height)
    const mask = maskOf(glyph)
    const pictures: GeneratedPicture[] = []
    for (let i = 0; i < request.count; i++) {
      const seed = request.seed + i
      this.made.push(seed)
      const canny = request.controls?.canny.weight ?? 0
      const [ink, paper] = colours(request, seed).map((c, k) =>
        c.map(v => 128 + (v - 128) * Math.min(1, canny) * (k ? 1 : 0.2)),
      )
      pictures.push({
        image: painted(glyph.coverage, ink, paper),
        request: { ...request, seed, count: 1 },
        prompt: `${request.style} ${request.word}`,
        negativePrompt: null,
        draft: true,
        files,
        mask,
        word: {
          mask,
          composed: null,
          area: null,
          maps: [{ map: 'canny', method: 'opencv_canny', image: mask }],
          fonts: glyph.characters.slice(0, 1).map(({ font }) => font),
        },
        tokens: { prompt: 2, negativePrompt: null, dropped: 0 },
        timings: { unet: 1 },
        notices: [],
        peakMemory: 1,
        engine: null,
        memory: [],
        trace: null,
      })
    }
    return pictures
  }
}

function colours({ style }: Request, seed: number): [number[], number[]] {
  const next = random(createHash('sha256').update(`${style}${seed}`).digest().readUInt32LE())
  const dark = [next() * 90, next() * 90, next() * 90]
  return [dark, dark.map(v => 255 - v)]
}
