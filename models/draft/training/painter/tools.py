"""What every painter uses. Pictures are float32 (512, 512, 3), 0..1, sRGB; masks and maps are float32 (512, 512)."""
import cv2
import numpy as np

SIDE = 512
YY, XX = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)


def hsv(hue, saturation, value):
    """Degrees, 0..1, 0..1 → RGB."""
    k = (np.array([5, 3, 1], np.float32) + (hue % 360) / 60) % 6
    return (value - value * saturation * np.clip(np.minimum(k, 4 - k), 0, 1)).astype(np.float32)


def luminance(rgb):
    return np.asarray(rgb)[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)


def flat(rgb):
    return np.broadcast_to(np.asarray(rgb, np.float32), (SIDE, SIDE, 3)).copy()


def noise(rng, cells, octaves=1):
    """Smooth noise, about 0..1, `cells` bumps across, each further octave half as large and half as strong."""
    out, weight, total = np.zeros((SIDE, SIDE), np.float32), 1.0, 0.0
    for _ in range(octaves):
        small = rng.random((max(2, int(cells)), max(2, int(cells))), np.float32)
        out += weight * cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        total, cells, weight = total + weight, cells * 2, weight / 2
    return out / total


def grain(rng, strength, size=1):
    """
    Fine texture around 0, about `size` pixels coarse. It is blurred, not enlarged: enlarged noise keeps the lattice it came
    from, and an autoencoder learns to draw that lattice.
    """
    fine = rng.standard_normal((SIDE, SIDE), np.float32)
    if size == 1:
        return fine * strength
    sigma = size / 2
    # White noise under Gauss's blur keeps 1 / (2 sigma sqrt(pi)) of its spread.
    return cv2.GaussianBlur(fine, (0, 0), sigma) * np.float32(strength * 0.65 * 2 * sigma * np.sqrt(np.pi))


