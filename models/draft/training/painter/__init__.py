"""Paints a written word in one of the studio's styles."""
import numpy as np

from . import board, brushed, crafted, deco, impasto, luminous, modelled, plants, printed, tesserae, woodcut
from .colour import contrast, relative_luminance
from .glyph import Glyph
from .palette import COLOURS, Palette
from .things import LINES_ONLY, as_things, filled

PAINTERS = {
    'comic': printed.comic,
    'watercolor': brushed.watercolor,
    'ink-wash': brushed.ink_wash,
    'woodblock': woodcut.woodblock,
    'oil': impasto.oil,
    'neon': luminous.neon,
    'paper-cut': crafted.paper_cut,
    'stained-glass': luminous.stained_glass,
    'embroidery': crafted.embroidery,
    'clay': modelled.clay,
    'gold-foil': luminous.gold_foil,
    'chalk': board.chalk,
    'graffiti': printed.graffiti,
    'art-deco': deco.art_deco,
    'botanical': plants.botanical,
    'mosaic': tesserae.mosaic,
    'pixel-art': printed.pixel_art,
}
STYLES = list(PAINTERS)
# Contrast of the word with the ground near it, at the least: what WCAG 2.2 asks of large letters.
FLOOR = 3.0


def paint(coverage, style, seed, colours=(), things=None):
    """
    coverage: uint8 (512, 512), 255 = ink; colours: up to two of COLOURS, the first rules; things: the ink that is a motif's and
    not a letter's, as coverage. → uint8 (512, 512, 3), RGB. The same arguments give the same picture.
    """
    rng = np.random.default_rng([seed, STYLES.index(style)])
    pal = Palette(style, rng, colours)
    if things is None:
        glyph = letters = Glyph(coverage)
        picture = PAINTERS[style](glyph, pal, rng)
    else:
        letters = Glyph(np.where(things > 0, 0, coverage))
        whole = things if style in LINES_ONLY else filled(things)
        picture = PAINTERS[style](Glyph(np.maximum(coverage, whole)), pal, rng)
        picture = as_things(picture, things, whole, pal, style, rng)
    return (np.clip(keep_apart(picture, letters), 0, 1) * 255 + 0.5).astype(np.uint8)


def measured_contrast(picture, glyph):
    """→ (relative luminance of the word, of the ground beside it): medians. None where there is no word, or no ground."""
    near = (glyph.outside > glyph.line + 3) & (glyph.outside < glyph.line + 30)
    if not near.any() or not glyph.ink.any():
        return None
    light = lambda where: float(np.median(relative_luminance(np.clip(picture[where], 0, 1))))
    return light(glyph.ink), light(near)


def keep_apart(picture, glyph):
    """Mixes white or black into the ink where it would drown in the ground around it."""
    measured = measured_contrast(picture, glyph)
    if measured is None or contrast(*measured) >= FLOOR:
        return picture
    inside, ground = measured
    # White is far enough from this ground; black from every lighter one.
    can_lighten = contrast(0.95, ground) >= FLOOR + 0.3
    pole = 1.0 if can_lighten and (inside >= ground or contrast(ground, 0.0) < FLOOR + 0.3) else 0.0
    for share in np.linspace(0.1, 0.9, 9):
        mixed = picture + (pole - picture) * (share * glyph.mask)[..., None]
        if contrast(*measured_contrast(mixed, glyph)) >= FLOOR:
            return mixed
    return mixed
