import { writeSafetensors } from '../weights/write.ts'
import type { GeneratedPicture } from './ai-image-generator.ts'

/**
 * Writes the intermediate tensors of pictures: latents_initial (as the first step reads them), latents_after_step.0 …,
 * and image
 * (count, H, W, 3), all float32; several pictures are rows of one tensor.
 */
export async function writeTrace(file: string, pictures: readonly GeneratedPicture[]): Promise<void> {
  const names = Object.keys(pictures[0].trace ?? {})
  const tensors = names.map(name => {
    const rows = pictures.map(picture => picture.trace![name])
    const [, ...shape] = rows[0].shape
    const data = new Float32Array(rows.length * rows[0].data.length)
    rows.forEach((row, i) => {
      data.set(row.data, i * row.data.length)
    })
    return { name, dtype: 'F32' as const, shape: [rows.length, ...shape], data: new Uint8Array(data.buffer) }
  })
  await writeSafetensors(file, tensors)
}
