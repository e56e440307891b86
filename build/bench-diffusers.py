"""
The same work as `npm run bench -- --model PATH --controlnet PATH`, done by diffusers: what ours is measured against. On a GPU
where there is one; on the CPU `npm run bench:beside` runs both in turns.

    python build/bench-diffusers.py MODEL CONTROLNET [--side 1024] [--steps 20] [--runs 3] [--dtype float16] [--variant fp16]
                                    [--layout contiguous|channels_last] [--json]

diffusers 0.40, PyTorch as installed, its own defaults (fused attention of PyTorch, no compilation). Prints medians of warm
runs: a step of ControlNet-Union and UNet together, with guidance and four controls, the decoding, and both as a whole picture
(without its text). The layout is that of weights and maps in memory.
"""
import argparse
import json
import resource
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
parser.add_argument('--layout', default='contiguous', choices=['contiguous', 'channels_last'])
parser.add_argument('--json', action='store_true')
args = parser.parse_args()

device, dtype = 'cuda' if torch.cuda.is_available() else 'cpu', getattr(torch, args.dtype)
own = {'torch_dtype': dtype, 'variant': args.variant, 'low_cpu_mem_usage': False}
pipe = Pipeline(
    vae=AutoencoderKL.from_pretrained(args.model, subfolder='vae', **own),
    unet=UNet2DConditionModel.from_pretrained(args.model, subfolder='unet', **own),
    controlnet=ControlNetUnionModel.from_pretrained(args.controlnet, **{**own, 'variant': None}),
    # What SDXL's own scheduler_config.json says.
    scheduler=DPMSolverMultistepScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule='scaled_linear', timestep_spacing='leading', steps_offset=1, use_karras_sigmas=True
    ),
    **{part: None for part in ('text_encoder', 'text_encoder_2', 'tokenizer', 'tokenizer_2')},
    add_watermarker=False,
).to(device)
pipe.set_progress_bar_config(disable=True)
if args.layout == 'channels_last':
    for network in (pipe.unet, pipe.controlnet, pipe.vae):
        network.to(memory_format=torch.channels_last)
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
    decoding = seconds(lambda: decode(made))[0]
    rounds.append((denoising, decoding, denoising + decoding))
denoising, decoding, whole = (statistics.median(column) for column in zip(*rounds[1:]))
if args.json:
    stages = {'ControlNet and UNet, a step': denoising / args.steps, 'decode': decoding, 'whole picture, warm': whole}
    # Linux counts in kibibytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({'seconds': stages, 'peakGiB': peak}))
    raise SystemExit
name = torch.cuda.get_device_name() if device == 'cuda' else 'CPU'
print(f'{name}, {args.dtype}; {args.side}×{args.side}, {args.steps} steps, guidance, four controls, medians of {args.runs} warm runs')
print(f'  ControlNet and UNet, a step {denoising / args.steps:.4f} s (all that is done before them included)')
print(f'  decode                      {decoding:.4f} s')
print(f'  both, the whole picture     {whole:.4f} s')
if device == 'cuda':
    print(f'  peak memory of the GPU      {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB')
