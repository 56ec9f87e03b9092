"""An original opens when one officer asks and another one agrees, for a while, and everything is written down."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile

import pytest
from sqlalchemy import select, update

from data import audit, custody
from data.session import Database
from data.tables import AttachmentRow, AuditRow, CustodyRow, Tip
from domain.roles import MAY, Act, Role
from domain.unsealing import ASKED_FOR, OPEN_FOR
from tests.console.pages import check_page
from tests.console.world import WARD_3, WARD_5, Browser, World

ORIGINAL = b"bytes of the original" * 5_000
REASON = "Cần giám định khuôn mặt trong ảnh gốc"


class Desk:
    """A ward with a file, the officer who asks, and the head who decides."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tip = world.tip()
        self.file = world.file(self.tip, original=ORIGINAL)
        world.file(world.tip())  # another one, that must not be meant
        self.asker = world.officer(Role.DUTY)
        self.head = world.officer(Role.UNIT_HEAD, name="Trần Văn Bình")

    def browser(self, officer: int) -> Browser:
        return self.world.browser(officer)

    def asked(self) -> int:
        answer = self.browser(self.asker).post(
            f"/console/niem-phong/tep/{self.file}", reason=REASON, case_number="12/2026"
        )
        assert answer.status_code == 302, answer.text
        return 1

    def approved(self) -> int:
        number = self.asked()
        answer = self.browser(self.head).post(f"/console/niem-phong/{number}/duyet", verdict="approve")
        assert answer.status_code == 302, answer.text
        return number

    def download(self, number: int, by: int | None = None) -> tuple[int, bytes]:
        answer = self.browser(by or self.asker).post(f"/console/niem-phong/{number}/tai")
        return answer.status_code, answer.data


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_two_people_open_an_original_and_it_comes_with_its_record(desk: Desk) -> None:
    number = desk.approved()

    status, body = desk.download(number)

    assert status == 200
    code = desk.world.full(desk.tip).line.code
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{code}-tep-1.png", "bien-ban.txt", "bien-ban.json", "SHA256SUMS"]
        content, words, sums = (archive.read(archive.namelist()[n]) for n in (0, 1, 3))
        record = json.loads(archive.read("bien-ban.json"))
    assert content == ORIGINAL
    digest = hashlib.sha256(ORIGINAL).hexdigest()
    assert sums.decode() == f"{digest}  {code}-tep-1.png\n"
    assert (record["sha256"], record["tip_code"], record["size_bytes"]) == (digest, code, len(ORIGINAL))
    assert record["request"]["asked_by"] == record["taken_by"] == "Nguyễn Thị Hoa"
    assert record["request"]["approved_by"] == "Trần Văn Bình"
    assert record["request"]["reason"] == REASON
    assert record["request"]["case_number"] == "12/2026"
    assert [line["act"] for line in record["chain_of_custody"]] == ["asked", "approved", "unsealed"]
    for part in (digest, REASON, "Trần Văn Bình", "24/11/2026 12:00:00", code, "Công an phường Bắc Giang"):
        assert part in words.decode()


def test_every_step_is_in_the_audit_and_in_the_chain(desk: Desk) -> None:
    desk.download(desk.approved())

    with desk.world.database.reading() as session:
        assert audit.verify(session) == []
        rows = session.scalars(select(AuditRow).where(AuditRow.action.startswith("original."))).all()
    assert [(row.action, row.officer_id, row.subject) for row in rows] == [
        ("original.ask", desk.asker, f"attachment:{desk.file}"),
        ("original.approve", desk.head, f"attachment:{desk.file}"),
        ("original.unseal", desk.asker, f"attachment:{desk.file}"),
    ]
    assert [link.act for link in desk.world.chain(f"/{desk.file}")] == ["asked", "approved", "unsealed"]


def test_nobody_decides_on_their_own_request(desk: Desk) -> None:
    desk.browser(desk.head).post(f"/console/niem-phong/tep/{desk.file}", reason=REASON)

    answer = desk.browser(desk.head).post("/console/niem-phong/1/duyet", verdict="approve")

    assert answer.status_code == 409
    assert "không được tự duyệt" in answer.text
    assert desk.download(1, by=desk.head)[0] == 409


