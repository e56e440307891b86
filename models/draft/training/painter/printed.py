"""Flat colours and lines: comic, graffiti, pixel art."""
import cv2
import numpy as np

from .palette import CREAM, INK, WHITE, readable
from .tools import SIDE, XX, YY, blur, flat, grain, halftone, noise, over, shift, step


def rays(rng, count, cx, cy):
    """1 on every second wedge around a point."""
    angle = np.arctan2(YY - cy, XX - cx) / (2 * np.pi) * count + rng.random()
    wobble = np.abs(angle % 1 - 0.5) * 2
    radius = np.hypot(XX - cx, YY - cy) + 1
    return step((wobble - 0.5) * radius / count * np.pi, 0, 1.0)


def burst(rng, points, inner, outer):
    """A jagged star around the middle, soft mask."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    angles = np.arange(points * 2) * np.pi / points + rng.uniform(0, 1)
    radii = np.where(np.arange(points * 2) % 2, inner, outer) * rng.uniform(0.92, 1.08, points * 2)
    corners = np.stack([256 + radii * np.cos(angles), 256 + radii * np.sin(angles)], 1)
    cv2.fillPoly(mask, [np.round(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


def comic(glyph, pal, rng):
    ground = pal.base(rng.uniform(0.72, 0.92), rng.uniform(0.82, 1.0))
    picture = flat(ground)
    cx, cy = rng.uniform(150, 360, 2)
    kind = rng.integers(3)
    if kind != 1:
        over(picture, ground * 0.62 + WHITE * 0.38, rays(rng, rng.integers(11, 19), cx, cy))
    distance = np.hypot(XX - cx, YY - cy) / 400
    over(picture, ground * 0.62, halftone(np.clip(distance - 0.28, 0, 0.6), 16) * 0.9)
    line = glyph.line + 2
    if kind > 0:
        star = burst(rng, rng.integers(12, 18), 205, 262)
        over(picture, INK, step(blur(star, 4), 0.25, 0.12))
        star_colour = readable(ground, [WHITE, hsv_yellow(pal)])
        over(picture, star_colour, step(blur(star, 3), 0.62, 0.12))
        ground = star_colour
    fill = readable(ground, [pal.accent(0.95, 0.98), pal.base(0.95, 0.9, 40), WHITE, pal.accent(0.95, 0.6)])
    dark = fill * np.float32([0.78, 0.6, 0.62])
    shadow = shift(glyph.grown(line), line * 0.9, line * 0.9)
    over(picture, INK, np.maximum(shadow, glyph.grown(line)))
    over(picture, fill, glyph.mask)
    over(picture, dark, halftone(np.clip((YY - 150) / 520, 0, 0.5), 16) * glyph.mask)
    if rng.random() < 0.5:
        edge = np.minimum(np.minimum(XX, YY), np.minimum(SIDE - 1 - XX, SIDE - 1 - YY))
        over(picture, WHITE, 1 - step(edge, 13, 0.8))
        over(picture, INK, step(edge, 12, 0.8) * (1 - step(edge, 18, 0.8)))
    return picture


def hsv_yellow(pal):
    return pal.accent(0.55, 1.0) if pal.neutral else np.float32([1.0, 0.86, 0.25])


def graffiti(glyph, pal, rng):
    wall = np.float32([0.6, 0.61, 0.62]) * rng.uniform(0.75, 1.1) + pal.base(0.4, 0.16) - 0.08
    picture = flat(wall) + ((noise(rng, 6, 4) - 0.5) * 0.26)[..., None]
    over(picture, wall * 0.62, (1 - step(np.abs((YY + rng.integers(0, 170)) % 171 - 85), 2.0, 0.8)) * 0.8)
    over(picture, wall * 0.62, (1 - step(np.abs((XX + rng.integers(0, 250)) % 256 - 128), 2.0, 0.8)) * 0.6)
    # A sprayed cloud behind the tag.
    cloud = blur(glyph.grown(30, 6), 14) + (noise(rng, 7, 2) - 0.5) * 0.7
    back = pal.base(0.85, 0.9)
    over(picture, back, step(cloud, 0.38, 0.14) * 0.95)
    over(picture, pal.near(rng, 0.75, 1.0), step(cloud - 0.25 * noise(rng, 5), 0.75, 0.2) * 0.55)
    for _ in range(rng.integers(25, 50)):
        x, y, r = rng.uniform(0, SIDE, 2).tolist() + [rng.uniform(1.5, 6) ** 1.15]
        cv2.circle(picture, (int(x * 8), int(y * 8)), int(r * 8), tuple(map(float, back)), -1, cv2.LINE_AA, 3)
    top = readable(back, [WHITE, pal.accent(0.55, 1.0), pal.accent(0.9, 0.35)])
    bottom = readable(back, [pal.accent(0.75, 1.0), top])
    blend = step(YY / SIDE, 0.5, 0.3)[..., None]
    line = glyph.line + 2
    drips(picture, glyph, INK, rng, line)
    rim = np.maximum(glyph.grown(line), shift(glyph.grown(line), line, line * 1.2))
    over(picture, WHITE, blur(glyph.grown(line + 4), 1.5) * 0.85)
    over(picture, INK, rim)
    over(picture, top * (1 - blend) + bottom * blend, glyph.mask)
    shine = glyph.mask * (1 - shift(glyph.mask, line * 0.5, line * 0.6))
    over(picture, WHITE, shine * 0.75)
    picture += grain(rng, 0.02, 2)[..., None]
    return picture


def drips(picture, glyph, colour, rng, line):
    """Paint that ran down from the lower edges."""
    below = np.argwhere(glyph.ink[:-1] & ~glyph.ink[1:])
    for y, x in below[rng.permutation(len(below))[: rng.integers(5, 10)]]:
        length, width = rng.uniform(25, 80), rng.uniform(2, 4)
        cv2.line(picture, (int(x), int(y)), (int(x), int(y + length)), tuple(map(float, colour)), int(width), cv2.LINE_AA)
        cv2.circle(picture, (int(x), int(y + length)), int(width), tuple(map(float, colour)), -1, cv2.LINE_AA)


def pixel_art(glyph, pal, rng):
    block = 8 if glyph.radius > 9.5 else 4
    n = SIDE // block
    small = cv2.resize(glyph.mask, (n, n), interpolation=cv2.INTER_AREA) > 0.5
    y, x = np.mgrid[0:n, 0:n]
    day = rng.random() < 0.5 and not (pal.neutral and pal.lift == 0)
    low, high = ((0.45, 1.0), (0.75, 0.85)) if day else ((0.8, 0.55), (0.9, 0.24))
    bands = 5
    level = (y / n * bands + 0.5 * ((x + y) % 2)).astype(int).clip(0, bands - 1) / (bands - 1)
    sky = np.stack([pal.base(high[0] + (low[0] - high[0]) * t, high[1] + (low[1] - high[1]) * t) for t in (0, 0.25, 0.5, 0.75, 1)])
    picture = sky[(level * (bands - 1)).astype(int)]
    if day:
        for _ in range(rng.integers(2, 5)):
            cx, cy, w = rng.integers(0, n), rng.integers(2, n // 2), rng.integers(n // 10, n // 5)
            picture[(np.abs(y - cy) * 3 + np.abs(x - cx) < w) & (y <= cy)] = WHITE
    else:
        stars = rng.random((n, n)) < 0.012 * (block / 8) ** 2
        picture[stars] = CREAM
    hill = n * 0.8 + n * 0.06 * np.sin(x / n * rng.uniform(6, 12) + rng.uniform(0, 6)) + n * 0.03 * np.sin(x / n * 25)
    picture[y > hill] = pal.near(rng, 0.8, 0.45 if day else 0.3)
    picture[(y > hill) & (y < hill + 2)] = pal.near(rng, 0.7, 0.7 if day else 0.5)
    ground = pal.base((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    fill = readable(ground, [pal.accent(0.75, 1.0), CREAM, pal.accent(0.9, 0.3)])
    grown = cv2.dilate(small.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    drop = np.roll(grown, (1, 1), (0, 1)) if block == 8 else grown
    picture[drop | grown] = INK
    picture[small] = fill
    lit = small & ~np.roll(small, 1, 0)
    dim = small & ~np.roll(small, -1, 0)
    picture[dim] = fill * 0.74
    picture[lit] = fill * 0.35 + 0.65
    return cv2.resize(picture.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
