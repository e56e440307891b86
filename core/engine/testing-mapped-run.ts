/**
 * A UNet of a tenth of SDXL's size over a sparse 16-bit file, run twice; prints the largest anonymous memory (what the
 * process has of its own, mapped files not counted) in bytes, and that of its weights as 32-bit numbers.
 *
 *   node core/engine/testing-mapped-run.ts FOLDER folded|mapped
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { OP_PROFILES } from '../graph/op-profiles.ts'
import { randomComponent } from '../graph/random-model.ts'
import { buildUNet } from '../graph/unet.ts'
import { tensorsInPlace, toComponent } from '../weights/network.ts'
import { type HeaderList, writeSparse } from '../weights/testing.ts'
import type { Component } from '../weights/types.ts'
import { openWeightsFile } from '../weights/weights-file.ts'
import { UNetNetwork } from './unet-network.ts'

const CONFIG = {
  _class_name: 'UNet2DConditionModel',
  block_out_channels: [128, 256, 640],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
  transformer_layers_per_block: [1, 1, 3],
  attention_head_dim: [2, 4, 10],
  cross_attention_dim: 1024,
  addition_time_embed_dim: 32,
  projection_class_embeddings_input_dim: 6 * 32 + 640,
  norm_num_groups: 16,
}
const size = { batch: 2, height: 16, width: 16, tokens: 77 }

/** The names and shapes that a graph asks for. */
function record(config: object): HeaderList {
  const tensors: HeaderList['tensors'] = []
  let offset = 0
  const component: Component = {
    ...randomComponent(config as Record<string, unknown>, 1),
    weights: () => ({
      label: 'recorded',
      has: () => true,
      shapeOf: () => null,
      take(name, shape) {
        const end = offset + 2 * shape.reduce((a, b) => a * b, 1)
        tensors.push({ name, dtype: 'F16', shape: [...shape], data_offsets: [offset, end] })
        offset = end
        return { name, dtype: 'F16', shape, data: new Uint8Array(0) }
      },
      fit: () => ({ missing: [], misshapen: [], leftOver: [] }),
      finish: () => {},
    }),
  }
  buildUNet(component, OP_PROFILES.cpu, size, false)
  return { metadata: null, file_bytes: 0, tensors }
}

const [folder, weights] = process.argv.slice(2) as [string, 'folded' | 'mapped']
const header = record(CONFIG)
const file = join(folder, `${weights}.safetensors`)
await writeSparse(file, header)
const tensors = tensorsInPlace(await openWeightsFile(file))
const unet = toComponent({ kind: 'unet', label: 'unet', config: CONFIG, tensors, files: [file] })

// A run blocks this thread: another one looks at the memory meanwhile.
const peak = new Float64Array(new SharedArrayBuffer(8))
const watcher = new Worker(
  `const { readFileSync } = require('node:fs')
   const { parentPort, workerData: peak } = require('node:worker_threads')
   setInterval(() => {
     const kilobytes = Number(/RssAnon:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
     peak[0] = Math.max(peak[0], kilobytes * 1024)
   }, 2)
   parentPort.postMessage('watching')`,
  { eval: true, workerData: peak },
)
await once(watcher, 'message')
const before = peak[0]

const network = await UNetNetwork.plan(unet, { provider: 'cpu', threads: 1, ops: { weights } }, size, false).load()
const context = await network.prepare({
  encoderHiddenStates: new Float32Array(2 * 77 * 1024),
  textEmbeds: new Float32Array(2 * 640),
  timeIds: new Float32Array(12),
})
for (let run = 0; run < 2; run++) await network.predict(context, new Float32Array(2 * 4 * 16 * 16), 500, null)
await network.release()
await watcher.terminate()
const unfolded = header.tensors.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0)
console.log(JSON.stringify({ own: peak[0] - before, unfolded }))
