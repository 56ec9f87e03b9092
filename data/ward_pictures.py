"""One ward among its neighbours, as lines for a small drawing on a page. Source: data/content/README.md."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shapely import Point
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import Polygon

from data.ward_shapes import WARDS

SIZE = 320
"""Both sides of the drawing, in units of its own."""
AROUND = 0.22
"""How much of the neighbours is seen, as a part of the ward's longer side."""
FINE = 0.004
"""Borders may be straightened by this part of the drawing: not to be seen, a tenth of the bytes."""


@dataclass(frozen=True)
class WardPicture:
    """`ward` and `neighbours` for the `d` of SVG paths in a box of SIZE × SIZE; `x`, `y` a point inside the ward."""

    ward: str
    neighbours: str
    x: int
    y: int


def picture(code: str, file: Path = WARDS) -> WardPicture | None:
    """The drawing of the ward with this code; None when the map does not have it."""
    shapes = _shapes(file, file.stat().st_mtime_ns)
    return _drawn(shapes, code) if code in shapes else None


@lru_cache(maxsize=1)
def _shapes(file: Path, changed: int) -> dict[str, BaseGeometry]:
    features = json.loads(file.read_text("utf-8"))["features"]
    return {str(one["properties"]["code"]): shape(one["geometry"]) for one in features}


def _drawn(shapes: dict[str, BaseGeometry], code: str) -> WardPicture:
    wanted = shapes[code]
    west, south, east, north = wanted.bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    side = max((east - west) * squeeze, north - south) * (1 + 2 * AROUND)
    middle_x, middle_y, scale = (west + east) / 2, (south + north) / 2, SIZE / side
    half_x, half_y = side / squeeze / 2, side / 2
    frame = box(middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)

    def place(x: float, y: float) -> tuple[float, float]:
        return (x - middle_x) * squeeze * scale + SIZE / 2, (middle_y - y) * scale + SIZE / 2

    def path(geometry: BaseGeometry) -> str:
        simple = geometry.simplify(side * FINE)
        polygons = [one for one in getattr(simple, "geoms", [simple]) if isinstance(one, Polygon)]
        rings = [ring for one in polygons for ring in (one.exterior, *one.interiors)]
        return "".join(
            "M" + "L".join("{:.0f} {:.0f}".format(*place(x, y)) for x, y in ring.coords[:-1]) + "Z"
            for ring in rings
        )

    around = "".join(
        path(one.intersection(frame)) for key, one in shapes.items() if key != code and one.intersects(frame)
    )
    inside: Point = wanted.representative_point()
    x, y = place(inside.x, inside.y)
    return WardPicture(path(wanted), around, round(x), round(y))
