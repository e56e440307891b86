"""Checkpoints, running averages and the clock that learning rates follow."""
import copy
import json
import math
import pathlib
import time

import torch

DEVICE = 'cuda' if torch.cuda.is_available() else 'cpu'


# A CPU without instructions for it emulates bfloat16, fifteen times slower than float32.
BFLOAT16 = DEVICE == 'cuda' or torch.cpu._is_avx512_bf16_supported()


def autocast():
    return torch.autocast(DEVICE, torch.bfloat16, enabled=BFLOAT16)


class Ema:
    """A running average of a module's weights; early on it follows faster."""

    def __init__(self, module, decay):
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self.decay, self.count = decay, 0

    @torch.no_grad()
    def update(self, module):
        self.count += 1
        keep = min(self.decay, (1 + self.count) / (10 + self.count))
        ours, theirs = list(self.module.parameters()), [p.detach() for p in module.parameters()]
        torch._foreach_lerp_(ours, theirs, 1 - keep)


class Run:
    """One stage of training: so many minutes, whatever the machine; saved every few of them, resumed where it was."""

    def __init__(self, work, name, minutes, parts, optimizer, save_every=120):
        self.path = pathlib.Path(work) / f'{name}.pt'
        self.log = pathlib.Path(work) / f'{name}.csv'
        self.budget, self.parts, self.optimizer, self.save_every = minutes * 60, parts, optimizer, save_every
        self.spent, self.step, self.samples = 0.0, 0, 0
        # Of several processes only one writes.
        self.main = True
        if self.path.exists():
            state = torch.load(self.path, map_location=DEVICE, weights_only=True)
            for key, part in parts.items():
                part.load_state_dict(state['parts'][key])
            # Missing after restore.py.
            if 'optimizer' in state:
                optimizer.load_state_dict(state['optimizer'])
            self.spent, self.step, self.samples = state['spent'], state['step'], state['samples']
        self.mark = self.saved = time.time()

    @property
    def progress(self):
        return min(1.0, self.spent / self.budget)

    @property
    def finished(self):
        return self.spent >= self.budget

    def rate(self, peak, floor=0.02, warm=0.02):
        """Cosine from the peak down, after a short linear rise."""
        p = self.progress
        if p < warm:
            return peak * max(0.02, p / warm)
        return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * (p - warm) / (1 - warm))))

    def tick(self, samples, peak):
        now = time.time()
        self.spent, self.mark = self.spent + now - self.mark, now
        self.step, self.samples = self.step + 1, self.samples + samples
        for group in self.optimizer.param_groups:
            group['lr'] = self.rate(peak)
        if now - self.saved > self.save_every:
            self.save()

    def note(self, **values):
        """One line of the loss curve."""
        if not self.main:
            return
        new = not self.log.exists()
        with self.log.open('a') as file:
            if new:
                file.write(','.join(['minutes', 'step', 'samples', *values]) + '\n')
            cells = [f'{self.spent / 60:.2f}', str(self.step), str(self.samples), *(f'{v:.5f}' for v in values.values())]
            file.write(','.join(cells) + '\n')
        print(' '.join(cells), flush=True)

    def save(self):
        if not self.main:
            self.saved = time.time()
            return
        state = {
            'parts': {key: part.state_dict() for key, part in self.parts.items()},
            'optimizer': self.optimizer.state_dict(),
            'spent': self.spent,
            'step': self.step,
            'samples': self.samples,
        }
        part = self.path.with_suffix('.part')
        torch.save(state, part)
        part.rename(self.path)
        self.saved = time.time()
        self.mark = time.time()


def write_json(path, value):
    pathlib.Path(path).write_text(json.dumps(value, indent=2, ensure_ascii=False) + '\n')
