"""
Trains the autoencoder's decoder alone: the encoder and both quant convolutions stay, so latents mean what they meant, and an
old seed keeps its layout.

    python train_decoder.py WORK --minutes 40 [--painted WORK/painted]

It takes away the grid that nearest-neighbour enlargement leaves: steps between pixels are larger at some of the eight places
of a latent than at others. On painted pictures the decoder learns from the painter's pixels; on latents that the denoiser has
left (painted.ts), which have no pixels of their own, it keeps what the former decoder shows at a quarter of the size and the
strength of its steps, and loses the grid alone.
"""
import argparse
import copy
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from common import DEVICE, Ema, Run
from grid import PERIOD, grid, steps_by_place
from train_vae import CHROMA, NOISE, build, fit

def learn_from_pixels(model, pixels):
    """Reconstruction, as in train_vae.losses, and the grid."""
    with torch.no_grad():
        mean = model.quant_conv(model.encoder(pixels))[:, :4].float()
    image = model.decoder(model.post_quant_conv(mean + NOISE * torch.randn_like(mean))).float()
    error = image - pixels
    pooled = F.avg_pool2d(error, 4)
    chroma = torch.einsum('kc,bchw->bkhw', CHROMA.to(pooled.device), pooled)
    return {
        'mse': error.square().mean(),
        'pooled': pooled.square().mean(),
        'chroma': chroma.square().mean(),
        'grid': grid(image, pixels),
    }


def learn_from_latents(model, former, latents):
    """What the former decoder shows, without its grid."""
    with torch.no_grad():
        shown = former.decoder(former.post_quant_conv(latents)).float()
    image = model.decoder(model.post_quant_conv(latents)).float()
    strength, before = steps_by_place(image).mean(2), steps_by_place(shown).mean(2)
    return {
        'painted_pooled': F.avg_pool2d(image - shown, 4).square().mean(),
        'painted_error': (image - shown).square().mean(),
        'painted_duller': (1 - strength / (before + 1e-4)).clamp(min=0).square().mean(),
        'painted_grid': grid(image),
    }


WEIGHTS = {
    **{'mse': 1.0, 'pooled': 2.0, 'chroma': 12.0, 'grid': 0.15},
    **{'painted_pooled': 1.0, 'painted_error': 0.3, 'painted_duller': 0.01, 'painted_grid': 0.15},
}


class Painted:
    """Latents that the denoiser left: cut at random, in the decoder's own scale."""

    def __init__(self, folder, factor):
        paths = sorted(pathlib.Path(folder).glob('*.latents')) if folder else []
        read = [np.fromfile(path, '<f4').reshape(4, 64, 64) for path in paths]
        self.latents = torch.from_numpy(np.stack(read)) / factor if read else None

    def cut(self, rng, count, side):
        """float (count, 4, side, side)"""
        y, x, of = rng.integers(0, 65 - side, count), rng.integers(0, 65 - side, count), rng.integers(len(self.latents), size=count)
        return torch.stack([self.latents[n, :, a : a + side, b : b + side] for n, a, b in zip(of, y, x)]).to(DEVICE)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work')
    parser.add_argument('--minutes', type=float, default=40)
    parser.add_argument('--batch', type=int, default=8, help='crops of 128² a step; a quarter as many of 256²')
    parser.add_argument('--rate', type=float, default=5e-4)
    parser.add_argument('--painted', help='folder that painted.ts has filled')
    parser.add_argument('--loaders', type=int, default=0, help='processes that cut crops: several for a GPU')
    args = parser.parse_args()
    torch.manual_seed(4)
    torch.set_flush_denormal(True)
    work = pathlib.Path(args.work)
    former = build().to(DEVICE).eval().requires_grad_(False)
    former.load_state_dict(torch.load(work / 'vae.pt', map_location=DEVICE, weights_only=True)['parts']['ema'])
    model = copy.deepcopy(former)
    decoder = model.decoder.requires_grad_(True).train()
    ema = Ema(decoder, 0.995)
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=args.rate, betas=(0.9, 0.98), weight_decay=0)
    run = Run(work, 'decoder', args.minutes, {'model': decoder, 'ema': ema.module}, optimizer)
    factor = json.loads((work / 'latents' / 'scale.json').read_text())['scaling_factor']
    painted = Painted(args.painted, factor)
    rng = np.random.default_rng(run.step + 21)

    def parts_of(pixels):
        parts = learn_from_pixels(model, pixels)
        if painted.latents is not None:
            latents = painted.cut(rng, max(1, len(pixels) // 2), pixels.shape[-1] // PERIOD)
            parts |= learn_from_latents(model, former, latents)
        return parts

    fit(decoder, ema, optimizer, run, args, 17, parts_of, WEIGHTS)


if __name__ == '__main__':
    main()
