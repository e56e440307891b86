"""
What each step of the denoiser's training shows: which pictures, cut where, which prompts, which controls and how strong.
Numbers only, made by worker processes; the pictures are cut on the device that trains.
"""
import numpy as np
from torch.utils.data import IterableDataset, get_worker_info

import prompts
from dataset import MAPS, MODES, recipe
from painter import STYLES

# Latent side → samples a step on a CPU: steps of every side take about the same time. Small crops are cheap and teach
# texture, large ones layout.
SIDES = {16: 24, 32: 8, 64: 2}
# How far off a map may lie at weight 0, pixels (one standard deviation), and the weight a map at which it lies right.
LOOSE = 10
EXACT = 0.6


class Plans(IterableDataset):
    """
    Endless. count: of pictures; seed: another one for another start; batch: factor of SIDES' samples; shares: of the time for
    each side; progress: a shared number of 0..1, how far the run is; styles: what the pictures were painted from.
    """

    def __init__(self, glyphs, count, tokens, seed, batch, shares, progress, styles=STYLES):
        self.words, self.names, self.segment_of = glyphs.words, glyphs.names, glyphs.segment_of
        self.count, self.tokens, self.seed, self.batch = count, tokens, seed, batch
        self.shares, self.progress, self.styles = shares, progress, styles

    def __iter__(self):
        worker = get_worker_info()
        rng = np.random.default_rng([*self.seed, worker.id if worker else 0])
        while True:
            side = self.pick_side(rng)
            yield self.plan(rng, side, max(1, round(SIDES[side] * self.batch)))

    def pick_side(self, rng):
        """Small crops mostly early, whole pictures mostly late; over the run each side gets its share of the time."""
        progress = self.progress.value
        p = np.array(self.shares) * (2 * (1 - progress), 1.0, 2 * progress)
        return int(rng.choice(list(SIDES), p=p / p.sum()))

    def plan(self, rng, side, batch):
        samples = [self.sample(rng, side) for _ in range(batch)]
        ids1, ids2, zero = zip(*(self.texts(rng, sample) for sample in samples))
        column = lambda key: np.array([sample[key] for sample in samples])
        return {
            'side': side,
            'number': column('number'),
            'glyph': column('glyph'),
            'y': column('y'),
            'x': column('x'),
            'ids1': np.array(ids1),
            'ids2': np.array(ids2),
            'zero': np.array(zero),
            'time_ids': np.array([time_ids(rng, sample) for sample in samples], np.float32),
            **self.controls(rng, samples),
        }

    def sample(self, rng, side):
        number = int(rng.integers(self.count))
        y, x = (int(v) for v in rng.integers(0, 65 - side, 2))
        return {**recipe(number, self.words, self.styles), 'number': number, 'y': y, 'x': x}

    def texts(self, rng, sample):
        """Token ids of both tokenizers, and whether there is no prompt at all."""
        drop = rng.random() < 0.1
        if not drop:
            glyph = sample['glyph']
            text = prompts.prompt(rng, sample['style'], self.words[glyph], sample['colours'], self.names[glyph])
        else:  # what stands on guidance's negative side: a style's own negative prompt, an empty one, or none
            text = str(rng.choice(prompts.NEGATIVES)) if rng.random() < 0.5 else ''
        return self.tokens.first(text), self.tokens.second(text), bool(drop and rng.random() < 0.3)

    def controls(self, rng, samples):
        """
        Which maps steer each sample, and how strongly. One map at weight w: its residuals times w. Two or more: each times
        its weight inside the fuser (so SDXL's Union does it). A weak control is sometimes a lie, the more often the weaker it
        is: the model learns to trust a map as far as its weight goes. And maps that are not strong lie a little off, so that
        the word is followed the more loosely the weaker they are: weights grade smoothly, up to the last step.

        flags (B, 6): modes in use; outer (B,): factor of the residuals; and for each of N maps: owner, the sample it
        steers; kind, its mode; of, the word it shows; scale, its weight; dy and dx, how far off it lies, pixels.
        """
        flags, outer = np.zeros((len(samples), 6), np.float32), np.zeros(len(samples), np.float32)
        maps = []
        for i, sample in enumerate(samples):
            number = int(rng.choice([0, 1, 2, 4], p=[0.1, 0.42, 0.1, 0.38]))
            names = [str(name) for name in rng.choice(list(MODES), number or int(rng.choice([1, 2, 4])), replace=False)]
            glyph = sample['glyph']
            if 'segmentation' in names and self.segment_of[glyph] < 0:
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
            loose = LOOSE * max(0.0, 1 - total / max(1.0, EXACT * len(names)))
            dy, dx = (int(v) for v in rng.normal(0, loose, 2).round())
            for name, weight in zip(names, weights):
                flags[i, MODES[name]] = 1
                if weight > 0 and (name in MAPS or self.segment_of[glyph] >= 0):
                    maps.append((i, MODES[name], glyph, weight if several else 1.0, dy, dx))
        owner, kind, of, scale, dy, dx = (np.array(column) for column in zip(*maps)) if maps else (np.zeros(0, int),) * 6
        placed = {'owner': owner, 'kind': kind, 'of': of, 'scale': scale.astype(np.float32), 'dy': dy, 'dx': dx}
        return {'flags': flags, 'outer': outer, **placed}


def time_ids(rng, sample):
    """Original size, crop, target size: as the studio sends them at 512², now and then another size."""
    size = 512 if rng.random() < 0.9 else int(rng.integers(6, 17)) * 64
    return [size, size, 8 * sample['y'], 8 * sample['x'], size, size]