def test_what_is_not_approved_does_not_open(desk: Desk) -> None:
    number = desk.asked()
    assert desk.download(number)[0] == 409
    desk.browser(desk.head).post(f"/console/niem-phong/{number}/duyet", verdict="refuse", words="Chưa cần")
    assert desk.download(number)[0] == 409


def test_only_the_one_who_asked_downloads(desk: Desk) -> None:
    number = desk.approved()
    other = desk.world.officer(Role.DUTY, name="Lê Văn Cường")
    for somebody in (desk.head, other):
        status, body = desk.download(number, by=somebody)
        assert status == 409
        assert ORIGINAL[:50] not in body


def test_when_the_time_is_over_it_is_closed(desk: Desk) -> None:
    number = desk.approved()
    desk.world.clock.goes(seconds=OPEN_FOR.total_seconds() - 1)
    assert desk.download(number)[0] == 200
    desk.world.clock.goes(seconds=1)
    status, body = desk.download(number)
    assert status == 409
    assert "đã hết" in body.decode()
    page = desk.browser(desk.asker).get("/console/niem-phong").text
    assert "Đã hết hạn" in page
    assert "Tải bản gốc" not in page


def test_a_request_that_nobody_decided_is_over_after_a_while(desk: Desk) -> None:
    number = desk.asked()
    desk.world.clock.goes(seconds=ASKED_FOR.total_seconds())
    answer = desk.browser(desk.head).post(f"/console/niem-phong/{number}/duyet", verdict="approve")
    assert answer.status_code == 409
    assert desk.download(number)[0] == 409


def test_a_decision_stands(desk: Desk) -> None:
    number = desk.approved()
    second = desk.world.officer(Role.UNIT_HEAD, name="Phạm Thị Dung")
    answer = desk.browser(second).post(f"/console/niem-phong/{number}/duyet", verdict="refuse", words="Không")
    assert answer.status_code == 409
    assert "Đang mở" in answer.text
    assert desk.download(number)[0] == 200


def test_a_request_that_is_withdrawn_is_closed_and_another_one_may_follow(desk: Desk) -> None:
    number = desk.approved()
    again = desk.browser(desk.asker).post(f"/console/niem-phong/tep/{desk.file}", reason=REASON)
    assert again.status_code == 422
    assert "chưa kết thúc" in again.text
    assert desk.browser(desk.head).post(f"/console/niem-phong/{number}/rut").status_code == 409
    assert desk.browser(desk.asker).post(f"/console/niem-phong/{number}/rut").status_code == 302
    assert desk.download(number)[0] == 409
    assert (
        desk.browser(desk.asker).post(f"/console/niem-phong/tep/{desk.file}", reason=REASON).status_code
        == 302
    )


@pytest.mark.parametrize("reason", ["", "vì", "x" * 1001])
def test_without_a_reason_nothing_is_asked_and_nothing_typed_is_lost(desk: Desk, reason: str) -> None:
    answer = desk.browser(desk.asker).post(
        f"/console/niem-phong/tep/{desk.file}", reason=reason, case_number="12/2026"
    )
    check_page(answer, title="Bản gốc tệp 1", h1="Bản gốc tệp 1")
    assert answer.status_code == 422
    assert 'value="12/2026"' in answer.text


def test_a_refusal_says_why(desk: Desk) -> None:
    number = desk.asked()
    answer = desk.browser(desk.head).post(f"/console/niem-phong/{number}/duyet", verdict="refuse")
    assert answer.status_code == 409
    assert "lý do không duyệt" in answer.text


def test_another_units_originals_are_not_found(desk: Desk) -> None:
    number = desk.asked()
    stranger = desk.browser(desk.world.officer(Role.UNIT_HEAD, unit_id=WARD_5, name="Người phường khác"))
    assert stranger.get(f"/console/niem-phong/tep/{desk.file}").status_code == 404
    assert stranger.post(f"/console/niem-phong/tep/{desk.file}", reason=REASON).status_code == 404
    for act in ("duyet", "tai", "rut"):
        assert stranger.post(f"/console/niem-phong/{number}/{act}", verdict="approve").status_code == 404
    assert REASON not in stranger.get("/console/niem-phong").text


