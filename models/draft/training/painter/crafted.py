"""Things made by hand: paper cut, embroidery."""
import cv2
import numpy as np

from .palette import CREAM, INK, WHITE, readable
from .tools import SIDE, XX, YY, blur, flat, grain, noise, over, shift, step


def drop(picture, mask, dx, dy, sigma, strength):
    """The soft shadow that a raised mask throws."""
    over(picture, np.zeros(3, np.float32), shift(blur(mask, sigma), dx, dy) * strength)


def paper_cut(glyph, pal, rng):
    light_word = rng.random() < 0.8
    levels = np.linspace(0.34, 0.8, 4) if light_word else np.linspace(0.98, 0.72, 4)
    saturation = 0.78 if light_word else 0.5
    # Sheets lie over one another like terraces, each cut out around the word wider than the one below.
    picture = flat(pal.base(saturation, levels[0]))
    away = blur(np.maximum(glyph.outside, 0), 9) + (noise(rng, 5) - 0.5) * 26
    opening, terrace = rng.uniform(16, 26), rng.uniform(24, 36)
    for k, value in enumerate(levels[1:]):
        sheet = step(away, opening + terrace * k, 0.9)
        drop(picture, sheet, 4, 6, 7, 0.5)
        over(picture, pal.base(saturation * 0.95, value, (k - 1) * pal.spread * 0.4), sheet)
    middle = pal.base(saturation, levels[0])
    word = readable(middle, [WHITE * 0.98, pal.accent(0.8, 0.9), CREAM] if light_word else [pal.accent(0.85, 0.6), pal.base(0.9, 0.3), INK])
    drop(picture, glyph.mask, 4, 6, 5, 0.62)
    over(picture, word, glyph.mask)
    lit = glyph.mask * (1 - shift(glyph.mask, 1.6, 2))
    over(picture, WHITE, lit * 0.4)
    return picture + (grain(rng, 0.012, 2) + grain(rng, 0.01, 4))[..., None]


def embroidery(glyph, pal, rng):
    linen = pal.base(0.16, 0.9) * 0.55 + np.float32([0.92, 0.87, 0.78]) * 0.45
    if pal.neutral and pal.lift == 0:
        linen = np.float32([0.86, 0.84, 0.8])
    weave = np.sin(XX * 2 * np.pi / 10) * 0.5 + np.sin(YY * 2 * np.pi / 10) * 0.5
    picture = flat(linen) + (weave * 0.045 + grain(rng, 0.02, 4))[..., None]
    frame = np.minimum(np.minimum(XX, YY), np.minimum(SIDE - 1 - XX, SIDE - 1 - YY))
    dash = step(np.sin((XX + YY) * 2 * np.pi / 22), 0, 0.25)
    for at, colour in ((16, pal.base(0.7, 0.6)), (26, pal.accent(0.6, 0.6))):
        over(picture, colour, (1 - step(np.abs(frame - at), 2.6, 0.8)) * dash * 0.9)
    for _ in range(rng.integers(5, 9)):
        blossom(picture, glyph, pal, rng)
    thread = readable(linen, [pal.base(0.85, 0.62), pal.base(0.8, 0.38), pal.accent(0.8, 0.4)])
    if pal.neutral and pal.lift:
        thread = pal.accent(0.7, 0.45)
    angle = rng.choice([0.5, -0.5, 0.9, -0.9]) + (noise(rng, 3) - 0.5) * 0.9
    along = (XX * np.cos(angle) + YY * np.sin(angle)) / 6.5
    stitch = np.floor(along)
    tones = rng.random(512, dtype=np.float32)[stitch.astype(int) % 512]
    sheen = 0.82 + 0.3 * np.sin((along - stitch) * np.pi) + 0.16 * (tones - 0.5)
    drop(picture, glyph.grown(1.5), 2, 3, 2.5, 0.55)
    over(picture, thread[None, None] * sheen[..., None], glyph.grown(0.5))
    # A twisted cord runs along the edge.
    cord = 1 - step(np.abs(glyph.sdf - 0.5), max(1.8, glyph.line * 0.42), 0.7)
    twist = 0.62 + 0.22 * np.sin((XX - YY) * 2 * np.pi / 9)
    over(picture, thread[None, None] * twist[..., None], cord)
    return picture


def blossom(picture, glyph, pal, rng):
    """A small stitched flower where the word leaves room."""
    for _ in range(12):
        x, y = rng.uniform(40, 472, 2)
        if glyph.outside[int(y), int(x)] > 30:
            break
    else:
        return
    r = rng.uniform(9, 15)
    petal = pal.near(rng, 0.55, 0.85) if rng.random() < 0.65 else pal.accent(0.55, 0.85)
    turn = rng.uniform(0, 6)
    for k in range(6):
        t = turn + k * np.pi / 3
        centre = (int((x + r * np.cos(t)) * 8), int((y + r * np.sin(t)) * 8))
        cv2.ellipse(picture, centre, (int(r * 6), int(r * 3.4)), np.degrees(t), 0, 360, tuple(map(float, petal * (0.85 + 0.05 * k))), -1, cv2.LINE_AA, 3)
    cv2.circle(picture, (int(x * 8), int(y * 8)), int(r * 3), tuple(map(float, pal.accent(0.7, 0.9))), -1, cv2.LINE_AA, 3)
