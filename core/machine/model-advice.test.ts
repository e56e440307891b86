import { mkdir, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { temporaryFolder, writeTensors } from '../weights/testing.ts'
import { adviceOfModel } from './model-advice.ts'

const weights = new Map([['w', { dtype: 'F32' as const, shape: [1], data: new Uint8Array(4) }]])

it('reads a checkpoint and a folder, by name and by metadata', async () => {
  await using folder = await temporaryFolder()
  const file = folder.at('castle_lightning_4step.safetensors')
  await writeTensors(file, weights)
  const lightning = { training: 'lightning', suggested: { sampler: 'euler', steps: 4, guidanceScale: 1 } }
  expect(await adviceOfModel(file)).toMatchObject(lightning)
  const turbo = folder.at('sdxl-turbo')
  await mkdir(folder.at('sdxl-turbo', 'unet'), { recursive: true })
  await writeTensors(folder.at('sdxl-turbo', 'unet', 'diffusion_pytorch_model.safetensors'), weights)
  expect(await adviceOfModel(turbo)).toMatchObject({ training: 'turbo' })
  const plain = folder.at('castle.safetensors')
  await writeTensors(plain, weights, { 'modelspec.prediction_type': 'v' })
  expect(await adviceOfModel(plain)).toMatchObject({ training: 'v-prediction', from: 'metadata' })
})

it('knows nothing of what it cannot read, and says no more', async () => {
  await using folder = await temporaryFolder()
  const damaged = folder.at('damaged_turbo.safetensors')
  await writeFile(damaged, 'no weights')
  for (const path of [damaged, folder.at('none'), folder.path]) expect(await adviceOfModel(path)).toBeNull()
})
