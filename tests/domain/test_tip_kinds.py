"""The kind is suggested from everyday words; what the law keeps apart is told apart."""

from __future__ import annotations

import pytest

from data.tip_rules import shipped
from domain.tip_kinds import sort_of
from domain.tips import TipSort


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Có nhóm thanh niên đánh bạc ở đầu xóm", "gambling"),
        ("đêm qua nhóm thanh niên tụ tập nẹt pô xe máy", "traffic"),
        ("xe tai cho qua tai chay trong xom", "traffic"),
        ("Cây đổ chắn nửa đường gần chợ", "traffic"),
        ("Có người gọi điện tự xưng công an, yêu cầu chuyển tiền để kích hoạt tài khoản", "fraud"),
        ("hang xom hat karaoke am i khong ngu duoc", "noise"),
        ("nhặt được cái ví ở chợ", "lost_found"),
        ("co nguoi ban ma tuy o ngo 5", "drugs"),
        ("nhà máy xả nước thải ra sông cá chết", "environment"),
        ("đang cháy nhà", "fire"),
        ("hai nhóm đánh nhau trước cổng trường", "order"),
        ("bán thịt lợn bệnh ngoài chợ", "epidemic"),
    ],
)
def test_everyday_words_suggest_their_kind(said: str, kind: str) -> None:
    assert shipped().kinds.suggest(said) == kind


@pytest.mark.parametrize("said", ["", "Nhầm rồi", "Bí mật của tôi", "alo alo", "😀" * 50])
def test_nothing_is_suggested_where_nothing_is_clear(said: str) -> None:
    assert shipped().kinds.suggest(said) is None


@pytest.mark.parametrize(
    ("said", "sort"),
    [
        ("Có nhóm đánh bạc sau chợ", TipSort.TIP),
        ("Tôi tố cáo chủ tịch xã chiếm đất", TipSort.DENUNCIATION),
        ("cán bộ địa chính vòi vĩnh khi làm sổ đỏ", TipSort.DENUNCIATION),
        ("góp ý: thái độ cán bộ tiếp dân chưa tốt", TipSort.FEEDBACK),
        ("kien nghi lap den duong", TipSort.FEEDBACK),
    ],
)
def test_tip_denunciation_and_feedback_are_told_apart(said: str, sort: TipSort) -> None:
    assert sort_of(said) is sort
