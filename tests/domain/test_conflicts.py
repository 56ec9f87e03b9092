"""Tips that accuse police go past the unit; those that only ask the police for help do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conflicts import accuses_police, names_one_of, wants_past_unit


@pytest.mark.parametrize(
    "said",
    [
        "công an xã nhận tiền của sòng bạc",
        "Ca xã bảo kê cho sòng bạc",
        "CA phường ăn hối lộ",
        "cong an xa bao che cho cat tac",
        "tôi đã báo công an xã nhưng không xử lý",
        "Báo công an xã 3 lần mà không ai đến",
        "anh Hùng công an phường đánh tôi",
        "trưởng công an xã thông đồng với cát tặc",
        "csgt đòi tiền trên quốc lộ",
        "bị công an phường đánh",
        "tôi tố cáo trưởng công an xã",
        "chủ sòng bạc là em trai phó công an xã",
        "sòng bạc được công an xã bảo kê",
        "phải đưa tiền cho công an xã để được bỏ qua",
        "Công an xã làm ngơ",
    ],
)
def test_words_that_accuse_police(said: str) -> None:
    assert accuses_police(said)


@pytest.mark.parametrize(
    "said",
    [
        "Có nhóm đánh bạc sau chợ",
        "có người giả danh công an lừa tiền",
        "Có người gọi điện tự xưng công an, yêu cầu bà con chuyển tiền",
        "nhờ công an xã tới giải quyết",
        "công an ơi có trộm",
        "Mong công an xử lý",
        "Đề nghị công an phường kiểm tra quán karaoke",
        "gần trụ sở công an phường có nhóm đánh bạc",
        "có trộm ở cạnh công an xã",
        "nhóm đánh bạc bị công an bắt rồi lại mở",
    ],
)
def test_words_that_only_speak_to_police_or_of_swindlers(said: str) -> None:
    assert not accuses_police(said)


@pytest.mark.parametrize(
    "said", ["đừng cho công an phường biết", "không gửi công an xã", "xin gửi thẳng thanh tra"]
)
def test_the_citizen_may_say_so(said: str) -> None:
    assert wants_past_unit(said)
    assert not wants_past_unit("tôi muốn gửi công an phường")


def test_an_officer_is_known_by_the_full_name_with_or_without_accents() -> None:
    names = ["Trần Quốc Tuấn", "Hoa"]
    assert names_one_of("ong TRAN QUOC TUAN lay tien", names)
    assert not names_one_of("ông Tuấn lấy tiền", names)
    assert not names_one_of("hoa nở", names), "one word is nobody's full name"


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert accuses_police(text) in {True, False}
