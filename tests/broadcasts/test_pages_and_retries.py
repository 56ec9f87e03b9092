"""Word to a page's followers, what is left to the officer's hand, and what is sent again."""

from __future__ import annotations

from datetime import datetime

from data import (
    delivery_lines,
    settling,
)
from data.tables import Delivery
from domain.broadcasts import VIETNAM, ChannelKind, DeliveryStatus
from domain.errors import Unclear, WillNeverWork
from domain.posts import Article
from tests.broadcasts.province import (
    OA,
    Province,
    change,
    picture,
    states,
    sweep,
)

S = DeliveryStatus


# ---- again, by a person's hand -----------------------------------------------------------------------------------------------


def test_what_cannot_be_reached_is_not_sent_again_and_a_page_without_an_oa_is_a_task_for_its_officer(
    province: Province,
):
    change(province, "G1", channel="oa_page", oa_id=None, zalo_group_id=None)
    change(province, "G2", zalo_group_id=None)
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    assert states(province, broadcast)["G1"] == S.WAITING, "the unit's officer posts it on the page"
    assert states(province, broadcast)["G2"] == S.FAILED
    with province.database.reading() as session:
        lines = delivery_lines.page(session, broadcast)
    with province.database.transaction() as session:
        ids = [line.id for line in lines if line.group_code == "G2"]
        assert settling.retry(session, broadcast, ids, officer_id=2, now=province.clock()) == 0
    change(province, "G2", channel="oa_page")
    with province.database.transaction() as session:
        assert settling.retry(session, broadcast, ids, officer_id=2, now=province.clock()) == 1
    with province.database.reading() as session:
        row = session.get_one(Delivery, ids[0])
        assert (row.channel, row.oa_id, row.state) == (ChannelKind.ASSISTED, None, S.WAITING)
    province.send_all()
    assert len(province.groups.got) == 4


# ---- word to the followers of a page ---------------------------------------------------------------------------------


def a_page(province: Province, *codes: str) -> None:
    for code in codes:
        change(province, code, channel="oa_page", zalo_group_id=None)


def channels(province: Province, broadcast: int) -> dict[str, str]:
    with province.database.reading() as session:
        return {line.group_code: line.channel for line in delivery_lines.page(session, broadcast)}


def test_a_page_gets_one_article_with_everything_in_it(province: Province):
    a_page(province, "G1")
    media = (picture(province, "a.jpg"), picture(province, "b.jpg"))
    broadcast = province.broadcast(media=media, link="https://bacninh.gov.vn/x")
    province.plan()
    province.send_all()
    assert set(states(province, broadcast).values()) == {S.SENT}
    article = Article("Cảnh báo", "Cảnh giác cuộc gọi giả danh\nhttps://bacninh.gov.vn/x", media)
    assert province.groups.articles == [(OA, article)]
    assert len(province.groups.got) == 5 * 2, "the groups got two messages each"


def test_the_followers_of_an_oa_hear_once_a_day_and_the_rest_is_left_to_the_officer(province: Province):
    a_page(province, "G1", "G2")  # one OA for both: they have the same followers
    first = province.broadcast()
    province.plan()
    province.send_all()
    assert channels(province, first)["G1"] == "oa_page"
    assert channels(province, first)["G2"] == "assisted"
    second = province.broadcast()
    province.plan()
    province.send_all()
    assert channels(province, second)["G1"] == "assisted"
    assert len(province.groups.articles) == 1

    province.clock.advance(hours=24)
    third = province.broadcast()
    province.plan()
    province.send_all()
    assert channels(province, third)["G1"] == "oa_page"
    assert len(province.groups.articles) == 2


def test_a_page_that_failed_is_tried_again_unless_the_day_is_used_up(province: Province):
    a_page(province, "G1")
    province.groups.before = lambda group: _fail(group, {OA})
    first = province.broadcast()
    province.plan()
    province.send_all()
    assert states(province, first)["G1"] == S.FAILED
    province.groups.before = lambda group: None
    send_again(province, first, "G1")
    assert (channels(province, first)["G1"], states(province, first)["G1"]) == ("oa_page", S.SENT)

    change(province, "G2", zalo_group_id=None)
    second = province.broadcast()
    province.plan()
    province.send_all()
    a_page(province, "G2")
    send_again(province, second, "G2")
    assert channels(province, second)["G2"] == "assisted", "what was cut into messages makes no article"


def test_by_night_an_urgent_one_waits_for_the_page_and_not_for_the_groups(province: Province):
    a_page(province, "G1")
    province.clock.set(datetime(2026, 11, 24, 23, 0, tzinfo=VIETNAM))
    broadcast = province.broadcast(urgent=True)
    province.plan()
    province.sender.drain()
    assert states(province, broadcast)["G1"] == S.WAITING
    assert states(province, broadcast)["G2"] == S.SENT
    province.clock.set(datetime(2026, 11, 25, 6, 0, tzinfo=VIETNAM))
    province.send_all()
    assert states(province, broadcast)["G1"] == S.SENT


def test_an_unclear_page_is_never_broadcast_again_by_itself(province: Province):
    a_page(province, "G1")

    def after(group: str) -> None:
        if group == OA:
            raise Unclear("Mất kết nối.")

    province.groups.after = after
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    sweep(province)
    province.send_all()
    assert states(province, broadcast)["G1"] == S.UNKNOWN
    assert len(province.groups.articles) == 1


def send_again(province: Province, broadcast: int, code: str) -> None:
    with province.database.transaction() as session:
        ids = [line.id for line in delivery_lines.page(session, broadcast) if line.group_code == code]
        settling.retry(session, broadcast, ids, officer_id=2, now=province.clock())
    province.send_all()


def _fail(group: str, which: set[str]) -> None:
    if group in which:
        raise WillNeverWork("OA chưa được cấp quyền.", -223)
