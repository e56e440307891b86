"""
Trains the autoencoder: 512² pictures → 64² latents of 4 channels.

    python train_vae.py WORK --minutes 22

Group norms of few channels erase a picture's mean colour, and a small network then spends all its latents on grey lines. Hence
two groups only, and a start that is already an autoencoder of averaged colour (`open_colour_path`): lines are learned on top.
The latents once collapsed to two of four dimensions: hence the fixed noise and the pull of their covariance to the identity.
"""
import argparse
import itertools
import multiprocessing

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from common import DEVICE, Ema, Run, autocast
from dataset import shards

NOISE = 0.1


# Lightness, warm against cold, magenta against green, each about unit variance for pixels of -1..1.
COLOUR = torch.tensor([[0.51, 1.0, 0.19], [2.81, -0.94, -1.88], [1.24, -3.71, 2.48]])


def build():
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=('DownEncoderBlock2D',) * 4,
        up_block_types=('UpDecoderBlock2D',) * 4,
        block_out_channels=(16, 32, 64, 96),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=2,
        sample_size=512,
        scaling_factor=1.0,
        mid_block_add_attention=False,
    )


@torch.no_grad()
def open_colour_path(vae):
    """
    Lets averaged colour pass from end to end at the start: a few channels of each residual stream carry it, nothing adds to
    them yet. In the decoder they carry colour, its negative, and two constants, so that the last group norm keeps it.
    """

    def keep(convolution, count, taps):
        """Rows 0..count of a convolution copy their channel."""
        convolution.weight[:count] = 0
        convolution.bias[:count] = 0
        for channel in range(count):
            convolution.weight[channel, channel][taps] = 1.0 if taps != AVERAGE else 0.25

    def pass_by(resnet, count):
        resnet.conv2.weight[:count] = 0
        resnet.conv2.bias[:count] = 0
        if resnet.conv_shortcut is not None:
            keep(resnet.conv_shortcut, count, ALONE)

    encoder, decoder = vae.encoder, vae.decoder
    keep(encoder.conv_in, 3, MIDDLE)
    for block in encoder.down_blocks:
        for resnet in block.resnets:
            pass_by(resnet, 3)
        for down in block.downsamplers or []:
            keep(down.conv, 3, AVERAGE)
    for resnet in [*encoder.mid_block.resnets]:
        pass_by(resnet, 3)
    encoder.conv_norm_out.bias[:3] = LIFT
    encoder.conv_out.weight[:3] = 0
    encoder.conv_out.weight[:3, :3, 1, 1] = COLOUR
    encoder.conv_out.bias[:3] = -LIFT * COLOUR.sum(1)
    for convolution in (vae.quant_conv, vae.post_quant_conv):
        convolution.weight[:, :, 0, 0] = torch.eye(len(convolution.weight))
        convolution.bias.zero_()

    back = torch.linalg.inv(COLOUR)
    decoder.conv_in.weight[:8] = 0
    decoder.conv_in.weight[:6, :3, 1, 1] = torch.cat([back, -back])
    decoder.conv_in.bias[:8] = torch.tensor([0.0] * 6 + [1.5, -1.5])
    for resnet in decoder.mid_block.resnets:
        pass_by(resnet, 8)
    for block in decoder.up_blocks:
        for resnet in block.resnets:
            pass_by(resnet, 8)
        for up in block.upsamplers or []:
            keep(up.conv, 8, MIDDLE)
    decoder.conv_norm_out.bias[:6] = LIFT
    decoder.conv_out.weight.mul_(0.3)
    decoder.conv_out.weight[:, :6] = 0
    for colour in range(3):
        decoder.conv_out.weight[colour, colour, 1, 1] = 0.5
        decoder.conv_out.weight[colour, colour + 3, 1, 1] = -0.5
    decoder.conv_out.bias.zero_()


MIDDLE, ALONE, AVERAGE = (1, 1), (0, 0), (slice(0, 2), slice(0, 2))
# Where SiLU is nearly a straight line.
LIFT = 3.0


@torch.no_grad()
def level(vae, pixels):
    """Brings the four latent channels to mean 0 and variance 1 on a first batch."""
    latents = vae.encoder(pixels)[:, :4]
    mean, spread = latents.mean((0, 2, 3)), latents.std((0, 2, 3))
    vae.encoder.conv_out.weight[:4] /= spread[:, None, None, None]
    vae.encoder.conv_out.bias[:4] = (vae.encoder.conv_out.bias[:4] - mean) / spread
    vae.decoder.conv_in.bias[:6] += (vae.decoder.conv_in.weight[:6, :, 1, 1] @ mean)
    vae.decoder.conv_in.weight[:6] *= spread[None, :, None, None]


