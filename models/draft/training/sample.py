"""
Paints kept-out words with an exported model, in diffusers' own pipeline, and lays them on one sheet.

    python sample.py ../ WORK/kept OUT.png [--words 学习,永] [--styles comic,oil] [--scale 1] [--colour red]
"""
import argparse
import pathlib

import cv2
import numpy as np
import torch
from diffusers import AutoencoderKL, ControlNetUnionModel, DPMSolverMultistepScheduler, UNet2DConditionModel
from diffusers import StableDiffusionXLControlNetUnionPipeline as Pipeline
from PIL import Image
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from common import DEVICE
from dataset import MAPS, MODES, Glyphs
from painter import STYLES
from prompts import TEMPLATES


def load(folder):
    tokens = [CLIPTokenizer(str(folder / name / 'vocab.json'), str(folder / name / 'merges.txt'), pad_token=pad, model_max_length=77) for name, pad in (('tokenizer', '<|endoftext|>'), ('tokenizer_2', '!'))]
    pipe = Pipeline(
        vae=AutoencoderKL.from_pretrained(folder / 'vae'),
        text_encoder=CLIPTextModel.from_pretrained(folder / 'text_encoder'),
        text_encoder_2=CLIPTextModelWithProjection.from_pretrained(folder / 'text_encoder_2'),
        tokenizer=tokens[0],
        tokenizer_2=tokens[1],
        unet=UNet2DConditionModel.from_pretrained(folder / 'unet'),
        controlnet=ControlNetUnionModel.from_pretrained(folder / 'controlnet'),
        scheduler=DPMSolverMultistepScheduler.from_pretrained(folder / 'scheduler', use_karras_sigmas=True),
        add_watermarker=False,
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(DEVICE, torch.float32)


def pictures(glyphs, i):
    gray = glyphs.gray(i)
    maps = {name: np.repeat(gray[1 + k][..., None], 3, 2) for k, name in enumerate(MAPS)}
    return {**maps, 'segmentation': glyphs.segmentation(i)}


def generate(pipe, glyphs, i, style, scale=1.0, colour=None, seed=1, meaning='love'):
    """One word in one style, as the studio would ask for it: uint8 (512, 512, 3)."""
    settings = TEMPLATES[style]
    prompt = settings['template'].replace('{meaning}', meaning).replace('{character}', glyphs.words[i])
    drawn = pictures(glyphs, i)
    names = list(MODES)
    out = pipe(
        prompt + (f', {colour}' if colour else ''),
        negative_prompt=settings['negativePrompt'],
        control_image=[Image.fromarray(drawn[name]) for name in names],
        control_mode=[MODES[name] for name in names],
        controlnet_conditioning_scale=[settings['controls'][name]['weight'] * scale for name in names],
        num_inference_steps=12,
        guidance_scale=3.0,
        width=512,
        height=512,
        generator=torch.Generator().manual_seed(seed),
        output_type='np',
    )
    return (out.images[0] * 255).round().astype(np.uint8)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('model', type=pathlib.Path)
    parser.add_argument('glyphs', type=pathlib.Path)
    parser.add_argument('out')
    parser.add_argument('--words', default='学习,永,鹰')
    parser.add_argument('--styles', default=','.join(STYLES))
    parser.add_argument('--scale', type=float, default=1)
    parser.add_argument('--colour')
    parser.add_argument('--size', type=int, default=256, help='side of a picture on the sheet')
    args = parser.parse_args()
    pipe, glyphs = load(args.model), Glyphs(args.glyphs)
    rows = []
    for word in args.words.split(','):
        row = [generate(pipe, glyphs, glyphs.words.index(word), style, args.scale, args.colour) for style in args.styles.split(',')]
        rows.append(np.hstack([cv2.resize(image, (args.size, args.size), interpolation=cv2.INTER_AREA) for image in row]))
    cv2.imwrite(args.out, np.vstack(rows)[..., ::-1])


if __name__ == '__main__':
    main()
