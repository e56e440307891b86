"""Clay: soft rounded forms on a seamless ground, thumb marks, light from a large window."""
import cv2
import numpy as np

from .palette import WHITE, readable
from .tools import SIDE, XX, YY, blur, flat, noise, over, shift, step


def clay(glyph, pal, rng):
    ground = pal.base(0.36, 0.95)
    picture = flat(ground) * (1.05 - 0.2 * YY / SIDE)[..., None]
    over(picture, pal.base(0.5, 0.8), step(YY / SIDE, 0.86, 0.3) * 0.5)
    word = readable(ground, [pal.accent(0.8, 0.62), pal.base(0.9, 0.42), pal.accent(0.9, 0.36)], 3.4)
    tones = [pal.second(0.7, 0.8), pal.base(0.75, 0.72), pal.near(rng, 0.7, 0.85)]
    for _ in range(40):
        if thing(picture, glyph, tones[rng.integers(3)], rng) and rng.random() < 0.3:
            break
    radius = max(glyph.radius, 3.5)
    # A shape that fingers have rolled: round across, its corners worn.
    sdf = blur(glyph.sdf, 1.6)
    across = np.clip(sdf / radius, 0, 1)
    height = np.sqrt(np.clip(1 - (1 - across) ** 2, 0, 1)) * radius * 0.95
    thumbs = (blur(noise(rng, 30, 2), 3) - 0.5) * 5 * step(sdf, 3, 4)
    form(picture, blur(height, 2.2) + thumbs, flat(word), step(sdf, 0, 1.3))
    return picture


def form(picture, height, colours, cover):
    """Lays a rounded thing over the picture, with its shadow, lit from the top left."""
    for dx, dy, sigma, strength in ((3, 5, 3, 0.3), (9, 14, 12, 0.34)):
        over(picture, np.float32([0.12, 0.08, 0.1]), shift(blur(cover, sigma), dx, dy) * strength)
    gx, gy = cv2.Sobel(height, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(height, cv2.CV_32F, 0, 1) / 8
    length = np.sqrt(gx * gx + gy * gy + 1)
    # A slope that rises to the right and down faces the window.
    facing = (gx * 0.5 + gy * 0.66 + 0.56) / length
    diffuse = np.clip(facing, 0, 1.3)
    shine = np.clip(facing, 0, 1) ** 14
    shaded = colours * (0.5 + 0.78 * diffuse)[..., None]
    # Light that the ground throws back from below keeps the shadows warm.
    shaded += (np.clip(-gy / length, 0, 1) * 0.08)[..., None] * colours
    over(picture, np.clip(shaded, 0, 1), cover)
    over(picture, WHITE, cover * shine * 0.22)


def thing(picture, glyph, colour, rng):
    """A ball, a drop or a star of clay where the word leaves room. → whether there was room"""
    x, y, r = rng.uniform(24, 488), rng.uniform(24, 488), rng.uniform(15, 32)
    if glyph.outside[int(y), int(x)] < r + 16:
        return False
    angle, d = np.arctan2(YY - y, XX - x), np.hypot(XX - x, YY - y)
    lobes = int(rng.choice([0, 0, 5]))
    outline = r * (1 + 0.2 * np.cos(lobes * angle + rng.uniform(0, 6))) if lobes else r
    inside = np.clip(1 - d / outline, 0, 1).astype(np.float32)
    height = np.sqrt(np.clip(1 - (1 - inside) ** 2, 0, 1)) * r * 0.9
    form(picture, blur(height, 1.6), flat(colour), step(inside * r, 1.4, 0.7))
    return True
