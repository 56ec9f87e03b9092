"""Asking on a page: answered, asked back or declined as in the chat; what is typed stands in no address."""

from __future__ import annotations

import logging
import re

import pytest
from flask.testing import FlaskClient

from domain.procedures import Decision
from public.desk import Known
from public.finding import Kind, find


@pytest.mark.parametrize(
    ("question", "kind", "first"),
    [
        ("lam ho chieu can giay to gi", Kind.ANSWER, "/thu-tuc/1.001456"),
        ("hỏi chuyện trên trời", Kind.UNSURE, None),
        ("đang cháy nhà ở ngõ 5", Kind.URGENT, None),
        ("   ", Kind.EMPTY, None),
        ("\x00" * 900, Kind.UNSURE, None),
    ],
)
def test_a_question_is_answered_as_in_the_chat(
    known: Known, question: str, kind: Kind, first: str | None
) -> None:
    found = find(known, question)
    assert found.kind is kind
    assert (found.entries[0].address if found.entries else None) == first


def test_unsure_means_asking_back_with_at_most_three_and_a_way_out(
    visitor: FlaskClient, known: Known
) -> None:
    question = next(
        asked
        for asked in ("đăng ký xe", "cấp lại thẻ", "đổi giấy", "tạm trú", "căn cước", "giấy phép", "con dấu")
        if known.catalogue.matcher.search(asked).decision is Decision.CHOOSE
    )
    page = visitor.post("/tim", data={"q": question}).text
    asked_back = page.split("Để trả lời đúng")[1].split("Không phải các mục này")[0]
    assert 2 <= asked_back.count("/thu-tuc/") + asked_back.count("/chu-de/") <= 3
    assert "/linh-vuc/residence" in page


def test_danger_comes_first_with_numbers_to_tap(visitor: FlaskClient) -> None:
    page = visitor.post("/tim", data={"q": "cứu với đang cháy nhà"}).text
    assert 'class="button danger" href="tel:114"' in page


def test_an_old_name_leads_to_what_holds_today(visitor: FlaskClient, known: Known) -> None:
    page = visitor.post("/tim", data={"q": "cấp đổi sổ tạm trú"}).text
    assert "không còn nữa" in page


def test_what_is_typed_stays_out_of_addresses_and_logs(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = visitor.get("/tim?q=chuyen+rieng+cua+toi")
    assert "chuyen rieng" not in page.text
    visitor.post("/tim", data={"q": "chuyen rieng cua toi"})
    assert "rieng" not in caplog.text
    form = re.search(r"<form[^>]*data-ask>", visitor.get("/").text)
    assert form is not None
    assert 'method="post"' in form[0]


def test_an_empty_question_is_asked_for_in_words_and_the_form_stays(visitor: FlaskClient) -> None:
    page = visitor.post("/tim", data={"q": " "})
    assert page.status_code == 422
    assert "Xin bạn viết vài chữ" in page.text
    assert 'aria-describedby="q-fault"' in page.text


def test_markup_in_a_question_is_shown_as_it_was_typed(visitor: FlaskClient) -> None:
    page = visitor.post("/tim", data={"q": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text
