"""The ward polygons as lines to draw: the map of a page, without a tile server. Source: data/content/README.md."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import Polygon

WARDS = Path(__file__).parent / "content" / "wards_2025.geojson"
WIDTH = 1000
COARSE = 0.0012
"""Degrees (about 130 m) by which borders may be straightened: not to be seen on a screen, a tenth of the bytes."""


FINE = 0.0001
"""The same for one ward that fills the screen (about 11 m)."""
MARGIN = 0.04
"""So much of a ward's width is shown of its neighbours on each side."""
M_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class WardShape:
    """One ward: its code, its name, `path` for the `d` of an SVG path, a point inside it.

    own  it is one of those the drawing is about; else a neighbour
    """

    code: str
    name: str
    path: str
    x: float
    y: float
    own: bool = True


@dataclass(frozen=True)
class Frame:
    """How degrees become units of a drawing: WIDTH wide, north above."""

    west: float
    north: float
    squeeze: float
    scale: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - self.west) * self.squeeze * self.scale, (self.north - latitude) * self.scale

    def units(self, metres: float) -> float:
        """How long so many metres are drawn."""
        return metres / M_PER_DEGREE * self.scale


@dataclass(frozen=True)
class Drawing:
    """Wards in a box of WIDTH × height."""

    height: int
    wards: tuple[WardShape, ...]
    frame: Frame


def drawing(file: Path = WARDS) -> Drawing:
    """The map; read again when the file was replaced."""
    return _drawing(file, file.stat().st_mtime_ns)


def closer(codes: Collection[str], file: Path = WARDS) -> Drawing | None:
    """Some wards filling the box, and what can be seen of their neighbours; None: none of them is on the map."""
    return _closer(file, file.stat().st_mtime_ns, frozenset(codes))


@lru_cache(maxsize=2)
def _shapes(file: Path, changed: int) -> list[tuple[str, str, BaseGeometry]]:
    features = json.loads(file.read_text("utf-8"))["features"]
    return [
        (
            str(feature["properties"]["code"]),
            str(feature["properties"].get("name", feature["properties"]["code"])),
            shape(feature["geometry"]),
        )
        for feature in features
    ]


@lru_cache(maxsize=2)
def _drawing(file: Path, changed: int) -> Drawing:
    shapes = _shapes(file, changed)
    return _drawn(shapes, {code for code, _, _ in shapes}, shapes, COARSE, 0.0, "{:.0f}")


@lru_cache(maxsize=64)
def _closer(file: Path, changed: int, codes: frozenset[str]) -> Drawing | None:
    shapes = _shapes(file, changed)
    own = [one for one in shapes if one[0] in codes]
    return _drawn(shapes, codes, own, FINE, MARGIN, "{:.1f}") if own else None


def _drawn(
    shapes: list[tuple[str, str, BaseGeometry]],
    codes: Collection[str],
    fills: list[tuple[str, str, BaseGeometry]],
    straight: float,
    margin: float,
    written: str,
) -> Drawing:
    """`fills` fill the box; what lies outside of it is left out."""
    bounds = [geometry.bounds for _, _, geometry in fills]
    west, south = min(one[0] for one in bounds), min(one[1] for one in bounds)
    east, north = max(one[2] for one in bounds), max(one[3] for one in bounds)
    wide = (east - west) * margin
    west, east, south, north = west - wide, east + wide, south - wide, north + wide
    squeeze = math.cos(math.radians((south + north) / 2))
    frame = Frame(west, north, squeeze, WIDTH / ((east - west) * squeeze))
    around = box(west, south, east, north)
    tall = north - south
    sides = box(
        west - tall, south - wide, east + tall, north + wide
    )  # a tall ward stands in a page that is wide
    wards = []
    for code, name, geometry in shapes:
        if not geometry.intersects(around):
            continue
        inside = geometry.representative_point()
        x, y = frame.place(inside.x, inside.y)
        seen = geometry if code in codes else geometry.intersection(sides)
        path = _path(seen, frame.place, straight, written)
        wards.append(WardShape(code, name, path, round(x, 1), round(y, 1), code in codes))
    return Drawing(math.ceil((north - south) * frame.scale), tuple(wards), frame)


def _path(
    geometry: BaseGeometry,
    place: Callable[[float, float], tuple[float, float]],
    straight: float,
    written: str,
) -> str:
    simple = geometry.simplify(straight)
    polygons = [one for one in getattr(simple, "geoms", [simple]) if isinstance(one, Polygon)]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return "".join(_ring([place(x, y) for x, y in ring.coords[:-1]], written) for ring in rings)


def _ring(points: list[tuple[float, float]], written: str) -> str:
    """From each point to the next as a step, a third shorter than as places: a map is the heaviest part of its page.
    Steps lie between the rounded places, so that nothing adds up."""
    rounded = [(float(written.format(x)), float(written.format(y))) for x, y in points]
    steps = [
        (after[0] - before[0], after[1] - before[1]) for before, after in pairwise(rounded) if after != before
    ]
    if not steps:
        return ""  # smaller than what is drawn
    first = f"{rounded[0][0]:g} {rounded[0][1]:g}"
    return (
        f"M{first}l" + " ".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in steps).replace(" -", "-") + "z"
    )
