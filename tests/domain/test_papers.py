"""Everyday names of papers are found in the lists of real records; a wider kind is never told as the paper itself."""

from __future__ import annotations

import tomllib

import pytest

from domain.aspects import Asked, Aspect, read
from domain.card_parts import part
from domain.families import wish_of
from domain.papers import FILE, is_known, look_up
from domain.vietnamese import fold, strip_marks
from tests.domain.catalogue import procedures

LINES = [line for one in procedures() if one.is_current for line in one.dossier or ()]


def dossier(wanted: str) -> tuple[str, ...]:
    return next(one.dossier or () for one in procedures() if one.id == wanted)


@pytest.mark.parametrize(
    ("wanted", "paper", "line"),
    [
        ("1.004194", "sổ đỏ", "giấy tờ nhà"),
        ("1.004194", "hợp đồng thuê trọ", "hợp đồng thuê nhà"),
        ("1.001456", "khai sinh", "giấy khai sinh"),
        ("1.001456", "passport cũ", "Hộ chiếu lần gần nhất"),
        ("1.001456", "cmnd", "căn cước/CCCD"),
        ("1.002755", "chữ ký chủ nhà", "đồng ý của chủ hộ"),
        ("1.013076", "cà vẹt", "đăng ký xe và biển số"),
        ("1.013076", "giấy bán xe", "chứng từ chuyển quyền sở hữu"),
        ("1.013076", "bản cà số", "chà số máy"),
        ("1.013067", "thuế trước bạ", "lệ phí trước bạ"),
        ("2.001478", "giấy phép kinh doanh", "đăng ký kinh doanh"),
        ("3.000347", "giấy sức khỏe", "khám sức khỏe"),
    ],
)
def test_an_everyday_name_is_found_in_the_list_of_a_real_record(wanted: str, paper: str, line: str) -> None:
    found = look_up(fold(paper), dossier(wanted))
    assert any(line.casefold() in one.casefold() for one in found.named)


@pytest.mark.parametrize(
    ("wanted", "paper", "line"),
    [
        ("1.004222", "sổ đỏ", "chỗ ở hợp pháp"),
        ("1.004222", "giấy kết hôn", "quan hệ với chủ hộ"),
        ("1.014062", "giấy khai sinh", "người đại diện hợp pháp"),
        ("1.013079", "chứng minh thư", "chủ xe"),
    ],
)
def test_a_wider_kind_is_told_as_such(wanted: str, paper: str, line: str) -> None:
    found = look_up(fold(paper), dossier(wanted))
    assert any(line in one for one in (*found.wider, *found.named))
    if not found.named:
        one = next(known for known in procedures() if known.id == wanted)
        pages = part(wish_of(one, []), Asked(Aspect.PAPER, fold(paper)))
        assert "không ghi riêng giấy bạn hỏi" in pages[0]
        assert "hỏi cán bộ" in pages[0]


@pytest.mark.parametrize(
    ("wanted", "paper"),
    [("1.001456", "sổ đỏ"), ("1.004194", "giấy khám sức khỏe"), ("3.000347", "cà vẹt")],
)
def test_a_paper_that_the_list_does_not_ask_for_is_not_found(wanted: str, paper: str) -> None:
    found = look_up(fold(paper), dossier(wanted))
    assert (found.named, found.wider) == ((), ())


def test_a_word_inside_another_name_is_not_the_paper() -> None:
    assert look_up("don", ["Tại đơn vị đóng quân: giấy giới thiệu của đơn vị"]).named == ()


def test_every_paper_of_the_table_stands_in_some_real_list() -> None:
    for row in tomllib.loads(FILE.read_text("utf-8"))["paper"]:
        found = look_up(fold(row["called"][0]), LINES)
        assert found.named or found.wider, row["called"][0]


@pytest.mark.parametrize(
    ("message", "paper"),
    [
        ("cần cà vẹt không", "ca vet"),
        ("hợp đồng thuê nhà có cần không", "hop dong thue nha"),
        ("dùng sổ đỏ được không", "so do"),
        ("có bìa đỏ thì được không", "bia do"),
        ("không có sổ đỏ thì sao", "so do"),
        ("giấy khai sinh có bắt buộc không", "giay khai sinh"),
    ],
)
def test_a_question_about_one_paper_is_heard_in_many_words(message: str, paper: str) -> None:
    for typed in (message, strip_marks(message)):
        asked = read(typed)
        assert asked is not None
        assert (asked.aspect, asked.paper, asked.rest) == (Aspect.PAPER, paper, ())
        assert is_known(asked.paper)
