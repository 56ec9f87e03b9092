"""The ward polygons as lines to draw: the map of a page, without a tile server. Source: data/content/README.md."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import Polygon

WARDS = Path(__file__).parent / "content" / "wards_2025.geojson"
WIDTH = 1000
COARSE = 0.0012
"""Degrees (about 130 m) by which borders may be straightened: not to be seen on a screen, a tenth of the bytes."""


@dataclass(frozen=True)
class WardShape:
    """One ward: its code, its name, `path` for the `d` of an SVG path, a point inside it."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """All wards in a box of WIDTH × height."""

    height: int
    wards: tuple[WardShape, ...]


def drawing(file: Path = WARDS) -> Drawing:
    """The map; read again when the file was replaced."""
    return _drawing(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _drawing(file: Path, changed: int) -> Drawing:
    features = json.loads(file.read_text("utf-8"))["features"]
    shapes = [shape(feature["geometry"]) for feature in features]
    west = min(one.bounds[0] for one in shapes)
    south = min(one.bounds[1] for one in shapes)
    east = max(one.bounds[2] for one in shapes)
    north = max(one.bounds[3] for one in shapes)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def place(x: float, y: float) -> tuple[float, float]:
        return (x - west) * squeeze * scale, (north - y) * scale

    wards = []
    for feature, geometry in zip(features, shapes, strict=True):
        inside = geometry.representative_point()
        x, y = place(inside.x, inside.y)
        told = feature["properties"]
        wards.append(
            WardShape(
                str(told["code"]),
                str(told.get("name", told["code"])),
                _path(geometry, place),
                round(x, 1),
                round(y, 1),
            )
        )
    return Drawing(math.ceil((north - south) * scale), tuple(wards))


def _path(geometry: BaseGeometry, place: object) -> str:
    simple = geometry.simplify(COARSE)
    polygons = [one for one in getattr(simple, "geoms", [simple]) if isinstance(one, Polygon)]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    drawn = []
    for ring in rings:
        points = [place(x, y) for x, y in ring.coords[:-1]]  # type: ignore[operator]
        drawn.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + "Z")
    return "".join(drawn)
