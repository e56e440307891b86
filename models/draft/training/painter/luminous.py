"""Light and metal: neon, stained glass, gold foil."""
import numpy as np

from .palette import CREAM, readable
from .tools import SIDE, XX, YY, blur, cells, flat, grain, noise, over, shift, step


def neon(glyph, pal, rng):
    wall = pal.base(0.55, 0.16) * 0.7 + np.float32([0.05, 0.04, 0.07])
    height, width = 32, 72
    row = np.floor(YY / height)
    u = (XX + (row % 2) * width / 2) % width
    v = YY % height
    mortar = 1 - step(np.minimum(np.minimum(u, width - u), np.minimum(v, height - v)), 2.4, 0.9)
    tone = np.random.default_rng(rng.integers(1 << 30)).random((64, 64), np.float32)
    brick = tone[row.astype(int) % 64, (((XX + (row % 2) * width / 2) // width).astype(int)) % 64]
    wall_light = (0.75 + 0.5 * brick + (noise(rng, 24, 2) - 0.5) * 0.3) * (1 - 0.55 * mortar)
    picture = flat(wall) * wall_light[..., None]
    bright = pal.lift > 0.5
    tube = np.float32([0.95, 0.97, 1.0]) if bright else pal.base(0.88, 1.0)
    if pal.neutral and not bright:
        tube = pal.accent(0.35, 1.0)
    lit = np.maximum(glyph.mask, 0)
    glow = blur(lit, 5) * 0.35 + blur(lit, 16) * 0.5 + blur(lit, 46) * 0.65
    picture = picture * (1 + 2.6 * glow[..., None]) + tube * (glow * 0.42)[..., None]
    over(picture, tube * 0.35, glyph.grown(1.5))
    core = step(glyph.sdf, glyph.radius * 0.5, max(1.5, glyph.radius * 0.4))
    over(picture, tube, glyph.mask)
    over(picture, tube * 0.12 + 0.88, core * 0.92)
    if rng.random() < 0.6:  # a second tube around, in the answering colour
        ring = glyph.line * 1.5 + 7
        band = np.exp(-(((glyph.sdf + ring) / 2.2) ** 2))
        other = pal.accent(0.85, 1.0) if not bright else tube * 0.8
        picture += other * (blur(band, 6) * 0.5)[..., None]
        over(picture, other, band * 0.9)
    return picture


def stained_glass(glyph, pal, rng):
    label, distance, chance = cells(rng, 58, glyph.ink)
    inside = glyph.ink
    dark = rng.random() < 0.6
    ground = np.stack([pal.base(0.85, v, t) for v in ((0.34, 0.46) if dark else (0.5, 0.66)) for t in (-pal.spread, 0, pal.spread)])
    middle = ground.mean(0)
    word = readable(middle, [pal.accent(0.4, 1.0), CREAM, pal.accent(0.9, 0.3)])
    table = (chance * 5.999).astype(int)
    picture = ground[table]
    shade = word * (0.86 + 0.28 * chance[..., None])
    picture = np.where(inside[..., None], shade, picture).astype(np.float32)
    # Light from behind, stronger in the middle; streaks in the glass.
    light = 1.12 - 0.5 * np.hypot(XX - 256, YY - 230) / 360
    streaks = np.sin(XX * 0.05 + YY * 0.13 + chance * 20 + noise(rng, 6) * 4) * 0.05
    picture *= (light + streaks)[..., None]
    lead = 1 - step(distance, 2.6, 0.8)
    contour = 1 - step(np.abs(glyph.sdf), min(3.6, glyph.radius * 0.3), 0.8)
    black = np.float32([0.07, 0.07, 0.085])
    over(picture, black, np.maximum(lead * np.where(inside, 0.75, 1.0), contour))
    over(picture, black + 0.2, (1 - step(np.abs(distance - 0.5), 0.8, 0.5)) * 0.5 * ~inside)
    edge = np.minimum(np.minimum(XX, YY), np.minimum(SIDE - 1 - XX, SIDE - 1 - YY))
    over(picture, black, 1 - step(edge, 9, 1))
    return picture


def gold_foil(glyph, pal, rng):
    paper = pal.base(0.8, rng.uniform(0.22, 0.4))
    light_paper = float(paper @ [0.299, 0.587, 0.114]) > 0.5
    picture = flat(paper) + (grain(rng, 0.02, 2) + (noise(rng, 4, 3) - 0.5) * 0.06)[..., None]
    gold = np.float32([[0.42, 0.29, 0.08], [0.8, 0.62, 0.22], [0.99, 0.92, 0.62], [0.86, 0.68, 0.28], [0.62, 0.45, 0.14]])
    if light_paper:
        gold = gold * np.float32([0.72, 0.6, 0.4])
    # A quiet ornament: a lattice of fine foil lines with lozenges, kept away from the word.
    pitch = rng.choice([48, 64])
    a, b = (XX + YY) % pitch - pitch / 2, (XX - YY) % pitch - pitch / 2
    lattice = np.maximum(1 - step(np.abs(a), 1.0, 0.7), 1 - step(np.abs(b), 1.0, 0.7))
    dots = step(5.5 - np.abs(a) - np.abs(b), 0, 0.8)
    far = 1 - blur(glyph.grown(14, 4), 4)
    over(picture, gold[1] * 0.8 + paper * 0.2, np.maximum(lattice * 0.4, dots * 0.8) * far * 0.75)
    over(picture, paper * 0.35, shift(blur(glyph.mask, 3), 3, 4) * 0.75)
    # Reflections run slantwise across the metal, bent by its creases.
    angle = rng.uniform(0.5, 1.1)
    sweep = (XX * np.cos(angle) + YY * np.sin(angle)) / rng.uniform(120, 180) + noise(rng, 5, 2) * 1.1 + rng.random()
    position = (sweep % 1) * 4
    index = np.clip(position.astype(int), 0, 3)
    part = (position - index)[..., None]
    metal = gold[index] * (1 - part) + gold[index + 1] * part
    metal = metal * 0.72 + 0.28 * gold[2] if not light_paper else metal
    over(picture, metal, glyph.mask)
    bevel = max(2.0, glyph.line * 0.55)
    lit = glyph.mask * (1 - shift(glyph.mask, bevel, bevel))
    dim = glyph.mask * (1 - shift(glyph.mask, -bevel, -bevel))
    over(picture, np.float32([1, 0.97, 0.8]), lit * (0.25 if light_paper else 0.85))
    over(picture, gold[0], dim * 0.75)
    for _ in range(rng.integers(20, 60)):
        y, x = rng.integers(4, SIDE - 4, 2)
        s = rng.integers(1, 3)
        picture[y - s : y + s, x - s : x + s] = gold[rng.integers(1, 4)]
    return picture