class Crops(IterableDataset):
    """
    Endless batches of random squares, uint8 (B, side, side, 3), from whatever has been painted by now. batch: squares of 128²,
    a quarter as many of 256²; progress: a shared number of 0..1, how far the run is.
    """

    def __init__(self, work, seed, batch, progress):
        self.work, self.seed, self.batch, self.progress = work, seed, batch, progress

    def __iter__(self):
        worker = get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        for step in itertools.count():
            if step % 40 == 0:
                opened = shards(self.work)
            # Mostly small crops first; group norms must also meet larger ones, as pictures are 512².
            large = rng.random() < (0.12 if self.progress.value < 0.55 else 0.5)
            yield squares(opened, rng, *((max(1, self.batch // 4), 256) if large else (self.batch, 128)))


def squares(opened, rng, count, side):
    out = np.empty((count, side, side, 3), np.uint8)
    for k in range(count):
        shard = opened[rng.integers(len(opened))]
        y, x = rng.integers(0, 513 - side, 2)
        out[k] = shard[rng.integers(len(shard)), y : y + side, x : x + side]
    return out


def pixels_of(squares):
    """uint8 (B, h, w, 3) → float (B, 3, h, w), -1..1."""
    return squares.to(DEVICE, non_blocking=True).permute(0, 3, 1, 2).float() / 127.5 - 1


# The same two colour axes, orthonormal but for a factor.
CHROMA = torch.tensor([[0.530, -0.177, -0.354], [0.177, -0.530, 0.354]])


def losses(model, pixels):
    moments = model.quant_conv(model.encoder(pixels))
    mean = moments[:, :4].float()
    image = model.decoder(model.post_quant_conv(mean + NOISE * torch.randn_like(mean))).float()
    flat = mean.permute(1, 0, 2, 3).flatten(1)
    centred = flat - flat.mean(1, keepdim=True)
    covariance = (centred[:, None] * centred).mean(2)  # autocast would round a matrix product
    shape = (covariance - torch.eye(4, device=flat.device)).square().sum() + flat.mean(1).square().sum()
    error = image - pixels
    pooled = F.avg_pool2d(error, 4)
    chroma = torch.einsum('kc,bchw->bkhw', CHROMA.to(pooled.device), pooled)
    mse = error.square().mean()
    return {
        'mse': mse,
        'pooled': pooled.square().mean(),
        'chroma': chroma.square().mean(),
        'shape': shape,
        'eigen_min': torch.linalg.eigvalsh(covariance.detach()).min(),
    }


def fit(model, ema, optimizer, run, args, seed, parts_of, weights):
    """
    Trains on random crops until the run's minutes are over. parts_of: pixels -> parts of the error by name; those with a weight
    add up to what is made small, all are noted.
    """
    ema.count = run.step
    progress = multiprocessing.Value('d', run.progress)
    ahead = {'prefetch_factor': 4} if args.loaders else {}
    crops = Crops(args.work, run.step + seed, args.batch, progress)
    sums = {}
    for batch in DataLoader(crops, batch_size=None, num_workers=args.loaders, **ahead):
        if run.finished:
            break
        progress.value = run.progress
        pixels = pixels_of(batch)
        with autocast():
            parts = parts_of(pixels)
        loss = sum(weights[name] * value for name, value in parts.items() if name in weights)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        ema.update(model)
        run.tick(pixels.shape[0] * pixels.shape[-1] ** 2 / 128**2, args.rate)
        for name, value in parts.items():
            sums.setdefault(name, []).append(value.detach())
        if run.step % 25 == 0:
            run.note(**{name: float(sum(values) / len(values)) for name, values in sums.items()})
            sums = {}
    run.save()


WEIGHTS = {'mse': 1, 'pooled': 2, 'chroma': 12, 'shape': 0.05}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work')
    parser.add_argument('--minutes', type=float, default=22)
    parser.add_argument('--batch', type=int, default=16, help='crops of 128² a step; a quarter as many of 256²')
    parser.add_argument('--rate', type=float, default=6e-4)
    parser.add_argument('--loaders', type=int, default=0, help='processes that cut crops: several for a GPU')
    args = parser.parse_args()
    torch.manual_seed(1)
    model = build().to(DEVICE)
    open_colour_path(model)
    level(model, pixels_of(torch.from_numpy(squares(shards(args.work), np.random.default_rng(3), 32, 128))))
    ema = Ema(model, 0.998)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.rate, betas=(0.9, 0.98), weight_decay=1e-3)
    run = Run(args.work, 'vae', args.minutes, {'model': model, 'ema': ema.module}, optimizer)
    fit(model, ema, optimizer, run, args, 11, lambda pixels: losses(model, pixels), WEIGHTS)


if __name__ == '__main__':
    main()
