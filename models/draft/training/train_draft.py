"""
Trains text encoders, UNet and ControlNet-Union together on the encoded pictures.

    torchrun --nproc-per-node 2 train_draft.py WORK --minutes 45      (two processes of one thread share two busy cores best)

v-prediction with min-SNR weights (T. Hang et al., 2023, gamma 5), 10 % of the prompts dropped for guidance, a running
average of the weights. Controls: one, two, four, or none of the maps; see `controls`.
"""
import argparse
import json
import os
import pathlib

import cv2
import numpy as np
import torch
import torch.distributed as dist
from diffusers import DDPMScheduler

import prompts
import tokenizer
from common import DEVICE, Ema, Run, autocast
from dataset import MAPS, MODES, Glyphs, recipe
from networks import Draft

SCHEDULE = {
    'num_train_timesteps': 1000,
    'beta_start': 0.00085,
    'beta_end': 0.012,
    'beta_schedule': 'scaled_linear',
    'prediction_type': 'v_prediction',
}
# Latent side → (share of the time, samples a step on a CPU). Small crops are cheap and teach texture, large ones layout.
SIDES = {16: (0.38, 24), 32: (0.48, 8), 64: (0.14, 2)}
GAMMA = 5.0
STRESS = 1.5


def near(ink):
    """Coverage uint8 (8h, 8w) → float (h, w): 1 in and beside a stroke, 0 away from it."""
    h, w = ink.shape[0] // 8, ink.shape[1] // 8
    small = cv2.resize(ink, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return torch.from_numpy(np.clip(2 * cv2.dilate(small, np.ones((3, 3), np.uint8)), 0, 1))


class Data:
    def __init__(self, work):
        self.glyphs = Glyphs(pathlib.Path(work) / 'glyphs')
        self.glyphs.unpack(pathlib.Path(work) / 'maps.npy')
        self.folder = pathlib.Path(work) / 'latents'
        self.refresh()
        self.tokens = tokenizer.Tokenizer(pathlib.Path(work) / 'tokenizer')

    def refresh(self):
        """Takes in what has been encoded by now."""
        self.latents = []
        while (path := self.folder / f'{len(self.latents):04d}.npy').exists():
            self.latents.append(np.load(path, mmap_mode='r'))
        self.count = sum(len(part) for part in self.latents)

    def sample(self, rng, side):
        number = int(rng.integers(self.count))
        what = recipe(number, self.glyphs)
        y, x = (int(v) for v in rng.integers(0, 65 - side, 2))
        shard = self.latents[number // 100]
        latent = torch.from_numpy(shard[number % 100][:, y : y + side, x : x + side].astype(np.float32))
        ink = self.glyphs.gray(what['glyph'])[0][8 * y : 8 * (y + side), 8 * x : 8 * (x + side)]
        return {**what, 'latent': latent, 'near': near(ink), 'y': y, 'x': x, 'side': side, 'word': self.glyphs.words[what['glyph']]}

    def picture(self, kind, glyph, y, x, side):
        """One map of a glyph, cut where the latent was cut: float (3, 8 · side, 8 · side), or None."""
        box = (slice(8 * y, 8 * (y + side)), slice(8 * x, 8 * (x + side)))
        if kind == 'segmentation':
            rgb = self.glyphs.segmentation(glyph)
            return None if rgb is None else torch.from_numpy(rgb[box].transpose(2, 0, 1).copy()).float() / 255
        gray = torch.from_numpy(self.glyphs.gray(glyph)[1 + MAPS.index(kind)][box].copy()).float() / 255
        return gray[None].expand(3, -1, -1)


def texts(data, rng, sample):
    """Token ids of both tokenizers, and whether there is no prompt at all."""
    drop = rng.random() < 0.1
    if not drop:
        text = prompts.prompt(rng, sample['style'], sample['word'], sample['colours'])
    else:  # what stands on guidance's negative side: a style's own negative prompt, an empty one, or none
        text = str(rng.choice(prompts.NEGATIVES)) if rng.random() < 0.5 else ''
    return data.tokens.first(text), data.tokens.second(text), bool(drop and rng.random() < 0.3)


def controls(data, rng, samples):
    """
    Which maps steer each sample, and how strongly. One map at weight w: its residuals times w. Two or more: each times its
    weight inside the fuser (so SDXL's Union does it). A weak control is sometimes a lie, the more often the weaker it is:
    the model learns to trust a map as far as its weight goes, and weights grade smoothly.
    """
    pictures, owner, kind, scale = [], [], [], []
    flags = torch.zeros(len(samples), 6)
    outer = torch.zeros(len(samples))
    for i, sample in enumerate(samples):
        number = int(rng.choice([0, 1, 2, 4], p=[0.1, 0.42, 0.1, 0.38]))
        names = [str(name) for name in rng.choice(list(MODES), number or int(rng.choice([1, 2, 4])), replace=False)]
        place = (sample['y'], sample['x'], sample['side'])
        glyph = sample['glyph']
        if 'segmentation' in names and data.picture('segmentation', glyph, *place) is None:
            names = ['canny' if name == 'segmentation' and len(names) == 1 else name for name in names]
            names = [name for name in names if name != 'segmentation']
        ramp = rng.random() < 0.2
        several = len(names) > 1
        weights = rng.uniform(0.25, 1.0, len(names)) if several else np.ones(1)
        if ramp:
            weights = weights * rng.random()
        if number == 0:
            weights = weights * 0
        total = float(weights.sum())
        if ramp and number and rng.random() > min(1.0, total / (1.2 if several else 0.85)):
            glyph = samples[(i + 1) % len(samples)]['glyph']
        outer[i] = 1.0 if several else total
        for name, weight in zip(names, weights):
            flags[i, MODES[name]] = 1
            if weight == 0:
                continue
            picture = data.picture(name, glyph, *place)
            if picture is None:
                continue
            pictures.append(picture)
            owner.append(i)
            kind.append(MODES[name])
            scale.append(float(weight) if several else 1.0)
    if not pictures:
        return None
    return {
        'pictures': torch.stack(pictures).to(DEVICE),
        'owner': torch.tensor(owner, device=DEVICE),
        'kind': torch.tensor(kind, device=DEVICE),
        'scale': torch.tensor(scale, device=DEVICE),
        'flags': flags.to(DEVICE),
        'outer': outer.to(DEVICE),
    }


def time_ids(rng, sample):
    """Original size, crop, target size: as the studio sends them at 512², now and then another size."""
    size = 512 if rng.random() < 0.9 else int(rng.integers(6, 17)) * 64
    return [size, size, 8 * sample['y'], 8 * sample['x'], size, size]


def loss_of(model, data, rng, generator, samples, schedule):
    ids1, ids2, zero = zip(*(texts(data, rng, sample) for sample in samples))
    latents = torch.stack([sample['latent'] for sample in samples]).to(DEVICE)
    batch = len(samples)
    noise = torch.randn(latents.shape, generator=generator).to(DEVICE)
    # A little common offset, so that the model does not take a picture's mean brightness from the noise's.
    noise = noise + 0.08 * torch.randn((batch, 4, 1, 1), generator=generator).to(DEVICE)
    spread = (torch.arange(batch) + torch.rand(batch, generator=generator)) / batch
    timestep = (spread * 1000).long().clamp(0, 999).to(DEVICE)
    alpha = schedule.alphas_cumprod.to(DEVICE)[timestep][:, None, None, None]
    noisy = alpha.sqrt() * latents + (1 - alpha).sqrt() * noise
    target = alpha.sqrt() * noise - (1 - alpha).sqrt() * latents
    ids = torch.tensor([time_ids(rng, sample) for sample in samples], dtype=torch.float32, device=DEVICE)
    control = controls(data, rng, samples)
    with autocast():
        hidden, pooled = model.text(
            torch.tensor(ids1, device=DEVICE), torch.tensor(ids2, device=DEVICE), torch.tensor(zero, device=DEVICE)
        )
        predicted = model(noisy, timestep, hidden, pooled, ids, control).float()
    square = (predicted - target).square().mean(1)
    error = square.mean((1, 2))
    # What can be read is decided at the strokes: errors count more there. It moves no optimum, only the way to it.
    stress = 1 + STRESS * torch.stack([sample['near'] for sample in samples]).to(DEVICE)
    stressed = (square * stress).sum((1, 2)) / stress.sum((1, 2))
    snr = (alpha / (1 - alpha)).flatten()
    weight = torch.minimum(snr, torch.full_like(snr, GAMMA)) / (snr + 1)
    return (stressed * weight).sum() / weight.sum(), error.mean()


def pick_side(rng, progress):
    """Small crops mostly early, whole pictures mostly late; over the run each side gets its share of the time."""
    lean = np.array([2 * (1 - progress), 1.0, 2 * progress])
    # Steps of every side take about the same time, so shares of time are shares of steps.
    p = np.array([share for share, _ in SIDES.values()]) * lean
    return int(rng.choice(list(SIDES), p=p / p.sum()))


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
    args = parser.parse_args()
    cv2.setNumThreads(1)
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
    optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.99))
    run = Run(args.work, 'draft', args.minutes, {'model': model, 'ema': ema.module}, optimizer)
    ema.count = run.step
    rng = np.random.default_rng([run.step, rank, 5])
    generator = torch.Generator().manual_seed(1000 * run.step + rank)
    run.main = rank == 0
    schedule = DDPMScheduler(**SCHEDULE)
    sums = np.zeros(3)
    sizes = {side: sum(p.numel() for p in getattr(model, side).parameters()) for side in ('text_encoder', 'text_encoder_2', 'unet', 'controlnet')}
    print(json.dumps(sizes), data.count, flush=True)
    finished = run.finished
    while not finished:
        if run.step % 100 == 0:
            data.refresh()
        side = pick_side(rng, run.progress)
        batch = max(1, round(SIDES[side][1] * args.batch))
        samples = [data.sample(rng, side) for _ in range(batch)]
        loss, error = loss_of(model, data, rng, generator, samples, schedule)
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
        run.tick(batch * world, args.rate)
        sums += (float(loss.detach()), float(error.detach()), 1)
        if run.step % 25 == 0:
            run.note(loss=sums[0] / sums[2], v_mse=sums[1] / sums[2])
            sums[:] = 0
    run.save()


if __name__ == '__main__':
    main()
