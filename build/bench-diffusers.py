"""
The same work as `npm run bench -- --model PATH --controlnet PATH`, done by diffusers on a GPU: what ours is measured against.

    python build/bench-diffusers.py MODEL CONTROLNET [--side 1024] [--steps 20] [--runs 3] [--dtype float16] [--variant fp16]

diffusers 0.40, PyTorch as installed, its own defaults (fused attention of PyTorch, no compilation). Prints medians of warm
runs: a step of ControlNet-Union and UNet together, with guidance and four controls, and the decoding.
"""
import argparse
import statistics
import time

import numpy as np
import torch
from diffusers import AutoencoderKL, ControlNetUnionModel, DPMSolverMultistepScheduler, UNet2DConditionModel
from diffusers import StableDiffusionXLControlNetUnionPipeline as Pipeline
from PIL import Image

parser = argparse.ArgumentParser()
parser.add_argument('model')
parser.add_argument('controlnet')
parser.add_argument('--side', type=int, default=1024)
parser.add_argument('--steps', type=int, default=20)
parser.add_argument('--runs', type=int, default=3)
parser.add_argument('--dtype', default='float16')
parser.add_argument('--variant', default=None, help='of the model\'s files, as "fp16"')
args = parser.parse_args()

device, dtype = 'cuda' if torch.cuda.is_available() else 'cpu', getattr(torch, args.dtype)
own = {'torch_dtype': dtype, 'variant': args.variant}
pipe = Pipeline(
    vae=AutoencoderKL.from_pretrained(args.model, subfolder='vae', **own),
    unet=UNet2DConditionModel.from_pretrained(args.model, subfolder='unet', **own),
    controlnet=ControlNetUnionModel.from_pretrained(args.controlnet, torch_dtype=dtype),
    scheduler=DPMSolverMultistepScheduler.from_pretrained(args.model, subfolder='scheduler', use_karras_sigmas=True),
    **{part: None for part in ('text_encoder', 'text_encoder_2', 'tokenizer', 'tokenizer_2')},
    add_watermarker=False,
).to(device)
pipe.set_progress_bar_config(disable=True)
rng = np.random.default_rng(1)
controls = [Image.fromarray(rng.integers(0, 2, (args.side, args.side, 3), np.uint8) * 255) for _ in range(4)]
size, heads = pipe.unet.config, {}
width = size.projection_class_embeddings_input_dim - 6 * size.addition_time_embed_dim
for name, shape in {'prompt_embeds': (1, 77, size.cross_attention_dim), 'pooled_prompt_embeds': (1, width)}.items():
    heads[name] = heads[f'negative_{name}'] = torch.randn(shape, dtype=dtype, device=device)


def seconds(work):
    if device == 'cuda':
        torch.cuda.synchronize()
    start = time.perf_counter()
    result = work()
    if device == 'cuda':
        torch.cuda.synchronize()
    return time.perf_counter() - start, result


def latents():
    return pipe(
        **heads,
        control_image=controls,
        control_mode=[1, 2, 3, 5],
        controlnet_conditioning_scale=[0.5] * 4,
        num_inference_steps=args.steps,
        guidance_scale=5.0,
        width=args.side,
        height=args.side,
        generator=torch.Generator().manual_seed(1),
        output_type='latent',
    ).images


@torch.no_grad()
def decode(values):
    return pipe.vae.decode(values / pipe.vae.config.scaling_factor).sample.cpu()


rounds = []
for _ in range(args.runs + 1):
    denoising, made = seconds(latents)
    rounds.append((denoising, seconds(lambda: decode(made))[0]))
denoising, decoding = (statistics.median(column) for column in zip(*rounds[1:]))
name = torch.cuda.get_device_name() if device == 'cuda' else 'CPU'
print(f'{name}, {args.dtype}; {args.side}×{args.side}, {args.steps} steps, guidance, four controls, medians of {args.runs} warm runs')
print(f'  ControlNet and UNet, a step {denoising / args.steps:.4f} s (all that is done before them included)')
print(f'  decode                      {decoding:.4f} s')
if device == 'cuda':
    print(f'  peak memory of the GPU      {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB')
