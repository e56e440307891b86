/** Damaged and hostile files, seeded: every reader of a stranger's file takes them or refuses them in one sentence. Tests only. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { StudioError } from '../faults/studio-error.ts'
import { readForeign } from '../image/foreign/foreign.ts'
import { chunk, internationalChunk } from '../image/png-chunks.ts'
import { inspectWeights } from '../machine/inspect-weights.ts'
import { seededRandom } from '../raster/random.ts'
import { ownFixtures } from '../testing/fixtures.ts'
import { addEmbeddings, openEmbeddings } from '../weights/embeddings.ts'
import { openLoras } from '../weights/lora.ts'
import { LORA_NETWORKS } from '../weights/lora-keys.ts'
import { mergeTensor } from '../weights/merge.ts'
import { openPipelineFolder } from '../weights/pipeline-folder.ts'
import { writeSafetensors } from '../weights/write.ts'
import { readRecord } from './record.ts'

export interface Fuzzed {
  files: number
  accepted: number
  refused: number
  /** Milliseconds of the slowest file, and which it was. */
  slowest: { milliseconds: number; file: string }
  /** What was no StudioError of one line: must be empty. */
  wrong: string[]
}

/** A file of a kind that is whole, and what reads it: a StudioError of one line is a refusal. */
export type FuzzKind = readonly [name: string, bytes: Buffer, read: (file: string) => Promise<unknown>]
type Reader = FuzzKind[2]

/** Mutates `count` files of all kinds in turn, reads each, and says what happened. No two files have one name, and none stays. */
export async function fuzz(kinds: readonly FuzzKind[], folder: string, count: number, seed: number): Promise<Fuzzed> {
  const next = seededRandom(seed)
  const report: Fuzzed = { files: 0, accepted: 0, refused: 0, slowest: { milliseconds: 0, file: '' }, wrong: [] }
  // The first of each starts threads and reads what it compares with.
  for (const [name, bytes, read] of kinds) {
    const file = join(folder, `whole-${name}`)
    await writeFile(file, bytes)
    await read(file).catch(() => {})
    await rm(file, { force: true })
  }
  for (let i = 0; i < count; i++) {
    const [name, bytes, read] = kinds[i % kinds.length]
    const file = join(folder, `${i}-${name}`)
    await writeFile(file, mutate(bytes, next))
    const start = performance.now()
    try {
      await read(file)
      report.accepted++
    } catch (error) {
      report.refused++
      if (!(error instanceof StudioError) || /\n/.test(error.message) || error.message.length > 2000)
        report.wrong.push(`${name}, number ${i}: ${error instanceof Error ? error.stack : String(error)}`)
    }
    const milliseconds = performance.now() - start
    if (milliseconds > report.slowest.milliseconds) report.slowest = { milliseconds, file: `${name}, number ${i}` }
    report.files++
    await rm(file, { force: true })
  }
  return report
}

/** Weights, LoRA files and pictures. @param folder for what is made on the way */
export async function fuzzFiles(folder: string, count: number, seed: number): Promise<Fuzzed> {
  return fuzz([...(await weightsKinds(folder)), ...(await pictureKinds())], folder, count, seed)
}

export async function weightsKinds(folder: string): Promise<FuzzKind[]> {
  const saved = async (name: string, tensors: Parameters<typeof writeSafetensors>[1], metadata = {}) => {
    await writeSafetensors(join(folder, name), tensors, metadata)
    return readFile(join(folder, name))
  }
  const numbers = (name: string, shape: number[]) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const data = new Uint8Array(Float32Array.from({ length: count }, (_, i) => (i % 7) / 7).buffer)
    return { name, dtype: 'F32' as const, shape, data }
  }
  const parts = await openPipelineFolder(join(ownFixtures, 'sdxl/pipeline'))
  const lora: Reader = async file => {
    const { changes } = await openLoras([{ path: file, weight: 1 }], parts)
    for (const network of LORA_NETWORKS)
      for (const [key, list] of changes[network]) await mergeTensor(parts.networks[network].tensors.get(key)!, list)
  }
  const module = 'unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q'
  return [
    [
      'checkpoint.safetensors',
      await saved(
        'seed.safetensors',
        [
          numbers('model.diffusion_model.input_blocks.0.0.weight', [8, 4, 3, 3]),
          numbers('conditioner.embedders.0.transformer.text_model.final_layer_norm.weight', [8]),
          numbers('conditioner.embedders.1.model.text_projection', [8, 8]),
          numbers('first_stage_model.decoder.conv_in.weight', [8, 4, 3, 3]),
        ],
        { format: 'pt' },
      ),
      inspectWeights,
    ],
    [
      'lora.safetensors',
      await saved('seed.safetensors', [
        numbers(`${module}.lora_A.weight`, [2, 48]),
        numbers(`${module}.lora_B.weight`, [48, 2]),
        numbers(`${module}.alpha`, []),
      ]),
      lora,
    ],
    [
      'loha.safetensors',
      await saved('seed.safetensors', [
        numbers(`${module}.hada_w1_a`, [48, 2]),
        numbers(`${module}.hada_w1_b`, [2, 48]),
        numbers(`${module}.hada_w2_a`, [48, 2]),
        numbers(`${module}.hada_w2_b`, [2, 48]),
      ]),
      lora,
    ],
    [
      'lokr.safetensors',
      await saved('seed.safetensors', [
        numbers(`${module}.lokr_w1`, [4, 4]),
        numbers(`${module}.lokr_w2`, [12, 12]),
        numbers(`${module}.dora_scale`, [48, 1]),
      ]),
      lora,
    ],
    [
      'embedding.safetensors',
      await saved('seed.safetensors', [numbers('clip_l', [2, 8]), numbers('clip_g', [2, 16])]),
      async file => addEmbeddings(parts, await openEmbeddings([{ path: file, token: 'x' }], parts), folder),
    ],
  ]
}

