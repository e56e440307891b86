/** Embeddings that programs name: listed, used by name, recorded by content, found again by it. */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeTensors } from '../../weights/testing.ts'
import { TestService } from '../service/testing-service.ts'

let service: TestService
let folder: string
beforeAll(async () => {
  service = await TestService.open()
  folder = join(service.host.studio.dataFolder, 'embeddings')
  await writeInk(1)
})
afterAll(() => service[Symbol.asyncDispose]())

/** For the draft, whose text encoders are both 64 wide. */
async function writeInk(size: number) {
  const floats = (width: number) => {
    const values = Float32Array.from({ length: width }, (_, i) => Math.sin(i) * size)
    return { dtype: 'F32' as const, shape: [1, width], data: new Uint8Array(values.buffer) }
  }
  await writeTensors(
    join(folder, 'InkWash.safetensors'),
    new Map(Object.entries({ clip_l: floats(64), clip_g: floats(64) })),
  )
}

const small = { width: 64, height: 64, steps: 2, seed: 5 }
const newest = () => service.host.library.get(service.host.library.list().pictures[0].id)
const own = (embeddings: { path: string; token?: string }[], prompt = 'a wall') =>
  service.post('/api/writing/generate-writing-image', { word: '学', prompt, ...small, embeddings })

it('A1111 lists them by name, and a prompt paints with one', async () => {
  expect(Object.keys((await service.get('/sdapi/v1/embeddings')).json().loaded)).toEqual(['InkWash'])
  const paint = async (prompt: string) =>
    (await service.post('/sdapi/v1/txt2img', { prompt, ...small })).json().images[0] as string
  const plain = await paint('a wall')
  expect(await paint('a inkwash wall')).not.toBe(plain)
  expect(newest().request.embeddings).toEqual([{ path: join(folder, 'InkWash.safetensors'), token: 'InkWash' }])
})

it('our own requests name them by name and by no path', async () => {
  expect((await own([{ path: 'inkwash' }])).status).toBe(200)
  expect(newest().request.embeddings).toMatchObject([{ token: 'inkwash' }])
  for (const path of ['none', '../embeddings/InkWash', join(folder, 'InkWash.safetensors')])
    expect((await own([{ path }])).json()).toMatchObject({ status: 400, key: 'pathClosed' })
})

it('a picture is made again with the very same file, by its hash; another of that name is told', async () => {
  await own([{ path: 'InkWash', token: 'Tusche' }], 'a tusche wall')
  const { id, record } = newest()
  expect(record!.weights.map(({ role }) => role)).toContain('embedding')
  const replay = () => service.host.library.replay(service.host.library.pathOf(id))
  expect(await replay()).toMatchObject({
    ...{ missing: [], request: { embeddings: [{ path: join(folder, 'InkWash.safetensors'), token: 'Tusche' }] } },
  })
  await rename(join(folder, 'InkWash.safetensors'), join(folder, 'moved.safetensors'))
  expect((await replay()).missing).toMatchObject([{ kind: 'embedding', reason: 'absent' }])
  await writeInk(2)
  expect((await replay()).missing).toMatchObject([{ kind: 'embedding', reason: 'changed' }])
})
