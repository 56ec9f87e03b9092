"""Word to the followers of a unit's own page, and a try in the officer's own Zalo, before anybody hears of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import requests
from sqlalchemy import select

from data.tables import Delivery, GroupRow
from domain.broadcasts import VIETNAM, ChannelKind, DeliveryStatus
from tests.citizen import Citizen
from tests.officer import Officer
from tests.samples import photo
from tests.stories.test_broadcasts import LOST, NEW, counts, form, until, until_counts
from tests.town import OA, Town

PDF = b"%PDF-1.4 thong bao"


def numbered(page: str) -> int:
    found = re.search(r"/console/tuyen-truyen/(\d+)/rut-ve", page)
    assert found
    return int(found[1])


def by_day(town: Town) -> None:
    """Zalo's clock at noon in Vietnam: a page takes nothing by night."""
    noon = datetime.now(VIETNAM).replace(hour=12, minute=0, second=0, microsecond=0)
    seconds = (noon - datetime.now(UTC)).total_seconds()
    requests.post(f"{town.zalo}/control/clock", json={"advance_seconds": seconds}, timeout=10)


def test_the_followers_of_a_page_get_an_article_and_the_second_of_the_day_is_a_task(
    town: Town, monkeypatch: Any
):
    monkeypatch.setattr("domain.sending_times.NIGHT", dict.fromkeys(ChannelKind))  # at any hour of a test run
    by_day(town)
    follower, stranger = Citizen(town.zalo), Citizen(town.zalo)
    requests.post(f"{town.zalo}/control/residents/{follower.key}/follow", json={"oa_id": OA}, timeout=10)
    requests.post(f"{town.zalo}/control/rules", json={"article_seconds": 1}, timeout=10)
    with town.database.reading() as session:
        code = session.scalars(select(GroupRow.code).order_by(GroupRow.code)).first()
    admin = town.officer("admin")
    admin.goes_to(f"/console/nhom/{code}").posts(
        f"/console/nhom/{code}", channel="oa_page", oa_id=OA, zalo_group_id="", active="1"
    )
    assert "Đã lưu" in admin.page

    lan, approver = town.officer("broadcaster"), town.officer("approver")
    files = [("files", ("cháu An.jpg", photo())), ("files", ("mô tả.pdf", PDF))]
    lan.goes_to(NEW).posts(NEW, files=files, **form(audience="some", groups=code))
    first = numbered(lan.page)
    approver.goes_to(f"/console/tuyen-truyen/{first}").posts(f"/console/tuyen-truyen/{first}/duyet")
    until_counts(town, first, sent=1)

    assert follower.was_told("Tìm trẻ lạc")
    assert not [one for one in stranger.told() if "Tìm trẻ lạc" in one["text"]]
    (sent,) = requests.get(f"{town.zalo}/control/pages", timeout=10).json()
    body = sent["article"]["body"]
    assert body[0] == {"type": "text", "content": LOST}
    for address in (sent["article"]["cover"]["photo_url"], body[-1]["url"]):
        path = address.removeprefix("http://127.0.0.1")
        shown = requests.get(town.bot + path, timeout=10)  # without a log-in: everybody may see it now
        assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    paper = requests.get(town.bot + body[1]["content"].rpartition("http://127.0.0.1")[2], timeout=10)
    assert paper.headers["Content-Disposition"].startswith("attachment")

    lan.goes_to(NEW).posts(NEW, files=files[:1], **form(audience="some", groups=code))
    second = numbered(lan.page)
    approver.goes_to(f"/console/tuyen-truyen/{second}").posts(f"/console/tuyen-truyen/{second}/duyet")
    until(lambda: counts(town, second))
    with town.database.reading() as session:
        row = session.scalars(select(Delivery).where(Delivery.broadcast_id == second)).one()
    assert (row.channel, row.state) == (ChannelKind.ASSISTED, DeliveryStatus.WAITING)
    kept = (second_media := _media(lan, second)) and second_media[0]
    assert requests.get(f"{town.bot}/tuyen-truyen/tep/{kept}", timeout=10).status_code == 404, "not public"


def test_a_try_in_the_officers_own_zalo_brings_words_picture_and_file_and_no_group_hears(town: Town):
    lan = town.officer("broadcaster")
    lan.goes_to("/console/tai-khoan/zalo").posts("/console/tai-khoan/zalo")
    code = re.search(r"liên kết (\d{8})", lan.page)
    assert code
    chat = Citizen(town.zalo).says(f"liên kết {code[1]}")
    files = [("files", ("cháu An.jpg", photo())), ("files", ("mô tả.pdf", PDF))]
    lan.goes_to(NEW).posts(NEW, files=files, **form(then="draft"))
    number = re.search(r"/console/tuyen-truyen/(\d+)/gui-thu", lan.page)
    assert number
    lan.posts(f"/console/tuyen-truyen/{number[1]}/gui-thu")
    assert "Đã gửi bản thử" in lan.page
    until(lambda: "file" in [one["kind"] for one in chat.told()])
    head, picture, paper = chat.told()[-3:]
    assert head["text"] == "BẢN THỬ, CHƯA GỬI NGƯỜI DÂN"
    assert (picture["kind"], picture["text"]) == ("image", LOST)
    assert paper["attachments"][0]["name"] == "mô tả.pdf"
    groups = requests.get(f"{town.zalo}/control/groups", timeout=10).json()["groups"]
    assert {group["count"] for group in groups} == {0}


def _media(officer: Officer, broadcast: int) -> list[str]:
    """Keys of the pictures on the page of a broadcast."""
    officer.goes_to(f"/console/tuyen-truyen/{broadcast}")
    return re.findall(r"/console/tuyen-truyen/tep/([0-9a-f/]+)", officer.page)
