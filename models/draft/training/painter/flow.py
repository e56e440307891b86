"""Directions: along a stroke, round a thing; what a brush, a plane or the light makes of them."""
import cv2
import numpy as np

from .tools import SIDE, XX, YY, blur


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
