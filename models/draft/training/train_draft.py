"""
Trains text encoders, UNet and ControlNet-Union together on the encoded pictures.

    torchrun --nproc-per-node 2 train_draft.py WORK --minutes 45      (two processes of one thread share two busy cores best)

v-prediction; an error of the clean latents counts as min(SNR, 5) + 1, min-SNR weights (T. Hang et al., 2023) that do not
vanish where all is noise, since a picture's layout is decided there; 10 % of the prompts dropped for guidance, a running
average of the weights. Controls: one, two, four, or none of the maps; see `controls`.
"""
import argparse
import json
import multiprocessing
import os
import pathlib

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from diffusers import DDPMScheduler
from torch.utils.data import DataLoader

import prompts
import tokenizer
from common import DEVICE, Ema, Run, autocast
from dataset import MAPS, MODES, Glyphs, favoured
from networks import Draft
from plans import Plans

SCHEDULE = {
    'num_train_timesteps': 1000,
    'beta_start': 0.00085,
    'beta_end': 0.012,
    'beta_schedule': 'scaled_linear',
    'prediction_type': 'v_prediction',
}
GAMMA = 5.0
STRESS = 1.5


class Data:
    """Words' maps and encoded pictures: on the GPU as a whole, on a CPU in files that the system keeps in memory."""

    def __init__(self, work):
        self.glyphs = Glyphs(pathlib.Path(work) / 'glyphs')
        self.glyphs.unpack(work)
        shards = sorted((pathlib.Path(work) / 'latents').glob('*.npy'))
        self.latents = torch.from_numpy(np.concatenate([np.load(path) for path in shards])).to(DEVICE)
        self.maps = torch.from_numpy(self.glyphs.maps).to(DEVICE)
        self.segments = torch.from_numpy(self.glyphs.segments).to(DEVICE)
        self.segment_of = torch.from_numpy(self.glyphs.segment_of).to(DEVICE)
        self.tokens = tokenizer.Tokenizer(pathlib.Path(work) / 'tokenizer')

    def latents_of(self, plan):
        """float (B, 4, side, side)"""
        return cut(self.latents, plan['number'], plan['y'], plan['x'], plan['side']).float()

    def near(self, plan):
        """float (B, side, side): 1 in and beside a stroke, 0 away from it."""
        ink = cut(self.maps[:, :1], plan['glyph'], 8 * plan['y'], 8 * plan['x'], 8 * plan['side']).float() / 255
        return (2 * F.max_pool2d(F.avg_pool2d(ink, 8), 3, 1, 1)).clamp(max=1)[:, 0]

    def controls_of(self, plan):
        """What `networks.residuals` takes: each map cut where its owner's latent was cut, or a little off. None without a map."""
        owner, kind = plan['owner'], plan['kind']
        if not len(owner):
            return None
        y, x, side = 8 * plan['y'][owner] + plan['dy'], 8 * plan['x'][owner] + plan['dx'], 8 * plan['side']
        pictures = torch.empty((len(owner), 3, side, side), dtype=torch.uint8, device=DEVICE)
        for number, name in enumerate(MAPS, 1):
            k = (kind == MODES[name]).nonzero()[:, 0]
            pictures[k] = cut(self.maps[:, number : number + 1], plan['of'][k], y[k], x[k], side)
        k = (kind == MODES['segmentation']).nonzero()[:, 0]
        pictures[k] = cut(self.segments, self.segment_of[plan['of'][k]], y[k], x[k], side)
        return {'pictures': pictures.float() / 255, **{key: plan[key] for key in ('owner', 'kind', 'scale', 'flags', 'outer')}}


def cut(pictures, of, y, x, side):
    """(N, C, H, W), and the number, top and left of B squares → (B, C, side, side); past an edge, the edge once more."""
    along, height, width = torch.arange(side, device=pictures.device), pictures.shape[2], pictures.shape[3]
    rows = (y[:, None] + along).clamp(0, height - 1)[:, None, :, None]
    columns = (x[:, None] + along).clamp(0, width - 1)[:, None, None, :]
    channels = torch.arange(pictures.shape[1], device=pictures.device)[None, :, None, None]
    return pictures[of[:, None, None, None], channels, rows, columns]


def placed(plan):
    return {key: value if key == 'side' else value.to(DEVICE, non_blocking=True) for key, value in plan.items()}


