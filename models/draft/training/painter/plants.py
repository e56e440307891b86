"""Botanical: leaves and flowers of one plant, drawn with an outline on cream paper, that frame the word and leave it free."""
import cv2
import numpy as np

from .colour import oklch
from .palette import INK, readable
from .tools import SIDE, XX, YY, blur, flat, grain, noise, over, step

# Outline of half a leaf: width along its length, as a share of it.
SHAPES = {
    'lance': lambda t: 0.13 * np.sin(np.pi * t) ** 0.9,
    'oval': lambda t: 0.24 * np.sin(np.pi * t**0.85) ** 0.8,
    'round': lambda t: 0.4 * np.sqrt(np.clip(t * (1 - t) * 4, 0, 1)) * 0.95,
    'drop': lambda t: 0.3 * np.sin(np.pi * t**0.6) ** 1.1,
}


class Plant:
    """One kind of leaf, flower and stem for a whole picture."""

    def __init__(self, pal, rng):
        free = pal.spread != 14 or pal.neutral
        self.shape = SHAPES[str(rng.choice(list(SHAPES)))]
        self.length = rng.uniform(50, 72)
        hue = rng.uniform(118, 158)
        green = lambda lightness, chroma: oklch(lightness, chroma, hue)
        self.leaf = [green(0.46, 0.09), green(0.55, 0.1), green(0.64, 0.1)] if free else [pal.base(0.6, v) for v in (0.42, 0.52, 0.64)]
        self.line = green(0.3, 0.06) if free else pal.base(0.6, 0.24)
        self.petal = pal.base(0.62, 0.82) if free and not pal.neutral else pal.accent(0.55, 0.8)
        self.heart = pal.second(0.75, 0.8)
        self.petals = int(rng.integers(5, 8))
        self.pairs = rng.random() < 0.6


def botanical(glyph, pal, rng):
    paper = np.float32([0.965, 0.94, 0.87])
    picture = flat(paper) + ((noise(rng, 4, 3) - 0.5) * 0.05)[..., None]
    plant = Plant(pal, rng)
    for stem in [wreath, corners, garland][rng.integers(3)](rng):
        branch(picture, glyph, plant, stem, rng)
    edge = np.minimum(np.minimum(XX, YY), np.minimum(SIDE - 1 - XX, SIDE - 1 - YY))
    over(picture, plant.line, (1 - step(np.abs(edge - 9), 1.8, 0.8)) * 0.7)
    over(picture, paper, blur(glyph.grown(glyph.line * 0.4 + 4, 2), 1.5))
    word = plant.line * 0.75 if pal.spread != 14 or pal.neutral else readable(paper, [pal.base(0.9, 0.4), pal.base(0.9, 0.25), INK], 5.0)
    # Ink that has dried a little uneven.
    over(picture, word, glyph.mask)
    over(picture, word * 0.6 + plant.leaf[1] * 0.4, glyph.mask * step(noise(rng, 9, 2), 0.52, 0.2) * 0.5)
    return picture + grain(rng, 0.012, 6)[..., None]


def wreath(rng):
    """Two branches that meet above the word."""
    t = np.linspace(0.06, 0.93, 46) * np.pi
    squeeze = lambda v: np.sign(v) * np.abs(v) ** 0.72  # a circle on its way to a square
    x, y = squeeze(np.sin(t)) * 214, squeeze(np.cos(t)) * 214
    return [np.stack([256 + x, 256 + y], 1), np.stack([256 - x, 256 + y], 1)]


