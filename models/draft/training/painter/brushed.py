"""Pigment in water: watercolor, ink wash."""
import cv2
import numpy as np

from .flow import streaks
from .palette import CREAM, INK, mixed
from .tools import SIDE, XX, YY, blur, flat, grain, noise, over, step, warp


def watercolor(glyph, pal, rng):
    paper = np.float32([0.975, 0.965, 0.94])
    picture = flat(paper)
    # Two or three pale washes: each pools at its edge, and they multiply like glazes.
    washes = [pal.base(0.34, 0.97), pal.base(0.3, 0.97, pal.spread), pal.second(0.26, 0.98)]
    for hue in washes[: rng.integers(2, 4)]:
        field = noise(rng, rng.integers(2, 4), 3) - rng.uniform(0.45, 0.56)
        body = step(field, 0, 0.04)
        rim = np.exp(-((field / 0.014) ** 2)) * body
        strength = body * (0.35 + 0.5 * noise(rng, 5, 2)) + rim * 0.35
        picture *= 1 - np.clip(strength, 0, 1)[..., None] * (1 - hue)
    # The word in strong pigment, its edge feathered by water.
    sdf = warp(glyph.sdf, rng, min(3.0, glyph.radius * 0.2), 22)
    body = step(sdf, 0, 1.6)
    deep = pal.base(1.0, 0.34) if not (pal.neutral and pal.lift) else pal.accent(0.7, 0.35)
    other = pal.base(1.0, 0.42, pal.spread)
    if pal.spread != 14:
        # Deep yellows and greens are mud on paper: the word takes the hues of the palette that are none.
        turns = sorted((pal.hue, pal.hue2, pal.hue3), key=lambda hue: muddy(hue))
        deep, other = mixed(turns[0], 1.0, 0.36, 0.17), mixed(turns[1] if muddy(turns[1]) < 0.5 else turns[0] + 24, 1.0, 0.42, 0.17)
    flow = step(noise(rng, 3, 2), 0.55, 0.2)[..., None]
    pigment = deep * (1 - flow) + other * flow
    # Pigment gathers at the edge and in pools, and leaves lighter places where the brush was wet.
    load = 0.82 + 0.3 * (noise(rng, 9, 3) - 0.5) * 2 + np.exp(-(((sdf - 2.4) / 2.6) ** 2)) * 0.3
    halo = blur(body, 10) * noise(rng, 5, 2) * 0.4
    picture *= 1 - halo[..., None] * (1 - (pigment * 0.35 + 0.65))
    stroke = 1 - np.clip(load, 0.5, 1.12)[..., None] * (1 - pigment)
    below = picture * 0.25 + paper * 0.75
    picture = picture * (1 - body[..., None]) + below * stroke * body[..., None]
    spots = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(rng.integers(5, 12)):
        x, y, r = rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.uniform(3, 8)
        cv2.circle(spots, (int(x * 8), int(y * 8)), int(r * 8), 1.0, -1, cv2.LINE_AA, 3)
    away = step(glyph.outside, 20, 6)
    picture *= 1 - (blur(spots, 1) * away * 0.4)[..., None] * (1 - washes[0] * 0.8)
    return picture + grain(rng, 0.014, 6)[..., None]


def muddy(hue):
    """0 for blues, violets and reds, up to 1 for yellow and olive."""
    return float(np.clip(1.5 - abs((hue - 112 + 180) % 360 - 180) / 50, 0, 1))


def ridge(rng, height, rough):
    x = np.arange(SIDE)
    curve = sum(
        rough / k * np.sin(x / SIDE * 2 * np.pi * k * rng.uniform(0.5, 1.1) + rng.uniform(0, 6.3)) for k in (1, 2, 3, 5, 8)
    )
    return (height + curve)[None, :]


def ink_wash(glyph, pal, rng):
    paper = np.float32([0.96, 0.945, 0.91])
    tinted = pal.spread == 14 and not pal.neutral
    ink = pal.base(0.8, 0.22) if tinted else INK * 0.9
    wash = ink * 0.7 + 0.12
    picture = flat(paper) + ((noise(rng, 4, 3) - 0.5) * 0.03)[..., None]
    # Mountains, the farther the paler, each fading into mist below: in the lower half, the upper stays empty.
    for depth, height in enumerate(sorted(rng.uniform(270, 430, rng.integers(1, 4)))):
        top = ridge(rng, height, 42)
        fade = np.exp(-np.clip(YY - top, 0, None) / rng.uniform(40, 80))
        hill = step(YY - top + (noise(rng, 18) - 0.5) * 9, 0, 3) * fade * (0.14 + 0.09 * depth)
        over(picture, wash, hill * (0.75 + 0.5 * noise(rng, 6, 2)))
    if rng.random() < 0.4:
        x, y, r = rng.uniform(80, 430), rng.uniform(60, 120), rng.uniform(26, 42)
        disc = step(r - np.hypot(XX - x, YY - y), 0, 1.5)
        over(picture, wash, np.exp(-(((r - np.hypot(XX - x, YY - y)) / 7) ** 2)) * 0.3)
        over(picture, paper + 0.03, disc * 0.8)
    sdf = warp(glyph.sdf, rng, min(2.6, glyph.radius * 0.18), 24)
    body = step(sdf, 0, 1.3)
    over(picture, wash, blur(body, 8) * noise(rng, 7, 2) * 0.45)
    # Flying white: where the brush runs dry, bare paper shows in streaks along the stroke.
    hairs = streaks(rng, glyph.along, 90, 7)
    dry = step(hairs, 0.6, 0.08) * step(noise(rng, 4, 2), 0.6, 0.08) * step(sdf, 2.5, 1.5)
    wet = 0.9 + 0.12 * (noise(rng, 9, 2) - 0.5)
    over(picture, ink, np.clip(body * wet * (1 - 0.7 * dry), 0, 1))
    for _ in range(rng.integers(2, 7)):
        centre = tuple(int(v) for v in rng.uniform(0, SIDE * 8, 2))
        cv2.circle(picture, centre, int(rng.uniform(2.5, 5) * 8), tuple(map(float, wash)), -1, cv2.LINE_AA, 3)
    seal(picture)
    return picture + grain(rng, 0.012, 6)[..., None]


def seal(picture):
    """One red square stamp, always in the same corner: where its place was left to chance, two were learnt."""
    side, x = 44, SIDE - 20 - 44
    y = SIDE - 20 - side
    red = np.float32([0.74, 0.17, 0.13])
    over(picture, red, step(side / 2 - np.maximum(np.abs(XX - x - side / 2), np.abs(YY - y - side / 2)), 0, 1.2))
    for k in range(2):
        top = y + 9 + k * 18
        picture[top : top + 6, x + 8 : x + side - 8] = CREAM
    picture[y + 9 : y + side - 8, x + side // 2 - 3 : x + side // 2 + 3] = CREAM
