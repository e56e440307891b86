import { describe, expect, it } from 'vitest'
import { StudioError } from '../faults/studio-error.ts'
import { readClipConfig } from './clip.ts'
import { randomModel, TINY_SIZE } from './random-model.ts'
import { readUNetConfig } from './unet-config.ts'
import { readVaeConfig } from './vae.ts'

const model = randomModel(TINY_SIZE)

/** A value that the code does not know must be an error that names it, never be ignored. */
function complaint(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof StudioError && error.code === 'bad-weights') return error.message
  }
  return 'no complaint'
}

describe('config.json', () => {
  it.each<[string, unknown]>([
    ['act_fn', 'gelu'],
    ['addition_embed_type', 'image'],
    ['class_embed_type', 'timestep'],
    ['conv_in_kernel', 5],
    ['encoder_hid_dim', 2048],
    ['mid_block_type', 'UNetMidBlock2D'],
    ['only_cross_attention', true],
    ['resnet_time_scale_shift', 'scale_shift'],
    ['reverse_transformer_layers_per_block', [10, 2, 1]],
    ['use_linear_projection', false],
    ['down_block_types', ['AttnDownBlock2D', 'DownBlock2D', 'DownBlock2D']],
    ['up_block_types', ['UpBlock2D', 'SkipUpBlock2D', 'UpBlock2D']],
    ['attention_head_dim', [5, 10]],
    ['block_out_channels', '320'],
    ['cross_attention_dim', -1],
    ['layers_per_block', 2.5],
    ['norm_eps', 'small'],
    ['_class_name', 'UNet3DConditionModel'],
  ])('UNet: "%s": %j is named', (key, value) => {
    expect(complaint(() => readUNetConfig('unet', { ...model.unet.config, [key]: value }))).toContain(`"${key}"`)
  })

  it.each<[string, unknown]>([
    ['latents_mean', [0, 0, 0, 0]],
    ['down_block_types', ['AttnDownEncoderBlock2D']],
    ['act_fn', 'relu'],
    ['block_out_channels', []],
  ])('VAE: "%s": %j is named', (key, value) => {
    expect(complaint(() => readVaeConfig({ ...model.vae.config, [key]: value }))).toContain(`"${key}"`)
  })

  it.each<[string, unknown]>([
    ['hidden_act', 'relu'],
    ['architectures', ['T5EncoderModel']],
    ['num_hidden_layers', null],
  ])('CLIP: "%s": %j is named', (key, value) => {
    expect(complaint(() => readClipConfig('text_encoder', { ...model.textEncoder.config, [key]: value }))).toContain(
      `"${key}"`,
    )
  })

  it('the published switches of SDXL are all known', () => {
    expect(
      readUNetConfig('unet', { ...model.unet.config, upcast_attention: null, sample_size: 128, dropout: 0 }).blocks
        .length,
    ).toBe(3)
  })
})
