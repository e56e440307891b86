/** Which networks stay loaded when a model is opened again with other LoRA files. */
import { copyFile, cp, utimes } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { NetworkCache } from '../engine/network-cache.ts'
import { fixture } from '../testing/fixtures.ts'
import { ModelLoader } from '../weights/loader.ts'
import type { LoraSource } from '../weights/lora.ts'
import { lastingKeys, networkKeys } from '../weights/network-keys.ts'
import { temporaryFolder, writeTensors } from '../weights/testing.ts'
import { familiesOf, ModelNetworks } from './model-networks.ts'

const pipeline = fixture('sdxl/pipeline/model_index.json')?.replace('/model_index.json', '')
const both = fixture('sdxl/lora/attn_ff_te.safetensors')

/** Of one weight of the UNet. */
async function writeUNetLora(file: string): Promise<void> {
  const module = 'unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q'
  const floats = (shape: number[]) => {
    const values = Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.sin(i))
    return { dtype: 'F32' as const, shape, data: new Uint8Array(values.buffer) }
  }
  const tensors = { [`${module}.lora_A.weight`]: floats([2, 48]), [`${module}.lora_B.weight`]: floats([48, 2]) }
  await writeTensors(file, new Map(Object.entries(tensors)))
}

describe.skipIf(!pipeline || !both)('networks of a model (need ZIHUA_FIXTURES)', () => {
  const open = (scratchFolder: string, loras: readonly LoraSource[], model = pipeline!) =>
    new ModelLoader().open({ model, scratchFolder, loras })

  it('a LoRA’s weight changes the keys of the networks that it touches, and of no other', async () => {
    await using folder = await temporaryFolder()
    const path = folder.at('unet.safetensors')
    await writeUNetLora(path)
    const keysAt = async (...loras: LoraSource[]) => {
      const model = await open(folder.path, loras)
      const keys = await networkKeys(model)
      const lasting = lastingKeys(model, keys)
      await model.dispose()
      return { keys, lasting }
    }
    const plain = await keysAt()
    const [half, whole] = [await keysAt({ path, weight: 0.5 }), await keysAt({ path, weight: 1 })]
    expect(await keysAt()).toEqual(plain)
    expect(plain.lasting).toEqual(plain.keys)
    expect(whole.keys).toEqual({ ...plain.keys, unet: whole.keys.unet })
    expect(new Set([plain, half, whole].map(({ keys }) => keys.unet)).size).toBe(3)
    // What was merged is deleted with its model.
    expect(whole.lasting).toEqual({ ...plain.keys, unet: 'gone' })
    const { keys } = await keysAt({ path: both!, weight: 1 })
    expect([keys.vae, keys.controlnet]).toEqual([plain.keys.vae, plain.keys.controlnet])
    for (const kind of ['text_encoder', 'text_encoder_2', 'unet'] as const)
      expect(keys[kind]).not.toBe(plain.keys[kind])
  })

  it('a file that was written again has another key', async () => {
    await using folder = await temporaryFolder()
    await cp(pipeline!, folder.at('m'), { recursive: true })
    const model = await open(folder.path, [], folder.at('m'))
    const before = await networkKeys(model)
    const file = folder.at('m', 'vae', 'diffusion_pytorch_model.safetensors')
    await copyFile(file, folder.at('copy'))
    await copyFile(folder.at('copy'), file)
    await utimes(file, 1, 1)
    expect(await networkKeys(model)).toEqual({ ...before, vae: expect.not.stringMatching(before.vae) })
  })

  it('a network whose key is the same stays loaded, the others go', async () => {
    await using folder = await temporaryFolder()
    const path = folder.at('unet.safetensors')
    await writeUNetLora(path)
    const cache = new NetworkCache({ budgetBytes: 1e9 })
    const loaded = async (weight: number) => {
      const model = await open(folder.path, [{ path, weight }])
      const keys = await networkKeys(model)
      await cache.clear(Object.values(familiesOf(keys)))
      const networks = new ModelNetworks(model, keys, cache, { provider: 'cpu', threads: 1 })
      await using encoder = await networks.textEncoder('text_encoder', null)
      await using vae = await networks.vae({ height: 8, width: 8 }, 'decoder')
      const size = { height: 8, width: 8, tokens: 77, guided: true }
      await using denoiser = await networks.denoiser(size, [])
      await model.dispose()
      return [encoder.network, vae.network, denoiser.network]
    }
    const [first, second] = [await loaded(0.5), await loaded(1)]
    expect(second[0]).toBe(first[0])
    expect(second[1]).toBe(first[1])
    expect(second[2]).not.toBe(first[2])
    await cache.clear()
    expect(cache.heldBytes).toBe(0)
  })
})
