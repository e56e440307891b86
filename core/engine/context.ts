/** What UNet and ControlNet read beside the latents: text, sizes, time. */
import { sinusoids } from '../graph/sinusoid.ts'
import type { NetworkSize } from '../graph/unet.ts'
import type { UNetConfig } from '../graph/unet-config.ts'
import { constant } from './constants.ts'
import type { Session } from './session.ts'
import { floats, type Tensor, type Tensors } from './tensor.ts'

/** What stays the same for a whole picture. */
export interface DenoiserInputs {
  /** (batch, tokens, dim) */
  encoderHiddenStates: Float32Array
  /** (batch, pooled) */
  textEmbeds: Float32Array
  /** (batch, 6) */
  timeIds: Float32Array
}

/** What one picture's denoiser reads, for several of the same prompts: rows of the negative prompt first, then the positive's. */
export function repeatRows(inputs: DenoiserInputs, rows: number, pictures: number): DenoiserInputs {
  const repeat = (values: Float32Array): Float32Array => {
    const length = values.length / rows
    const all = new Float32Array(values.length * pictures)
    for (let i = 0; i < rows * pictures; i++) {
      const row = Math.floor(i / pictures)
      all.set(values.subarray(row * length, (row + 1) * length), i * length)
    }
    return all
  }
  const { encoderHiddenStates, textEmbeds, timeIds } = inputs
  return {
    encoderHiddenStates: repeat(encoderHiddenStates),
    textEmbeds: repeat(textEmbeds),
    timeIds: repeat(timeIds),
  }
}

/**
 * Runs the context graph once a picture; UNet and ControlNet share it.
 * @param prefix of the names of the step's inputs, where the step holds several networks
 */
export async function runContext(
  session: Session,
  config: UNetConfig,
  { batch, tokens }: NetworkSize,
  inputs: DenoiserInputs,
  more: Tensors = {},
  prefix = '',
): Promise<Tensors> {
  const width = config.additionTimeEmbedDim
  const sizes = sinusoids([...inputs.timeIds], width, config.flipSinToCos, config.freqShift)
  const hidden = floats(inputs.encoderHiddenStates, batch, tokens, config.crossAttentionDim)
  const out = await session.run({
    text_embeds: floats(inputs.textEmbeds, batch, inputs.textEmbeds.length / batch),
    time_ids: floats(sizes, batch, 6 * width),
    encoder_hidden_states: hidden,
    ...more,
  })
  // Providers that project the text at every step read the embeddings themselves.
  const context = { ...out, [`${prefix}encoder_hidden_states`]: hidden }
  for (const { data } of Object.values(context)) constant(data)
  return context
}

export const timeProjection = (config: UNetConfig, timestep: number): Tensor => {
  const width = config.blocks[0].channels
  return floats(sinusoids([timestep], width, config.flipSinToCos, config.freqShift), 1, width)
}

/** The latents as a step reads them: half of a guided batch's rows, as both prompts' are made from them. */
export const latentsOf = (latents: Float32Array, config: UNetConfig, size: NetworkSize): Tensor =>
  floats(latents, size.guided ? size.batch / 2 : size.batch, config.inChannels, size.height, size.width)
