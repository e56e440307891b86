"""A written word as the painters see it."""
import cv2
import numpy as np

from .flow import tangent
from .tools import step


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
