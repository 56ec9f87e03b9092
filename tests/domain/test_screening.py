"""What could tell who the reporter is, is taken out; what tells of the matter stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.screening import HIDDEN, kinds_found, screen


@pytest.mark.parametrize(
    ("said", "gone", "kind"),
    [
        ("gọi tôi số 0912345678 nhé", "0912345678", "số điện thoại"),
        ("gọi +84 912 345 678", "345", "số điện thoại"),
        ("CCCD 024091001234", "024091001234", "số giấy tờ"),
        ("thư a.b@gmail.com", "gmail", "thư điện tử"),
        ("xe tôi biển số 98A-123.45 bị đâm", "123.45", "biển số xe của người báo"),
        ("Tôi là Nguyễn Văn Kín, thấy trộm", "Nguyễn", "tên người báo"),
        ("toi ten la Nguyen Van Kin", "Kin", "tên người báo"),
        ("tôi là hàng xóm của nó", "của nó", "quan hệ của người báo"),
        ("toi la hang xom canh nha no", "canh nha", "quan hệ của người báo"),
        ("nhà tôi số 12 ngõ 5", "12", "nhà của người báo"),
        ("nha toi so 12", "12", "nhà của người báo"),
    ],
)
def test_the_reporters_own_traces_are_hidden(said: str, gone: str, kind: str) -> None:
    found = screen(said)
    assert gone not in found.text
    assert HIDDEN in found.text
    assert kind in found.hidden
    assert kinds_found(said, said)[0] == kinds_found(said)[0]


@pytest.mark.parametrize(
    "said",
    [
        "Xe đua biển 98B1-234.56 chạy lúc 22h30 ngày 24/11/2026",
        "Có 3 người đánh bạc ở số nhà 15 ngõ 7",
        "Tôi là người thấy việc này",
        "đòi 5.000.000 đồng",
    ],
)
def test_the_matter_itself_stays(said: str) -> None:
    assert screen(said).text == said


@given(st.text(alphabet="nhà tôi số 0912345678 là Nguyễn Văn,.\n", max_size=400))
def test_screening_never_breaks_and_is_stable(text: str) -> None:
    once = screen(text).text
    assert isinstance(once, str)
    assert "0912345678" not in once
