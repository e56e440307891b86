"""OKLCH and sRGB. Source: B. Ottosson, "A perceptual color space for image processing", 2020 (bottosson.github.io/posts/oklab)."""
import numpy as np

LMS_FROM_LAB = np.array([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.2914855480]])
RGB_FROM_LMS = np.array(
    [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.7076147010]]
)


def linear(rgb):
    """sRGB 0..1 → linear light."""
    rgb = np.asarray(rgb)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0) + 0.055) / 1.055) ** 2.4)


def encoded(light):
    """Linear light → sRGB."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)


def light_of(lightness, chroma, hue):
    """Linear RGB, perhaps outside 0..1; hue in degrees."""
    lab = np.array([lightness, chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))])
    return RGB_FROM_LMS @ (LMS_FROM_LAB @ lab) ** 3


def oklch(lightness, chroma, hue):
    """→ sRGB float32 (3,). What no screen shows loses chroma, not lightness nor hue."""
    lightness = float(np.clip(lightness, 0, 1))
    low, high = 0.0, float(chroma)
    inside = lambda c: (lambda light: light.min() >= -1e-4 and light.max() <= 1 + 1e-4)(light_of(lightness, c, hue))
    if not inside(high):
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (middle, high) if inside(middle) else (low, middle)
        high = low
    return np.clip(encoded(light_of(lightness, high, hue)), 0, 1).astype(np.float32)


def lch_of(rgb):
    """sRGB (3,) → (lightness, chroma, hue in degrees)."""
    lms = np.cbrt(np.linalg.solve(RGB_FROM_LMS, linear(np.asarray(rgb, float))))
    lightness, a, b = np.linalg.solve(LMS_FROM_LAB, lms)
    return float(lightness), float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)) % 360)


def contrast(a, b):
    """Of two relative luminances, 1..21. Source: WCAG 2.2, "contrast ratio"."""
    high, low = max(a, b), min(a, b)
    return (high + 0.05) / (low + 0.05)


def relative_luminance(rgb):
    """sRGB (…, 3) → (…). Source: WCAG 2.2, "relative luminance"."""
    return linear(rgb) @ np.array([0.2126, 0.7152, 0.0722])
