"""The answer card: short, honest about what is unknown, dated; and its parts, for every record of the catalogue."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aspects import Asked, Aspect
from domain.card_parts import NOT_KNOWN, part
from domain.cards import CARD_MAX, UNKNOWN, card, codes_in, split, topic_card, wish_card
from domain.families import Wish, core_name, wish_of
from domain.messages import REPLY_TEXT_MAX
from domain.procedures import Procedure
from tests.domain.catalogue import a_procedure, a_topic, procedures, topics


def wish(procedure: Procedure) -> Wish:
    return wish_of(procedure, [one for one in procedures() if one.family == procedure.family])


CURRENT = [one for one in procedures() if one.is_current]


# ---- the card ----------------------------------------------------------------------------------------------------


def test_a_card_says_what_fee_time_place_link_and_date_and_no_more() -> None:
    [text] = card(a_procedure())
    assert text.split("\n\n") == [
        "📋 Đăng ký thử",
        "💰 Phí, lệ phí: 20.000 đồng",
        "⏱ Thời hạn: 3 ngày làm việc",
        "📍 Nơi làm: Công an cấp xã",
        "💻 Nộp qua mạng được, tại:\nhttps://dichvucong.gov.vn/thu",
        "Cập nhật tháng 7/2026.",
    ]


@pytest.mark.parametrize(
    ("field", "label"), [("fee", "Phí, lệ phí"), ("time_limit", "Thời hạn"), ("where", "Nơi làm")]
)
def test_what_no_source_gives_is_said_to_be_unknown_beside_the_link(field: str, label: str) -> None:
    [text] = card(a_procedure(**{field: None}))
    [line] = [line for line in text.splitlines() if label in line]
    assert line.endswith(UNKNOWN)
    assert "https://dichvucong.gov.vn/thu" in text.splitlines(), "the link has a line of its own"


def test_a_procedure_without_online_filing_does_not_promise_it() -> None:
    [text] = card(a_procedure(online=False))
    assert "qua mạng" not in text
    assert "Trang chính thức:\nhttps://dichvucong.gov.vn/thu" in text


def test_a_thin_record_says_so() -> None:
    assert "nên hỏi cán bộ trước khi đi" in card(a_procedure(confidence="low"))[0]
    assert "nên hỏi cán bộ" not in card(a_procedure())[0]


def test_several_fees_stand_on_lines_of_their_own_in_everyday_words() -> None:
    [text] = card(
        a_procedure(fee="50.000 đ/thẻ; từ 01/7/2025 thu 50% (25.000 đ) theo Thông tư 64/2025/TT-BTC")
    )
    assert "💰 Phí, lệ phí:\n• 50.000 đồng/thẻ\n• Từ 01/7/2025 thu 50% (25.000 đồng)" in text
    assert "Thông tư" not in text, "the law is for the part that is asked for"


@pytest.mark.parametrize("procedure", CURRENT, ids=lambda one: one.id)
def test_every_card_of_the_catalogue_is_below_a_screen_and_dated(procedure: Procedure) -> None:
    text = wish_card(wish(procedure))
    assert len(text) <= CARD_MAX
    assert "cập nhật" in text.lower()
    assert "dichvucong" in text
    assert ".." not in text.replace("...", "")


def test_no_fact_of_the_catalogue_is_cut_on_a_card() -> None:
    for procedure in CURRENT:
        title, body = wish_card(wish(procedure)).split("\n\n", 1)
        assert title.startswith("📋 ")
        assert "…" not in body, procedure.id


def test_a_place_name_is_not_taken_for_the_end_of_a_sentence() -> None:
    [text] = card(a_procedure(fee="140.000 đ ở tỉnh, 14.000.000 đ ở TP. Hồ Chí Minh; xe khác theo biểu"))
    assert "• 140.000 đồng ở tỉnh, 14.000.000 đồng ở TP. Hồ Chí Minh\n• Xe khác theo biểu" in text


def test_of_three_places_the_third_is_only_named() -> None:
    ways = [
        a_procedure(id=level, levels_2025=(level,), where=f"Nơi {level}")
        for level in ("ministry", "commune", "province")
    ]
    [text] = card(ways[0], ways)
    assert "• Cấp xã: Nơi commune\n• Cấp tỉnh: Nơi province\n• Bộ Công an\n" in text
    assert "Nơi ministry" in part(wish_of(ways[0], ways), Asked(Aspect.WHERE))[0]


TEXT = st.text("aăâbcdđe 0123456789;,.()", max_size=900)


@given(
    name=TEXT, fee=st.none() | TEXT, time_limit=st.none() | TEXT, where=st.none() | TEXT, url=st.none() | TEXT
)
def test_no_record_whatever_makes_a_card_too_long(
    name: str, fee: str | None, time_limit: str | None, where: str | None, url: str | None
) -> None:
    [text] = card(a_procedure(name=name, fee=fee, time_limit=time_limit, where=where, url=url))
    assert 0 < len(text) <= CARD_MAX


# ---- families ------------------------------------------------------------------------------------------------------


def test_a_family_is_one_card_that_names_the_levels_and_says_what_differs() -> None:
    commune = a_procedure(id="a", where="Công an cấp xã", time_limit="7 ngày", levels_2025=("commune",))
    province = a_procedure(
        id="b",
        name="Đăng ký thử (thực hiện tại cấp tỉnh)",
        where="Phòng PC06",
        time_limit="3 ngày",
        levels_2025=("province",),
    )
    [text] = card(province, [province, commune])
    assert "📋 Đăng ký thử\n" in text
    assert "⏱ Thời hạn:\n• Cấp xã: 7 ngày\n• Cấp tỉnh: 3 ngày" in text
    assert "📍 Nơi làm:\n• Cấp xã: Công an cấp xã\n• Cấp tỉnh: Phòng PC06" in text
    assert text.count("20.000 đồng") == 1, "what is the same is said once"


def test_another_case_of_a_family_is_not_mixed_into_the_card() -> None:
    ours = a_procedure(id="a", name="Đăng ký xe sản xuất trong nước")
    imported = a_procedure(id="b", name="Đăng ký xe nhập khẩu", where="Cục Cảnh sát giao thông")
    one = wish_of(ours, [ours, imported])
    assert "Cục Cảnh sát" not in wish_card(one)
    assert "Cục Cảnh sát" in "\n".join(part(one, Asked(Aspect.CASES)))


def test_no_record_of_a_family_is_lost_between_ways_and_cases_unless_its_level_is_said_already() -> None:
    for procedure in CURRENT:
        one = wish(procedure)
        members = {member.id for member in CURRENT if member.family == procedure.family}
        assert {member.id for member in (*one.ways, *one.cases)} == members


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)", "Cấp lại thẻ căn cước"),
        ("Trình báo mất thẻ ABTC (thực hiện tại cấp xã)", "Trình báo mất thẻ ABTC"),
        ("Cấp thẻ thường trú (thực hiện tại cấp tinh)", "Cấp thẻ thường trú"),
        (
            "Đăng ký xe tạm thời thực hiện bằng dịch vụ công trực tuyến toàn trình",
            "Đăng ký xe tạm thời",
        ),
        ("Cấp hộ chiếu ở trong nước", "Cấp hộ chiếu ở trong nước"),
    ],
)
def test_the_level_at_the_end_of_a_name_is_not_part_of_the_wish(name: str, core: str) -> None:
    assert core_name(name) == core


# ---- parts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aspect", Aspect)
def test_every_part_of_every_record_fits_into_messages(aspect: Aspect) -> None:
    for procedure in CURRENT:
        pages = part(wish(procedure), Asked(aspect, "anh"))
        assert pages, procedure.id
        assert all(0 < len(page) <= REPLY_TEXT_MAX for page in pages), procedure.id


def test_papers_are_numbered_and_none_is_lost_however_many() -> None:
    papers = tuple(f"Giấy tờ thứ {number}: " + "bản sao có chứng thực " * 6 for number in range(40))
    pages = part(wish_of(a_procedure(dossier=papers), []), Asked(Aspect.PAPERS))
    assert len(pages) > 1
    lines = [line.strip() for page in pages for line in page.splitlines()]
    for number, paper in enumerate(papers, 1):
        assert f"{number}. {paper}".strip() in lines


EMPTY = a_procedure(dossier=None, steps=None, time_limit=None, fee=None, where=None, online=None, note=None)


@pytest.mark.parametrize(
    "aspect", [a for a in Aspect if a not in {Aspect.LEGAL, Aspect.WHO, Aspect.CASES, Aspect.CHILD}]
)
def test_an_unknown_part_is_said_to_be_unknown_with_the_link(aspect: Aspect) -> None:
    text = "\n".join(part(wish_of(EMPTY, []), Asked(aspect, "anh")))
    assert NOT_KNOWN in text
    assert "https://dichvucong.gov.vn/thu" in text.splitlines()


def test_a_paper_that_was_asked_about_is_looked_up_in_the_dossier() -> None:
    one = wish_of(a_procedure(dossier=("Tờ khai", "02 ảnh 4x6", "Giấy khám sức khỏe"), steps=None), [])
    assert "02 ảnh 4x6" in part(one, Asked(Aspect.PAPER, "anh"))[0]
    assert "Giấy khám sức khỏe" in part(one, Asked(Aspect.PAPER, "giay kham suc khoe"))[0]
    assert "không nhắc tới" in part(one, Asked(Aspect.PAPER, "giay khai sinh"))[0]


def test_a_photo_taken_on_the_spot_is_found_in_the_steps_and_a_brother_is_no_photo() -> None:
    one = wish_of(a_procedure(dossier=("Đồng ý của anh, chị, em",), steps=("Chụp ảnh, lấy vân tay",)), [])
    text = part(one, Asked(Aspect.PAPER, "anh"))[0]
    assert "Chụp ảnh, lấy vân tay" in text
    assert "Đồng ý của anh" not in text


def test_the_legal_part_has_the_whole_name_the_code_all_documents_and_the_date() -> None:
    laws = tuple(f"{number}/2025/TT-BCA" for number in range(12))
    text = "\n".join(part(wish_of(a_procedure(legal_basis=laws), []), Asked(Aspect.LEGAL)))
    assert all(law in text for law in laws)
    assert "Mã thủ tục: 9.000001" in text
    assert "tháng 7/2026" in text


def test_a_note_for_residents_is_shown_and_one_for_officers_is_not() -> None:
    note = "Phải báo trong 2 ngày làm việc. Cổng còn ghi mức cũ. Cấp năm 2022 là suy ra (mã cũ)."
    text = "\n".join(part(wish_of(a_procedure(note=note), []), Asked(Aspect.NOTE)))
    assert "Phải báo trong 2 ngày làm việc." in text
    assert "Cổng" not in text
    assert "suy ra" not in text


def test_a_builder_fills_every_field_so_that_nothing_is_unknown_by_accident() -> None:
    left_out = {"valid_from", "valid_to", "decision", "note"}
    assert all(
        getattr(a_procedure(), one.name) is not None for one in fields(Procedure) if one.name not in left_out
    )


# ---- topics ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", topics(), ids=lambda one: one.id)
def test_every_topic_card_fits_and_says_its_answer(topic) -> None:
    pages = topic_card(topic, {one.id: one.name for one in procedures()})
    assert all(0 < len(page) <= REPLY_TEXT_MAX for page in pages)
    for line in topic.answer:
        assert line.split("(")[0].split(" 1.")[0].strip(" .") in "\n".join(pages)


def test_a_topic_puts_names_where_its_answer_has_codes() -> None:
    topic = a_topic(answer=("Xin giấy xác nhận (1.010041).", "Xem thủ tục 1.013211."))
    [text] = topic_card(topic, {"1.013211": "Đăng ký kiểm tra kiến thức"})
    assert codes_in(topic) == ("1.010041", "1.013211")
    assert "• Xin giấy xác nhận.\n• Xem thủ tục “Đăng ký kiểm tra kiến thức”." in text


def test_a_topic_card_shows_place_link_and_the_note_that_is_for_residents() -> None:
    [text] = topic_card(
        a_topic(where="Công an cấp xã", url="https://example.org/x", note="Báo ngay. Số này có nguồn.")
    )
    assert "📍 Nơi làm: Công an cấp xã" in text
    assert "https://example.org/x" in text.splitlines()
    assert "Báo ngay." in text
    assert "nguồn" not in text


# ---- splitting -------------------------------------------------------------------------------------------------------

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
