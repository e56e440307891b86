"""Flat colours and lines: comic, woodblock, graffiti, art deco, pixel art."""
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
        star_colour = readable(ground, [WHITE, hsv_yellow(pal)], 0.2)
        over(picture, star_colour, step(blur(star, 3), 0.62, 0.12))
        ground = star_colour
    fill = readable(ground, [pal.accent(0.95, 0.98), pal.base(0.95, 0.9, 40), WHITE, pal.accent(0.95, 0.6)], 0.33)
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


def seigaiha(pitch, scroll):
    """The wave pattern of overlapping fans: ring number with a fraction, for each pixel."""
    best = np.full((SIDE, SIDE), 9.0, np.float32)
    row_height = pitch / 4
    row = np.floor((YY + scroll) / row_height)
    for back in range(4, -1, -1):
        r = row - back + 4
        cy = (r + 0.0) * row_height - scroll
        cx = (np.floor((XX - (r % 2) * pitch / 2) / pitch) + 0.5) * pitch + (r % 2) * pitch / 2
        d = np.hypot(XX - cx, YY - cy) / (pitch / 2)
        best = np.where((d < 1) & (best == 9.0), d, best) if back < 4 else np.where(d < 1, d, best)
    return best


def woodblock(glyph, pal, rng):
    paper = np.float32([0.93, 0.86, 0.7]) + rng.uniform(-0.03, 0.03)
    tint = pal.base(0.62, 0.72)
    picture = flat(paper)
    # Bokashi: a flat ground that fades downwards from the top.
    over(picture, tint, step(0.62 - YY / SIDE + (noise(rng, 3) - 0.5) * 0.06, 0.2, 0.45) * 0.92)
    sun_x, sun_y, sun_r = rng.uniform(110, 400), rng.uniform(90, 190), rng.uniform(60, 95)
    sun = pal.accent(0.72, 0.8) if not pal.neutral else np.float32([0.72, 0.2, 0.16])
    over(picture, sun, step(sun_r - np.hypot(XX - sun_x, YY - sun_y), 0, 1) * 0.95)
    waves = seigaiha(rng.choice([72, 88, 104]), rng.integers(0, 80))
    ring = np.abs((waves * 4) % 1 - 0.5) * 2
    shore = rng.uniform(330, 400) + 26 * np.sin(XX / rng.uniform(60, 110) + rng.uniform(0, 6))
    sea = step(YY - shore, 0, 1.2)
    over(picture, pal.base(0.75, 0.55), sea)
    over(picture, paper, sea * step(ring, 0.62, 0.12) * 0.9)
    over(picture, INK, (1 - step(np.abs(YY - shore), 2.4, 0.8)))
    dark = INK * 0.5 + pal.base(0.8, 0.28) * 0.5
    over(picture, paper + 0.04, glyph.grown(glyph.line * 1.1 + 2))
    over(picture, dark, glyph.mask)
    # The plank's grain presses through: long wavering lines.
    plank = np.sin((YY + (noise(rng, 4) - 0.5) * 120) * 0.55 + noise(rng, 40) * 1.2)
    over(picture, paper, glyph.mask * step(plank, 0.72, 0.2) * 0.33)
    picture += (plank * 0.022)[..., None] + grain(rng, 0.012, 2)[..., None]
    return picture


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
    top = readable(back, [WHITE, pal.accent(0.55, 1.0), pal.accent(0.9, 0.35)], 0.3)
    bottom = readable(back, [pal.accent(0.75, 1.0), top], 0.25)
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


def art_deco(glyph, pal, rng):
    ground = pal.base(0.72, rng.uniform(0.2, 0.34))
    gold = np.float32([0.86, 0.7, 0.38]) if pal.hue2 % 360 > 60 or rng.random() < 0.7 else np.float32([0.9, 0.86, 0.78])
    if float(ground @ [0.299, 0.587, 0.114]) > 0.5:
        gold = np.float32([0.5, 0.36, 0.1])
    picture = flat(ground)
    kind = rng.integers(3)
    if kind == 0:  # a sunburst from below
        wedges = rays(rng, rng.choice([24, 32, 40]), 256, 540)
        over(picture, ground * 0.6 + pal.base(0.7, 0.62) * 0.4, wedges * 0.9)
        ring = np.hypot(XX - 256, YY - 540)
        for r in (250, 262, 420, 432):
            over(picture, gold, (1 - step(np.abs(ring - r), 2, 0.8)) * 0.8)
    elif kind == 1:  # scallops
        d = seigaiha(rng.choice([96, 128]), rng.integers(0, 60))
        over(picture, pal.base(0.68, 0.5), step(np.abs((d * 3) % 1 - 0.5), 0.34, 0.04) * 0.85)
        over(picture, gold, (1 - step(np.abs(d - 0.97), 0.03, 0.015)) * 0.75)
    else:  # chevrons
        v = (np.abs(XX - 256) * 0.8 + YY + rng.integers(0, 60)) % 64
        over(picture, pal.base(0.7, 0.5), step(np.abs(v - 32), 18, 1) * 0.8)
        over(picture, gold, (1 - step(np.abs(v - 32), 2.0, 0.8)) * 0.6)
    over(picture, ground * 0.8, blur(glyph.grown(16, 5), 5) * 0.85)
    edge = np.minimum(np.minimum(XX, YY), np.minimum(SIDE - 1 - XX, SIDE - 1 - YY))
    for a, b in ((8, 13), (19, 21)):
        over(picture, gold, step(edge, a, 0.8) * (1 - step(edge, b, 0.8)))
    line = glyph.line
    over(picture, gold, glyph.grown(line * 0.9 + 1))
    over(picture, ground * 0.7, glyph.grown(line * 0.3 + 0.5))
    letters = readable(ground, [CREAM, INK], 0.4)
    shade = (letters * (1 - 0.45 * (YY / SIDE))[..., None] + gold * (0.45 * (YY / SIDE))[..., None])
    over(picture, shade, glyph.mask)
    if glyph.radius > 10:
        over(picture, ground, (1 - step(np.abs(glyph.sdf - glyph.radius * 0.55), 1.6, 0.7)) * 0.75)
    return picture


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
    fill = readable(ground, [pal.accent(0.75, 1.0), CREAM, pal.accent(0.9, 0.3)], 0.33)
    grown = cv2.dilate(small.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    drop = np.roll(grown, (1, 1), (0, 1)) if block == 8 else grown
    picture[drop | grown] = INK
    picture[small] = fill
    lit = small & ~np.roll(small, 1, 0)
    dim = small & ~np.roll(small, -1, 0)
    picture[dim] = fill * 0.74
    picture[lit] = fill * 0.35 + 0.65
    return cv2.resize(picture.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
