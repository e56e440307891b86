/** What a model wants of a request that its own files tell: for the desk, which takes it over when the user says so. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Advice, adviseFor } from '../weights/advice.ts'
import { readHeader } from '../weights/safetensors.ts'

/**
 * @param path a checkpoint, or a folder as on Hugging Face, whose UNet is asked and whose name counts
 * @returns null where nothing is known, also of files that cannot be read: what is wrong with them is told when they are used
 */
export async function adviceOfModel(path: string): Promise<Advice | null> {
  try {
    if ((await stat(path)).isFile()) return adviseFor(path, await readHeader(path))
    const unet = join(path, 'unet')
    const file = (await readdir(unet)).sort().find(name => name.endsWith('.safetensors'))
    return file === undefined ? null : adviseFor(path, await readHeader(join(unet, file)))
  } catch {
    return null
  }
}
