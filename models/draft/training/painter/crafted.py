"""Things made by hand: paper cut, embroidery, clay, botanical, mosaic."""
import cv2
import numpy as np

from .palette import CREAM, INK, WHITE, readable
from .tools import SIDE, XX, YY, blur, cells, flat, grain, hsv, noise, over, shift, step


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
    word = readable(middle, [WHITE * 0.98, pal.accent(0.8, 0.9), CREAM] if light_word else [pal.accent(0.85, 0.6), pal.base(0.9, 0.3), INK], 0.4)
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
    thread = readable(linen, [pal.base(0.85, 0.62), pal.base(0.8, 0.38), pal.accent(0.8, 0.4)], 0.36)
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


def domes(height, colour_picture, picture, cover, strength=0.85):
    """Lights a rounded height map from the top left and lays it over the picture."""
    gx, gy = cv2.Sobel(height, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(height, cv2.CV_32F, 0, 1) / 8
    length = np.sqrt(gx * gx + gy * gy + 1)
    diffuse = -(0.5 * gx + 0.62 * gy) / length
    facing = (gx * 0.45 + gy * 0.6 + 0.66) / length
    shine = np.clip(facing, 0, 1) ** 24
    shaded = colour_picture * (0.9 - diffuse * strength)[..., None]
    over(picture, shaded, cover)
    over(picture, WHITE, cover * shine * 0.4)


def clay(glyph, pal, rng):
    ground = pal.base(0.42, 0.95) if rng.random() < 0.7 else pal.base(0.7, 0.55)
    picture = flat(ground) * (1.04 - 0.16 * YY / SIDE)[..., None] + ((noise(rng, 10, 3) - 0.5) * 0.05)[..., None]
    word = readable(ground, [pal.accent(0.75, 0.95), pal.base(0.85, 0.5), pal.accent(0.8, 0.45), WHITE * 0.96], 0.3)
    balls = np.zeros((SIDE, SIDE), np.float32)
    colours = flat(word)
    for _ in range(rng.integers(4, 8)):
        x, y, r = rng.uniform(10, 502), rng.uniform(10, 502), rng.uniform(12, 34)
        d = np.hypot(XX - x, YY - y)
        hit = d < r
        balls = np.where(hit, np.sqrt(np.clip(r * r - d * d, 0, None)) * 0.9, balls)
        colours[hit] = pal.near(rng, 0.65, 0.9) if rng.random() < 0.6 else pal.accent(0.6, 0.9, 30)
    room = 1 - glyph.grown(12, 3)
    cover = step(balls, 0.5, 0.6) * room
    drop(picture, cover, 6, 9, 8, 0.4)
    domes(balls, colours, picture, cover)
    r = max(glyph.radius, 3)
    sdf = blur(glyph.sdf, 1.2)
    t = np.clip(sdf / r, 0, 1)
    height = np.sqrt(np.clip(1 - (1 - t) ** 2, 0, 1)) * r * 0.8 + (noise(rng, 60, 2) - 0.5) * 1.6
    body = step(sdf, 0, 1.2)
    drop(picture, body, 5, 8, 7, 0.6)
    domes(blur(height, 1.4), flat(word), picture, body)
    return picture


def leaf(picture, x, y, length, angle, colour, vein):
    t = np.linspace(0, 1, 18)
    half = np.sin(np.pi * t) ** 0.8 * length * 0.24 * (1.15 - 0.5 * t)
    c, s = np.cos(angle), np.sin(angle)
    upper = np.stack([x + t * length * c - half * s, y + t * length * s + half * c], 1)
    lower = np.stack([x + t * length * c + half * s, y + t * length * s - half * c], 1)[::-1]
    outline = np.round(np.concatenate([upper, lower]) * 8).astype(np.int32)
    cv2.fillPoly(picture, [outline], tuple(map(float, colour)), cv2.LINE_AA, 3)
    tip = (int((x + length * 0.92 * c) * 8), int((y + length * 0.92 * s) * 8))
    cv2.line(picture, (int(x * 8), int(y * 8)), tip, tuple(map(float, vein)), 2, cv2.LINE_AA, 3)


def botanical(glyph, pal, rng):
    paper = np.float32([0.965, 0.94, 0.865])
    picture = flat(paper) + ((noise(rng, 4, 3) - 0.5) * 0.05)[..., None]
    free = pal.spread != 14 or pal.neutral
    green = rng.uniform(85, 140)

    def leaf_colour(value):
        return hsv(green + rng.uniform(-16, 16), rng.uniform(0.4, 0.65), value) if free else pal.near(rng, 0.55, value)

    # Vines wander in from the borders; leaves sit on both sides of them.
    for side in range(rng.integers(5, 8)):
        x, y = [(rng.uniform(0, 512), -5), (rng.uniform(0, 512), 517), (-5, rng.uniform(0, 512)), (517, rng.uniform(0, 512))][side % 4]
        heading = np.arctan2(256 - y, 256 - x) + rng.choice([-1, 1]) * rng.uniform(0.5, 1.0)
        turn = rng.uniform(-0.09, 0.09)
        for k in range(rng.integers(8, 14)):
            nx, ny = x + 22 * np.cos(heading), y + 22 * np.sin(heading)
            cv2.line(picture, (int(x * 8), int(y * 8)), (int(nx * 8), int(ny * 8)), tuple(map(float, leaf_colour(0.4))), 3, cv2.LINE_AA, 3)
            x, y, heading = nx, ny, heading + turn + rng.uniform(-0.12, 0.12)
            leaf(picture, x, y, rng.uniform(30, 54), heading + (0.9 if k % 2 else -0.9), leaf_colour(rng.uniform(0.45, 0.75)), paper * 0.88)
    petal = pal.base(0.62, 0.9) if not pal.neutral else pal.base(0.6, 0.95)
    for _ in range(rng.integers(4, 8)):
        x, y, r = rng.uniform(20, 492), rng.uniform(20, 492), rng.uniform(15, 26)
        turn = rng.uniform(0, 6)
        for k in range(5):
            t = turn + k * 2 * np.pi / 5
            centre = (int((x + r * 0.62 * np.cos(t)) * 8), int((y + r * 0.62 * np.sin(t)) * 8))
            cv2.ellipse(picture, centre, (int(r * 5), int(r * 3.6)), np.degrees(t), 0, 360, tuple(map(float, petal * (0.88 + 0.03 * k))), -1, cv2.LINE_AA, 3)
        cv2.circle(picture, (int(x * 8), int(y * 8)), int(r * 2), (0.9, 0.72, 0.25), -1, cv2.LINE_AA, 3)
    # The paper shows around the word, so that leaves never eat a stroke.
    over(picture, paper, blur(glyph.grown(glyph.line + 5, 3), 2) * 0.95)
    word = leaf_colour(0.3) * 0.85 if free else pal.base(0.85, 0.42)
    if pal.neutral:
        word = INK + 0.05
    veins = np.abs(np.sin((XX + np.abs((YY % 46) - 23) * 1.4) * 2 * np.pi / 26))
    over(picture, word, glyph.mask)
    over(picture, word + 0.14, glyph.mask * step(veins, 0.93, 0.05) * 0.7)
    return picture + grain(rng, 0.012, 2)[..., None]


def mosaic(glyph, pal, rng):
    pitch = 22 if glyph.radius > 11 else 17 if glyph.radius > 7 else 12
    label, distance, chance = cells(rng, pitch, glyph.ink, 0.3)
    dark = rng.random() < 0.5
    grout = np.float32([0.86, 0.82, 0.74]) if not dark else np.float32([0.2, 0.19, 0.19])
    v = 0.5 if dark else 0.9
    ground = np.stack([pal.base(0.55 if not dark else 0.75, v, -pal.spread), pal.base(0.5 if not dark else 0.8, v * 0.86), pal.base(0.42, min(1, v * 1.12), pal.spread)])
    middle = ground.mean(0)
    word = readable(middle, [pal.accent(0.75, 0.95) if dark else pal.accent(0.9, 0.5), CREAM, pal.base(0.9, 0.25)], 0.38)
    # Rows of one colour ring the middle, as mosaicists lay them.
    ring = (np.hypot(XX - 256, YY - 256) / 62 + noise(rng, 3) * 1.2).astype(int) % 3
    smooth = np.where(chance < 0.85, ring, (chance * 97).astype(int) % 3)
    picture = ground[smooth]
    tone = 0.86 + 0.28 * ((chance * 31) % 1)
    picture = np.where(glyph.ink[..., None], word, picture) * tone[..., None]
    lit = step(distance, 1.5, 0.6)
    picture = picture.astype(np.float32) * (0.92 + 0.08 * step(distance, 4, 2))[..., None]
    over(picture, grout, 1 - lit)
    return picture
