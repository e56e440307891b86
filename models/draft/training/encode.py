"""
Encodes the painted pictures with the trained autoencoder into WORK/latents.

    python encode.py WORK [--count 4200] [--part 0/2]      one file a shard, float16 (100, 4, 64, 64), of unit variance; resumable
"""
import argparse
import json
import pathlib

import numpy as np
import torch

from common import DEVICE, autocast, write_json
from dataset import shards
from train_vae import build


def trained(work):
    """The autoencoder, with the decoder that was trained on after it, where one was."""
    vae = build().to(DEVICE).eval().requires_grad_(False)
    ema = lambda name: torch.load(pathlib.Path(work) / name, map_location=DEVICE, weights_only=True)['parts']['ema']
    vae.load_state_dict(ema('vae.pt'))
    if (pathlib.Path(work) / 'decoder.pt').exists():
        vae.decoder.load_state_dict(ema('decoder.pt'))
    return vae


@torch.no_grad()
def encode(vae, pictures):
    """uint8 (N, 512, 512, 3) → float32 (N, 4, 64, 64), the encoder's own scale."""
    out = []
    at_once = 50 if DEVICE == 'cuda' else 4
    for part in np.array_split(pictures, max(1, len(pictures) // at_once)):
        pixels = torch.from_numpy(part.copy()).to(DEVICE).permute(0, 3, 1, 2).float() / 127.5 - 1
        with autocast():
            out.append(vae.quant_conv(vae.encoder(pixels))[:, :4].float())
    return torch.cat(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work')
    parser.add_argument('--count', type=int, default=4200)
    parser.add_argument('--part', default='0/1', help='i/n: every n-th shard, so that n processes share the work')
    args = parser.parse_args()
    first, parts = (int(number) for number in args.part.split('/'))
    folder = pathlib.Path(args.work) / 'latents'
    folder.mkdir(parents=True, exist_ok=True)
    vae = trained(args.work)
    scale_path = folder / 'scale.json'
    for number, pictures in enumerate(shards(args.work)[: args.count // 100]):
        path = folder / f'{number:04d}.npy'
        if number % parts != first or path.exists():
            continue
        latents = encode(vae, pictures)
        if not scale_path.exists():
            write_json(scale_path, {'scaling_factor': float(1 / latents.std())})
        factor = json.loads(scale_path.read_text())['scaling_factor']
        part = path.with_suffix('.part')
        with part.open('wb') as file:
            np.save(file, (latents * factor).half().cpu().numpy())
        part.rename(path)
        print(number, flush=True)


if __name__ == '__main__':
    main()
