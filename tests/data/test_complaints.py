"""Every complaint is worked: by its unit's head, under the inspectors' eyes, with a clock, an answer and proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit, complaints, officer_chats, orders, survey_terms
from data.complaints import NewComplaint
from data.orders import Proof
from data.session import Database
from data.survey_rules import complaint_rules
from data.tables import (
    Citizen,
    Complaint,
    ComplaintMove,
    ImprovementOrder,
    OfficerChat,
    OrderProof,
    Outgoing,
    SurveyAnswer,
)
from data.tip_queue import EVERY_UNIT
from domain.complaints import ComplaintStatus, OrderStatus
from domain.errors import MoveRefused
from domain.messages import Reply
from domain.roles import Role
from tests.console.world import CITIZEN, NOON, OA, WARD_3, WARD_5, World

S = ComplaintStatus
TODAY = NOON.date()


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return World(sqlite_database)


def opened(session: Session, code: str = "PA-1", **more: Any) -> Complaint:
    new = NewComplaint(
        code,
        str(more.pop("unit_id", WARD_3)),
        "survey",
        {"Mức hài lòng chung": "Không hài lòng"},
        "Chờ lâu",
        **more,
    )
    return complaints.open_case(session, new, now=NOON)


def move(
    session: Session, row: Complaint, to: S, officer: int, *, inspector: bool = False, words: str = ""
) -> None:
    complaints.move(
        session,
        row,
        to=to,
        officer_id=officer,
        inspector=inspector,
        version=row.version,
        words=words,
        compose=lambda code, text, status: (Reply(f"{code} {status}: {text}"),),
        now=NOON,
    )


def test_a_unit_sees_its_own_cases_and_not_those_that_go_past_it(world: World) -> None:
    with world.database.transaction() as session:
        own = opened(session, "PA-1")
        past = opened(session, "PA-2", past_unit=True)
        other = opened(session, "PA-3", unit_id=WARD_5)

        def seen(reach: tuple[str, ...] | None) -> list[int]:
            return sorted(one.id for one in complaints.listed(session, unit_ids=reach, open_only=True))

        assert seen((WARD_3,)) == [own.id]
        assert seen(EVERY_UNIT) == [own.id, other.id]
        assert seen(None) == [own.id, past.id, other.id]
        assert complaints.find(session, past.id, unit_ids=(WARD_3,)) is None
        assert complaints.open_count(session, unit_ids=(WARD_3,)) == 1


def test_head_and_inspector_hear_of_it_in_their_own_chat_and_nobody_else(world: World) -> None:
    head = world.officer(Role.UNIT_HEAD)
    inspector = world.officer(Role.INSPECTOR, unit_id=None)
    others = [world.officer(Role.DUTY), world.officer(Role.UNIT_HEAD, unit_id=WARD_5, name="Khác")]
    with world.database.transaction() as session:
        for officer in (head, inspector, *others):
            session.add(Citizen(key=f"chat-{officer}", oa_id=OA, first_seen_at=NOON))
            session.flush()
            session.add(OfficerChat(officer_id=officer, citizen=f"chat-{officer}", oa_id=OA, linked_at=NOON))
        opened(session)

        def told() -> set[str]:
            return set(session.scalars(select(Outgoing.citizen)))

        assert told() == {f"chat-{head}", f"chat-{inspector}"}
        assert all("Chờ lâu" not in str(row.body) for row in session.scalars(select(Outgoing)))
        opened(session, "PA-2", past_unit=True)
        heard = list(session.scalars(select(Outgoing.citizen)))
        assert heard.count(f"chat-{head}") == 1
        assert heard.count(f"chat-{inspector}") == 2
        assert officer_chats.officer_of(session, f"chat-{head}") == head


def test_the_answer_goes_to_the_resident_and_every_step_is_written_down(world: World) -> None:
    head, inspector = world.officer(Role.UNIT_HEAD), world.officer(Role.INSPECTOR, unit_id=None)
    with world.database.transaction() as session:
        row = opened(session, citizen=CITIZEN, oa_id=OA)
        move(session, row, S.LOOKING, head)
        with pytest.raises(MoveRefused, match="Mời ghi"):
            move(session, row, S.ANSWERED, head)
        move(session, row, S.ANSWERED, head, words="Đã nhắc nhở cán bộ, xin lỗi bạn.")
        sent = session.scalars(select(Outgoing).where(Outgoing.citizen == CITIZEN)).one()
        assert "PA-1 answered: Đã nhắc nhở" in str(sent.body)
        assert sent.expires_at is None
        assert row.answered_at == NOON
        move(session, row, S.CLOSED, inspector, inspector=True)
        moves = session.scalars(select(ComplaintMove.after).order_by(ComplaintMove.id)).all()
        assert moves == [S.NEW, S.LOOKING, S.ANSWERED, S.CLOSED]
        trail = audit.listed(session, limit=9, subject=f"complaint:{row.id}")
        assert len(trail) == 3
        assert "Đã nhắc nhở" not in str(trail)


def test_two_officers_at_once_one_wins(world: World) -> None:
    head = world.officer(Role.UNIT_HEAD)
    with world.database.transaction() as session:
        row = opened(session)
        with pytest.raises(MoveRefused, match="vừa có thay đổi"):
            complaints.change(session, row, version=row.version - 1, values={"status": S.LOOKING}, now=NOON)
        move(session, row, S.LOOKING, head)
        assert row.version == 2


def test_the_resident_may_say_once_that_the_answer_does_not_satisfy(world: World) -> None:
    head = world.officer(Role.UNIT_HEAD)
    with world.database.transaction() as session:
        row = opened(session)
        assert not complaints.reopen(session, row.code, now=NOON)
        move(session, row, S.ANSWERED, head, words="Đã xong")
        assert complaints.reopen(session, row.code, now=NOON)
        assert (row.status, row.late, row.answered_at) == (S.LOOKING, True, None)
        move(session, row, S.ANSWERED, head, words="Đã xem lại")
        assert not complaints.reopen(session, row.code, now=NOON)


def test_a_case_that_nobody_answers_turns_late_once(world: World) -> None:
    with world.database.transaction() as session:
        row = opened(session)
        assert complaints.mark_late(session, now=NOON) == 0
        assert complaints.mark_late(session, now=row.look_due_at) == 1
        assert complaints.mark_late(session, now=row.answer_due_at) == 0
        assert [
            one.id for one in complaints.listed(session, unit_ids=None, open_only=True, late_only=True)
        ] == [row.id]


def test_an_order_has_a_due_day_proof_and_a_judgement_before_the_case_ends(database: Database) -> None:
    world = World(database)
    head, inspector = world.officer(Role.UNIT_HEAD), world.officer(Role.INSPECTOR, unit_id=None)
    with world.database.transaction() as session:
        row = opened(session)
        with pytest.raises(MoveRefused, match="Hạn hoàn thành"):
            issue(session, row, inspector, due=-1)
        order = issue(session, row, inspector)
        assert row.status == S.ORDERED
        file = Proof("2026/11/24/x", "bien-ban.pdf", "application/pdf", 9, "0" * 64)
        orders.prove(
            session,
            order,
            words="Đã họp rút kinh nghiệm",
            proof=file,
            officer_id=head,
            inspector=False,
            now=NOON,
        )
        assert orders.known_keys(session, ["2026/11/24/x", "2026/11/24/y"]) == {"2026/11/24/x"}
        judge(session, order, OrderStatus.SENT_BACK, inspector, words="Thiếu biên bản")
        orders.prove(session, order, words="Bổ sung", proof=None, officer_id=head, inspector=False, now=NOON)
        move(session, row, S.ANSWERED, head, words="Đã chấn chỉnh")
        with pytest.raises(MoveRefused, match="chấn chỉnh chưa được chấp nhận"):
            move(session, row, S.CLOSED, inspector, inspector=True)
        judge(session, order, OrderStatus.ACCEPTED, inspector)
        move(session, row, S.CLOSED, inspector, inspector=True)
        [(kept, proofs)] = orders.of_case(session, row.id)
        assert (kept.status, len(proofs)) == (OrderStatus.ACCEPTED, 2)
        shown = session.scalars(select(OrderProof.id).order_by(OrderProof.id)).first()
        assert shown is not None
        assert orders.proof(session, shown, unit_ids=(WARD_3,)) is not None
        assert orders.proof(session, shown, unit_ids=(WARD_5,)) is None
        trail = audit.listed(session, limit=9, subject=f"improvement_order:{order.id}")
        assert [one.action for one in trail][::-1] == [
            "order.proof", "order.sent_back", "order.proof", "order.accepted",
        ]  # fmt: skip
        assert audit.verify(session) == []


def test_what_is_done_with_goes_after_its_term_and_what_is_open_stays(world: World) -> None:
    head, inspector = world.officer(Role.UNIT_HEAD), world.officer(Role.INSPECTOR, unit_id=None)
    rules = complaint_rules()
    later = NOON + timedelta(days=rules.keep_days, hours=1)
    with world.database.transaction() as session:
        done, still, unproved = (opened(session, code) for code in ("PA-1", "PA-2", "PA-3"))
        for row in (done, unproved):
            order = issue(session, row, inspector)
            file = Proof(f"key-{row.code}", "a.pdf", "application/pdf", 9, "0" * 64)
            orders.prove(
                session, order, words="Đã làm", proof=file, officer_id=head, inspector=False, now=NOON
            )
            move(session, row, S.ANSWERED, head, words="Xong")
            if row is done:
                judge(session, order, OrderStatus.ACCEPTED, inspector)
        session.add(
            SurveyAnswer(
                unit_id=WARD_3, at=NOON, edition="x", channel="web", given={}, words="Chậm", state="counted"
            )
        )
        session.flush()
        assert survey_terms.delete_complaints(session, rules, now=NOON) == []
        assert survey_terms.delete_complaints(session, rules, now=later) == ["key-PA-1"]
        survey_terms.forget_words(session, rules, now=later)
        assert set(session.scalars(select(Complaint.id))) == {still.id, unproved.id}
        assert session.scalars(select(SurveyAnswer.words)).all() == [""]
        assert audit.listed(session, limit=1)[0].action == "complaint.deleted"
        assert audit.verify(session) == []


def issue(session: Session, row: Complaint, officer: int, due: int = 10) -> ImprovementOrder:
    return orders.issue(
        session,
        row,
        number="12/VB",
        text="Chấn chỉnh giờ tiếp dân",
        due_on=TODAY + timedelta(days=due),
        officer_id=officer,
        version=row.version,
        now=NOON,
    )


def judge(session: Session, order: ImprovementOrder, to: OrderStatus, officer: int, words: str = "") -> None:
    orders.judge(
        session,
        order,
        to=to,
        words=words,
        officer_id=officer,
        inspector=True,
        version=order.version,
        now=NOON,
    )
