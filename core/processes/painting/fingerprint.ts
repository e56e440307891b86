/** What decides the bytes of a picture beside its request: machines of one fingerprint make the same bytes. */
import { cpus } from 'node:os'
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' }
import { z } from 'zod'
import { type LoadOptions, profileOf } from '../../engine/network.ts'
import { sha256 } from '../../files/hashes.ts'
import { VERSION } from '../../files/version.ts'

export const fingerprintSchema = z.object({
  /** ONNX Runtime's provider: "cpu", "cuda" … */
  provider: z.string().max(40),
  /** The processor or GPU, by its name. */
  device: z.string().max(200),
  /** The studio's version and ONNX Runtime's. */
  engine: z.string().max(80),
  /** Threads of one inference process, as sums are split among them. */
  threads: z.int(),
  /** How the networks compute where it may move a number: dtype, forms of the ops, runs a step. Absent in older pictures. */
  numbers: z.string().max(200).exactOptional(),
  /** The decoder cut the picture into so many tiles; absent where it decoded the whole. */
  tiles: z.int().exactOptional(),
  /** Hash of the other fields: 16 hexadecimal digits. */
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
})
export type Fingerprint = z.infer<typeof fingerprintSchema>

/** The studio's version and ONNX Runtime's: another one may compute other pixels. */
export const ENGINE = `${VERSION}+ort${onnxruntime.version}`

/**
 * @param device the GPU's name; null: the processor and its architecture
 * @param tiles that the decoder cuts the picture into; 1 where no picture is meant
 */
export function fingerprintFor(load: LoadOptions, device: string | null = null, tiles = 1): Fingerprint {
  const { provider, threads = 1 } = load
  const machine = { provider, device: device ?? processor(), engine: ENGINE, threads }
  const about = { ...machine, numbers: numbersOf(load), ...(tiles > 1 && { tiles }) }
  return { ...about, fingerprint: sha256(JSON.stringify(about)).slice(0, 16) }
}

/** Whether two machines compute alike; tiles are a picture's own. */
export const computesAlike = (a: Fingerprint, b: Fingerprint): boolean =>
  (['provider', 'device', 'engine', 'threads', 'numbers'] as const).every(field => a[field] === b[field])

/** In words: "F32, fused attention, …, one pass". */
function numbersOf(load: LoadOptions): string {
  const { compute, attention, activation, weights, contextOnce, step, maps = 'channels-first' } = profileOf(load)
  const context = contextOnce ? 'context once' : 'context each step'
  return [
    ...[compute, `${attention} attention`, `${activation} activations`, `${weights} weights`, context],
    ...[`${step} step`, maps, load.passes === 2 ? 'two passes' : 'one pass'],
  ].join(', ')
}

const processor = () => `${cpus()[0]?.model.trim() || 'unknown'} ${process.platform} ${process.arch}`