export async function pictureKinds(): Promise<FuzzKind[]> {
  const pictures: Reader = async file => [await readForeign(file), await readRecord(file)]
  const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  const png = await plain.clone().png().toBuffer()
  const graph = JSON.stringify({
    3: { class_type: 'KSampler', inputs: { seed: 1, steps: 2, cfg: 3, positive: ['6', 0], latent_image: ['5', 0] } },
    5: { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64 } },
    6: { class_type: 'CLIPTextEncode', inputs: { text: 'x' } },
  })
  const withTexts = (...texts: Uint8Array[]) => Buffer.concat([png.subarray(0, 33), ...texts, png.subarray(33)])
  const exif = { IFD0: { Model: `prompt:${graph}`, Make: 'workflow:{}' } }
  return [
    [
      'a1111.png',
      withTexts(
        chunk(
          'tEXt',
          Buffer.from(
            'parameters\0a cat\nNegative prompt: x\nSteps: 2, Sampler: Euler a, CFG scale: 7, Seed: 3, Size: 64x64\nTemplate: y',
          ),
        ),
      ),
      pictures,
    ],
    [
      'comfy.png',
      withTexts(internationalChunk('prompt', graph), internationalChunk('zihua', '{"version":"1","request":{}}')),
      pictures,
    ],
    ['comfy.webp', await plain.clone().withExif(exif).webp().toBuffer(), readForeign],
    ['comfy.jpg', await plain.clone().withExif(exif).jpeg().toBuffer(), readForeign],
  ]
}

/** Tokens of JSON that a reader may stumble over. */
const TOKENS = [
  '-1',
  '1e400',
  '9007199254740993',
  'null',
  '[]',
  '{}',
  '""',
  'NaN',
  '"F8_E4M3"',
  '"I8"',
  '[[[[[[[[',
  '4294967296',
  '0',
  '"__proto__"',
  '"constructor"',
]

/** One to four changes: bytes, cuts, doubled and moved pieces, lengths, tokens. */
function mutate(source: Buffer, next: () => number): Buffer {
  let bytes = Buffer.from(source)
  const at = () => Math.floor(next() * Math.max(1, bytes.length))
  for (let changes = 1 + Math.floor(next() * 4); changes > 0; changes--) {
    const [a, b] = [at(), at()].toSorted((x, y) => x - y)
    switch (Math.floor(next() * 8)) {
      case 0:
        if (bytes.length > 0) bytes[a] = Math.floor(next() * 256)
        break
      case 1:
        bytes = bytes.subarray(0, a)
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, b), bytes.subarray(a, b), bytes.subarray(b)])
        break
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)])
        break
      case 4:
        if (bytes.length >= 8) bytes.writeBigUInt64LE(BigInt(Math.floor(next() * 2 ** (next() * 53))), 0)
        break
      case 5: {
        // A number, a word or a bracket somewhere in the first 2,000 bytes becomes a token.
        const text = bytes.toString('latin1', 0, 2000)
        const places = [...text.matchAll(/-?\d+|"[^"]{0,60}"|[[\]{}]/g)]
        const place = places[Math.floor(next() * places.length)]
        const token = TOKENS[Math.floor(next() * TOKENS.length)]
        if (place)
          bytes = Buffer.concat([
            bytes.subarray(0, place.index),
            Buffer.from(token),
            bytes.subarray(place.index + place[0].length),
          ])
        break
      }
      case 6:
        bytes.fill(Math.floor(next() * 256), a, Math.min(b, a + 64))
        break
      default:
        if (bytes.length >= 4) bytes.writeUInt32BE(Math.floor(next() * 2 ** 32), Math.min(a, bytes.length - 4))
    }
  }
  // Half of the safetensors files get a header of the right length again: what lies behind the first check is reached too.
  const end = bytes.indexOf('}}')
  if (bytes[8] === 0x7b && end > 8 && next() < 0.5) bytes.writeBigUInt64LE(BigInt(end + 2 - 8), 0)
  return bytes
}
