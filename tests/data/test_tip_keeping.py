"""Consent, identities, clocks, terms of keeping, new keys: on the tables."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data import (
    audit,
    consents,
    identities,
    intake,
    retention,
    rotation,
    tip_care,
    tip_clocks,
    tip_relations,
    tip_rules,
)
from data.sealing import CannotOpen, Sealer, load_pepper
from data.session import Database
from data.tables import (
    AttachmentRow,
    Consent,
    DeletionProof,
    EventRow,
    Identity,
    Notice,
    Officer,
    Outgoing,
    Tip,
    TipMessage,
    TipMove,
    TipNote,
)
from domain.errors import BadContent, MoveRefused, NotAllowed
from domain.identity import INSPECTORATE, OPEN_FOR, RequestState
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.world import CITIZEN, NOON, WARD_3, WARD_5, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


# ---- consent ---------------------------------------------------------------------------------------------------


def test_consent_is_for_one_edition_and_its_words_are_kept(world: World) -> None:
    with world.database.transaction() as session:
        for _ in range(2):
            consents.agree(session, CITIZEN, edition="a1", text="Thông báo", now=world.clock())
    with world.database.reading() as session:
        assert consents.has_agreed(session, CITIZEN, "a1")
        assert not consents.has_agreed(session, CITIZEN, "b2"), "a new edition is read again"
        assert [row.text for row in session.scalars(select(Notice))] == ["Thông báo"]


def test_consent_taken_back_cuts_the_tips_loose(world: World) -> None:
    tip = world.tip()
    with world.database.transaction() as session:
        consents.agree(session, CITIZEN, edition="a1", text="x", now=world.clock())
        assert consents.withdraw(session, CITIZEN, now=world.clock()) == 1
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Consent)) == 0
        assert session.get_one(Tip, tip).citizen is None
    assert not world.full(tip).reachable


# ---- identities --------------------------------------------------------------------------------------------------


def asked(world: World, tip: int, by: int, body: str = WARD_3) -> int:
    with world.database.transaction() as session:
        session.merge(Identity(citizen=CITIZEN, sealed=b"sealed", created_at=world.clock()))
        return identities.ask(
            session,
            session.get_one(Tip, tip),
            officer_id=by,
            body=body,
            reason="Khởi tố vụ án",
            legal_basis="Điều 88 BLTTHS",
            now=world.clock(),
        )


def decide(
    world: World, request: int, by: int, *roles: Role, unit_id: str | None = None, yes: bool = True
) -> None:
    with world.database.transaction() as session:
        identities.decide(
            session,
            request,
            approve=yes,
            officer_id=by,
            roles=roles,
            unit_id=unit_id,
            words="Đồng ý",
            now=world.clock(),
        )


def look(world: World, request: int, by: int) -> str:
    with world.database.transaction() as session:
        _, user_id = identities.open_identity(
            session, request, officer_id=by, unseal=lambda sealed: b"zalo-" + sealed, now=world.clock()
        )
        return user_id


def test_two_persons_of_two_bodies_and_a_limited_time(world: World) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()
    inspector = world.officer(Role.INSPECTOR, unit_id=None)
    request = asked(world, tip, head)
    with pytest.raises(MoveRefused, match="Chưa được duyệt"):
        look(world, request, head)
    with pytest.raises(NotAllowed):
        decide(world, request, head, Role.UNIT_HEAD, unit_id=WARD_3)
    decide(world, request, inspector, Role.INSPECTOR)
    assert look(world, request, head) == "zalo-sealed"
    with pytest.raises(NotAllowed):
        look(world, request, inspector)
    world.clock.goes(seconds=OPEN_FOR.total_seconds())
    with pytest.raises(MoveRefused, match="thời hạn"):
        look(world, request, head)

    with world.database.reading() as session:
        (listed,) = identities.listed(
            session, since=world.clock() - timedelta(days=1), until=world.clock() + timedelta(days=1)
        )
        assert (listed.state, listed.times_opened) == (RequestState.APPROVED, 1)
        actions = [row.action for row in audit.listed(session, limit=9)]
        assert actions[:3] == ["tip.identity_opened", "tip.identity_decided", "tip.identity_asked"]
        assert "zalo" not in repr(audit.listed(session, limit=9))


def test_a_request_is_decided_once_and_lapses(world: World) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()
    inspector = world.officer(Role.INSPECTOR, unit_id=None)
    request = asked(world, tip, head)
    with pytest.raises(MoveRefused, match="chờ duyệt"):
        asked(world, tip, head)
    decide(world, request, inspector, Role.INSPECTOR, yes=False)
    with pytest.raises(MoveRefused):
        decide(world, request, inspector, Role.INSPECTOR)
    late = asked(world, tip, head)
    world.clock.goes(days=4)
    with pytest.raises(MoveRefused, match="quá hạn"):
        decide(world, late, inspector, Role.INSPECTOR)


def test_inspectors_do_not_approve_each_other(world: World) -> None:
    one, other = (world.officer(Role.INSPECTOR, unit_id=None, name=name) for name in ("Bình", "Châu"))
    request = asked(world, world.tip(), one, INSPECTORATE)
    with pytest.raises(NotAllowed):
        decide(world, request, other, Role.INSPECTOR)


# ---- clocks --------------------------------------------------------------------------------------------------------


def seen_at(world: World, officer_id: int, hours_ago: float) -> None:
    with world.database.transaction() as session:
        session.get_one(Officer, officer_id).last_login_at = world.clock() - timedelta(hours=hours_ago)


def escalate(world: World) -> int:
    with world.database.transaction() as session:
        return tip_clocks.escalate(session, now=world.clock())


def test_late_tips_go_up_step_by_step_and_others_stay(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    seen_at(world, hoa, 1)
    late = world.tip(take_due_at=world.clock() - timedelta(minutes=1))
    world.tip(take_due_at=world.clock() + timedelta(hours=5))
    slow = world.tip(
        status=TipStatus.IN_PROGRESS, taken_by=hoa, close_due_at=world.clock() - timedelta(hours=2)
    )
    assert escalate(world) == 2
    assert world.full(late).line.escalation == 1
    assert world.full(slow).line.escalation == 2
    assert escalate(world) == 0
    world.clock.goes(hours=1)
    assert escalate(world) == 1
    assert world.full(late).line.escalation == 2
    assert [move.move for move in world.full(late).moves] == ["filed", "escalated", "escalated"]


def test_where_nobody_is_on_duty_it_goes_to_the_province_at_once(world: World) -> None:
    seen_at(world, world.officer(Role.DUTY), 20)
    tip = world.tip(take_due_at=world.clock() - timedelta(minutes=1))
    escalate(world)
    assert world.full(tip).line.escalation == 2


def test_what_was_taken_and_not_begun_does_not_stay_with_somebody_off_duty(world: World) -> None:
    gone, here = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    seen_at(world, gone, 13)
    seen_at(world, here, 1)
    long_ago = world.clock() - timedelta(hours=13)
    left = world.tip(status=TipStatus.TAKEN, taken_by=gone, taken_at=long_ago)
    begun = world.tip(status=TipStatus.IN_PROGRESS, taken_by=gone, taken_at=long_ago)
    kept = world.tip(status=TipStatus.TAKEN, taken_by=here, taken_at=long_ago)
    with world.database.transaction() as session:
        assert tip_clocks.give_back_abandoned(session, now=world.clock()) == 1
    assert world.full(left).line.status is TipStatus.NEW
    assert world.full(begun).line.taken_by == gone
    assert world.full(kept).line.taken_by == here


# ---- terms of keeping --------------------------------------------------------------------------------------------


def delete_expired(world: World) -> retention.Deleted:
    with world.database.transaction() as session:
        return retention.delete_expired(session, tip_rules.shipped(), now=world.clock())


def closed(world: World, days_ago: int, **more: object) -> int:
    at = world.clock() - timedelta(days=days_ago)
    return world.tip(status=TipStatus.DONE, closed_at=at, age=timedelta(days=days_ago + 1), **more)  # type: ignore[arg-type]


def test_when_its_term_is_over_a_tip_is_gone_everywhere_and_a_proof_remains(world: World) -> None:
    hoa, keep = world.officer(Role.DUTY), tip_rules.shipped().kinds.get("noise").keep_days
    over = closed(world, keep + 1, category="noise", what="Lời kể bí mật")
    young = closed(world, keep - 1, category="noise")
    other_kind = closed(world, keep + 1, category="drugs")
    world.file(over)
    world.reporter_says(over, "Nói thêm")
    code = world.full(over).line.code
    with world.database.transaction() as session:
        row = session.get_one(Tip, over)
        session.add(TipNote(tip_id=over, at=world.clock(), officer_id=hoa, text="Ghi chú"))
        tip_relations.link(session, row, session.get_one(Tip, young), officer_id=hoa, now=world.clock())
        sent = Outgoing(
            citizen=CITIZEN,
            oa_id="1",
            tip_id=over,
            body={"text": "Trả lời bí mật"},
            content="x",
            state="sent",
            due_at=world.clock(),
            created_at=world.clock(),
        )
        session.add(sent)
        session.flush()
        session.add(
            TipMessage(
                tip_id=over,
                at=world.clock(),
                from_officer=True,
                officer_id=hoa,
                text="a",
                outgoing_id=sent.id,
            )
        )

    gone = delete_expired(world)

    assert gone.tips == 1
    assert sorted(gone.media_keys) == [f"kept/{over}-0", f"kept/{over}-0-original"]
    with world.database.reading() as session:
        assert session.get(Tip, over) is None
        for table in (TipMessage, TipNote, TipMove, AttachmentRow):
            left = session.scalar(select(func.count()).select_from(table).where(table.tip_id == over))
            assert left == 0, table
        assert {row.body.get("text") for row in session.scalars(select(Outgoing))} == {None}
        (proof,) = session.scalars(select(DeletionProof))
        assert proof.counts["attachments"] == 1
        assert proof.counts["tip_messages"] == 2
        assert proof.backups_until > world.clock()
        assert code not in repr(proof.__dict__)
        assert retention.was_deleted(session, code)
        assert audit.verify(session) == []
    assert world.full(young)
    assert world.full(other_kind)
    assert delete_expired(world).tips == 0


def test_what_is_held_for_a_case_or_still_open_stays(world: World) -> None:
    inspector = world.officer(Role.INSPECTOR, unit_id=None)
    held = closed(world, 5000, category="noise")
    world.tip(age=timedelta(days=5000), category="noise")
    with world.database.transaction() as session:
        tip_care.hold(
            session,
            session.get_one(Tip, held),
            on=True,
            officer_id=inspector,
            words="Vụ 12",
            now=world.clock(),
        )
    assert delete_expired(world).tips == 0
    with world.database.transaction() as session:
        tip_care.hold(
            session,
            session.get_one(Tip, held),
            on=False,
            officer_id=inspector,
            words="Xong",
            now=world.clock(),
        )
    assert delete_expired(world).tips == 1


def test_faults_in_the_rules_are_all_named(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "kinds.toml").write_text(
        '[[kind]]\nkey = "x"\nlabel = ""\nclock = "never"\ntake_minutes = 0\nclose_hours = 1\nkeep_days = 1\nkeep_basis = "a"\n',
        "utf-8",
    )
    (folder / "calendar.toml").write_text('known_until = "never"\n', "utf-8")
    with pytest.raises(BadContent) as bad:
        tip_rules.read(folder, today=NOON.date())
    said = "\n".join(bad.value.problems)
    for part in ("take_minutes", "label is missing", "clock is", "“other” is missing", "calendar.toml"):
        assert part in said


# ---- new keys ------------------------------------------------------------------------------------------------------


def test_after_a_rotation_the_old_key_opens_nothing_and_citizens_stay_who_they_are(world: World) -> None:
    old, new = os.urandom(32), os.urandom(32)
    before, both, after = Sealer([old]), Sealer([new, old]), Sealer([new])
    with world.database.transaction() as session:
        pepper = load_pepper(session, before)
        intake.meet(session, citizen="an", oa_id="1", user_id="4000", sealer=before, now=world.clock())
        session.add(
            EventRow(
                key="k",
                name="user_send_text",
                oa_id="1",
                occurred_at=world.clock(),
                received_at=world.clock(),
                run_at=world.clock(),
                body_sealed=before.seal(b"{}", purpose="event"),
            )
        )
    done, failed = rotation.rotate(world.database, both)
    assert failed == {}
    assert (done["identities"], done["events"], done["keys"]) == (1, 1, 1)
    with world.database.transaction() as session:
        assert load_pepper(session, after) == pepper
        sealed = session.get_one(Identity, "an").sealed
        assert after.open(sealed, purpose="identity") == b"4000"
        with pytest.raises(CannotOpen):
            before.open(sealed, purpose="identity")


def test_a_rotation_says_what_it_could_not_open(world: World) -> None:
    with world.database.transaction() as session:
        intake.meet(
            session, citizen="an", oa_id="1", user_id="4", sealer=Sealer([b"x" * 32]), now=world.clock()
        )
    _, failed = rotation.rotate(world.database, Sealer([b"y" * 32]))
    assert failed == {"identities": 1}


def test_another_unit_knows_nothing_of_requests(world: World) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()
    asked(world, tip, head)
    with world.database.reading() as session:
        assert len(identities.of_tip(session, tip, unit_ids=(WARD_3,))) == 1
        assert identities.of_tip(session, tip, unit_ids=(WARD_5,)) == []
