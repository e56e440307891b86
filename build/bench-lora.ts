/**
 * How long a LoRA takes to be merged at SDXL's real sizes: a UNet and both text encoders in fp16 (zeros that take no room
 * on disk), a LoRA over all of them with random numbers. Merged three times with another weight each: the first time the
 * model is read as from a disk, afterwards it lies in the system's memory, as in a studio that has painted with it.
 *
 *     npm run bench:lora -- [rank 32] [threads 2]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLowRankKernel } from '../core/engine/low-rank.ts'
import { seededRandom } from '../core/raster/random.ts'
import { ownFixtures } from '../core/testing/fixtures.ts'
import { openLoras } from '../core/weights/lora.ts'
import { mergeLoras } from '../core/weights/merge.ts'
import type { ModelParts } from '../core/weights/model.ts'
import type { Network, NetworkKind } from '../core/weights/network.ts'
import { tensorsInPlace } from '../core/weights/network.ts'
import { makeScratch } from '../core/weights/scratch.ts'
import { type HeaderList, readGzipJson, writeSparse } from '../core/weights/testing.ts'
import { openWeightsFile } from '../core/weights/weights-file.ts'
import { streamSafetensors } from '../core/weights/write.ts'

const [rank, threads] = [Number(process.argv[2] ?? 32), Number(process.argv[3] ?? 2)]
const folder = await mkdtemp(join(tmpdir(), 'zihua-bench-'))
const list = (name: string) => readGzipJson<HeaderList>(join(ownFixtures, `real-size/headers/${name}.json.gz`))
const seconds = (milliseconds: number) => Number((milliseconds / 1000).toFixed(1))

async function network(kind: NetworkKind, name: string): Promise<Network> {
  const file = join(folder, `${kind}.safetensors`)
  await writeSparse(file, list(name))
  const config = kind === 'unet' ? { layers_per_block: 2 } : {}
  return { kind, label: kind, config, tensors: tensorsInPlace(await openWeightsFile(file)), files: [file] }
}

async function writeLora(): Promise<string> {
  const random = seededRandom(1)
  const shapes = list('lora_kohya_sdxl_full_r16').tensors.map(({ name, shape }) => ({
    ...{
      name,
      dtype: 'F16' as const,
      shape: shape.map((size, i) => ((name.endsWith('down.weight') ? i === 0 : i === 1) ? rank : size)),
    },
  }))
  const file = join(folder, 'lora.safetensors')
  await streamSafetensors(file, shapes, async ({ shape }) => {
    const count = shape.reduce((product, size) => product * size, 1)
    return new Uint8Array(Float16Array.from({ length: count }, () => (random() - 0.5) / 16).buffer)
  })
  return file
}

try {
  const parts = {
    networks: {
      unet: await network('unet', 'sdxl_base_unet_fp16'),
      text_encoder: await network('text_encoder', 'sdxl_base_text_encoder_fp16'),
      text_encoder_2: await network('text_encoder_2', 'sdxl_base_text_encoder_2_fp16'),
    },
  } as unknown as ModelParts
  const lora = await writeLora()
  const kernel = createLowRankKernel(threads)
  for (const weight of [0.8, 0.7, 0.6]) {
    const before = process.cpuUsage()
    const scratch = await makeScratch(folder)
    const start = performance.now()
    const { changes } = await openLoras([{ path: lora, weight }], parts)
    const opened = performance.now()
    await mergeLoras(parts, changes, scratch.folder, kernel.add)
    const done = performance.now()
    const cpu = process.cpuUsage(before)
    const touched = Object.entries(changes).map(([kind, map]) => [kind, map.size])
    console.log(
      JSON.stringify({
        ...{ rank, threads, touched: Object.fromEntries(touched) },
        ...{ open: seconds(opened - start), merge: seconds(done - opened) },
        ...{ cpuUser: seconds(cpu.user / 1000), cpuSystem: seconds(cpu.system / 1000) },
        peakMB: Math.round(process.resourceUsage().maxRSS / 1024),
      }),
    )
    await scratch.dispose()
  }
  await kernel.dispose()
} finally {
  await rm(folder, { recursive: true, force: true })
}
