"""The map of the wards: which unit a shared location lies in.

Source, accuracy and licence of the polygons: data/content/README.md.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from shapely import STRtree
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

BORDER_M = 100.0
"""Nearer than this to a border the map and the phone cannot tell: both units are named."""
OUTSIDE_M = 300.0
"""Further than this from every polygon is outside the province."""
_M_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class WardHit:
    """Codes of the wards here, nearest first: one, two or more near a border, none outside the province."""

    codes: tuple[str, ...]


class WardMap:
    """Finds wards by point. Built once; immutable."""

    def __init__(self, file: Path) -> None:
        features = json.loads(file.read_text("utf-8"))["features"]
        self.codes = [str(feature["properties"]["code"]) for feature in features]
        shapes = [shape(feature["geometry"]) for feature in features]
        middle = sum(s.centroid.y for s in shapes) / len(shapes)
        self._squeeze = math.cos(math.radians(middle))
        self._shapes = [_flat(s, self._squeeze) for s in shapes]
        self._tree = STRtree(self._shapes)

    def at(self, latitude: float, longitude: float) -> WardHit:
        """The wards at this point, WGS 84 degrees. Anything that is no place on earth is outside."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return WardHit(())
        point = Point(longitude * self._squeeze, latitude)
        reach = OUTSIDE_M / _M_PER_DEGREE
        near = [
            (self._shapes[index].distance(point) * _M_PER_DEGREE, self.codes[index])
            for index in self._tree.query(point, predicate="dwithin", distance=reach)
        ]
        near.sort()
        inside = any(distance == 0 for distance, _ in near)
        limit = BORDER_M if inside else OUTSIDE_M
        return WardHit(tuple(code for distance, code in near if distance <= limit))


def _flat(geometry: BaseGeometry, squeeze: float) -> BaseGeometry:
    """Degrees of longitude are shorter than those of latitude here: make both the same length."""
    from shapely import transform

    return transform(geometry, lambda points: points * [squeeze, 1.0])
