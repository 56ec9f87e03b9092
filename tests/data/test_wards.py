"""A shared location leads to today's ward: alone inside, with its neighbour near a border, to none outside.

centroids_2025.csv: a point surely inside each polygon, computed from wards_2025.geojson (data/content/README.md).
"""

from __future__ import annotations

import csv
import json
import math
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from data.wards import BORDER_M, OUTSIDE_M, WardMap
from tests.domain.catalogue import CONTENT

INNER_POINTS = Path(__file__).with_name("centroids_2025.csv")
METRES_PER_DEGREE = 111_320.0


@cache
def wards() -> WardMap:
    return WardMap(CONTENT / "wards_2025.geojson")


def inner_points() -> list[tuple[str, float, float]]:
    with INNER_POINTS.open(encoding="utf-8", newline="") as file:
        return [(row["code"], float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]


def test_every_ward_is_found_from_a_point_inside_it() -> None:
    points = inner_points()
    assert len(points) == 99
    assert {code for code, *_ in points} == set(wards().codes)
    for code, latitude, longitude in points:
        assert wards().at(latitude, longitude).codes[0] == code


def test_deep_inside_only_one_ward_is_named() -> None:
    alone = [
        code
        for code, latitude, longitude in inner_points()
        if wards().at(latitude, longitude).codes == (code,)
    ]
    assert len(alone) > 95


def test_near_a_border_both_wards_are_named_the_own_one_first() -> None:
    map_ = wards()
    here = {code: (latitude, longitude) for code, latitude, longitude in inner_points()}
    start, end = here["07210"], here["07228"]
    both = 0
    first = []
    for step in range(2001):
        share = step / 2000
        latitude, longitude = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        codes = map_.at(latitude, longitude).codes
        if set(codes) == {"07210", "07228"}:
            both += 1
            first.append(codes[0])
    assert first == sorted(first)
    assert set(first) == {"07210", "07228"}
    length = math.dist((start[0], start[1] * 0.93), (end[0], end[1] * 0.93)) * METRES_PER_DEGREE
    assert both / 2000 * length == pytest.approx(2 * BORDER_M, rel=0.6)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(21.0285, 105.8542), (10.77, 106.7), (0.0, 0.0), (90.0, 180.0), (-90.0, -180.0), (106.2, 21.3)],
)
def test_far_outside_no_ward_is_guessed(latitude: float, longitude: float) -> None:
    assert wards().at(latitude, longitude).codes == ()


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e308, -1e308])
def test_what_is_no_place_on_earth_is_outside(number: float) -> None:
    assert wards().at(number, 106.2).codes == ()
    assert wards().at(21.3, number).codes == ()


def test_just_outside_the_province_the_nearest_ward_is_named_within_300_metres() -> None:
    map_ = wards()
    latitude, longitude = 21.3, 105.0
    while not map_.at(latitude, longitude).codes:
        longitude += 0.0005
    assert len(map_.at(latitude, longitude).codes) >= 1
    west = longitude - (OUTSIDE_M + 100) / METRES_PER_DEGREE / 0.93
    assert map_.at(latitude, west).codes == ()


@given(st.floats(20.9, 21.7), st.floats(105.7, 107.1))
def test_the_first_ward_is_the_one_that_contains_the_point(latitude: float, longitude: float) -> None:
    inside = [code for code, polygon in _plain_shapes() if polygon.contains(Point(longitude, latitude))]
    found = wards().at(latitude, longitude).codes
    if inside:
        assert found[0] in inside
    assert len(found) == len(set(found))


@cache
def _plain_shapes() -> list[tuple[str, BaseGeometry]]:
    features = json.loads((CONTENT / "wards_2025.geojson").read_text("utf-8"))["features"]
    return [(feature["properties"]["code"], shape(feature["geometry"])) for feature in features]
