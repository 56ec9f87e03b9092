"""The kinds of broadcasts are data: the shipped file adds up, a broken one is named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from data.broadcast_kinds import kinds, read_kinds
from domain.broadcast_kinds import BroadcastKind, KindField, fill_in
from domain.errors import BadContent
from domain.posts import POST_TEXT_MAX

ISSUE = ["crime", "scam", "social_evils", "traffic", "wanted", "lost_child", "unidentified", "epidemic", "weapons", "other"]  # fmt: skip


def test_every_kind_has_a_template_a_lifetime_and_fits_into_a_message():
    assert list(kinds()) == ISSUE
    for kind in kinds().values():
        assert timedelta(hours=1) <= kind.lifetime <= timedelta(days=31)
        filled = fill_in(kind, {field.name: "một giá trị" for field in kind.fields})
        assert 0 < len(filled) <= POST_TEXT_MAX
        assert "{" not in filled


def test_only_what_cannot_wait_has_an_urgent_way():
    assert {key for key, kind in kinds().items() if kind.urgent_way} == {"lost_child", "wanted", "epidemic"}


def test_an_empty_blank_takes_its_line_along_and_a_required_one_is_asked_for():
    kind = BroadcastKind(
        "k", "K", timedelta(hours=1), False, "Ai: {who}.\nMặc: {clothes}.\nHết.",
        (KindField("who", "Ai", True), KindField("clothes", "Mặc gì")),
    )  # fmt: skip
    assert fill_in(kind, {"who": "  bé   An "}) == "Ai: bé An.\nHết."
    with pytest.raises(ValueError, match="Ai"):
        fill_in(kind, {"clothes": "đỏ"})


@pytest.mark.parametrize(
    "broken",
    [
        "[a",
        "",
        '[a]\nlabel="A"\ntemplate="x"',
        '[a]\nlabel="A"\nlifetime_hours=0\ntemplate="x"',
        '[a]\nlabel="A"\nlifetime_hours=1\ntemplate="x"\n[a.fields.gone]\nlabel="B"',
    ],
)
def test_a_broken_file_is_refused_by_name(tmp_path: Path, broken: str):
    file = tmp_path / "kinds.toml"
    file.write_text(broken, "utf-8")
    with pytest.raises(BadContent, match=r"kinds\.toml"):
        read_kinds(file)
