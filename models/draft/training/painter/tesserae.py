"""Mosaic: rows of stones that follow the contours, and never one that lies across a letter's edge."""
import cv2
import numpy as np

from .palette import CREAM, WHITE, readable
from .tools import SIDE, XX, YY, blur, noise, over, step

GROUT = 1.7


def mosaic(glyph, pal, rng):
    pitch = float(np.clip(glyph.radius * 1.15, 15, 22))
    border = np.minimum(np.minimum(XX, YY), np.minimum(SIDE - 1 - XX, SIDE - 1 - YY))
    band = 2.0 * pitch
    frame = border < band
    # Rows of the ground run round the word and along the frame, whichever is nearer.
    ground_height = blur(np.where(frame, band - border, np.minimum(glyph.outside, border - band)).astype(np.float32), 1.0)
    label, distance = lay(glyph, ground_height, frame, pitch, rng)
    chance = rng.random(int(label.max()) + 1, np.float32)[label]

    dark = rng.random() < 0.5
    grout = np.float32([0.2, 0.19, 0.19]) if dark else np.float32([0.8, 0.76, 0.68])
    tones = [pal.base(0.6, v) for v in ((0.34, 0.42, 0.5) if dark else (0.82, 0.9, 0.97))]
    field, beside = np.mean(tones, 0), pal.base(0.4, 0.28) if dark else CREAM
    word = readable(beside, [pal.accent(0.66, 0.98), CREAM, pal.accent(0.95, 0.42), pal.base(0.95, 0.2)], 4.0)
    row = np.floor(glyph.outside / pitch)
    picture = np.stack(tones)[(chance * 2.999).astype(int)]
    # One row in the quiet colour rings the word, then a wave of the second colour.
    wave = (row.astype(int) + (noise(rng, 3) * 4).astype(int)) % 5 == 3
    picture[wave] = pal.base(0.75, 0.56 if dark else 0.72, pal.spread)
    picture[row < 1] = beside
    picture[frame] = np.where((border < pitch)[frame][..., None], pal.second(0.8, 0.5), readable(field, [CREAM, pal.second(0.9, 0.3)]))
    picture = np.where(glyph.ink[..., None], np.where(chance[..., None] < 0.8, word, word * 0.82 + 0.1), picture)
    # Each stone is cut and set by hand: its tone, and how it catches the light.
    tone = 0.88 + 0.2 * ((chance * 31) % 1)
    tilt = ((chance * 57) % 1 - 0.5) * 0.16
    glint = step(distance, GROUT + 1.5, 1.5) * tilt
    picture = np.clip(picture * (tone + glint)[..., None], 0, 1).astype(np.float32)
    over(picture, WHITE, (step(distance, 5, 2) * ((chance * 13) % 1 > 0.8) * 0.16))
    over(picture, grout, 1 - step(distance, GROUT, 0.7))
    return picture


def lay(glyph, ground_height, frame, pitch, rng):
    """→ (number of the stone, pixels to its border) at every place."""
    zone = np.where(glyph.ink, 0, np.where(frame, 1, 2)).astype(np.uint8)
    seeds = np.full((SIDE, SIDE), 255, np.uint8)
    for number, height in ((0, glyph.inside), (1, ground_height), (2, ground_height)):
        sow(seeds, height.astype(np.float32), zone == number, pitch * (0.92 if number == 0 else 1), rng)
    label = np.zeros((SIDE, SIDE), np.int32)
    for number in range(3):
        own = seeds.copy()
        own[zone != number] = 255
        if own.all():
            continue
        _, nearest = cv2.distanceTransformWithLabels(own, cv2.DIST_L1, 3, labelType=cv2.DIST_LABEL_PIXEL)
        label = np.where(zone == number, nearest * 3 + number, label)
    border = np.zeros((SIDE, SIDE), np.uint8)
    border[:, 1:] |= label[:, 1:] != label[:, :-1]
    border[1:] |= label[1:] != label[:-1]
    return label, cv2.distanceTransform(1 - border, cv2.DIST_L2, 3)


def sow(seeds, height, where, pitch, rng):
    """Marks stones' middles (0) along the contours of a height map, one row at each pitch, evenly spaced."""
    taken = (~where).astype(np.uint8)
    top = float(height[where].max()) if where.any() else 0
    # A stroke is as many rows wide as fit: one that is narrow has a single row in its middle.
    rows = max(1, round(2 * np.percentile(height[where], 97) / pitch)) if top < 40 and where.any() else 0
    gap = 2 * float(np.percentile(height[where], 97)) / rows if rows else pitch
    level = gap / 2
    while level < top + gap:
        mask = ((height >= min(level, top * 0.98)) & where).astype(np.uint8)
        for line in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]:
            place(seeds, taken, line[:, 0], pitch)
        level += gap
    # What no row has reached: thin strokes, corners.
    for y, x in rest(height, where, pitch, rng):
        if not taken[y, x]:
            seeds[y, x] = 0
            cv2.circle(taken, (int(x), int(y)), int(pitch * 0.8), 1, -1)


def place(seeds, taken, points, pitch):
    for x, y in points:
        if taken[y, x]:
            continue
        seeds[y, x] = 0
        cv2.circle(taken, (int(x), int(y)), int(pitch * 0.8), 1, -1)


def rest(height, where, pitch, rng):
    """Ridges of the height map first, then anywhere."""
    ridge = where & (height >= cv2.dilate(height, np.ones((5, 5))) - 0.6)
    points = np.argwhere(ridge)
    anywhere = np.argwhere(where)
    more = anywhere[rng.integers(0, len(anywhere), min(len(anywhere), 2500))] if len(anywhere) else anywhere
    return [*points, *more]
