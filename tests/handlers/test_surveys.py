"""Where the survey is offered: under messages that are sent anyway, and never instead of a question that comes first."""

from __future__ import annotations

import pytest

from domain.messages import BUTTONS_MAX
from handlers import surveys, texts, tip_status


@pytest.mark.parametrize("how", ["passed_on", "refused"])
def test_a_tip_that_ends_without_a_question_brings_the_offer_along(how: str) -> None:
    reply = tip_status.ended("Công an xã A", "TB-1", "Đã chuyển.", how=how)
    assert [one.title for one in reply.buttons] == [texts.BUTTON_TIP_REPLY, texts.BUTTON_SURVEY]


def test_whether_it_is_settled_is_asked_first() -> None:
    reply = tip_status.ended("Công an xã A", "TB-1", "Đã xong.", how="done")
    assert [one.title for one in reply.buttons] == [texts.BUTTON_SETTLED, texts.BUTTON_NOT_SETTLED]


def test_every_question_fits_under_one_message() -> None:
    from data.survey_rules import survey

    for question in survey().questions:
        assert len(question.choices) <= BUTTONS_MAX
        assert len(texts.SURVEY_BEGIN.format(unit="Công an xã " + "A" * 60) + question.text) <= 2000
    assert surveys.case_answered("Công an xã A", "PA-1", "x" * 1500).text
