"""Whatever the audit writes down, the page of the trail has words for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from console.views import trail
from data import complaints, orders
from domain.complaints import OrderStatus

ROOT = Path(__file__).parents[2]
SOURCES = [path for room in ("data", "bot") for path in sorted((ROOT / room).rglob("*.py"))]
NO_ACTS = {"group.posted"}
"""What a button in Zalo says; the act behind it is delivery.posted."""


def test_every_act_has_words() -> None:
    heads = {action.split(".")[0] for action in trail.ACTIONS}
    written = {one for path in SOURCES for one in _dotted(path) if one.split(".")[0] in heads}
    assert len(written) > 50
    assert sorted(written - set(trail.ACTIONS) - NO_ACTS) == []


def test_every_act_that_is_put_together_has_words() -> None:
    made = {f"order.{one}" for one in OrderStatus}
    made |= {
        f"complaint.{one}"
        for one in (
            complaints.OPENED,
            complaints.REOPENED,
            complaints.LATE,
            complaints.STATUS,
            orders.ORDERED,
            orders.ORDER_MOVED,
        )
    }
    assert sorted(made - set(trail.ACTIONS)) == []


def test_everything_that_is_acted_on_has_a_name() -> None:
    found = {one for path in SOURCES for one in _subjects(path)}
    assert len(found) > 15
    assert sorted(found - set(trail.SUBJECTS)) == []


def _dotted(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            head, dot, tail = node.value.partition(".")
            if dot and head.isidentifier() and tail.isidentifier():
                yield node.value


def _subjects(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "subject" and isinstance(node.value, ast.JoinedStr):
            first = node.value.values[0]
            if isinstance(first, ast.Constant):
                yield str(first.value).removesuffix(":")
