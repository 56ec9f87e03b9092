"""The README of the make-believe Zalo names every switch and every call of the control API."""

from __future__ import annotations

from pathlib import Path

import simulator
from tests.simulator.conftest import Zalo

README = (Path(simulator.__file__).parent / "README.md").read_text("utf-8")


def test_every_switch_is_explained(zalo: Zalo) -> None:
    missing = [
        name for name in [*zalo.look("chaos"), "tokens_expire", "media_expire"] if f"`{name}`" not in README
    ]
    assert missing == []


def test_every_rule_is_explained(zalo: Zalo) -> None:
    assert [name for name in zalo.look("status")["rules"] if f"`{name}`" not in README] == []


def test_every_act_of_a_resident_is_listed(zalo: Zalo) -> None:
    acts = (
        "say send location sticker card info press follow unfollow withdraw seen block unblock ban unban chat"
    )
    assert [act for act in acts.split() if f"/{act}`" not in README] == []
    for act in acts.split():
        answer = zalo.http.options(f"{zalo.base}/control/residents/nguoi-dan-1/{act}")
        assert answer.status_code == 200, act
