"""Pigment and powder: watercolor, ink wash, oil, chalk."""
import cv2
import numpy as np

from .palette import CREAM, INK, WHITE, readable
from .tools import SIDE, XX, YY, blur, flat, grain, noise, over, step, warp


def paper_tooth(rng, strength=0.03):
    return grain(rng, strength, 2) + grain(rng, strength * 0.8, 4)


def watercolor(glyph, pal, rng):
    paper = np.float32([0.97, 0.955, 0.925])
    picture = flat(paper)
    # Washes: each pools at its edge, and they multiply like glazes.
    for _ in range(rng.integers(2, 4)):
        field = noise(rng, rng.integers(2, 4), 3) - rng.uniform(0.5, 0.6)
        body = step(field, 0, 0.03)
        rim = np.exp(-((field / 0.02) ** 2)) * body
        strength = body * (0.3 + 0.45 * noise(rng, 6, 2)) + rim * 0.3
        hue = pal.near(rng, 0.42, 0.97) if rng.random() < 0.75 else pal.accent(0.3, 0.98)
        picture *= 1 - strength[..., None] * (1 - hue)
    # The word in strong pigment, its edge feathered by water.
    sdf = warp(glyph.sdf, rng, min(4.0, glyph.radius * 0.25), 22)
    body = step(sdf, 0, 1.6)
    deep = pal.base(0.95, 0.62) if not (pal.neutral and pal.lift) else pal.accent(0.5, 0.5)
    other = pal.base(0.92, 0.58, rng.choice([-34, 34])) if rng.random() < 0.75 or pal.spread == 14 else pal.accent(0.85, 0.55)
    flow = step(noise(rng, 3, 2), 0.5, 0.16)[..., None]
    pigment = deep * (1 - flow) + other * flow
    load = body * (0.8 + 0.28 * (noise(rng, 10, 3) - 0.5) * 2)
    pooled = np.exp(-(((sdf - 2.2) / 2.4) ** 2)) * 0.22
    halo = blur(body, 9) * (noise(rng, 6, 2) ** 2) * 0.42
    light = 1 - np.clip(load + pooled * body, 0, 1.1)[..., None] * (1 - pigment)
    picture *= 1 - halo[..., None] * (1 - (pigment * 0.4 + 0.6))
    # Glazes below shine through a little; too much of them would make mud.
    below = picture * 0.35 + paper * 0.65
    picture = picture * (1 - body[..., None]) + below * light * body[..., None]
    spots = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(rng.integers(8, 22)):
        x, y, r = rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.uniform(1.5, 7)
        cv2.circle(spots, (int(x * 8), int(y * 8)), int(r * 8), 1.0, -1, cv2.LINE_AA, 3)
    picture *= 1 - (spots * 0.4)[..., None] * (1 - deep)
    return picture + paper_tooth(rng, 0.013)[..., None]


def ridge(rng, height, rough):
    x = np.arange(SIDE)
    curve = sum(
        rough / k * np.sin(x / SIDE * 2 * np.pi * k * rng.uniform(0.5, 1.1) + rng.uniform(0, 6.3)) for k in (1, 2, 3, 5, 8)
    )
    return (height + curve)[None, :]


