"""Which part of a card a message asks for, with accents and without; and what else it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aspects import Aspect, is_paper, read
from domain.vietnamese import strip_marks

TOGETHER = [
    ("cần giấy tờ gì, mất mấy ngày", {Aspect.PAPERS, Aspect.TIME}),
    ("lệ phí bao nhiêu mất mấy ngày", {Aspect.FEE, Aspect.TIME}),
    ("cần những giấy tờ gì và nộp ở đâu", {Aspect.PAPERS, Aspect.WHERE}),
    ("Cần giấy gì? Có mất tiền không? Bao lâu ạ?", {Aspect.PAPERS, Aspect.FEE, Aspect.TIME}),
]


@pytest.mark.parametrize(("message", "aspects"), TOGETHER)
def test_several_parts_asked_in_one_breath_are_all_heard(message: str, aspects: set[Aspect]) -> None:
    for typed in (message, strip_marks(message)):
        asked = read(typed)
        assert asked is not None
        assert {one.aspect for one in asked.apart} == aspects
        assert asked.rest == ()


@pytest.mark.parametrize("message", ["đổi giấy tờ xe ở đâu", "nộp hồ sơ ở đâu", "phí bao nhiêu"])
def test_one_part_stays_one(message: str) -> None:
    asked = read(message)
    assert asked is not None
    assert len(asked.apart) == 1


ASKED = [
    ("thế lệ phí bao nhiêu?", Aspect.FEE),
    ("phí bn vậy ad", Aspect.FEE),
    ("có mất tiền không ạ", Aspect.FEE),
    ("hết bao nhiêu tiền", Aspect.FEE),
    ("còn phí?", Aspect.FEE),
    ("có miễn phí không", Aspect.FEE),
    ("bao lâu thì có", Aspect.TIME),
    ("mất mấy ngày", Aspect.TIME),
    ("bao giờ lấy được ạ", Aspect.TIME),
    ("có lấy ngay được không", Aspect.TIME),
    ("thời hạn giải quyết thế nào", Aspect.TIME),
    ("nộp ở đâu", Aspect.WHERE),
    ("phải đến chỗ nào ạ", Aspect.WHERE),
    ("làm ở xã được không", Aspect.WHERE),
    ("ở tỉnh khác làm được không", Aspect.WHERE),
    ("địa chỉ ở đâu vậy", Aspect.WHERE),
    ("có phải về quê ko", Aspect.WHERE),
    ("Hà Nội làm được không", Aspect.WHERE),
    ("ở Hải Phòng thì có nộp được không", Aspect.WHERE),
    ("ship về nhà được không", Aspect.DELIVERY),
    ("gửi qua bưu điện được không", Aspect.DELIVERY),
    ("ai làm được ạ", Aspect.WHO),
    ("làm online được ko", Aspect.ONLINE),
    ("nộp qua mạng được không ạ", Aspect.ONLINE),
    ("cho xin link", Aspect.ONLINE),
    ("có làm trên vneid được không", Aspect.ONLINE),
    ("cần giấy tờ gì", Aspect.PAPERS),
    ("cần gì ạ", Aspect.PAPERS),
    ("mang theo những gì", Aspect.PAPERS),
    ("hồ sơ gồm những gì", Aspect.PAPERS),
    ("các bước thế nào", Aspect.STEPS),
    ("làm như thế nào", Aspect.STEPS),
    ("quy trình ra sao", Aspect.STEPS),
    ("căn cứ vào đâu", Aspect.LEGAL),
    ("theo luật nào vậy", Aspect.LEGAL),
    ("thông tư nào quy định", Aspect.LEGAL),
    ("dùng được mấy năm", Aspect.VALIDITY),
    ("có giá trị bao lâu", Aspect.VALIDITY),
    ("mẫu đơn lấy ở đâu", Aspect.FORM),
    ("tải tờ khai ở đâu", Aspect.FORM),
    ("cần ảnh không", Aspect.PAPER),
    ("có phải nộp ảnh không ạ", Aspect.PAPER),
    ("có cần sổ hộ khẩu không", Aspect.PAPER),
    ("không có giấy khai sinh có được không", Aspect.PAPER),
    ("nhờ người khác làm hộ được không", Aspect.PROXY),
    ("ủy quyền được không", Aspect.PROXY),
    ("có phải trực tiếp đi không", Aspect.PROXY),
    ("ai nộp thay được không", Aspect.PROXY),
    ("cần bố mẹ đi cùng không", Aspect.PROXY),
    ("bao h lấy đc", Aspect.TIME),
    ("bao lâu có biển", Aspect.TIME),
    ("nộp đơn ở đâu", Aspect.WHERE),
    ("đủ bao nhiêu tuổi", Aspect.WHO),
    ("bé 3 tuổi ạ", Aspect.CHILD),
    ("có ai đến nhà không", Aspect.WHERE),
    ("bn tiền v", Aspect.FEE),
    ("có cần bảo hiểm xe không", Aspect.PAPER),
    ("ai được làm", Aspect.WHO),
    ("điều kiện gì", Aspect.WHO),
    ("vợ tôi thì sao", Aspect.WHO),
    ("con tôi thì sao", Aspect.CHILD),
    ("bé nhà em 5 tuổi cần gì", Aspect.CHILD),
]


@pytest.mark.parametrize(("message", "aspect"), ASKED)
def test_a_message_that_names_nothing_asks_for_a_part(message: str, aspect: Aspect) -> None:
    for typed in (message, strip_marks(message), message.upper()):
        asked = read(typed)
        assert asked is not None, typed
        assert asked.aspect is aspect, typed
        assert asked.rest == (), typed


@pytest.mark.parametrize(
    "message",
    [
        "lệ phí làm hộ chiếu bao nhiêu",
        "tạm trú mất bao lâu",
        "thủ tục đăng ký tạm trú cần gì",
        "giấy phép lái xe làm ở đâu",
        "lệ phí trước bạ nhà đất bao nhiêu",
        "giá vàng hôm nay bao nhiêu",
        "vay tiền cần giấy tờ gì",
        "quán phở ngon ở đâu",
    ],
)
def test_what_else_is_named_is_left_over_for_the_search(message: str) -> None:
    for typed in (message, strip_marks(message)):
        asked = read(typed)
        assert asked is not None
        assert asked.rest, typed


@pytest.mark.parametrize(
    "message", ["tôi muốn làm hộ chiếu", "ok cảm ơn", "chào ad", "mất căn cước rồi", "", "👍"]
)
def test_other_messages_ask_for_no_part(message: str) -> None:
    assert read(message) is None


@pytest.mark.parametrize("message", ["đăng ký xe mua lại không có giấy tờ", "em mất hết giấy tờ xe rồi"])
def test_papers_one_does_not_have_are_not_asked_for(message: str) -> None:
    for typed in (message, strip_marks(message)):
        assert read(typed) is None


def test_an_identity_card_is_not_taken_for_needing_something() -> None:
    assert read("em 13 tuoi lam can cuoc dc k a") is None


def test_a_thing_that_was_lost_and_is_to_be_made_anew_is_no_paper_asked_about() -> None:
    asked = read("em bị mất bằng lái thì làm lại thế nào")
    assert asked is None or asked.aspect is not Aspect.PAPER


def test_the_paper_that_is_asked_about_is_kept() -> None:
    assert read("có cần giấy khám sức khỏe không ạ").paper == "giay kham suc khoe"  # type: ignore[union-attr]
    assert is_paper("giay kham suc khoe")
    assert is_paper("anh")
    assert not is_paper("vay tien")


def test_accents_that_were_typed_are_believed() -> None:
    assert read("vay cần giấy tờ gì").rest == ()  # type: ignore[union-attr]  # “vậy”, half typed
    assert read("vàng giá bao nhiêu").rest == ("vang",)  # type: ignore[union-attr]
    assert read("vâng giá bao nhiêu ạ").rest == ()  # type: ignore[union-attr]


@given(st.text(max_size=400))
def test_no_message_whatever_breaks_the_reading(message: str) -> None:
    asked = read(message)
    assert asked is None or asked.aspect in Aspect


@pytest.mark.parametrize("message", ["cần " * 5_000, "có phải " * 5_000 + "không", "a" * 100_000])
def test_a_long_message_is_read_at_once(message: str) -> None:
    read(message)
