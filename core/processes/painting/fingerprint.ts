/** What decides the bytes of a picture beside its request: machines of one fingerprint make the same bytes. */
import { cpus } from 'node:os'
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' }
import { z } from 'zod'
import type { LoadOptions } from '../../engine/network.ts'
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
  /** Hash of the other fields: 16 hexadecimal digits. */
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
})
export type Fingerprint = z.infer<typeof fingerprintSchema>

/** The studio's version and ONNX Runtime's: another one may compute other pixels. */
export const ENGINE = `${VERSION}+ort${onnxruntime.version}`

/** @param device the GPU's name; default: the processor and its architecture */
export function fingerprintFor({ provider, threads = 1 }: LoadOptions, device = processor()): Fingerprint {
  const about = { provider, device, engine: ENGINE, threads }
  return { ...about, fingerprint: sha256(JSON.stringify(about)).slice(0, 16) }
}

const processor = () => `${cpus()[0]?.model.trim() || 'unknown'} ${process.platform} ${process.arch}`
