/** What files are, told from their headers: the names and shapes of the public class definitions (fixtures/headers). */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ownFixtures } from '../testing/fixtures.ts'
import { identifyFile } from './identify.ts'
import type { SafetensorsHeader, TensorEntry } from './safetensors.ts'
import { readHeader } from './safetensors.ts'
import { complaintOf, type HeaderList, readGzipJson, temporaryFolder, writeRaw } from './testing.ts'
import { unetToOriginal } from './unet-keys.ts'

type Shapes = Record<string, number[]>
const { lists } = readGzipJson<{ lists: Record<string, Shapes> }>(join(ownFixtures, 'headers/lists.json.gz'))

const headerOf = (shapes: Shapes, metadata: Record<string, string> = {}): SafetensorsHeader => ({
  metadata,
  tensors: new Map(
    Object.entries(shapes).map(([name, shape]) => [name, { dtype: 'F16', shape, offset: 0, length: 0 } as TensorEntry]),
  ),
})
const published = (name: string): Shapes =>
  Object.fromEntries(
    readGzipJson<HeaderList>(join(ownFixtures, `real-size/headers/${name}.json.gz`)).tensors.map(each => [
      each.name,
      each.shape,
    ]),
  )
const prefixed = (prefix: string, shapes: Shapes): Shapes =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [prefix + name, shape]))

/** A diffusers UNet under the original names, which checkpoints have. */
function original(name: string, layers = 2): Shapes {
  const shapes = lists[name]
  const attentions = new Set(Object.keys(shapes).map(key => /^(.+?)\.attentions\./.exec(key)?.[1]))
  return Object.fromEntries(
    Object.entries(shapes).flatMap(([key, shape]) => {
      const renamed = unetToOriginal(key, layers, block => attentions.has(block))
      return renamed ? [[`model.diffusion_model.${renamed}`, shape]] : []
    }),
  )
}

const openClip = (prefix: string): Shapes => ({
  [`${prefix}positional_embedding`]: [77, 1280],
  [`${prefix}text_projection`]: [1280, 1280],
  [`${prefix}transformer.resblocks.0.attn.in_proj_weight`]: [3840, 1280],
})
const vae = prefixed('first_stage_model.', {
  'decoder.conv_in.weight': [512, 4, 3, 3],
  'encoder.conv_in.weight': [128, 3, 3, 3],
})
const firstEncoder = prefixed('conditioner.embedders.0.transformer.', lists['clip-l'])
const kohya = (module: string, from: number, to: number, rank = 8): Shapes => ({
  [`${module}.lora_down.weight`]: [rank, from],
  [`${module}.lora_up.weight`]: [to, rank],
  [`${module}.alpha`]: [],
})
const fluxOriginal: Shapes = {
  'double_blocks.0.img_attn.norm.key_norm.scale': [128],
  'double_blocks.0.img_attn.qkv.weight': [9216, 3072],
  'single_blocks.0.linear1.weight': [21504, 3072],
  'img_in.weight': [3072, 64],
}
const sd3Original: Shapes = {
  'joint_blocks.0.context_block.adaLN_modulation.1.weight': [9216, 1536],
  'joint_blocks.0.x_block.attn.qkv.weight': [4608, 1536],
  pos_embed: [1, 36864, 1536],
}
const model = (shapes: Shapes) => prefixed('model.diffusion_model.', shapes)

