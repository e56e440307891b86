"""Art deco: one axis of symmetry, a sunburst, stepped frames, gold lines on a deep ground."""
import numpy as np

from .palette import CREAM, readable
from .tools import SIDE, XX, YY, blur, flat, noise, over, step

MIDDLE = (SIDE - 1) / 2
FOLD = np.abs(XX - MIDDLE)  # the distance from the axis: what depends on it alone is symmetric


def line(distance, width):
    """1 on a line of this width, soft by a pixel."""
    return 1 - step(np.abs(distance), width / 2, 0.8)


def art_deco(glyph, pal, rng):
    ground = pal.base(0.7, rng.uniform(0.16, 0.26))
    if pal.lift > 0.5:
        ground = np.float32([0.93, 0.9, 0.84])
    light_ground = float(ground.mean()) > 0.6
    metal = np.float32([0.55, 0.38, 0.1]) if light_ground else np.float32([0.87, 0.7, 0.36])
    gold = metal * (0.86 + 0.3 * step(np.sin((XX + 2 * YY) / 90 + noise(rng, 3)), 0, 1))[..., None]
    second = pal.second(0.6, 0.38) if not light_ground else pal.base(0.5, 0.8)
    picture = flat(ground)
    [fan, arches, columns][rng.integers(3)](picture, gold, second, rng)
    # A plaque of the ground's own colour keeps the word clear of the ornament.
    plate = blur(glyph.grown(22, 4), 7)
    over(picture, ground, np.clip(plate * 1.25, 0, 1) * 0.96)
    frame(picture, ground, gold, second, rng)
    width = max(2.6, glyph.line * 0.6)
    over(picture, ground * 0.45, np.roll(glyph.grown(width + 3), (4, 3), (0, 1)) * 0.8)
    over(picture, gold, glyph.grown(width + 3))
    over(picture, ground * 0.8, glyph.grown(2.2))
    top = readable(ground, [CREAM, metal, ground * 0.3], 5.0)
    fade = (0.55 * YY / SIDE)[..., None]
    over(picture, top * (1 - fade) + metal * fade, glyph.mask)
    if glyph.radius > 11:
        # An inlaid line runs along the middle of broad strokes.
        over(picture, ground, line(glyph.sdf - glyph.radius * 0.62, 3.2) * 0.85)
    return picture


def fan(picture, gold, second, rng):
    """A sunburst that rises from below, between two rings."""
    centre = SIDE + rng.uniform(-30, 60)
    angle = np.arctan2(FOLD, centre - YY) / np.pi * rng.choice([18, 24, 30])
    radius = np.hypot(FOLD, centre - YY)
    ray = step(np.abs(angle % 1 - 0.5) - 0.25, 0, 0.9 / (radius / 40 + 1))
    over(picture, second, ray * step(radius, 150, 1))
    edge = np.abs((angle * 2 + 0.5) % 1 - 0.5) * radius * np.pi / 40
    over(picture, gold, (1 - step(edge, 1.6, 0.8)) * step(radius, 150, 1) * 0.8)
    for r, width in ((150, 7), (136, 3), (120, 3)):
        over(picture, gold, line(radius - r, width))
    over(picture, gold, 1 - step(radius, 96, 1))


def arches(picture, gold, second, rng):
    """Rows of fans, one scale above the other."""
    pitch = float(rng.choice([112, 136]))
    best = np.full((SIDE, SIDE), 9.0, np.float32)
    for row in range(-1, int(SIDE / pitch * 2) + 3):
        y = row * pitch / 2
        x = (FOLD + (row % 2) * pitch / 2 + pitch / 2) % pitch - pitch / 2
        d = np.hypot(x, YY - y) / (pitch / 2)
        # The lower scale lies over the upper one.
        best = np.where((d < 1) & (YY <= y + 1), d, best)
    inside = best <= 1
    over(picture, second, (step(best, 0.34, 0.02) * (1 - step(best, 0.66, 0.02))) * inside)
    for r, width in ((0.97, 3.6), (0.66, 2.8), (0.34, 2.8)):
        over(picture, gold, line((best - r) * pitch / 2, width) * inside * 0.85)


def columns(picture, gold, second, rng):
    """Steps that climb towards the axis, as a tower's."""
    steps, width = 6, float(rng.choice([34, 42]))
    index = np.floor(FOLD / width)
    top = 60 + index * rng.choice([44, 58])
    tower = step(YY - top, 0, 0.8) * (index < steps)
    over(picture, second, tower * (0.45 + 0.55 * (index % 2)))
    over(picture, gold, line(YY - top, 4) * (index < steps) * 0.9)
    side = np.minimum(FOLD % width, width - FOLD % width)
    over(picture, gold, line(side, 2.8) * step(YY - top, 0, 0.8) * (index <= steps) * 0.7)


def frame(picture, ground, gold, second, rng):
    """Two gold lines round the picture, and a quarter of a fan in each corner."""
    edge_x, edge_y = MIDDLE - FOLD, MIDDLE - np.abs(YY - MIDDLE)
    over(picture, ground, 1 - step(np.minimum(edge_x, edge_y), 26, 0.8))
    notch = rng.uniform(40, 60)
    for inset, width in ((12, 5), (24, 2.8)):
        corner = np.maximum(edge_x, edge_y) < notch
        over(picture, gold, line(np.minimum(edge_x, edge_y) - inset, width) * ~corner)
    radius = np.hypot(edge_x - 8, edge_y - 8)
    near = radius < notch
    over(picture, second, near * 1.0)
    for r in (notch, notch * 0.66, notch * 0.33):
        over(picture, gold, line(radius - r, 3) * (edge_x > 8) * (edge_y > 8))
