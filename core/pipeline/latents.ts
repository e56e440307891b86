/** Latents at both ends: what the first step reads, and the picture that the last one leaves. */
import { yieldToEventLoop } from '../channel/yield.ts'
import type { Sampler } from '../sampler/sampler.ts'
import { imageToTensor } from './control.ts'
import { requireFinite } from './finite.ts'
import type { PipelineJob } from './job.ts'
import type { ModelNetworks } from './model-networks.ts'
import type { NoiseSource } from './noise-source.ts'
import { type Kept, latentMask } from './repaint.ts'

/** Height and width in latents. */
interface Size {
  height: number
  width: number
}

/**
 * Noise, or for image to image the init picture's latents with noise as at the first timestep; and what of it is kept.
 * @param side of the VAE's tiles, latents; null: it is run over the whole, or as memory allows
 */
export async function initialLatents(
  networks: ModelNetworks,
  job: PipelineJob,
  sampler: Sampler,
  noise: NoiseSource,
  size: Size,
  side: number | null,
): Promise<{ latents: Float32Array; kept: Kept | null }> {
  if (!job.init) return { latents: noise.initial().map(value => value * sampler.initNoiseSigma), kept: null }
  await using encoder = await networks.vae(size, 'encoder', side)
  const image = imageToTensor(job.init.image)
  for (let i = 0; i < image.length; i++) image[i] = image[i] * 2 - 1
  const { mean, logvar } = await encoder.network.encode(image)
  const clean = encoder.network.sample(mean, logvar, noise.next())
  requireFinite(clean, 'the VAE encoder')
  const drawn = job.latents ? noise.initial() : noise.next()
  const kept = job.repaint ? { clean, noise: drawn, mask: latentMask(job.repaint, job.width / size.width) } : null
  // At full strength nothing of the picture is left where it is painted again.
  const bare = kept && job.init.strength >= 1
  const latents = bare ? drawn.map(value => value * sampler.initNoiseSigma) : sampler.addNoise(clean, drawn)
  return { latents, kept }
}

/** Latents → planes (3, height, width), about −1..1. @param side as for initialLatents() */
export async function decodeLatents(
  networks: ModelNetworks,
  latents: Float32Array,
  size: Size,
  side: number | null,
): Promise<Float32Array> {
  await using decoder = await networks.vae(size, 'decoder', side)
  const planes = await decoder.network.decode(latents)
  requireFinite(planes, 'the VAE decoder')
  return planes
}

/** As a Float32Array holds it. */
const inUnit = (value: number): number => Math.fround(Math.min(1, Math.max(0, value / 2 + 0.5)))

/** Planes as the decoder gives them → (height, width, 3) in 0..1. */
export async function toUnit(planes: Float32Array): Promise<Float32Array> {
  const area = planes.length / 3
  const image = new Float32Array(planes.length)
  await inPieces(area, (from, to) => {
    for (let c = 0; c < 3; c++) for (let i = from; i < to; i++) image[i * 3 + c] = inUnit(planes[c * area + i])
  })
  return image
}

/** The same rounded to 0..255; at once, as a large picture's floats are hundreds of megabytes. */
export async function toBytes(planes: Float32Array): Promise<Uint8Array> {
  const area = planes.length / 3
  const bytes = new Uint8Array(planes.length)
  await inPieces(area, (from, to) => {
    for (let c = 0; c < 3; c++)
      for (let i = from; i < to; i++) bytes[i * 3 + c] = Math.round(inUnit(planes[c * area + i]) * 255)
  })
  return bytes
}

/** Numbers that are worked on between two turns of the event loop: about 5 ms. */
const PIECE = 1 << 17

async function inPieces(length: number, body: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < length; from += PIECE) {
    body(from, Math.min(length, from + PIECE))
    await yieldToEventLoop(undefined)
  }
}
