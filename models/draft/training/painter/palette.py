"""Colours: which hue rules a picture, and which ones answer it."""
import json
import pathlib

import numpy as np

from .colour import contrast, lch_of, oklch, relative_luminance
from .tools import hsv

STYLES = pathlib.Path(__file__).parents[4] / 'core/prompt/styles'

# Colour word → (hue in degrees, saturation factor, value factor, value offset).
COLOURS = {
    'red': (356, 1.0, 1.0, 0.0),
    'orange': (27, 1.0, 1.0, 0.0),
    'yellow': (52, 1.0, 1.0, 0.0),
    'green': (128, 0.95, 0.9, 0.0),
    'teal': (178, 0.95, 0.9, 0.0),
    'blue': (218, 1.0, 1.0, 0.0),
    'purple': (277, 0.95, 0.95, 0.0),
    'pink': (332, 0.75, 1.0, 0.1),
    'gold': (41, 0.9, 0.92, 0.0),
    'brown': (24, 0.7, 0.6, 0.0),
    'black': (230, 0.12, 0.28, 0.0),
    'white': (210, 0.05, 0.12, 0.88),
    'gray': (215, 0.06, 0.5, 0.15),
}


def hue_of_word(hue):
    """The wheel of colour words (HSV) → the wheel of equal steps (OKLCH), degrees."""
    return lch_of(hsv(hue, 1, 1))[2]


def style_hues(style):
    """The hues of a style's palette hints, greys left out."""
    hints = json.loads((STYLES / f'{style}.json').read_text())['palette']
    colours = [lch_of([int(hint[i : i + 2], 16) / 255 for i in (1, 3, 5)]) for hint in hints]
    return [hue for _, chroma, hue in colours if chroma > 0.05] or [80.0]


# How two more hues answer the ruling one, degrees: harmonic templates of hue. Source: D. Cohen-Or et al., "Color
# harmonization", SIGGRAPH 2006, after Y. Matsuda; their types I (opposite), Y (its two neighbours), L (a right angle), V (beside).
TEMPLATES = [(180, 195), (180, 165), (150, 210), (205, 165), (90, 105), (270, 255), (48, 180), (-48, 180)]
# With a colour word the picture stays near it, or is answered from the other side.
WORD_TEMPLATES = [(180, 195), (150, 210), (40, 180), (-40, 180)]
# The most chroma that a ground has: large areas stay quieter than small ones, or the picture shouts.
LOUDEST, LOUDEST_ACCENT = 0.15, 0.19


class Palette:
    """
    Five hues that belong together: `base` rules the picture (the prompt's colour word, or a hue that the style likes) with one
    on each side of it (`near`), `accent` and `second` answer it.
    """

    def __init__(self, style, rng, colours=()):
        hues = style_hues(style)
        self.neutral = bool(colours) and colours[0] in ('black', 'white', 'gray')
        self.s, self.v, self.lift = (1.0, 1.0, 0.0) if not colours else COLOURS[colours[0]][1:]
        if colours:
            self.hue = hue_of_word(COLOURS[colours[0]][0]) + rng.uniform(-5, 5)
        else:
            self.hue = rng.uniform(0, 360) if rng.random() < 0.25 else hues[rng.integers(len(hues))] + rng.uniform(-10, 10)
        templates = WORD_TEMPLATES if colours else TEMPLATES
        answers = templates[rng.integers(len(templates))]
        self.hue2, self.hue3 = (self.hue + turn + rng.uniform(-8, 8) for turn in answers)
        self.s2, self.v2, self.lift2 = 1.0, 1.0, 0.0
        if len(colours) > 1:
            hue, self.s2, self.v2, self.lift2 = COLOURS[colours[1]]
            self.hue2 = hue_of_word(hue) + rng.uniform(-5, 5)
        # With a colour word the side colours stay near it, so that the word is seen to work.
        self.spread = 14 if colours else 30

    def base(self, saturation, value, turn=0.0):
        """saturation, value: 0..1, as a painter mixes them; turn: degrees off the ruling hue."""
        return mixed(self.hue + turn, saturation * self.s, min(1, value * self.v + self.lift), LOUDEST)

    def accent(self, saturation, value, turn=0.0):
        return mixed(self.hue2 + turn, saturation * self.s2, min(1, value * self.v2 + self.lift2), LOUDEST_ACCENT)

    def second(self, saturation, value):
        return mixed(self.hue3, saturation * self.s2, min(1, value * self.v2 + self.lift2), LOUDEST_ACCENT)

    def near(self, rng, saturation, value):
        """The ruling hue or the one on either side of it."""
        return self.base(saturation, value, float(rng.choice([-1, 0, 1])) * self.spread)


def mixed(hue, saturation, value, loudest):
    """
    Hue in degrees of OKLCH, 0..1, 0..1 → sRGB. A hue has its most colour at a lightness of its own (yellow light, blue dark):
    full colours lean towards it.
    """
    # Dark yellow is olive: it turns to brown instead, as ochre and umber do.
    yellow = np.clip(1 - np.abs((hue - 102 + 180) % 360 - 180) / 24, 0, 1)
    hue = hue - 44 * yellow * np.clip(1.7 - 2 * value, 0, 1)
    lightness = 0.1 + value * (0.87 - 0.2 * saturation)
    cusp = 0.7 + 0.16 * np.cos(np.radians(hue - 110)) - 0.1 * np.cos(np.radians(hue - 265))
    lightness += 0.5 * (cusp - 0.7) * saturation * value
    return oklch(lightness, loudest * saturation * min(1.0, 0.35 + 0.75 * value) * 1.25, hue)


def readable(ground, candidates, ratio=3.3):
    """The first candidate that has this contrast with the ground, or the one with the most."""
    light = float(relative_luminance(ground))
    contrasts = [contrast(float(relative_luminance(colour)), light) for colour in candidates]
    best = next((i for i, value in enumerate(contrasts) if value >= ratio), int(np.argmax(contrasts)))
    return np.asarray(candidates[best], np.float32)


WHITE = np.float32([0.99, 0.99, 0.98])
CREAM = np.float32([0.98, 0.95, 0.86])
INK = np.float32([0.06, 0.06, 0.08])
