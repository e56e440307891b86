"""Woodblock: a key block of dark lines, flat colours from a block each, bokashi, a round sun."""
import numpy as np

from .flow import streaks
from .palette import INK, readable
from .tools import SIDE, XX, YY, flat, grain, noise, over, step

LINE = 3.6


def woodblock(glyph, pal, rng):
    paper = np.float32([0.94, 0.88, 0.74]) + rng.uniform(-0.02, 0.02)
    key = INK * 0.6 + pal.base(0.7, 0.18) * 0.4
    sky, sea = pal.second(0.3, 0.92), pal.base(0.8, 0.45)
    picture = flat(paper)
    over(picture, sky, (0.25 + 0.4 * step(YY / SIDE, 0.55, 0.9))[:, :] * 0.7)
    # Bokashi: the block was wiped, so that its colour fades away downwards from the top, and upwards at the foot.
    over(picture, sea, step(0.34 - YY / SIDE + (noise(rng, 2) - 0.5) * 0.03, 0.1, 0.34) * 0.9)
    sun_red = pal.accent(0.95, 0.72) if pal.spread == 14 else np.float32([0.78, 0.22, 0.15])
    x, y, r = rng.choice([rng.uniform(96, 170), rng.uniform(342, 416)]), rng.uniform(96, 150), rng.uniform(52, 74)
    disc = r - np.hypot(XX - x, YY - y)
    over(picture, sun_red, step(disc, 0, 0.9))
    [mountain, waves, hills][rng.integers(3)](picture, pal, paper, key, sea, rng)
    clouds(picture, paper, key, rng)
    halo = glyph.grown(glyph.line * 0.9 + 4)
    over(picture, key, glyph.grown(glyph.line * 0.9 + 4 + LINE))
    over(picture, paper + 0.03, halo)
    word = readable(paper, [key] if rng.random() < 0.6 or pal.spread == 14 else [sun_red * 0.8, key], 4.5)
    over(picture, word, glyph.mask)
    # The plank's grain presses through in the large blocks: long lines, farther apart than they are fine.
    plank = streaks(rng, np.zeros((SIDE, SIDE), np.float32) + (noise(rng, 3) - 0.5) * 0.5, 150, 9)
    over(picture, paper, glyph.mask * step(plank, 0.68, 0.12) * 0.3)
    return picture * (1 + (plank - 0.5) * 0.1)[..., None] + grain(rng, 0.01, 6)[..., None]


def block(picture, colour, key, inside):
    """A flat colour within its line: inside is a distance in pixels, positive within."""
    over(picture, colour, step(inside, 0, 0.9))
    over(picture, key, 1 - step(np.abs(inside), LINE / 2, 0.8))


def mountain(picture, pal, paper, key, sea, rng):
    """One cone with snow, its foot in mist, behind a shore."""
    top_x, top, slope = rng.uniform(150, 360), rng.uniform(170, 230), rng.uniform(0.75, 1.0)
    away = np.abs(XX - top_x)
    ridge = top + slope * away * (1 - 0.22 * np.exp(-away / 60)) + 5 * np.sin(away / 17)
    inside = np.minimum(YY - ridge, (YY - ridge) * 0.8)
    block(picture, pal.base(0.7, 0.55), key, inside)
    jag = top + 62 + 16 * np.abs((away / 21) % 2 - 1) * 2
    snow = np.minimum(inside, jag - YY)
    block(picture, paper + 0.05, key, snow)
    over(picture, paper, step(YY / SIDE, 0.86, 0.24) * 0.95)
    shore(picture, pal, paper, key, sea, rng, SIDE - rng.uniform(56, 84))


def waves(picture, pal, paper, key, sea, rng):
    """Rows of scales: the sea as ornament."""
    pitch = float(rng.choice([96, 112, 128]))
    top = rng.uniform(330, 380)
    for row in range(12):
        y = top + row * pitch / 4
        x = (XX + (row % 2) * pitch / 2) % pitch - pitch / 2
        d = np.hypot(x, YY - y - pitch / 2)
        scale = (YY > y - pitch / 2) & (d < pitch / 2 + 1)
        colour = sea if row % 2 else pal.base(0.72, 0.55)
        over(picture, colour, scale * step(pitch / 2 - d, 0, 0.9))
        for share, width in ((1.0, LINE), (0.66, LINE + 3), (0.33, LINE + 3)):
            ring = 1 - step(np.abs(d - share * pitch / 2), width / 2, 0.8)
            over(picture, key if share == 1 else paper, ring * scale * (d < pitch / 2 + 2))


def hills(picture, pal, paper, key, sea, rng):
    """Three ridges, the nearest the darkest, pines left to the word."""
    for k, value in enumerate((0.8, 0.62, 0.44)):
        height = 300 + 62 * k + 30 * np.sin(XX / rng.uniform(70, 130) + rng.uniform(0, 6)) + 12 * np.sin(XX / 31 + k)
        colour = pal.base(0.6, value, (1 - k) * pal.spread)
        block(picture, colour, key, YY - height)
        over(picture, paper, step(YY - height, 0, 1) * step(YY - height, 46, 60) * 0.5)
    shore(picture, pal, paper, key, sea, rng, SIDE - 40)


def shore(picture, pal, paper, key, sea, rng, level):
    """Water in front, with long crests."""
    line = level + 6 * np.sin(XX / rng.uniform(26, 40) + rng.uniform(0, 6))
    block(picture, sea, key, YY - line)
    crest = (YY - line) % 24 - 12 + 3 * np.sin(XX / 23)
    over(picture, paper, (1 - step(np.abs(crest), 2, 0.9)) * (YY > line + 8) * step(noise(rng, 7), 0.5, 0.04))


def clouds(picture, paper, key, rng):
    """Long bars with round ends."""
    for _ in range(rng.integers(2, 4)):
        x, y, half = rng.uniform(0, SIDE), rng.uniform(60, 300), rng.uniform(70, 130)
        for k in range(2):
            along = np.maximum(np.abs(XX - x - k * 46) - half * (1 - 0.3 * k), 0)
            bar = 13 - np.hypot(along, YY - y - k * 25)
            block(picture, paper + 0.02, key, bar)
