"""The answer card: everything a resident needs, unknowns said as unknown, within what Zalo carries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cards import UNKNOWN, card, split, topic_card
from domain.messages import REPLY_TEXT_MAX
from tests.domain.catalogue import a_procedure, a_topic, procedures, topics


def test_a_card_says_papers_fee_time_place_link_basis_and_date() -> None:
    [text] = card(a_procedure())
    for part in (
        "Đăng ký thử",
        "1. Tờ khai\n2. Giấy tờ chứng minh chỗ ở",
        "Phí, lệ phí: 20.000 đồng",
        "Thời hạn giải quyết: 3 ngày làm việc",
        "Nơi làm: Công an cấp xã",
        "https://dichvucong.gov.vn/thu",
        "Căn cứ: 68/2020/QH14",
        "Cập nhật 07/2026",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("fee", "Phí, lệ phí"),
        ("time_limit", "Thời hạn giải quyết"),
        ("where", "Nơi làm"),
        ("dossier", "Giấy tờ"),
    ],
)
def test_what_no_source_gives_is_said_to_be_unknown_beside_the_link(field: str, label: str) -> None:
    text = "\n".join(card(a_procedure(**{field: None})))
    [line] = [line for line in text.splitlines() if label in line]
    assert UNKNOWN in line
    assert "https://dichvucong.gov.vn/thu" in text


def test_a_procedure_without_online_filing_does_not_promise_it() -> None:
    text = "\n".join(card(a_procedure(online=False)))
    assert "trực tuyến" not in text
    assert "Trang chính thức: https://dichvucong.gov.vn/thu" in text


def test_a_long_dossier_is_split_between_lines_and_nothing_is_lost() -> None:
    papers = tuple(f"Giấy tờ thứ {number}: " + "bản sao có chứng thực " * 6 for number in range(40))
    pages = card(a_procedure(dossier=papers))
    assert len(pages) > 1
    assert all(len(page) <= REPLY_TEXT_MAX for page in pages)
    lines = [line for page in pages for line in page.splitlines()]
    for number, paper in enumerate(papers, 1):
        assert f"{number}. {paper}".strip() in [line.strip() for line in lines]


def test_every_card_of_the_catalogue_fits_and_ends_with_its_date() -> None:
    for procedure in procedures():
        pages = card(procedure)
        assert pages, procedure.id
        assert all(0 < len(page) <= REPLY_TEXT_MAX for page in pages), procedure.id
        assert "cập nhật" in pages[-1].lower(), procedure.id
        assert ".." not in "".join(pages).replace("...", ""), procedure.id


def test_every_topic_card_fits_and_says_its_answer() -> None:
    for topic in topics():
        pages = topic_card(topic)
        assert all(0 < len(page) <= REPLY_TEXT_MAX for page in pages), topic.id
        assert all(line in "\n".join(pages) for line in topic.answer), topic.id


def test_a_topic_card_shows_place_and_link_where_known() -> None:
    [text] = topic_card(a_topic(where="Công an cấp xã", url="https://example.org/x"))
    assert "Câu một.\nCâu hai." in text
    assert "📍 Công an cấp xã" in text
    assert "https://example.org/x" in text


WORDS = st.lists(st.text("abcđế", min_size=1, max_size=12), min_size=1, max_size=60).map(" ".join)


@given(st.lists(WORDS, min_size=1, max_size=8), st.integers(40, 200))
def test_splitting_keeps_every_word_whole_and_in_order(sections: list[str], limit: int) -> None:
    pages = split(sections, limit)
    assert all(0 < len(page) <= limit for page in pages)
    assert " ".join(pages).split() == " ".join(sections).split()


def test_sections_stay_together_while_they_fit() -> None:
    assert split(["một", "hai", "ba"], 40) == ["một\n\nhai\n\nba"]
    assert split(["a" * 30, "b" * 30], 40) == ["a" * 30, "b" * 30]


def test_a_word_longer_than_a_message_is_cut_rather_than_lost() -> None:
    assert "".join(split(["x" * 95], 40)) == "x" * 95
