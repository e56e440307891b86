"""Chalk: grain on a dark board, strokes laid on with the side of the stick, a few drawings that frame the word."""
import cv2
import numpy as np

from .flow import streaks
from .palette import WHITE
from .tools import SIDE, blur, flat, grain, noise, over, step, warp

CHALK_WHITE = np.float32([0.95, 0.94, 0.9])


def chalk(glyph, pal, rng):
    board = np.float32([[0.13, 0.19, 0.16], [0.14, 0.15, 0.17], [0.12, 0.16, 0.2]][rng.integers(3)])
    if pal.spread == 14:  # a colour word was asked for
        board = board * 0.6 + pal.base(0.6, 0.22) * 0.4
    picture = flat(board)
    # Where the sponge went: pale sweeping streaks.
    sweep = streaks(rng, np.full((SIDE, SIDE), rng.uniform(-0.5, 0.5), np.float32) + (noise(rng, 3) - 0.5), 120, 26)
    over(picture, WHITE, np.clip((sweep - 0.35) * 0.3, 0, 0.14) * step(noise(rng, 3, 2), 0.45, 0.25))
    # The board's tooth takes the chalk or does not: grains of about 6 pixels.
    tooth = 0.5 + grain(rng, 0.4, 4)
    soft = [pal.base(0.42, 1.0), pal.accent(0.4, 1.0), pal.second(0.35, 1.0)]
    main = CHALK_WHITE if pal.spread != 14 and rng.random() < 0.45 else soft[0]
    if pal.neutral:
        main = CHALK_WHITE
    lines = ornaments(glyph, rng)
    over(picture, soft[1], lines * step(tooth, 0.36, 0.16) * 0.9)
    edge = warp(glyph.sdf, rng, min(1.8, glyph.radius * 0.15), 60)
    body = step(edge, 0, 1.5)
    # Dust around, the side of the stick within, its corner along the edge.
    over(picture, main, blur(body, 9) * 0.16)
    along = streaks(rng, np.full((SIDE, SIDE), rng.choice([-0.8, 0.8]), np.float32) + (noise(rng, 4) - 0.5) * 0.5, 40, 6)
    pressed = 0.45 * tooth + 0.55 * along
    rim = np.exp(-(((edge - max(2.5, glyph.line * 0.5)) / max(2.4, glyph.line * 0.55)) ** 2))
    cover = body * np.clip(0.55 + 0.42 * step(pressed, 0.42, 0.2) + rim * 0.4, 0, 0.97)
    over(picture, main, cover)
    if glyph.radius > 9 and rng.random() < 0.6:
        # A second colour shades one side.
        over(picture, soft[2], cover * step(along, 0.5, 0.3) * step(glyph.sdf, glyph.radius * 0.3, 2) * 0.45)
    return picture + grain(rng, 0.02, 5)[..., None]


def ornaments(glyph, rng):
    """Corners and an underline in one chalk line, none of it across the word: a soft mask."""
    lines = np.zeros((SIDE, SIDE), np.float32)
    kind = rng.integers(4)
    for flip_x in (False, True):
        for flip_y in (False, True):
            corner = np.zeros((SIDE, SIDE), np.float32)
            [swirl, star, rays, rings][kind](corner, rng)
            lines = np.maximum(lines, corner[:: -1 if flip_y else 1, :: -1 if flip_x else 1])
    below = np.flatnonzero(glyph.ink.any(1))
    if len(below) and below[-1] < SIDE - 70:
        y = below[-1] + 38
        x = np.linspace(110, SIDE - 110, 60)
        draw(lines, x, y + 7 * np.sin(x / rng.uniform(14, 30)) * rng.choice([0, 1]))
        draw(lines, x[12:-12], np.full(36, y + 18.0))
    return lines * (glyph.outside > 14)


def draw(lines, x, y, width=5):
    points = np.round(np.stack([x, y], 1) * 8).astype(np.int32)
    cv2.polylines(lines, [points], False, 1.0, width, cv2.LINE_AA, 3)


def swirl(lines, rng):
    t = np.linspace(0.3, 3.2 * np.pi, 70)
    draw(lines, 58 + 4.4 * t * np.cos(t), 58 + 4.4 * t * np.sin(t))
    draw(lines, np.linspace(20, 20, 9), np.linspace(110, 170, 9))
    draw(lines, np.linspace(110, 170, 9), np.linspace(20, 20, 9))


def star(lines, rng):
    t = np.arange(6) * 4 * np.pi / 5
    draw(lines, 60 + 38 * np.sin(t), 60 - 38 * np.cos(t))


def rays(lines, rng):
    for angle in np.linspace(0.1, np.pi / 2 - 0.1, 6):
        r = np.linspace(44, rng.uniform(84, 112), 8)
        draw(lines, 12 + r * np.cos(angle), 12 + r * np.sin(angle))
    t = np.linspace(0, np.pi / 2, 20)
    draw(lines, 12 + 30 * np.cos(t), 12 + 30 * np.sin(t))


def rings(lines, rng):
    t = np.linspace(0, 2 * np.pi, 40)
    for r in (14, 28, 42):
        draw(lines, 62 + r * np.cos(t), 62 + r * np.sin(t))
