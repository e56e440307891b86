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