def blur(x, sigma):
    """Gaussian blur; wide ones on a smaller picture, which nobody can tell apart."""
    shrink = 1 if sigma < 6 else 2 if sigma < 14 else 4
    if shrink == 1:
        return cv2.GaussianBlur(x, (0, 0), sigma)
    small = cv2.resize(x, (SIDE // shrink, SIDE // shrink), interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / shrink), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def step(x, at=0.0, soft=1.0):
    """0 below `at`, 1 above it, smooth over ± soft."""
    t = np.clip((x - at) / (2 * soft) + 0.5, 0, 1)
    return t * t * (3 - 2 * t)


def over(picture, colour, alpha):
    """Lays a colour (or picture) over a picture in place, alpha (512, 512)."""
    picture += (np.asarray(colour, np.float32) - picture) * alpha[..., None]
    return picture


def shift(x, dx, dy):
    matrix = np.float32([[1, 0, dx], [0, 1, dy]])
    return cv2.warpAffine(x, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_CONSTANT, borderValue=0)


def warp(x, rng, amount, cells):
    """Moves every point by smooth noise, up to `amount` pixels."""
    dx, dy = ((noise(rng, cells) - 0.5) * 2 * amount for _ in range(2))
    return cv2.remap(x, XX + dx, YY + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def halftone(tone, pitch=14, angle=0.6):
    """Round dots whose area follows the tone 0..1: 1 on a dot."""
    u = (XX * np.cos(angle) + YY * np.sin(angle)) / pitch
    v = (YY * np.cos(angle) - XX * np.sin(angle)) / pitch
    distance = np.hypot(u - np.round(u), v - np.round(v)) * pitch
    return step(np.sqrt(np.clip(tone, 0, 1) / np.pi) * pitch, distance, 1.0)


def cells(rng, pitch, split, jitter=0.42):
    """
    Irregular cells about `pitch` pixels wide, cut along the edge of the boolean `split`.
    Returns (cell number, cell is inside split, pixels to the nearest border, a random number 0..1 for each cell).
    """
    count = int(np.ceil(SIDE / pitch)) + 1
    gy, gx = np.mgrid[0:count, 0:count].astype(np.float32)
    px = (gx + 0.5 * (gy % 2) + (rng.random(gx.shape, np.float32) - 0.5) * 2 * jitter) * pitch
    py = (gy + (rng.random(gx.shape, np.float32) - 0.5) * 2 * jitter) * pitch
    seeds = np.full((SIDE, SIDE), 255, np.uint8)
    inside = (px >= 0) & (px < SIDE) & (py >= 0) & (py < SIDE)
    seeds[py[inside].astype(int), px[inside].astype(int)] = 0
    _, label = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    label = label * 2 + split
    border = np.zeros((SIDE, SIDE), np.uint8)
    border[:, 1:] |= label[:, 1:] != label[:, :-1]
    border[1:] |= label[1:] != label[:-1]
    distance = cv2.distanceTransform(1 - border, cv2.DIST_L2, 3)
    return label, distance, rng.random(int(label.max()) + 1, np.float32)[label]


class Glyph:
    """A written word as the painters see it."""

    def __init__(self, coverage):
        """coverage: uint8 (512, 512), 255 = ink."""
        self.mask = coverage.astype(np.float32) / 255
        self.ink = coverage > 127
        ink = self.ink.astype(np.uint8)
        self.inside = cv2.distanceTransform(ink, cv2.DIST_L2, 5)
        self.outside = cv2.distanceTransform(1 - ink, cv2.DIST_L2, 5)
        # Signed distance: positive in the ink, 0 on its edge.
        self.sdf = (self.inside - self.outside + 0.5 - ink).astype(np.float32)
        values = self.inside[self.ink]
        # Half of a usual stroke's width, pixels.
        self.radius = float(np.percentile(values, 90)) if values.size else 4.0
        # How thick an outline it bears without closing its counters.
        self.line = float(np.clip(self.radius * 0.42, 2.0, 8.0))

    def grown(self, pixels, soft=1.0):
        return step(self.sdf, -pixels, soft)

    @property
    def along(self):
        """Angle of the stroke at each place, radians: across the steepest way out, agreed upon over a stroke's width."""
        return tangent(self.sdf, max(2.0, self.radius * 0.5))


def tangent(height, sigma):
    """Angle of the contours of a height map, smoothed as a structure tensor is (J. Bigun and G. Granlund, 1987)."""
    gx, gy = cv2.Sobel(height, cv2.CV_32F, 1, 0), cv2.Sobel(height, cv2.CV_32F, 0, 1)
    xx, yy, xy = (blur(product, sigma) for product in (gx * gx, gy * gy, gx * gy))
    return 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2


def streaks(rng, angle, length=40, width=5):
    """
    Noise smeared along a field of angles: bristles, grain, brushed metal; about 0..1. length, width: pixels. Source: B. Cabral
    and L. Leedom, "Imaging vector fields using line integral convolution", SIGGRAPH 1993; here at half the size.
    """
    half = SIDE // 2
    # An angle is the same half a turn further: what is averaged is twice the angle.
    small = lambda x: cv2.resize(x, (half, half), interpolation=cv2.INTER_AREA)
    angle = 0.5 * np.arctan2(small(np.sin(2 * angle)), small(np.cos(2 * angle)))
    dx, dy = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    fine = cv2.GaussianBlur(rng.standard_normal((half, half), np.float32), (0, 0), width / 4)
    total, steps = fine.copy(), max(2, int(length / 2 / 3))
    for sign in (1.5, -1.5):
        x, y = XX[:half, :half].copy(), YY[:half, :half].copy()
        last_x, last_y = dx, dy
        for _ in range(steps):
            x, y = x + sign * last_x, y + sign * last_y
            now_x = cv2.remap(dx, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
            now_y = cv2.remap(dy, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
            # Where the field turns round, the way goes on.
            same = np.where(now_x * last_x + now_y * last_y < 0, -1, 1).astype(np.float32)
            last_x, last_y = now_x * same, now_y * same
            total += cv2.remap(fine, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    total = (total - total.mean()) / (total.std() + 1e-6)
    return cv2.resize(np.clip(0.5 + total * 0.22, 0, 1), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def lit(height, strength=1.0):
    """How much lighter a relief is where it faces the light at the top left, about -1..1."""
    slope = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) * 0.6 + cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) * 0.8
    return np.tanh(slope * strength * 0.25)
