/** What tells the networks of one model from those of another, so that what did not change stays loaded. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { NetworkKind } from './network.ts'
import { isScratch } from './scratch.ts'
import type { Component, Model } from './types.ts'

export type NetworkKeys = Readonly<Record<NetworkKind, string>>

/** One key for all: a model that is opened once. */
export const sameKeys = (key: string): NetworkKeys => ({
  ...{ text_encoder: key, text_encoder_2: key, unet: key, vae: key, controlnet: key },
})

/**
 * A key changes when a number of its network may have changed: with the place of a tensor, such as where a LoRA was merged,
 * or with the size or the time of change of a file.
 */
export async function networkKeys(model: Model): Promise<NetworkKeys> {
  const { textEncoder, textEncoder2, unet, vae, controlnet } = model
  return {
    text_encoder: await keyOf(textEncoder),
    text_encoder_2: await keyOf(textEncoder2),
    unet: await keyOf(unet),
    vae: await keyOf(vae),
    controlnet: controlnet ? await keyOf(controlnet) : 'none',
  }
}

/** Of an opened model: a network that reads scratch files, which go with it, has no key that fits another. */
export function lastingKeys({ textEncoder, textEncoder2, unet }: Model, keys: NetworkKeys): NetworkKeys {
  const lasting = (component: Component, key: string) => (filesOf(component).some(isScratch) ? 'gone' : key)
  return {
    ...keys,
    text_encoder: lasting(textEncoder, keys.text_encoder),
    text_encoder_2: lasting(textEncoder2, keys.text_encoder_2),
    unet: lasting(unet, keys.unet),
  }
}

async function keyOf(component: Component): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(component.config))
  // What lies in memory was computed from tensors of the same files.
  for (const { name, dtype, shape, data } of component.tensors())
    hash.update(JSON.stringify([name, dtype, shape, data instanceof Uint8Array ? null : data]))
  for (const file of filesOf(component)) {
    const { size, mtimeMs } = await stat(file)
    hash.update(JSON.stringify([file, size, mtimeMs]))
  }
  return hash.digest('hex').slice(0, 20)
}

function filesOf(component: Component): string[] {
  const files = [...component.tensors()].flatMap(({ data }) => (data instanceof Uint8Array ? [] : [data.file]))
  return [...new Set(files)]
}