/** File → its stable word. "sdxl-…" are those that the studio uses. */
const FILES: Record<string, [Shapes, string, Record<string, string>?]> = {
  'SDXL base as published': [published('sdxl_single_file_fp16'), 'sdxl-checkpoint'],
  'SDXL base with I64 positions': [published('sdxl_single_file_fp16_posids_i64'), 'sdxl-checkpoint'],
  'SDXL from diffusers’ class': [
    { ...original('unet-sdxl'), ...firstEncoder, ...openClip('conditioner.embedders.1.model.'), ...vae },
    'sdxl-checkpoint',
  ],
  'SDXL with EMA copies and an old encoder’s name left over': [
    {
      ...original('unet-sdxl'),
      ...firstEncoder,
      ...openClip('conditioner.embedders.1.model.'),
      ...vae,
      'model_ema.x': [1],
      'cond_stage_model.x': [1],
    },
    'sdxl-checkpoint',
  ],
  'SDXL inpainting': [
    { ...original('unet-sdxl-inpainting'), ...firstEncoder, ...openClip('conditioner.embedders.1.model.') },
    'sdxl-inpainting',
  ],
  'SDXL’s refiner': [
    { ...original('unet-refiner'), ...openClip('conditioner.embedders.0.model.'), ...vae },
    'sdxl-refiner',
  ],
  'SDXL’s UNet alone, original names': [original('unet-sdxl'), 'sdxl-unet'],
  'SDXL’s UNet alone': [lists['unet-sdxl'], 'unet'],
  'SDXL distilled': [
    {
      ...Object.fromEntries(
        Object.entries(original('unet-sdxl')).filter(([name]) => !name.includes('.middle_block.1.')),
      ),
      ...firstEncoder,
      ...openClip('conditioner.embedders.1.model.'),
    },
    'sdxl-distilled',
  ],
  'SDXL in bitsandbytes’ blocks': [
    { ...original('unet-sdxl'), 'model.diffusion_model.out.2.weight.quant_state.bitsandbytes__nf4': [90] },
    'quantised',
  ],
  'SDXL in optimum-quanto’s numbers': [
    { 'down_blocks.0.resnets.0.conv1.weight._data': [320, 320], 'down_blocks.0.resnets.0.conv1.weight._scale': [320] },
    'quantised',
  ],
  'SDXL in torchao’s numbers': [{ 'down_blocks.0.resnets.0.conv1.weight:_data': [320, 320] }, 'quantised'],
  'SDXL in HQQ’s blocks': [{ 'down_blocks.0.attentions.0.proj_in.W_q': [320, 160] }, 'quantised'],
  'SDXL in MLX’ blocks': [
    { ...lists['unet-sdxl'], 'down_blocks.1.attentions.0.proj_in.biases': [640, 10] },
    'quantised',
  ],
  'an IP-Adapter for faces': [
    {
      'image_proj.proj.0.weight': [1024, 512],
      'ip_adapter.1.to_k_ip.weight': [640, 2048],
      'ip_adapter.0.to_q_lora.down.weight': [128, 640],
    },
    'an-ip-adapter',
  ],
  'SD 1.5': [
    { ...original('unet-sd1'), ...prefixed('cond_stage_model.transformer.', lists['clip-l']), ...vae },
    'stable-diffusion-1-checkpoint',
  ],
  'SD 1.5 inpainting': [
    { ...original('unet-sd1-inpainting'), ...prefixed('cond_stage_model.transformer.', lists['clip-l']) },
    'stable-diffusion-1-checkpoint',
  ],
  'SD 1.5 pix2pix': [
    { ...original('unet-sd1-pix2pix'), ...prefixed('cond_stage_model.transformer.', lists['clip-l']) },
    'stable-diffusion-1-checkpoint',
  ],
  'SD 2.1': [
    { ...original('unet-sd2'), ...openClip('cond_stage_model.model.'), ...vae },
    'stable-diffusion-2-checkpoint',
  ],
  'SD 1.5 UNet': [lists['unet-sd1'], 'stable-diffusion-1-unet'],
  'SD 2.1 UNet': [lists['unet-sd2'], 'stable-diffusion-2-unet'],
  'SD 3, original names': [{ ...model(sd3Original), ...vae }, 'stable-diffusion-3-checkpoint'],
  'SD 3, diffusers': [lists['sd3'], 'stable-diffusion-3-checkpoint'],
  'Flux, original names': [fluxOriginal, 'flux-checkpoint'],
  'Flux as ComfyUI saves it': [model(fluxOriginal), 'flux-checkpoint'],
  'Flux, diffusers': [lists['flux'], 'flux-checkpoint'],
  Kolors: [lists['unet-kolors'], 'kolors-checkpoint'],
  PixArt: [lists['pixart'], 'pixart-checkpoint'],
  HunyuanDiT: [
    {
      text_embedding_padding: [333, 1024],
      'blocks.0.attn2.to_k.weight': [1408, 1024],
      'time_extra_emb.text_embedder.linear_1.weight': [8192, 2048],
    },
    'hunyuandit-checkpoint',
  ],
  AuraFlow: [lists['auraflow'], 'auraflow-checkpoint'],
  Lumina: [lists['lumina2'], 'lumina-checkpoint'],
  Sana: [lists['sana'], 'sana-checkpoint'],
  Wan: [lists['wan'], 'wan-checkpoint'],
  'Qwen-Image': [lists['qwen-image'], 'qwen-image-checkpoint'],
  CogVideoX: [lists['cogvideox'], 'cogvideox-checkpoint'],
  LTX: [lists['ltx'], 'ltx-video-checkpoint'],
  HunyuanVideo: [lists['hunyuan-video'], 'hunyuanvideo-checkpoint'],
  'Stable Cascade': [lists['cascade'], 'stable-cascade-checkpoint'],
  SVD: [lists['unet-svd'], 'stable-video-diffusion-checkpoint'],
  Kandinsky: [lists['unet-kandinsky'], 'kandinsky-checkpoint'],
  AnimateDiff: [lists['motion-adapter'], 'an-animatediff-motion-module'],
  'SDXL’s VAE': [lists['vae-sdxl'], 'sdxl-vae'],
  'SDXL’s VAE as published': [published('sdxl_vae_fp16_fix_fp32'), 'sdxl-vae'],
  'Flux’ VAE': [lists['vae-flux'], 'flux-or-sd3-vae'],
  'a tiny VAE': [lists['vae-tiny'], 'a-tiny-autoencoder-taesd'],
  'a video VAE': [lists['vae-wan'], 'video-vae'],
  'ControlNet-Union': [published('controlnet_union_sdxl_types6_fp16'), 'sdxl-controlnet-union'],
  'ControlNet-Union ProMax': [published('controlnet_union_sdxl_promax_types8_fp16'), 'sdxl-controlnet-union'],
  'ControlNet for SD 1': [lists['controlnet-sd1'], 'stable-diffusion-1-controlnet'],
  'ControlNet for SD 1, original names': [
    {
      'control_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight': [320, 768],
      'control_model.zero_convs.0.0.weight': [320, 320, 1, 1],
    },
    'stable-diffusion-1-controlnet',
  ],
  'ControlNet for SDXL, of one kind': [lists['controlnet-sdxl'], 'controlnet'],
  'ControlNet for Flux': [lists['controlnet-flux'], 'flux-controlnet'],
  'ControlNet for SD 3': [lists['controlnet-sd3'], 'stable-diffusion-3-controlnet'],
  'a Control-LoRA': [{ lora_controlnet: [0], 'input_blocks.0.0.weight': [320, 4, 3, 3] }, 'control-lora'],
  'a T2I-Adapter': [lists['t2i-adapter'], 'a-t2i-adapter'],
  'an IP-Adapter': [
    { 'image_proj.proj.weight': [8192, 1280], 'ip_adapter.1.to_k_ip.weight': [640, 2048] },
    'an-ip-adapter',
  ],
  'an upscaler': [
    { 'model.0.weight': [64, 3, 3, 3], 'model.1.sub.0.RDB1.conv1.0.weight': [32, 64, 3, 3] },
    'an-upscaler',
  ],
  'CLIP-L': [lists['clip-l'], 'text-encoder'],
  'OpenCLIP bigG': [lists['clip-g'], 'text-encoder'],
  'CLIP’s eyes': [lists['clip-vision'], 'a-clip-vision-encoder'],
  T5: [lists['t5'], 'a-t5-text-encoder'],
  Llama: [lists['llama'], 'a-language-model'],
  'LoRA, Kohya, full': [published('lora_kohya_sdxl_full_r16'), 'sdxl-lora'],
  'LoRA, Kohya, UNet': [published('lora_kohya_sdxl_unet_only_r16'), 'sdxl-lora'],
  'LoRA, Kohya, attention': [published('lora_kohya_sdxl_unet_attn_only_r16'), 'sdxl-lora'],
  'LoRA, diffusers’ names': [published('lora_kohya_sdxl_unet_diffusers_names_r16'), 'sdxl-lora'],
  'LoRA for SD 1': [
    kohya('lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k', 768, 320),
    'stable-diffusion-1-lora',
  ],
  'LoRA for SD 2': [
    kohya('lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k', 1024, 320),
    'stable-diffusion-2-lora',
  ],
  'LoRA for SD 1 that says so only in its metadata': [
    kohya('lora_unet_mid_block_resnets_0_conv1', 1280, 1280),
    'stable-diffusion-1-lora',
    { ss_base_model_version: 'sd_v1' },
  ],
  'LoRA for Flux, Kohya': [kohya('lora_unet_double_blocks_0_img_attn_qkv', 3072, 9216), 'flux-lora'],
  'LoRA for Flux, diffusers': [
    {
      'transformer.single_transformer_blocks.0.attn.to_k.lora_A.weight': [16, 3072],
      'transformer.single_transformer_blocks.0.attn.to_k.lora_B.weight': [3072, 16],
    },
    'flux-lora',
  ],
  'LoRA for SD 3': [
    { 'transformer.transformer_blocks.0.attn.add_k_proj.lora_A.weight': [16, 1536] },
    'stable-diffusion-3-lora',
  ],
  'LoRA for Wan': [{ 'diffusion_model.blocks.0.cross_attn.k.lora_A.weight': [16, 5120] }, 'wan-lora'],
  'LoHa for SDXL': [{ 'lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.hada_w1_b': [8, 2048] }, 'sdxl-lora'],
  'an embedding for SDXL': [{ clip_l: [4, 768], clip_g: [4, 1280] }, 'sdxl-embedding'],
  'an embedding for SD 1': [{ emb_params: [4, 768] }, 'stable-diffusion-1-embedding'],
  'an embedding for SD 2, diffusers': [{ '<cat-toy>': [1, 1024] }, 'stable-diffusion-2-embedding'],
  'some other file': [{ 'fc.weight': [10, 10] }, 'unknown'],
  'an empty file': [{}, 'unknown'],
}

