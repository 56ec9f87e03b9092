"""The map as lines: short to send, and still where the wards lie."""

from __future__ import annotations

import json
import re

import pytest
from shapely.geometry import Point, Polygon, shape
from shapely.ops import unary_union

from data.ward_shapes import WARDS, Drawing, closer, drawing


def drawn(path: str) -> object:
    """What a browser draws: a place, then steps."""
    rings = []
    for ring in re.findall(r"M([^z]+)z", path):
        first, steps = ring.split("l")
        x, y = (float(one) for one in first.split())
        points = [(x, y)]
        numbers = [float(one) for one in re.findall(r"-?[0-9.]+", steps)]
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + right, y + down
            points.append((x, y))
        rings.append(Polygon(points).buffer(0))
    return unary_union(rings)


@pytest.mark.parametrize("near", [False, True], ids=["province", "one ward"])
def test_every_ward_is_drawn_as_large_as_it_is_around_its_point(near: bool) -> None:
    found = closer({"07210"}) if near else drawing()
    assert isinstance(found, Drawing)
    true = {
        one["properties"]["code"]: shape(one["geometry"])
        for one in json.loads(WARDS.read_text("utf-8"))["features"]
    }
    frame = found.frame
    for ward in (one for one in found.wards if one.own):
        area = drawn(ward.path)
        expected = true[ward.code].area * frame.squeeze * frame.scale**2
        assert area.area == pytest.approx(expected, rel=0.15), ward.name  # type: ignore[attr-defined]
        assert area.distance(Point(ward.x, ward.y)) < 1, ward.name  # type: ignore[attr-defined]


def test_a_map_is_a_small_part_of_a_page_and_of_neighbours_only_what_is_seen_is_sent() -> None:
    assert sum(len(ward.path) for ward in drawing().wards) < 25_000
    for code in ("07210", "07330", "07444"):
        near = closer({code})
        assert near
        assert sum(len(ward.path) for ward in near.wards) < 25_000, code
