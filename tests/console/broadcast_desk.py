"""What the tests of the broadcast pages have in common: an act, a broadcast that was sent, a picture, a sheet."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook
from PIL import Image
from werkzeug.test import TestResponse

from broadcasts.plan import plan_due
from tests.console.test_broadcast_pages import LIST, save, version
from tests.console.world import Browser, World


def act(world: World, browser: Browser, broadcast: int, what: str, **more: str) -> TestResponse:
    return browser.post(f"{LIST}/{broadcast}/{what}", version=version(world, broadcast), **more)


def sent(world: World, lan: Browser, minh: Browser, **changed: Any) -> int:
    """A broadcast that was approved and planned; the groups here are posted to by hand."""
    one = save(lan, **({"rhythm": "now", "then": "propose"} | changed))
    assert act(world, minh, one, "duyet").status_code == 302
    plan_due(world.database, now=world.clock())
    return one


def picture(width: int = 400, name: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, width), 60).convert("RGB").save(out, name)
    return out.getvalue()


def cells(answer: TestResponse) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(answer.data))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
