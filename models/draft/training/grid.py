"""The grid of a decoder that enlarges by repeating pixels, as something that can be trained away."""
import torch
import torch.nn.functional as F

PERIOD = 8
# Steps above this, of a range of 2, are edges of things: they count as one of this height, so that they do not hide the grid.
EDGE = 0.05


def steps_by_place(image):
    """(B, 3, h, w) → (B, 2, 8): mean step between neighbours across and down, by its place in the period."""
    light = image.mean(1)

    def folded(light):
        step = F.pad(light[:, :, 1:] - light[:, :, :-1], (1, 0))
        soft = EDGE * torch.tanh((step.square() + 1e-6).sqrt() / EDGE)
        # The picture's own border is no step of the grid.
        return soft[:, :, PERIOD:].mean(1).unflatten(1, (-1, PERIOD)).mean(1)

    return torch.stack([folded(light), folded(light.transpose(1, 2))], 1)


def grid(image, target=None):
    """
    How unlike one another the eight places are, beside the target's own (a wall of bricks has a rhythm of its own): in each
    picture, and far heavier what all pictures of the batch have in common, which is the decoder's own.
    """

    def profile(x):
        steps = steps_by_place(x)
        return steps / (steps.mean(2, keepdim=True) + 1e-3)

    off = profile(image) - (1.0 if target is None else profile(target))
    return 0.2 * off.square().mean() + off.mean(0).square().mean()
