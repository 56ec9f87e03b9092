"""“Xem như vai trò”, the guided tour, and what the queue's filters and neighbours do."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from console.navigation import ENTRIES
from console.tour import STEPS
from domain.roles import ROLE_LABELS, Role
from domain.tips import TipStatus
from tests.console.pages import check_page
from tests.console.world import WARD_3, WARD_5, World


@pytest.mark.parametrize("role", list(Role))
def test_an_administrator_sees_the_menu_of_a_role_but_nothing_of_anybody(world: World, role: Role) -> None:
    tip = world.tip(what="Lời kể của người dân")
    photo = world.file(tip)
    world.shift_sheet(world.officer(Role.DUTY, name="Hoa"), note="Lời nhắn riêng")
    browser = world.browser(world.officer(Role.ADMIN, unit_id=None))

    assert browser.post("/console/xem-nhu-vai-tro", role=role).status_code == 302
    home = browser.get("/console/").text
    own = world.browser(world.officer(role, name="Người giữ vai")).get("/console/").text

    def menu(page: str) -> list[str]:
        return re.findall(r'<a href="([^"]+)"', page.split("side-nav")[1].split("</nav>")[0])

    assert f"Đang xem như vai trò {ROLE_LABELS[role]}" in html.unescape(home)
    assert menu(home) == menu(own)
    for address in (*dict.fromkeys(menu(home)), f"/console/tin-bao/{tip}", f"/console/media/{photo}"):
        page = browser.get(address)
        assert page.status_code in {200, 403, 404}, address
        assert "Lời kể của người dân" not in page.text, address
        assert "Lời nhắn riêng" not in page.text, address
    assert browser.post(f"/console/tin-bao/{tip}/tiep-nhan").status_code == 403
    assert world.full(tip).line.status == "new"

    browser.post("/console/xem-nhu-vai-tro/thoi")
    assert "Đang xem như vai trò" not in browser.get("/console/").text
    assert browser.get("/console/can-bo").status_code == 200


def test_looking_through_a_role_is_the_administrators_and_ends_with_the_session(world: World) -> None:
    duty = world.browser(world.officer(Role.DUTY))
    assert duty.post("/console/xem-nhu-vai-tro", role="admin").status_code == 403
    browser = world.browser(world.officer(Role.ADMIN, unit_id=None))
    browser.post("/console/xem-nhu-vai-tro", role="inspector")
    browser.post("/console/dang-xuat")
    world.tip(what="Tin của phường")

    browser.log_in(world.row(1).email)

    assert "Tin của phường" in browser.get("/console/").text


@pytest.mark.parametrize("role", list(Role))
def test_the_tour_leads_every_role_from_page_to_page_to_its_end(world: World, role: Role) -> None:
    browser = world.browser(world.officer(role))
    guide = browser.get("/console/huong-dan")
    check_page(guide, title="Hướng dẫn", h1="Hướng dẫn")
    place: str | None = "/console/?huong-dan=1"
    seen = []
    while place:
        page = browser.get(place)
        assert page.status_code == 200, place
        card = page.text.split('class="tour-card"')[1].split("</aside>")[0]
        seen.append(re.findall(r'<h2 id="buoc">([^<]+)', card)[0])
        further = re.search(r'btn-primary" href="([^"]+)"', card)
        place = html.unescape(further[1]) if further else None
    assert len(seen) == len(set(seen)) == guide.text.count("?huong-dan=") - 1
    assert len(seen) <= len(STEPS)
    assert "tour-card" not in browser.get("/console/?huong-dan=99").text
    assert "tour-card" not in browser.get("/console/tai-khoan?huong-dan=1").text


def test_every_page_of_the_menu_has_its_step() -> None:
    assert [one.label for one in ENTRIES if one.endpoint not in {step.endpoint for step in STEPS}] == []


def test_the_queue_is_narrowed_by_unit_and_by_clock(world: World) -> None:
    now = world.clock()
    late = world.tip(take_due_at=now - timedelta(minutes=1))
    soon = world.tip(
        status=TipStatus.TAKEN, take_due_at=now - timedelta(days=1), close_due_at=now + timedelta(hours=1)
    )
    calm = world.tip(unit_id=WARD_5, take_due_at=now + timedelta(days=1))
    browser = world.browser(world.officer(Role.DUTY, unit_id=None))

    def found(query: str) -> set[int]:
        page = browser.get(f"/console/tin-bao?{query}").text
        return {int(one) for one in re.findall(r'id="tin-(\d+)"', page)}

    assert found("clock=over") == {late}
    assert found("clock=soon") == {soon}
    assert found(f"unit={WARD_5}") == {calm}
    assert found(f"unit={WARD_3}&clock=soon") == {soon}
    assert found("unit=nowhere") == set()
    assert found("clock=odd") == {late, soon, calm}
    own = world.browser(world.officer(Role.DUTY, name="Lan")).get(f"/console/tin-bao?unit={WARD_5}").text
    assert f'id="tin-{calm}"' not in own


def test_an_open_tip_stands_beside_its_list_with_the_ones_before_and_after(world: World) -> None:
    first, second, third = (world.tip(what=f"Tin số {n}", age=timedelta(minutes=n)) for n in (1, 2, 3))
    browser = world.browser(world.officer(Role.DUTY))

    page = browser.get(f"/console/tin-bao/{second}?clock=&order=").text
    assert f'href="/console/tin-bao/{first}" rel="prev"' in page
    assert f'href="/console/tin-bao/{third}" rel="next"' in page
    assert re.search(rf'href="/console/tin-bao/{second}" data-row aria-current="true"', page)
    old = browser.get(f"/console/tin-bao/{second}?order=old").text
    assert f'href="/console/tin-bao/{third}?order=old" rel="prev"' in old
    answer = browser.post(f"/console/tin-bao/{second}/tiep-nhan?order=old")
    assert answer.location == f"/console/tin-bao/{second}?order=old"
    part = html.unescape(re.search(r'id="ben-canh" hx-get="([^"]+)"', old)[1])  # type: ignore[index]  # it is there
    assert "Đã tiếp nhận" in browser.get(part).text


def test_without_a_network_a_kept_page_answers_that_knows_nobody(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    page = browser.get("/console/ngoai-tuyen")
    check_page(page, title="Chưa có mạng", h1="Chưa có mạng")
    assert "data-officer" not in page.text
    worker = browser.get("/console/ngoai-tuyen.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    for address in re.findall(r'"(/console/[^"]+)"', worker.text):
        assert browser.get(address).status_code == 200, address
    assert "tin-bao" not in worker.text
