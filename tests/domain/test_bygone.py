"""Old names: what was replaced or abolished, since when, by what."""

from __future__ import annotations

import pytest

from domain.bygone import BygoneBook, is_same_name, names_thing, since_in_words, what_became
from domain.procedures import ProcedureStatus
from domain.vietnamese import strip_marks
from tests.domain.catalogue import a_procedure, procedures

BOOK = BygoneBook(procedures())
GONE = [one for one in procedures() if not one.is_current]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("làm giấy chuyển hộ khẩu ở đâu", "Cấp giấy chuyển hộ khẩu"),
        ("cấp lại sổ hộ khẩu bị mất", "Cấp lại sổ hộ khẩu"),
        ("em muốn làm sổ tạm trú", "Cấp đổi sổ tạm trú"),
        ("duyệt phương án chữa cháy", "Phê duyệt phương án chữa cháy"),
        ("sang tên xe máy ở huyện", "Đăng ký sang tên xe"),
    ],
)
def test_a_question_that_uses_an_old_name_is_recognised(question: str, name: str) -> None:
    for typed in (question, strip_marks(question)):
        found = BOOK.find(typed)
        assert found is not None
        assert found.name.startswith(name) or name in found.name


@pytest.mark.parametrize(
    "question",
    [
        "đăng ký tạm trú cho sinh viên",
        "làm hộ chiếu",
        "đổi bằng lái xe",
        "nhập hộ khẩu cho con mới sinh",
        "hồ sơ nhận con nuôi có cần sổ hộ khẩu của hai vợ chồng không",
        "",
    ],
)
def test_questions_about_today_name_nothing_of_old(question: str) -> None:
    assert BOOK.find(question) is None


def test_no_name_of_today_counts_as_an_old_one() -> None:
    for one in procedures():
        found = BOOK.find(one.name) if one.is_current else None
        assert found is None or found.name in one.name or len(found.name) < len(one.name), one.id


def test_the_day_after_the_last_is_said() -> None:
    gone = a_procedure(status=ProcedureStatus.ABOLISHED, valid_to="2021-06-30")
    assert since_in_words(gone) == "từ ngày 01/7/2021"
    assert since_in_words(a_procedure(valid_to="2024-12-31")) == "từ ngày 01/01/2025"
    assert since_in_words(a_procedure(valid_to=None)) == ""
    assert since_in_words(a_procedure(valid_to="bao giờ đó")) == ""


def test_replaced_says_by_what_and_abolished_that_nothing_is_needed() -> None:
    replaced = a_procedure(name="Đổi giấy cũ", status=ProcedureStatus.REPLACED, valid_to="2025-02-28")
    told = what_became(replaced, [a_procedure(name="Cấp giấy mới (thực hiện tại cấp xã)")])
    assert "“Đổi giấy cũ” đã được thay từ ngày 01/3/2025" in told
    assert "Nay bạn làm: “Cấp giấy mới”" in told

    abolished = a_procedure(name="Cấp sổ cũ", status=ProcedureStatus.ABOLISHED, valid_to=None)
    told = what_became(abolished, [])
    assert "đã bỏ (chưa rõ từ ngày nào)" in told
    assert "không phải làm thủ tục này nữa" in told


def test_it_is_told_whether_a_saying_names_the_paper_an_old_procedure_gave() -> None:
    gone = a_procedure(name="Cấp đổi sổ hộ khẩu", status=ProcedureStatus.ABOLISHED)
    assert names_thing(gone, ["Còn dùng sổ hộ khẩu không"])
    assert not names_thing(gone, ["Lệ phí cư trú", "sổ tạm trú"])


@pytest.mark.parametrize("gone", GONE, ids=lambda one: one.id)
def test_every_old_record_of_the_catalogue_can_be_explained(gone) -> None:
    known = {one.id: one for one in procedures()}
    today = [known[code] for code in gone.replaced_by if code in known and known[code].is_current]
    told = what_became(gone, today)
    assert 20 < len(told) <= 700
    assert len(today) == len(gone.replaced_by), "every successor is in force"


def test_a_name_that_only_moved_to_another_level_needs_no_explaining() -> None:
    old = a_procedure(name="Cấp lại thẻ Căn cước công dân (thực hiện tại cấp huyện)")
    assert is_same_name(old, a_procedure(name="Cấp lại thẻ căn cước"))
    assert not is_same_name(
        a_procedure(name="Cấp giấy chuyển hộ khẩu"), a_procedure(name="Đăng ký thường trú")
    )
