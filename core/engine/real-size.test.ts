/** The published SDXL base, both ControlNet-Union files and a single-file checkpoint, from their headers alone (sparse files of zeros). */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Graph } from '../graph/builder.ts'
import { buildClip } from '../graph/clip.ts'
import { buildControlNetUnion } from '../graph/controlnet-union.ts'
import { OP_PROFILES } from '../graph/op-profiles.ts'
import { buildUNet } from '../graph/unet.ts'
import { buildVae } from '../graph/vae.ts'
import { fixture } from '../testing/fixtures.ts'
import { ModelLoader } from '../weights/loader.ts'
import { type HeaderList, readGzipJson, temporaryFolder, writeSparse } from '../weights/testing.ts'
import type { Component, Model, Weights } from '../weights/types.ts'
import { Session } from './session.ts'

const headers = fixture('real-size/headers')
// 16-bit weights stay in the sparse file: nothing is read, so a real session fits any machine.
const profile = { ...OP_PROFILES.cpu, weights: 'mapped' } as const
const size = { batch: 2, height: 128, width: 128, tokens: 77 }

describe.skipIf(!headers)('real sizes (needs the golden set real-size)', () => {
  let models: Record<'folder' | 'promax' | 'single', Model>
  let scratch: Awaited<ReturnType<typeof temporaryFolder>>

  beforeAll(async () => {
    scratch = await temporaryFolder()
    const sparse = async (list: string, ...at: string[]) =>
      writeSparse(scratch.at(...at), readGzipJson<HeaderList>(join(headers!, `${list}.json.gz`)))
    const configs = join(headers!, '../configs')
    cpSync(join(configs, 'stable-diffusion-xl-base-1.0'), scratch.at('sdxl'), { recursive: true })
    await sparse('sdxl_base_unet_fp16', 'sdxl/unet/diffusion_pytorch_model.fp16.safetensors')
    await sparse('sdxl_base_text_encoder_fp16', 'sdxl/text_encoder/model.fp16.safetensors')
    await sparse('sdxl_base_text_encoder_2_fp16', 'sdxl/text_encoder_2/model.fp16.safetensors')
    await sparse('sdxl_base_vae_fp16', 'sdxl/vae/diffusion_pytorch_model.fp16.safetensors')
    await sparse('sdxl_single_file_fp16', 'sd_xl_base_1.0.safetensors')
    for (const [list, config, name] of [
      ['controlnet_union_sdxl_types6_fp16', 'config.json', 'union'],
      ['controlnet_union_sdxl_promax_types8_fp16', 'config_promax.json', 'promax'],
    ] as const) {
      await sparse(list, name, 'diffusion_pytorch_model.safetensors')
      cpSync(join(configs, 'controlnet-union-sdxl-1.0', config), scratch.at(name, 'config.json'))
    }
    const loader = new ModelLoader()
    models = {
      folder: watched(await loader.open({ model: scratch.at('sdxl'), controlnet: scratch.at('union') })),
      promax: watched(await loader.open({ model: scratch.at('sdxl'), controlnet: scratch.at('promax') })),
      single: watched(await loader.open({ model: scratch.at('sd_xl_base_1.0.safetensors') })),
    }
  })
  afterAll(() => scratch[Symbol.asyncDispose]())

  const cases: [string, () => Graph[]][] = [
    ['CLIP-L', () => [buildClip('text_encoder', models.folder.textEncoder, profile, 1, [11])]],
    ['OpenCLIP bigG', () => [buildClip('text_encoder_2', models.folder.textEncoder2, profile, 1, [31])]],
    ['UNet', () => graphsOf(buildUNet(models.folder.unet, profile, size, true))],
    ['ControlNet-Union, 6 modes', () => graphsOf(buildControlNetUnion(models.folder.controlnet!, profile, size))],
    [
      'ControlNet-Union ProMax, 8 modes',
      () => graphsOf(buildControlNetUnion(models.promax.controlnet!, profile, size)),
    ],
    ['VAE', () => graphsOf(buildVae(models.folder.vae, profile, size))],
    ['single file: CLIP-L', () => [buildClip('text_encoder', models.single.textEncoder, profile, 1, [11])]],
    ['single file: OpenCLIP bigG', () => [buildClip('text_encoder_2', models.single.textEncoder2, profile, 1, [31])]],
    ['single file: UNet', () => graphsOf(buildUNet(models.single.unet, profile, size, true))],
    ['single file: VAE', () => graphsOf(buildVae(models.single.vae, profile, size))],
  ]

  // A graph builds only if every key is there; that every key is used is asked of the weights.
  it.each(cases)('%s: every key used once, accepted by a real session', async (name, build) => {
    const start = performance.now()
    taken.length = 0
    const graphs = build()
    expect(taken.flatMap(weights => weights.fit().leftOver)).toEqual([])
    expect(taken.length).toBeGreaterThan(0)
    console.log(`${name}: built in ${Math.round(performance.now() - start)} ms`)
    expect(graphs.length).toBeGreaterThan(0)
    for (const graph of graphs) {
      const session = await Session.load(graph, { provider: 'cpu', threads: 1 })
      await session.release()
    }
  })

  it('modes are counted', () => {
    expect(buildControlNetUnion(models.folder.controlnet!, profile, size).modes).toBe(6)
    expect(buildControlNetUnion(models.promax.controlnet!, profile, size).modes).toBe(8)
  })
})

/** Weights that the graph under test took from. */
const taken: Weights[] = []

function watched(model: Model): Model {
  const watch = (component: Component): Component => ({
    ...component,
    weights: () => {
      const weights = component.weights()
      taken.push(weights)
      return weights
    },
  })
  const { textEncoder, textEncoder2, unet, vae, controlnet } = model
  return {
    ...model,
    ...{ textEncoder: watch(textEncoder), textEncoder2: watch(textEncoder2), unet: watch(unet), vae: watch(vae) },
    controlnet: controlnet && watch(controlnet),
  }
}

function graphsOf(built: object): Graph[] {
  return Object.values(built).filter((value): value is Graph => value?.onnx instanceof Uint8Array)
}
