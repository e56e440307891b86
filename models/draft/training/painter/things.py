"""Things among or instead of letters: the shapes of motifs, filled and in colours of their own, as a picture shows a thing."""
import cv2
import numpy as np

from .palette import CREAM, INK
from .tools import SIDE, XX, YY, blur, over, step

# Styles that draw a thing with one material: its tones vary, its hue does not.
ONE_HUE = {'ink-wash': INK, 'gold-foil': np.float32([0.9, 0.74, 0.36])}
# Styles whose lines are light, on whatever they lie.
LIGHT_LINES = {'chalk', 'neon', 'gold-foil', 'paper-cut'}
# What is a tube, a chalk line or a brushed stroke in these styles stays one: nothing is filled.
LINES_ONLY = {'neon'}


def filled(things):
    """The ink of things (uint8) and whatever it encloses: uint8."""
    outlines, _ = cv2.findContours((things > 127).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole = np.zeros_like(things)
    cv2.drawContours(whole, outlines, -1, 255, -1)
    return np.maximum(whole, things)


def as_things(picture, things, whole, pal, style, rng):
    """
    picture: painted with the whole shapes as ink. Each enclosed part gets a colour of its own and keeps the texture that it was
    painted with; the lines of the motif are drawn over it. things, whole: uint8 (512, 512). → picture
    """
    body = cv2.erode((whole > 127).astype(np.uint8), np.ones((3, 3)))
    lines = things.astype(np.float32) / 255
    tones = colours_of(pal, style, rng)
    count, part = cv2.connectedComponents(cv2.erode(body, np.ones((2, 2))) * (things < 128).astype(np.uint8), connectivity=4)
    own = picture[body > 0]
    if not len(own) or style in LINES_ONLY:
        return picture
    texture = picture - np.median(own, 0)
    # Whatever is no enclosed part, such as a shape without a hole, is painted in the first tone.
    target = np.broadcast_to(tones[0], picture.shape).copy()
    for number in range(1, count):
        where = part == number
        if where.sum() > 60:
            target[where] = tones[int(rng.integers(len(tones)))]
    is_outline = np.count_nonzero((things > 127) & (body > 0)) < 0.62 * np.count_nonzero(body)
    light = 1.06 - 0.2 * ((XX + YY) / (2 * SIDE))
    painted = np.clip(target * light[..., None] + texture * 0.85, 0, 1).astype(np.float32)
    cover = step(blur(body.astype(np.float32), 1.0), 0.5, 0.3)
    over(picture, painted, cover)
    if is_outline:
        over(picture, CREAM if style in LIGHT_LINES else INK * 0.5 + pal.base(0.7, 0.2) * 0.5, lines * 0.88)
    return picture


def colours_of(pal, style, rng):
    """Three tones that belong to the palette, each in turn the first."""
    if style in ONE_HUE:
        own = ONE_HUE[style]
        return [own * a + np.float32([0.93, 0.91, 0.87]) * (1 - a) for a in ((0.3, 0.5, 0.16) if style == 'ink-wash' else (1.0, 0.8, 0.9))]
    # A silhouette in the word's own light or dark is still seen on the ground.
    tones = [pal.second(0.75, 0.72), pal.accent(0.7, 0.82), pal.near(rng, 0.75, 0.62)]
    return [tones[i] for i in rng.permutation(3)]