def loss_of(model, data, plan, generator, alphas):
    """alphas: the schedule's cumulated products, on the device. → the loss that is lowered, and the plain squared error that is told."""
    latents, batch = data.latents_of(plan), len(plan['number'])
    noise = torch.randn(latents.shape, generator=generator, device=DEVICE)
    # A little common offset, so that the model does not take a picture's mean brightness from the noise's.
    noise = noise + 0.08 * torch.randn((batch, 4, 1, 1), generator=generator, device=DEVICE)
    spread = (torch.arange(batch, device=DEVICE) + torch.rand(batch, generator=generator, device=DEVICE)) / batch
    timestep = (spread * 1000).long().clamp(0, 999)
    alpha = alphas[timestep][:, None, None, None]
    noisy = alpha.sqrt() * latents + (1 - alpha).sqrt() * noise
    target = alpha.sqrt() * noise - (1 - alpha).sqrt() * latents
    with autocast():
        hidden, pooled = model.text(plan['ids1'], plan['ids2'], plan['zero'])
        predicted = model(noisy, timestep, hidden, pooled, plan['time_ids'], data.controls_of(plan)).float()
    square = (predicted - target).square().mean(1)
    error = square.mean((1, 2))
    # What can be read is decided at the strokes: errors count more there. It moves no optimum, only the way to it.
    stress = 1 + STRESS * data.near(plan)
    stressed = (square * stress).sum((1, 2)) / stress.sum((1, 2))
    snr = (alpha / (1 - alpha)).flatten()
    weight = (snr.clamp(max=GAMMA) + 1) / (snr + 1)
    return (stressed * weight).sum() / weight.sum(), error.mean()


def average_gradients(parameters, finished):
    """Over all processes, in one message that also says whether any of them is finished: → that."""
    if not dist.is_initialized():
        return finished
    gradients = [p.grad for p in parameters if p.grad is not None]
    message = torch.cat([g.flatten() for g in gradients] + [torch.tensor([float(finished)], device=DEVICE)])
    dist.all_reduce(message)
    *parts, flag = message.split([g.numel() for g in gradients] + [1])
    for gradient, part in zip(gradients, parts):
        gradient.copy_(part.view_as(gradient) / dist.get_world_size())
    return bool(flag > 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work')
    parser.add_argument('--minutes', type=float, default=45)
    parser.add_argument('--batch', type=float, default=1, help='times the batch that suits two CPU cores')
    parser.add_argument('--rate', type=float, default=8e-4)
    parser.add_argument('--shares', default='0.38,0.48,0.14', help='of the time for latents of 16², 32², 64²')
    parser.add_argument('--loaders', type=int, default=0, help='processes that plan batches: several for a GPU')
    parser.add_argument('--favour', default='', help='as the pictures were painted: dataset.py --favour')
    args = parser.parse_args()
    # Second moments of rarely used weights fade into numbers that a CPU computes a hundred times slower.
    torch.set_flush_denormal(True)
    if 'WORLD_SIZE' in os.environ:
        dist.init_process_group('nccl' if DEVICE == 'cuda' else 'gloo')
    rank, world = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    folder = pathlib.Path(args.work) / 'tokenizer'
    if not folder.exists():
        tokenizer.save(folder, tokenizer.learn(prompts.corpus()))
    data = Data(args.work)
    torch.manual_seed(2)
    model = Draft(len(data.tokens.vocabulary)).to(DEVICE)
    ema = Ema(model, 0.998)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{'params': decayed, 'weight_decay': 0.01}, {'params': others, 'weight_decay': 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.99), fused=DEVICE == 'cuda')
    run = Run(args.work, 'draft', args.minutes, {'model': model, 'ema': ema.module}, optimizer)
    ema.count = run.step
    run.main = rank == 0
    generator = torch.Generator(DEVICE).manual_seed(1000 * run.step + rank)
    progress = multiprocessing.Value('d', run.progress)
    shares = [float(share) for share in args.shares.split(',')]
    plans = Plans(data.glyphs, len(data.latents), data.tokens, [run.step, rank, 5], args.batch, shares, progress, favoured(args.favour))
    ahead = {'prefetch_factor': 4} if args.loaders else {}
    loader = iter(DataLoader(plans, batch_size=None, num_workers=args.loaders, **ahead))
    alphas = DDPMScheduler(**SCHEDULE).alphas_cumprod.to(DEVICE)
    sums = torch.zeros(3, device=DEVICE)
    parts = ('text_encoder', 'text_encoder_2', 'unet', 'controlnet')
    sizes = {part: sum(p.numel() for p in getattr(model, part).parameters()) for part in parts}
    print(json.dumps(sizes), len(data.latents), flush=True)
    finished = run.finished
    while not finished:
        progress.value = run.progress
        plan = placed(next(loader))
        loss, error = loss_of(model, data, plan, generator, alphas)
        optimizer.zero_grad(set_to_none=False)
        # Every process has the same list of gradients, whichever parts a sample used.
        for p in model.parameters():
            if p.grad is None:
                p.grad = torch.zeros_like(p)
        loss.backward()
        finished = average_gradients(list(model.parameters()), run.finished)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        ema.update(model)
        run.tick(len(plan['number']) * world, args.rate)
        sums += torch.stack([loss.detach(), error.detach(), torch.ones_like(error)])
        if run.step % 25 == 0:
            total = sums.tolist()
            run.note(loss=total[0] / total[2], v_mse=total[1] / total[2])
            sums.zero_()
    run.save()


if __name__ == '__main__':
    main()