def ink_wash(glyph, pal, rng):
    paper = np.float32([0.955, 0.94, 0.9])
    tinted = pal.base(0.75, 0.3) if (pal.s < 1 or pal.spread == 14) and not pal.neutral else None
    ink = INK * 0.9 if tinted is None else tinted
    wash = ink * 0.75 + 0.1
    picture = flat(paper) + ((noise(rng, 5, 3) - 0.5) * 0.035)[..., None]
    # Mountains, the farther the paler, each fading into mist below.
    for depth, height in enumerate(sorted(rng.uniform(180, 440, rng.integers(2, 4)))):
        top = ridge(rng, height, 46)
        fade = np.exp(-np.clip(YY - top, 0, None) / rng.uniform(45, 90))
        hill = step(YY - top + (noise(rng, 22) - 0.5) * 9, 0, 3) * fade * (0.16 + 0.1 * depth)
        over(picture, wash, hill * (0.75 + 0.5 * noise(rng, 8, 2)))
    if rng.random() < 0.5:
        x, y, r = rng.uniform(80, 430), rng.uniform(60, 140), rng.uniform(26, 46)
        disc = step(r - np.hypot(XX - x, YY - y), 0, 1.5)
        over(picture, np.float32([0.78, 0.25, 0.2]) if tinted is None else pal.base(0.7, 0.8), disc * 0.75)
    sdf = warp(glyph.sdf, rng, min(3.0, glyph.radius * 0.22), 24)
    body = step(sdf, 0, 1.3)
    angle = rng.uniform(-0.5, 0.5)
    along = (XX * np.sin(angle) + YY * np.cos(angle)) * 0.62 + noise(rng, 7) * 7
    dry = step(np.sin(along) * 0.5 + 0.5 * noise(rng, 30), 0.42, 0.25) * step(noise(rng, 4, 2), 0.6, 0.1)
    over(picture, wash, blur(body, 7) * noise(rng, 9, 2) * 0.5)
    over(picture, ink, body * (0.9 + 0.1 * noise(rng, 12)) * (1 - 0.55 * dry))
    for _ in range(rng.integers(4, 14)):
        centre = tuple(int(v) for v in rng.uniform(0, SIDE * 8, 2))
        cv2.circle(picture, centre, int(rng.uniform(1, 3.5) * 8), tuple(map(float, wash)), -1, cv2.LINE_AA, 3)
    seal(picture, rng)
    return picture + paper_tooth(rng, 0.011)[..., None]


