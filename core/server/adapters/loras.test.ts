/** LoRA that a prompt of another program names: those of the data folder are applied, the others told. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeTensors } from '../../weights/testing.ts'
import { TestService } from '../service/testing-service.ts'

let service: TestService
beforeAll(async () => {
  service = await TestService.open()
  const folder = join(service.host.studio.dataFolder, 'loras')
  await mkdir(folder, { recursive: true })
  await writeTensors(join(folder, 'Ink wash.safetensors'), lora())
})
afterAll(() => service[Symbol.asyncDispose]())

/** Of one layer of the draft's UNet; large, so that it is seen. */
function lora() {
  const layer = 'unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_v'
  const floats = (shape: [number, number]) => {
    const values = Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.sin(i))
    return { dtype: 'F32' as const, shape, data: new Uint8Array(values.buffer) }
  }
  return new Map([
    [`${layer}.lora_A.weight`, floats([4, 192])],
    [`${layer}.lora_B.weight`, floats([192, 4])],
  ])
}

const small = { width: 64, height: 64, steps: 2, seed: 5 }
const paint = async (prompt: string) => {
  const { images, info } = (await service.post('/sdapi/v1/txt2img', { prompt, ...small })).json()
  return { image: images[0] as string, info: JSON.parse(info) }
}
const newest = () => service.host.library.get(service.host.library.list().pictures[0].id)

it('A1111 lists them by name, and tells no folder', async () => {
  const list = (await service.get('/sdapi/v1/loras')).json()
  expect(list).toEqual([{ name: 'Ink wash', alias: 'Ink wash', path: 'Ink wash.safetensors', metadata: {} }])
})

it('a prompt’s tag paints with it, whatever the case of its letters', async () => {
  const plain = await paint('a wall')
  const changed = await paint('a wall <lora:ink wash:0.8>')
  expect(newest().request).toMatchObject({ prompt: 'a wall', loras: [{ weight: 0.8 }], promptWeights: true })
  expect(changed.image).not.toBe(plain.image)
  expect(changed.info.comments).toEqual([])
})

it('one that is not there is told, and the picture painted without it', async () => {
  const { image, info } = await paint('学 <lora:../../secret:1> <lora:none>')
  expect(image).not.toBe('')
  expect(newest().request).toMatchObject({ word: '学', loras: [] })
  expect(info.comments).toEqual([expect.stringContaining('secret'), expect.stringContaining('none')])
})

it('OpenAI’s clients and our own requests name them too, by name and by no path', async () => {
  const body = { prompt: '"学" <lora:Ink wash:0.5> <lora:none>', size: '64x64', steps: 1 }
  const { notices } = (await service.post('/v1/images/generations', body)).json()
  expect(newest().request).toMatchObject({ loras: [{ weight: 0.5 }] })
  expect(notices).toEqual([expect.stringContaining('none')])
  const own = (path: string) =>
    service.post('/api/writing/generate-writing-image', { word: '学', ...small, loras: [{ path, weight: 1 }] })
  expect((await own('Ink wash.safetensors')).status).toBe(200)
  for (const path of ['none', '../loras/Ink wash', join(service.host.studio.dataFolder, 'loras/Ink wash.safetensors')])
    expect((await own(path)).json()).toMatchObject({ status: 400, key: 'pathClosed' })
})
