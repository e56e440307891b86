"""Colours: which hue rules a picture, and which ones answer it."""
import json
import pathlib

import numpy as np

from .tools import hsv, luminance

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


def style_hues(style):
    """The hues of a style's palette hints, greys left out."""
    hints = json.loads((STYLES / f'{style}.json').read_text())['palette']
    hues = []
    for hint in hints:
        r, g, b = (int(hint[i : i + 2], 16) / 255 for i in (1, 3, 5))
        top, low = max(r, g, b), min(r, g, b)
        if top - low < 0.15:
            continue
        chroma = top - low
        hue = ((g - b) / chroma) % 6 if top == r else (b - r) / chroma + 2 if top == g else (r - g) / chroma + 4
        hues.append(hue * 60)
    return hues or [40.0]


class Palette:
    """`base` rules the picture (the prompt's colour word, or a hue that the style likes); `accent` answers it."""

    def __init__(self, style, rng, colours=()):
        hues = style_hues(style)
        self.neutral = bool(colours) and colours[0] in ('black', 'white', 'gray')
        if colours:
            hue, self.s, self.v, self.lift = COLOURS[colours[0]]
            self.hue = hue + rng.uniform(-7, 7)
        else:
            free = rng.random() < 0.35
            self.hue = rng.uniform(0, 360) if free else hues[rng.integers(len(hues))] + rng.uniform(-12, 12)
            self.s, self.v, self.lift = 1.0, 1.0, 0.0
        if len(colours) > 1:
            hue, self.s2, self.v2, self.lift2 = COLOURS[colours[1]]
            self.hue2 = hue + rng.uniform(-7, 7)
        else:
            # Far enough round the wheel to be told apart, never the same distance.
            self.hue2 = self.hue + rng.choice([150, 180, 210]) + rng.uniform(-15, 15)
            if colours and not self.neutral and rng.random() < 0.5:
                self.hue2 = self.hue + rng.choice([-38, 38])
            self.s2, self.v2, self.lift2 = 1.0, 1.0, 0.0
        # With a colour word the side colours stay near it, so that the word is seen to work.
        self.spread = 14 if colours else 38

    def base(self, saturation, value, turn=0.0):
        return hsv(self.hue + turn, saturation * self.s, min(1, value * self.v + self.lift))

    def accent(self, saturation, value, turn=0.0):
        return hsv(self.hue2 + turn, saturation * self.s2, min(1, value * self.v2 + self.lift2))

    def near(self, rng, saturation, value):
        """Beside the base hue on the wheel."""
        return self.base(saturation, value, rng.uniform(-self.spread, self.spread))


def readable(ground, candidates, gap=0.32):
    """The first candidate whose luminance is `gap` away from the ground's, or the farthest."""
    light = float(luminance(ground))
    for colour in candidates:
        if abs(float(luminance(colour)) - light) >= gap:
            return np.asarray(colour, np.float32)
    return np.asarray(max(candidates, key=lambda colour: abs(float(luminance(colour)) - light)), np.float32)


WHITE = np.float32([0.99, 0.99, 0.98])
CREAM = np.float32([0.98, 0.95, 0.86])
INK = np.float32([0.06, 0.06, 0.08])