def seal(picture, rng):
    """A red square stamp in a lower corner."""
    side = int(rng.uniform(34, 46))
    x = int(rng.choice([24, SIDE - 24 - side]))
    y = SIDE - 24 - side
    red = np.float32([0.72, 0.16, 0.13])
    picture[y : y + side, x : x + side] = red
    for k in range(3):
        a = y + 6 + k * (side - 8) // 3
        picture[a : a + 4, x + 6 : x + side - 6] = CREAM
    picture[y + 6 : y + side - 6, x + side // 2 - 2 : x + side // 2 + 2] = CREAM


def oil(glyph, pal, rng):
    ground = pal.base(0.7, rng.uniform(0.35, 0.75))
    paint = readable(ground, [pal.accent(0.6, 0.98), CREAM, pal.accent(0.85, 0.25)], 0.36)
    base = flat(ground)
    over(base, pal.near(rng, 0.6, 0.95), step(noise(rng, 3, 2), 0.55, 0.12) * 0.55)
    over(base, pal.near(rng, 0.85, 0.3), step(noise(rng, 4, 2), 0.58, 0.1) * 0.6)
    light = 0.84 + 0.3 * (1 - YY / SIDE) * 0.8 + 0.1 * (noise(rng, 5) - 0.5)
    # Ground near the word keeps its distance in lightness.
    over(base, ground, blur(glyph.grown(10, 4), 8) * 0.85)
    word = np.clip(paint * light[..., None], 0, 1)
    field = (noise(rng, 3) - 0.5) * 7
    picture, height = base.copy(), np.zeros((SIDE, SIDE), np.float32)
    dab(picture, height, base, field, rng, 800, 30, 9)
    canvas = word.copy()
    relief_word = np.zeros((SIDE, SIDE), np.float32)
    gx, gy = cv2.Sobel(glyph.sdf, cv2.CV_32F, 1, 0), cv2.Sobel(glyph.sdf, cv2.CV_32F, 0, 1)
    dab(canvas, relief_word, word, np.arctan2(gx, -gy), rng, 900, 20, max(3, int(glyph.radius * 0.45)), glyph.ink)
    edge = step(warp(glyph.sdf, rng, min(2.5, glyph.radius * 0.2), 50), 0, 1.2)
    over(picture, canvas, edge)
    height = height * (1 - edge) + (relief_word + 0.55) * edge
    gloss = cv2.Sobel(blur(height, 1.0), cv2.CV_32F, 1, 1, ksize=3) + cv2.Sobel(blur(height, 1.2), cv2.CV_32F, 0, 1)
    return picture - np.clip(gloss, -1, 1)[..., None] * 0.09


def dab(picture, height, colours, field, rng, count, length, width, where=None):
    """Short strokes along a field of angles; each takes the colour under its middle."""
    if where is None:
        points = rng.integers(0, SIDE, (count, 2))
    else:
        inside = np.argwhere(where)
        points = inside[rng.integers(0, len(inside), count)][:, ::-1]
    jitter = rng.normal(0, 0.045, count)
    levels = rng.random(count)
    for (x, y), shade, level in zip(points, jitter, levels):
        angle = field[y, x]
        dx, dy = np.cos(angle) * length / 2, np.sin(angle) * length / 2
        a, b = (int(x - dx), int(y - dy)), (int(x + dx), int(y + dy))
        cv2.line(picture, a, b, tuple(map(float, np.clip(colours[y, x] + shade, 0, 1))), width, cv2.LINE_AA)
        cv2.line(height, a, b, float(level), width, cv2.LINE_AA)


def chalk(glyph, pal, rng):
    free = pal.spread != 14
    board = [np.float32([0.14, 0.2, 0.17]), np.float32([0.16, 0.17, 0.19])][rng.integers(2)]
    if not free:
        board = board * 0.55 + pal.base(0.65, 0.3) * 0.45
    if pal.lift > 0.5:
        board = np.float32([0.2, 0.22, 0.22])
    picture = flat(board) + ((noise(rng, 3, 4) - 0.45) * 0.16)[..., None]
    smear = noise(rng, 4, 2)
    over(picture, WHITE, step(smear, 0.62, 0.12) * 0.1)
    tooth = grain(rng, 0.5, 2) + grain(rng, 0.35, 4)
    pastel = [pal.near(rng, 0.35, 1.0), pal.accent(0.3, 1.0), np.float32([0.93, 0.92, 0.88])]
    lines = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(rng.integers(7, 13)):
        doodle(lines, rng)
    away = 1 - glyph.grown(9, 2)
    over(picture, pastel[rng.integers(3)], lines * away * step(tooth, -0.35, 0.35) * 0.75)
    colour = pal.base(0.42, 1.0) if not free else readable(board, [pastel[rng.integers(3)]], 0.4)
    if pal.neutral:
        colour = np.float32([0.94, 0.93, 0.9])
    angle = rng.choice([0.75, -0.75])
    hatch = np.sin((XX * np.cos(angle) + YY * np.sin(angle)) * 2 * np.pi / 11 + noise(rng, 16) * 3)
    soft = step(glyph.sdf + tooth * 1.2, 0, 1.2)
    rim = soft * (1 - step(glyph.sdf, max(3.5, glyph.line * 0.9), 1.2))
    fill = soft * (0.66 + 0.2 * hatch) * step(tooth, -0.9, 0.6)
    over(picture, colour, blur(glyph.mask, 6) * 0.13)
    over(picture, colour, np.clip(np.maximum(fill, rim * 0.95), 0, 1))
    return picture + grain(rng, 0.012, 2)[..., None]


def doodle(lines, rng):
    """A star, spiral, circle, wave or cross in one chalk line."""
    x, y, r = rng.uniform(20, 492), rng.uniform(20, 492), rng.uniform(14, 40)
    kind = rng.integers(5)
    t = np.linspace(0, 2 * np.pi, 50)
    if kind == 0:
        t = np.arange(6) * 4 * np.pi / 5
        points = [x + r * np.sin(t), y - r * np.cos(t)]
    elif kind == 1:
        points = [x + r * t / 6.3 * np.cos(2 * t), y + r * t / 6.3 * np.sin(2 * t)]
    elif kind == 2:
        points = [x + r * np.cos(t), y + r * np.sin(t)]
    elif kind == 3:
        points = [x - 1.6 * r + t * r * 0.5, y + 9 * np.sin(3 * t)]
    else:
        points = [np.array([x - r, x + r]), np.array([y - r * 0.4, y + r * 0.4])]
    points = np.round(np.stack(points, 1) * 8).astype(np.int32)
    cv2.polylines(lines, [points], False, 1.0, 3, cv2.LINE_AA, 3)
