"""Codes of dossiers as people type them, steps as units write them, the four digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.dossier_rules import read, shipped
from domain.dossiers import (
    FOR_CITIZEN,
    LABELS,
    MOVES,
    DossierStep,
    check_move,
    last_digits,
    read_proof,
    read_step,
)
from domain.errors import BadContent, MoveRefused

CODE, KEY = "G01.899.909-260916-890028", "G01899909260916890028"
OLD, OLD_KEY = "000.00.19.H47-260105-0001", "0000019H472601050001"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "g01 899 909 260916 890028",
        "G01899909260916890028",
        "GO1.899.9O9-26O9I6-89OO28",  # O for 0, I for 1
        "G01.899.909 – 260916 – 890028",
        "G01.899.909_260916/890028",
        "Ｇ０１.899.909-260916-890028",  # full width
        f"cho tôi hỏi hồ sơ {CODE}, cảm ơn",
        f"“{CODE}”",
        f"\u200e{CODE}\u200e",
    ],
)
def test_a_code_is_known_however_its_separators_are_typed(typed: str) -> None:
    found = shipped().codes.find(typed)
    assert found is not None
    assert found.key == KEY


@pytest.mark.parametrize("typed", [OLD, "000 00 19 h47 260105 0001", "0000019H472601050001"])
def test_the_older_form_is_known_too(typed: str) -> None:
    found = shipped().codes.find(typed)
    assert found is not None
    assert found.key == OLD_KEY


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tra cứu hồ sơ",
        "0912345678",
        "001099012345",
        "TB-ABCD-EFGH-K",
        "98A1-251126",
        "1.010101",
        "mẫu NA5 ngày 26/09/2026",
        "G01.899.909-261399-890028",  # there is no 13th month, no 99th day
        "G01.899.909-260916-89",
        "XG01.899.909-260916-890028",
    ],
)
def test_other_numbers_are_no_codes(typed: str) -> None:
    assert shipped().codes.find(typed) is None


def test_what_else_was_said_is_left_over() -> None:
    found = shipped().codes.find(f"theo dõi {CODE} 0123")
    assert found is not None
    assert found.rest == "THEO DOI 0123"


@given(st.text(max_size=120))
def test_no_text_breaks_the_book(text: str) -> None:
    shipped().codes.find(text)
    shipped().codes.read(text)
    read_step(text)
    last_digits(text)
    read_proof(text)


def test_every_form_of_code_has_an_example_and_says_how_sure_we_are() -> None:
    for one in shipped().codes.formats:
        assert shipped().codes.read(one.example)
        assert one.certainty in {"low", "medium", "high"}


def test_a_bad_table_of_codes_is_named(tmp_path) -> None:
    file = tmp_path / "codes.toml"
    file.write_text(
        '[keep]\nended_days = 0\n[[format]]\nkey = "x"\nlabel = "x"\nshape = "A99"\nexample = "1"\ncertainty = "low"\nsource = "s"\n'
    )
    with pytest.raises(BadContent) as caught:
        read(file)
    assert "example" in str(caught.value)
    assert "ended_days" in str(caught.value)


def test_every_step_has_words_for_officers_and_for_residents() -> None:
    assert set(LABELS) == set(FOR_CITIZEN) == set(MOVES) == set(DossierStep)


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("Đang giải quyết", "processing"),
        ("  ĐANG XỬ LÝ ", "processing"),
        ("Đã có kết quả", "ready"),
        ("given", "given"),
        ("Trả kết quả", "given"),
        ("yêu cầu bổ sung", "supplement"),
        ("chưa rõ", None),
        ("", None),
    ],
)
def test_steps_are_read_in_the_words_of_units(written: str, step: str | None) -> None:
    assert read_step(written) == step


def test_an_open_dossier_may_skip_and_go_back_but_what_ended_stays_ended() -> None:
    check_move(DossierStep.RECEIVED, DossierStep.READY)
    check_move(DossierStep.SIGNING, DossierStep.SUPPLEMENT)
    check_move(DossierStep.GIVEN, DossierStep.GIVEN)
    with pytest.raises(MoveRefused, match="Đã trả kết quả"):
        check_move(DossierStep.GIVEN, DossierStep.RECEIVED)


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("0123", "0123"),
        ("123", "0123"),
        ("0912 345 678", "5678"),
        ("024099001234", "1234"),
        ("12a4", None),
        ("", None),
    ],
)
def test_excel_may_have_dropped_zeros_and_officers_may_give_the_whole_number(
    cell: str, digits: str | None
) -> None:
    assert last_digits(cell) == digits


@pytest.mark.parametrize(
    ("said", "digits"),
    [("0123", "0123"), ("là 0123 ạ", "0123"), ("0123 hoặc 4567", None), ("01234", None), ("", None)],
)
def test_the_four_digits_are_read_from_a_short_answer(said: str, digits: str | None) -> None:
    assert read_proof(said) == digits
