"""Paints a written word in one of the studio's styles."""
import numpy as np

from . import brushed, crafted, luminous, printed
from .palette import COLOURS, Palette
from .tools import Glyph, luminance

PAINTERS = {
    'comic': printed.comic,
    'watercolor': brushed.watercolor,
    'ink-wash': brushed.ink_wash,
    'woodblock': printed.woodblock,
    'oil': brushed.oil,
    'neon': luminous.neon,
    'paper-cut': crafted.paper_cut,
    'stained-glass': luminous.stained_glass,
    'embroidery': crafted.embroidery,
    'clay': crafted.clay,
    'gold-foil': luminous.gold_foil,
    'chalk': brushed.chalk,
    'graffiti': printed.graffiti,
    'art-deco': printed.art_deco,
    'botanical': crafted.botanical,
    'mosaic': crafted.mosaic,
    'pixel-art': printed.pixel_art,
}
STYLES = list(PAINTERS)
# Word and ground near it differ by at least this much luminance.
GAP = 0.2


def paint(coverage, style, seed, colours=()):
    """
    coverage: uint8 (512, 512), 255 = ink; colours: up to two of COLOURS, the first rules.
    → uint8 (512, 512, 3), RGB. The same arguments give the same picture.
    """
    rng = np.random.default_rng([seed, STYLES.index(style)])
    glyph = Glyph(coverage)
    picture = PAINTERS[style](glyph, Palette(style, rng, colours), rng)
    return (np.clip(keep_apart(picture, glyph), 0, 1) * 255 + 0.5).astype(np.uint8)


def keep_apart(picture, glyph):
    """Pushes the ink towards white or black where it would drown in the ground around it."""
    light = luminance(np.clip(picture, 0, 1))
    near = (glyph.outside > glyph.line + 3) & (glyph.outside < glyph.line + 30)
    core = glyph.ink
    if not near.any() or not core.any():
        return picture
    inside, ground = float(np.median(light[core])), float(np.median(light[near]))
    if abs(inside - ground) >= GAP:
        return picture
    target = ground + GAP if (inside >= ground) == (ground < 0.78) and ground < 0.78 else ground - GAP
    return picture + ((target - inside) * glyph.mask)[..., None]
