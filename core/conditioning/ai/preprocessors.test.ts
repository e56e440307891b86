import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { Rgb } from '../../raster/raster.ts'
import { resample } from '../../raster/resample.ts'
import { readGray } from '../../raster/testing-goldens.ts'
import { fixture } from '../../testing/fixtures.ts'
import { depthInput, depthSize } from './ai-depth.ts'
import { AI_MODELS, type AiModel, type AiModelId } from './ai-models.ts'
import { depth, segmentAnything } from './ai-run.ts'
import { samInput, samSize } from './ai-sam.ts'

const folder = fixture('preprocessors/index.json') === null ? null : fixture('preprocessors')
const reason = folder ? '' : ' (needs ZIHUA_FIXTURES)'
const at = (...parts: string[]) => join(folder!, ...parts)
const json = <T>(name: string): T => JSON.parse(readFileSync(at(name), 'utf8')) as T

interface SamCase {
  prompts: Record<
    string,
    {
      points_xy_original: [number, number][]
      labels: number[]
      iou_scores: number[]
      undecided_fraction_abs_logit_below_0_01?: number[]
    }
  >
}
const index = folder
  ? json<{ pictures: Record<string, [number, number]>; cases: Record<string, unknown> }>('index.json')
  : null
const pictures = Object.keys(index?.pictures ?? {})

async function readRgb(path: string): Promise<Rgb> {
  const { data, info } = await sharp(path)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect(info.channels).toBe(3)
  return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) }
}

/** One float32 tensor of a gzipped safetensors file. */
function readFloats(path: string, name: string): Float32Array {
  const file = gunzipSync(readFileSync(path))
  const start = 8 + Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.subarray(8, start).toString()) as Record<string, { data_offsets: [number, number] }>
  const [from, to] = header[name].data_offsets
  return new Float32Array(file.buffer.slice(file.byteOffset + start + from, file.byteOffset + start + to))
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let worst = 0
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]))
  return worst
}

const DEPTH: Record<string, AiModelId> = {
  depth_anything: 'depth-anything-v2-small',
  dpt_hybrid: 'dpt-hybrid',
  midas_small: 'midas-small',
}
const sam = (): AiModel => ({
  id: 'slimsam',
  paths: [at('sam_tiny_vision_encoder.onnx'), at('sam_tiny_prompt_encoder_mask_decoder.onnx')],
})

describe.skipIf(!folder)(`AI models see and answer as in transformers${reason}`, () => {
  it('sizes: all 171 rows', () => {
    const { input } = AI_MODELS['depth-anything-v2-small']
    for (const [h, w, dptH, dptW, samH, samW] of json<{ rows: number[][] }>('sizes.json').rows) {
      // Where the source gives a side of 0, one multiple is the least.
      expect([h, w, depthSize(w, h, input)]).toEqual([h, w, { width: Math.max(dptW, 14), height: Math.max(dptH, 14) }])
      expect(samSize(w, h)).toEqual({ width: samW, height: samH })
    }
  })

  for (const name of pictures) {
    it(`${name}: resized pictures equal Pillow's`, async () => {
      const source = await readRgb(at(name, 'src.png'))
      for (const [kind, filter] of [
        ['depth_anything', 'bicubic'],
        ['dpt_hybrid', 'bilinear'],
        ['sam', 'bilinear'],
      ] as const) {
        const wanted = await readRgb(at(name, `${kind}.resized.png`))
        const resized = resample(source, wanted.width, wanted.height, filter)
        expect(Buffer.compare(resized.data, wanted.data), kind).toBe(0)
      }
    })

    it(`${name}: network inputs`, async () => {
      const source = await readRgb(at(name, 'src.png'))
      const midas = depthInput(source, AI_MODELS['midas-small'].input).data
      expect(largestDifference(midas, readFloats(at(name, 'midas_small.safetensors.gz'), 'input'))).toBeLessThan(1e-6)
      if (!/^p[23]/.test(name)) return
      for (const [kind, id] of [
        ['depth_anything', 'depth-anything-v2-small'],
        ['dpt_hybrid', 'dpt-hybrid'],
      ] as const) {
        const { data } = depthInput(source, AI_MODELS[id].input)
        expect(largestDifference(data, readFloats(at(name, `${kind}.safetensors.gz`), 'input'))).toBeLessThan(1e-6)
      }
    })

    for (const [kind, id] of Object.entries(DEPTH))
      it(`${name}: ${kind} within 1 level`, async () => {
        const made = await depth({ id, paths: [at(`${kind}_tiny.onnx`)] }, await readRgb(at(name, 'src.png')))
        const wanted = await readGray(at(name, `${kind}.depth8.png`))
        expect(largestDifference(made.data, wanted.data)).toBeLessThanOrEqual(1)
      })

    it(`${name}: segment-anything, four prompts, three masks each, IoU ≥ 0.99`, async () => {
      const source = await readRgb(at(name, 'src.png'))
      const { prompts } = index!.cases[`${name}/sam`] as SamCase
      const asked = Object.values(prompts).map(({ points_xy_original, labels }) =>
        points_xy_original.map(([x, y], k) => ({ x, y, positive: labels[k] === 1 })),
      )
      const names = Object.keys(prompts)
      for await (const answer of segmentAnything(sam(), source, asked)) {
        const prompt = names.shift()!
        expect(largestDifference(answer.scores, prompts[prompt].iou_scores), prompt).toBeLessThan(1e-3)
        for (let k = 0; k < 3; k++) {
          const wanted = (await readGray(at(name, `sam.${prompt}.mask${k}.png`))).data
          const logits = answer.logits(k)
          let both = 0
          let either = 0
          for (let i = 0; i < wanted.length; i++) {
            const mine = logits[i] > 0
            if (mine && wanted[i]) both++
            if (mine || wanted[i]) either++
          }
          expect(both / either, `${prompt} mask ${k}`).toBeGreaterThanOrEqual(0.99)
        }
      }
      expect(names).toEqual([])
    })
  }

  it('segment-anything sees zeros beside the picture', async () => {
    const { data, dims } = samInput(await readRgb(at('p2_yong_333x500', 'src.png')))
    expect(dims).toEqual([1, 3, 1024, 1024])
    expect(data[1023]).toBe(0)
  })
})
