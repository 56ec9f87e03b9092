"""Complaints: every state has a way on, only inspectors set aside, order and end; codes and clocks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data import tip_rules
from data.survey_rules import complaint_rules
from domain.clocks import Colour
from domain.complaints import (
    LABELS,
    MOVES,
    OPEN,
    ORDER_LABELS,
    ORDER_MOVES,
    ComplaintStatus,
    OrderStatus,
    check_move,
    check_order_move,
    colour,
    dues,
    new_receipt,
    read_receipt,
    words_needed,
)
from domain.errors import MoveRefused
from tests.console.world import NOON

S, Order = ComplaintStatus, OrderStatus


def test_every_state_has_a_name_and_a_line_in_its_table() -> None:
    assert set(MOVES) == set(LABELS) == set(S)
    assert set(ORDER_MOVES) == set(ORDER_LABELS) == set(Order)


def test_an_open_case_cannot_vanish_without_words_or_an_inspector() -> None:
    for old in OPEN:
        for new in MOVES[old] - OPEN:
            if new is not S.CLOSED:
                assert words_needed(old, new)
    with pytest.raises(MoveRefused):
        check_move(S.NEW, S.SPAM, inspector=False)
    check_move(S.NEW, S.SPAM, inspector=True)
    check_move(S.SPAM, S.NEW, inspector=True)


def test_a_head_answers_and_only_an_inspector_orders_ends_and_opens_again() -> None:
    check_move(S.NEW, S.LOOKING, inspector=False)
    check_move(S.LOOKING, S.ANSWERED, inspector=False)
    for old, new in ((S.LOOKING, S.ORDERED), (S.ANSWERED, S.CLOSED), (S.ANSWERED, S.LOOKING)):
        with pytest.raises(MoveRefused):
            check_move(old, new, inspector=False)
        check_move(old, new, inspector=True)


def test_a_case_with_an_order_that_is_not_accepted_does_not_end() -> None:
    with pytest.raises(MoveRefused, match="chấn chỉnh"):
        check_move(S.ANSWERED, S.CLOSED, inspector=True, open_orders=1)


def test_the_unit_gives_proof_and_the_inspector_judges_it() -> None:
    check_order_move(Order.ISSUED, Order.PROOF, inspector=False)
    check_order_move(Order.SENT_BACK, Order.PROOF, inspector=False)
    with pytest.raises(MoveRefused):
        check_order_move(Order.PROOF, Order.ACCEPTED, inspector=False)
    check_order_move(Order.PROOF, Order.ACCEPTED, inspector=True)
    with pytest.raises(MoveRefused):
        check_order_move(Order.ISSUED, Order.ACCEPTED, inspector=True)


def test_the_clocks_run_in_office_hours() -> None:
    rules, calendar = complaint_rules(), tip_rules.shipped().calendar
    look, answer = dues(rules, calendar, NOON)
    assert NOON < look < answer
    assert look - NOON >= timedelta(hours=8)
    given = {"created_at": NOON, "look_due": look, "answer_due": answer}
    assert colour(S.NEW, now=NOON, **given) is Colour.GREEN
    assert colour(S.NEW, now=look, **given) is Colour.RED
    assert colour(S.LOOKING, now=look, **given) is Colour.GREEN
    assert colour(S.ANSWERED, now=answer + timedelta(days=9), **given) is Colour.GREEN


def test_a_receipt_is_read_however_it_is_typed_and_a_wrong_letter_is_noticed() -> None:
    code = new_receipt()
    assert read_receipt(f" {code.lower().replace('-', ' ')} ") == code
    assert read_receipt(code[3:]) == code
    assert read_receipt(code[:-1]) is None
