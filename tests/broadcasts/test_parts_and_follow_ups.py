"""In which order: the parts of one broadcast, updates and withdrawals after what they follow."""

from __future__ import annotations

from typing import Any

from data import (
    broadcast_moves,
    delivery_lines,
    settling,
)
from data.turns import BEFORE_FAILED, NOT_GOT
from domain.broadcasts import DeliveryStatus
from domain.errors import TryAgainLater, Unclear, WillNeverWork
from domain.posts import AttachedKind
from tests.broadcasts.province import (
    Province,
    by,
    picture,
    reasons,
    states,
    sweep,
)

S = DeliveryStatus


# ---- parts -----------------------------------------------------------------------------------------------------------


def test_pictures_and_a_file_follow_the_words_in_order(province: Province):
    files = (
        picture(province, "1.jpg"),
        picture(province, "2.jpg"),
        picture(province, "3.pdf", kind=AttachedKind.FILE),
    )
    broadcast = province.broadcast(
        media=files, link="https://example.vn/tin", audience={"groups": ["G1", "G2"]}
    )
    province.plan()
    province.send_all()
    words = "Cảnh giác cuộc gọi giả danh\nhttps://example.vn/tin"
    for zalo in ("z1", "z2"):
        assert [text for got, text in province.groups.got if got == zalo] == [words, "", ""]
        assert [name for got, name in province.groups.media if got == zalo] == ["1.jpg", "2.jpg", "3.pdf"]
    assert province.counts(broadcast) == {S.SENT: 2}, "groups are counted, not messages"


def test_a_part_waits_for_the_one_before_and_falls_with_it(province: Province):
    files = (picture(province, "1.jpg"), picture(province, "2.jpg"))
    faults = {"z1": WillNeverWork("Không gửi được."), "z2": Unclear("Không rõ."), "z3": TryAgainLater("Bận.")}

    def before(zalo: str) -> None:
        if zalo in faults and not [got for got, _ in province.groups.got if got == zalo]:
            fault = faults.pop(zalo)
            raise fault

    province.groups.before = before
    broadcast = province.broadcast(
        media=files, audience={"groups": ["G1", "G2", "G3"]}, lifetime_minutes=9999
    )
    province.plan()
    province.send_all()
    sweep(province)
    assert states(province, broadcast) == {"G1": S.FAILED, "G2": S.UNKNOWN, "G3": S.SENT}
    assert [name for got, name in province.groups.media if got == "z2"] == []
    with province.database.reading() as session:
        by_part = {line.reason for line in delivery_lines.page(session, broadcast) if line.group_code == "G1"}
        ids = [line.id for line in delivery_lines.page(session, broadcast) if line.group_code == "G1"][:1]
    assert by_part == {"Không gửi được.", BEFORE_FAILED}
    with province.database.transaction() as session:
        settling.retry(session, broadcast, ids, officer_id=2, now=province.clock())
    province.send_all()
    assert [name for got, name in province.groups.media if got == "z1"] == ["1.jpg", "2.jpg"]


# ---- update and withdrawal ---------------------------------------------------------------------------------------------


def follow(province: Province, original: int, kind: str = "update", **more: Any) -> int:
    given = {"text": "Đã tìm thấy cháu.", "audience": {"follows": original}, "follows": (original, kind)}
    return province.broadcast(**{**given, **more})


def test_an_update_goes_to_exactly_the_groups_that_got_the_original(province: Province):
    province.groups.before = lambda zalo: _fail(zalo, {"z1"})
    original = province.broadcast()
    province.plan()
    province.send_all()
    update = follow(province, original)
    province.plan()
    province.send_all()
    got = [zalo for zalo, text in province.groups.got if text == "Đã tìm thấy cháu."]
    assert sorted(got) == ["z0", "z2", "z3", "z4", "z5"]
    assert "G1" not in states(province, update)


def test_an_update_waits_for_groups_that_are_still_to_get_the_original_and_for_unclear_ones(
    province: Province,
):
    def after(zalo: str) -> None:
        if zalo in {"z0", "z5"} and len([1 for got, _ in province.groups.got if got == zalo]) == 1:
            raise Unclear("Không rõ.")

    province.groups.after = after
    original = province.broadcast()
    province.plan()
    province.sender.drain()  # five of six
    update = follow(province, original)
    province.plan()
    province.send_all()
    for number in range(6):
        texts = [text for got, text in province.groups.got if got == f"z{number}"]
        wanted = ["Cảnh giác cuộc gọi giả danh"]
        assert texts == (wanted if number in {0, 5} else [*wanted, "Đã tìm thấy cháu."])
    assert states(province, update) == {
        "G0": S.WAITING, "G1": S.SENT, "G2": S.SENT, "G3": S.SENT, "G4": S.SENT, "G5": S.WAITING,
    }  # fmt: skip
    with province.database.reading() as session:
        unknown = {
            one.group_code: one.id for one in delivery_lines.page(session, original, states=[S.UNKNOWN])
        }
    for code, sent in (("G0", True), ("G5", False)):
        with province.database.transaction() as session:
            settling.settle_unknown(
                session, unknown[code], broadcast_id=original, sent=sent, officer_id=2, now=province.clock()
            )
    by(province, 2, broadcast_moves.withdraw, original)  # what waits is cancelled: G5 never gets it
    sweep(province)
    province.send_all()
    assert states(province, update)["G0"] == S.SENT
    assert (states(province, update)["G5"], reasons(province, update)["G5"]) == (S.EXPIRED, NOT_GOT)


def test_two_updates_arrive_in_their_order(province: Province):
    original = province.broadcast()
    province.plan()
    province.send_all()
    trouble = [TryAgainLater("Bận.")]

    def before(zalo: str) -> None:
        if zalo == "z2" and trouble:
            raise trouble.pop()

    province.groups.before = before
    follow(province, original, text="Đính chính 1")
    follow(province, original, "withdrawal", text="Đính chính 2")
    province.plan()
    province.send_all()
    for number in range(6):
        texts = [text for got, text in province.groups.got if got == f"z{number}"]
        assert texts == ["Cảnh giác cuộc gọi giả danh", "Đính chính 1", "Đính chính 2"]


def test_a_group_that_gets_the_original_at_a_later_try_gets_the_update_too(province: Province):
    original = province.broadcast()
    province.plan()
    trouble = {"z1"}
    province.groups.before = lambda zalo: _fail(zalo, trouble)
    update = follow(province, original)
    province.plan()
    province.send_all()
    sweep(province)
    assert reasons(province, update)["G1"] == NOT_GOT
    trouble.clear()
    with province.database.reading() as session:
        failed = [line.id for line in delivery_lines.page(session, original, states=[S.FAILED])]
    with province.database.transaction() as session:
        settling.retry(session, original, failed, officer_id=2, now=province.clock())
    province.send_all()
    assert [text for got, text in province.groups.got if got == "z1"] == [
        "Cảnh giác cuộc gọi giả danh",
        "Đã tìm thấy cháu.",
    ]


def _fail(zalo: str, which: set[str]) -> None:
    if zalo in which:
        raise WillNeverWork("OA không còn trong nhóm.", -403)