def corners(rng):
    """Sprays out of two opposite corners, and small ones out of the others."""
    t = np.linspace(0, 1, 34)[:, None]
    arc = lambda a, b, c: (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
    points = lambda *p: [np.float32(v) for v in p]
    low = [arc(*points((6, 470), (60, 500), (330, 474))), arc(*points((40, 506), (10, 440), (34, 196)))]
    low += [arc(*points((16, 500), (60, 440), (104, 424)))]
    return low + [SIDE - 1 - stem for stem in low]


def garland(rng):
    """Branches along the top and the bottom."""
    x = np.linspace(-6, 518, 52)
    wave = 13 * np.sin(x / rng.uniform(36, 52) + rng.uniform(0, 6))
    return [np.stack([x, 48 + wave], 1), np.stack([x[::-1], SIDE - 49 - wave], 1)]


def branch(picture, glyph, plant, stem, rng):
    """A stem with its leaves; a flower here and there, and one at its tip."""
    free = lambda x, y, room: 0 <= x < SIDE and 0 <= y < SIDE and glyph.outside[int(y), int(x)] > room
    shown = [tuple(map(int, np.round(point * 8))) for point in stem]
    for a, b in zip(shown, shown[1:]):
        if free(a[0] / 8, a[1] / 8, 22):
            cv2.line(picture, a, b, tuple(map(float, plant.line)), 4, cv2.LINE_AA, 3)
    way, k = np.cumsum(np.r_[0, np.hypot(*np.diff(stem, axis=0).T)]), 0
    for at in np.arange(14, way[-1], plant.length * 0.52):
        i = int(np.searchsorted(way, at)) - 1
        (x, y), heading = stem[i], np.arctan2(*(stem[min(i + 1, len(stem) - 1)] - stem[max(i - 1, 0)])[::-1])
        size = plant.length * rng.uniform(0.8, 1.1) * (1 - 0.35 * at / way[-1])
        for side in (-1, 1) if plant.pairs else ((-1, 1)[k % 2],):
            angle = heading + side * rng.uniform(0.7, 0.95)
            tip = (x + size * np.cos(angle), y + size * np.sin(angle))
            if free(*tip, 10) and free((x + tip[0]) / 2, (y + tip[1]) / 2, 12):
                leaf(picture, plant, x, y, size, angle, plant.leaf[rng.integers(3)])
        if k % 4 == 2 and free(x, y, 30):
            flower(picture, plant, x, y, plant.length * rng.uniform(0.26, 0.34), rng.uniform(0, 6))
        k += 1


def leaf(picture, plant, x, y, length, angle, colour):
    t = np.linspace(0, 1, 20)
    half, c, s = plant.shape(t) * length, np.cos(angle), np.sin(angle)
    upper = np.stack([x + t * length * c - half * s, y + t * length * s + half * c], 1)
    lower = np.stack([x + t * length * c + half * s, y + t * length * s - half * c], 1)
    middle = np.stack([x + t * length * c, y + t * length * s], 1)
    fixed = lambda points: np.round(points * 8).astype(np.int32)
    cv2.fillPoly(picture, [fixed(np.concatenate([upper, lower[::-1]]))], tuple(map(float, colour)), cv2.LINE_AA, 3)
    # The half that is turned away from the light.
    cv2.fillPoly(picture, [fixed(np.concatenate([upper, middle[::-1]]))], tuple(map(float, colour * 0.84)), cv2.LINE_AA, 3)
    line = tuple(map(float, plant.line))
    cv2.polylines(picture, [fixed(np.concatenate([upper, lower[::-1]]))], True, line, 2, cv2.LINE_AA, 3)
    cv2.polylines(picture, [fixed(middle[:-3])], False, line, 2, cv2.LINE_AA, 3)


def flower(picture, plant, x, y, radius, turn):
    line = tuple(map(float, plant.line))
    for k in range(plant.petals):
        t = turn + k * 2 * np.pi / plant.petals
        centre = (int((x + radius * 0.72 * np.cos(t)) * 8), int((y + radius * 0.72 * np.sin(t)) * 8))
        axes = (int(radius * 5.6), int(radius * 19 / plant.petals))
        colour = tuple(map(float, plant.petal * (0.9 + 0.1 * (k % 2))))
        cv2.ellipse(picture, centre, axes, float(np.degrees(t)), 0, 360, colour, -1, cv2.LINE_AA, 3)
        cv2.ellipse(picture, centre, axes, float(np.degrees(t)), 0, 360, line, 2, cv2.LINE_AA, 3)
    cv2.circle(picture, (int(x * 8), int(y * 8)), int(radius * 2.8), tuple(map(float, plant.heart)), -1, cv2.LINE_AA, 3)
    cv2.circle(picture, (int(x * 8), int(y * 8)), int(radius * 2.8), line, 2, cv2.LINE_AA, 3)