describe('a file is called what it is', () => {
  it.each(Object.keys(FILES))('%s', name => {
    const [shapes, type, metadata] = FILES[name]
    if (name !== 'an empty file') expect(Object.keys(shapes ?? {}).length).toBeGreaterThan(0)
    const found = identifyFile(headerOf(shapes, metadata))
    expect(found.type).toBe(type)
    // Nothing else is ever taken for a file that the studio uses.
    const usable = /^sdxl-(checkpoint|controlnet-union|vae|lora|embedding)$/.test(type)
    expect(found.kind !== 'other').toBe(usable)
  })

  it('there are more than forty', () => expect(Object.keys(FILES).length).toBeGreaterThan(60))
})

describe('what is no safetensors file at all', () => {
  const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200)])
  it.each<[string, Buffer]>([
    ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 6938078334\n')],
    ['an HTML page', Buffer.from('<!DOCTYPE html><html><body>Access to model is restricted</body></html>')],
    ['an HTML page', Buffer.from('\ufeff\n <html lang="en">login</html>')],
    ['a pickled checkpoint', zip],
    [
      'a pickled checkpoint',
      Buffer.concat([Buffer.from([0x80, 2, 0x8a, 10]), Buffer.from('l\u00fcj'), Buffer.alloc(40)]),
    ],
    ['a GGUF file', Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(40)])],
    ['a text', Buffer.from('root:x:0:0:root:/root:/bin/sh\n')],
    ['a text', Buffer.from('Entry not found')],
    ['a packed archive', gzipSync('x'.repeat(600))],
    ['a packed archive', Buffer.concat([Buffer.from('model.safetensors'), Buffer.alloc(240), Buffer.from('ustar')])],
    ['a packed archive', Buffer.from('377abcaf271c0004000000000000', 'hex')],
    ['an ONNX model', Buffer.from('\x08\x08\x12\x07pytorch\x1a\x052.9.1', 'latin1')],
    ['an HDF5 file', Buffer.from('\x89HDF\r\n\x1a\n\0\0\0\0\0\x08', 'latin1')],
    ['a text', Buffer.from('Not found')],
    ['a JSON text', Buffer.from('{"error":"Invalid username or password."}')],
    ['a picture', Buffer.concat([Buffer.from([0x89]), Buffer.from('PNG\r\n\u001a\n'), Buffer.alloc(40)])],
    ['a file of zeros', Buffer.alloc(4096)],
  ])('%s', async (words, bytes) => {
    await using folder = await temporaryFolder()
    await writeFile(folder.at('x.safetensors'), bytes)
    const complaint = await complaintOf(() => readHeader(folder.at('x.safetensors')))
    expect(complaint).toMatch(/^bad-weights: .*x\.safetensors is /)
    expect(complaint).toContain(`is ${words}`)
  })

  it('an empty header is one', async () => {
    await using folder = await temporaryFolder()
    await writeRaw(folder.at('x.safetensors'), 2, '{}')
    expect((await readHeader(folder.at('x.safetensors'))).tensors.size).toBe(0)
  })
})