def test_the_inspector_of_the_province_decides_for_any_unit(desk: Desk) -> None:
    number = desk.asked()
    inspector = desk.world.officer(Role.INSPECTOR, unit_id=None)
    answer = desk.browser(inspector).post(f"/console/niem-phong/{number}/duyet", verdict="approve")
    assert answer.status_code == 302
    assert desk.download(number)[0] == 200


def test_who_asks_and_who_decides_is_a_table() -> None:
    assert {role for role in Role if Act.ASK_UNSEAL in MAY[role]} == {
        Role.DUTY,
        Role.UNIT_HEAD,
        Role.INSPECTOR,
    }
    assert {role for role in Role if Act.DECIDE_UNSEAL in MAY[role]} == {Role.UNIT_HEAD, Role.INSPECTOR}


def test_a_tip_that_moved_to_another_unit_takes_its_originals_along(desk: Desk) -> None:
    number = desk.approved()
    with desk.world.database.transaction() as session:
        tip = session.get_one(AttachmentRow, desk.file).tip_id
        session.execute(update(Tip).where(Tip.id == tip).values(unit_id=WARD_5))
    assert desk.download(number)[0] == 404


def test_an_original_that_is_not_what_came_is_not_handed_out(desk: Desk) -> None:
    number = desk.approved()
    desk.world.media[f"kept/{desk.tip}-0-original"] = b"something else"
    status, body = desk.download(number)
    assert status == 409
    assert "không còn nguyên vẹn" in body.decode()
    assert [link.act for link in desk.world.chain(f"/{desk.file}")] == ["asked", "approved"]


def test_a_chain_that_was_tampered_with_says_so(desk: Desk) -> None:
    desk.approved()
    with desk.world.database.transaction() as session:
        row = session.scalars(select(CustodyRow).where(CustodyRow.act == custody.Act.APPROVED)).one()
        row.words = "đã sửa"
    with desk.world.database.reading() as session:
        assert custody.verify(session, desk.file) != []
    assert "không còn nguyên vẹn" in desk.browser(desk.asker).get(f"/console/niem-phong/tep/{desk.file}").text


def test_the_pages_are_whole(desk: Desk) -> None:
    empty = desk.browser(desk.head).get("/console/niem-phong")
    check_page(empty, title="Mở niêm phong", h1="Mở niêm phong")
    assert "Chưa có đề nghị nào" in empty.text
    desk.asked()
    for officer in (desk.asker, desk.head):
        page = desk.browser(officer).get("/console/niem-phong")
        check_page(page, title="Mở niêm phong", h1="Mở niêm phong")
        assert ("Duyệt, mở 24 giờ" in page.text) is (officer == desk.head)
    check_page(
        desk.browser(desk.asker).get(f"/console/niem-phong/tep/{desk.file}"),
        title="Bản gốc tệp 1",
        h1="Bản gốc tệp 1",
    )
    tip_page = desk.browser(desk.asker).get(f"/console/tin-bao/{desk.tip}").text
    assert f'href="/console/niem-phong/tep/{desk.file}"' in tip_page


def test_two_who_write_into_one_chain_at_once_are_put_in_line(database: Database) -> None:
    """Two looks at the same moment: both lines stand, the chain is whole."""
    world = World(database)
    file = world.file(world.tip(unit_id=WARD_3))
    people = [world.officer(Role.DUTY, name=f"Cán bộ {n}") for n in range(4)]
    begin = threading.Barrier(len(people))

    def look(officer: int) -> None:
        begin.wait()
        with database.transaction() as session:
            custody.record(session, file, custody.Act.VIEWED, now=world.clock(), officer_id=officer)

    threads = [threading.Thread(target=look, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.chain(f"/{file}")) == 4
