"""Oil: thick strokes that follow the things, bristles in them, and the light on their ridges."""
import cv2
import numpy as np

from .flow import lit, streaks, tangent
from .palette import CREAM, readable
from .tools import SIDE, YY, blur, flat, noise, over, step, warp


def oil(glyph, pal, rng):
    dark = rng.random() < 0.65
    ground = pal.base(0.75, rng.uniform(0.3, 0.45)) if dark else pal.base(0.5, rng.uniform(0.8, 0.9))
    base, middle = under_painting(glyph, pal, rng, ground, dark)
    word = readable(middle, [pal.accent(0.5, 1.0), CREAM, pal.accent(0.9, 0.3), pal.base(0.9, 0.2)], 4.0)
    # Strokes of the ground swirl round the word near it, and by themselves far away.
    around = tangent(blur(glyph.sdf, 14), 20)
    own = (noise(rng, 3, 2) - 0.5) * 4 + rng.uniform(0, 3)
    nearness = np.exp(-glyph.outside / 60)
    field = 0.5 * np.arctan2(
        np.sin(2 * around) * nearness + np.sin(2 * own) * (1 - nearness),
        np.cos(2 * around) * nearness + np.cos(2 * own) * (1 - nearness),
    )
    picture, height = base.copy(), np.full((SIDE, SIDE), 0.5, np.float32)
    dab(picture, height, base, field, rng, 420, 76, 20)
    dab(picture, height, base, field, rng, 520, 52, 12)
    bristles = streaks(rng, field, 60, 7)

    along = glyph.along
    light = (1.08 - 0.26 * YY / SIDE + 0.16 * (noise(rng, 4) - 0.5))[..., None]
    letters = flat(word) * light
    over(letters, np.clip(pal.second(0.45, 0.95 if float(word.mean()) > 0.5 else 0.3), 0, 1), step(noise(rng, 4, 2), 0.6, 0.1) * 0.35)
    painted, relief = letters.copy(), np.full((SIDE, SIDE), 0.5, np.float32)
    dab(painted, relief, letters, along, rng, 420, max(26, 3 * glyph.radius), max(6, int(glyph.radius * 0.75)), glyph.ink)
    hairs = streaks(rng, along, 60, 7)
    edge = step(warp(glyph.sdf, rng, min(2.5, glyph.radius * 0.18), 40), 0, 1.2)
    over(picture, picture * 0.55, blur(glyph.grown(2), 4) * 0.6 * (1 - edge))
    over(picture, painted, edge)
    # A loaded brush leaves the most paint beside its edge.
    rim = np.exp(-(((glyph.sdf - 3.5) / 3) ** 2)) * edge
    thick = (height * 1.3 + bristles * 1.5) * (1 - edge) + (relief * 1.1 + hairs * 1.5 + 1.4 + rim * 1.2) * edge
    shade = lit(blur(thick, 1.3), 1.5)[..., None]
    return picture * (1 - 0.2 * shade) + np.clip(-shade - 0.35, 0, 1) * 0.3


def under_painting(glyph, pal, rng, ground, dark):
    """What the strokes take their colours from: → (a picture, the colour near the word)."""
    step_up = 1 if dark else -1
    base = flat(ground) * (1 + step_up * (0.22 - 0.3 * YY / SIDE))[..., None]
    warm = pal.near(rng, 0.8, 0.62 if dark else 0.7)
    cool = pal.second(0.55, 0.5 if dark else 0.8)
    over(base, warm, step(noise(rng, 3, 2), 0.56, 0.14) * 0.75)
    over(base, cool, step(noise(rng, 3, 2), 0.62, 0.12) * 0.6)
    # Near the word the ground keeps its distance in lightness.
    over(base, ground, blur(glyph.grown(14, 4), 10) * 0.8)
    return np.clip(base, 0, 1), ground


def dab(picture, height, colours, field, rng, count, length, width, where=None):
    """Strokes along a field of angles; each takes the colour under its middle, a little lighter or darker."""
    if where is None:
        points = rng.integers(0, SIDE, (count, 2))
    else:
        inside = np.argwhere(where)
        if not len(inside):
            return
        points = inside[rng.integers(0, len(inside), count)][:, ::-1]
    shades, levels = rng.normal(0, 0.05, count), rng.random(count)
    for (x, y), shade, level in zip(points, shades, levels):
        way, at = [], (float(x), float(y))
        heading = field[y, x] + (np.pi if rng.random() < 0.5 else 0)
        # A stroke bends with the field: three pieces.
        for _ in range(4):
            way.append((int(at[0]), int(at[1])))
            at = (at[0] + np.cos(heading) * length / 3, at[1] + np.sin(heading) * length / 3)
            turn = field[int(np.clip(at[1], 0, SIDE - 1)), int(np.clip(at[0], 0, SIDE - 1))] - heading
            heading += (turn + np.pi / 2) % np.pi - np.pi / 2
        colour = tuple(map(float, np.clip(colours[y, x] * (1 + shade * 1.6), 0, 1)))
        line = np.array(way, np.int32)
        cv2.polylines(picture, [line], False, colour, width, cv2.LINE_AA)
        cv2.polylines(height, [line], False, float(level), width, cv2.LINE_AA)
