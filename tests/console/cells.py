"""One world for the whole matrix of rights: a client for every role, its own things and things of another unit."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from data import (
    dated_settings,
    identities,
    officer_sessions,
    officer_sheets,
    orders,
    registry_sheets,
    tip_acts,
    unit_changes,
)
from data.registry_columns import SUBJECTS
from data.sheets import SheetProblem
from data.tables import ImprovementOrder, OfficerSession, Passkey, Tip, TipMessage
from domain.messages import Reply
from domain.roles import Role
from domain.surveys import AnswerState
from domain.tips import AttachmentKind, TipStatus, new_code
from domain.unit_changes import NewUnit
from tests.console.world import WARD_3, WARD_5, Browser, World

OURS, THEIRS = "QX3 chuyện của phường mình", "QX5 chuyện của phường khác"
"""Stand in every text of a tip, a complaint, an answer of this ward, of the other ward."""
NOWHERE = 987_654
Numbers = dict[str, int | str]
_dossiers = itertools.count(1)


@dataclass
class Client:
    """One officer with a browser. `ours`, `theirs`: what to put into the holes of addresses."""

    role: Role
    unit_id: str | None
    me: int
    browser: Browser
    token: str
    ours: Numbers
    theirs: Numbers

    def __str__(self) -> str:
        return f"{self.role}@{'ward' if self.unit_id else 'province'}"

    def asks(self, method: str, address: str, form: dict[str, str]) -> TestResponse:
        if address.endswith("/dang-xuat"):  # the session that the token belonged to may have been replaced
            self.token = self.browser.token()
        if method == "GET":
            return self.browser.client.get(address)
        return self.browser.client.post(address, data={"csrf_token": self.token, **form})


def clients(world: World) -> Iterator[Client]:
    """Every role in a ward; those who see tips in the province as well."""
    everywhere = _of_everybody(world)
    for role in Role:
        for unit_id in (WARD_3, None) if role in {Role.DUTY, Role.UNIT_HEAD, Role.INSPECTOR} else (WARD_3,):
            me = world.officer(role, unit_id=unit_id, name=f"{role} {unit_id}")
            browser = world.browser(me)
            yield Client(
                role=role,
                unit_id=unit_id,
                me=me,
                browser=browser,
                token=browser.token(),
                ours={
                    **everywhere,
                    **_of_a_ward(world, WARD_3, OURS),
                    **_of_ones_own(world, me),
                    **_of_a_desk(world, unit_id, OURS),
                },
                theirs={
                    **everywhere,
                    **_of_a_ward(world, WARD_5, THEIRS),
                    **_of_ones_own(world, None),
                    **_of_a_desk(world, WARD_5, THEIRS),
                },
            )


def routes(console: Flask) -> Iterator[tuple[str, str]]:
    """(endpoint and method as the table calls them, address with holes) of every route there is."""
    for rule in sorted(console.url_map.iter_rules(), key=_last):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield f"{rule.endpoint} {method}", rule.rule


def _last(rule: Rule) -> tuple[bool, bool, str]:
    """What ends the browser's own session comes last."""
    return rule.endpoint == "security.logout", rule.endpoint == "own_sessions.end_all", rule.endpoint


def filled(rule: str, numbers: Numbers) -> str:
    for hole, number in numbers.items():
        for kind in ("int:", "path:", ""):
            rule = rule.replace(f"<{kind}{hole}>", str(number))
    assert "<" not in rule, f"tell tests/console/cells.py what to put into {rule}"
    return rule


def guessed(numbers: Numbers) -> Numbers:
    return {hole: NOWHERE if isinstance(number, int) else "khong-co" for hole, number in numbers.items()}


def _of_everybody(world: World) -> Numbers:
    """Things that belong to no unit."""
    more = world.more_numbers()
    victim = world.officer(Role.EDITOR, name="Người được quản lý")
    admin = world.officer(Role.ADMIN, unit_id=None, name="Quản trị kia")
    return {
        **more,
        "officer_id": victim,
        **of_the_office(world, admin),
        "token": "x",
        "name": "console.css",
        "key": "x",
        "code": world.group("BG-7", "Nhóm của phường mình"),
    }


def of_the_office(world: World, admin: int) -> Numbers:
    """A change of units that waits for its second look, a setting that changes next month, lists to be applied."""
    now = world.clock()
    later = now.date() + timedelta(days=30)
    topics = SUBJECTS["chu-de"]
    with world.database.transaction() as session:
        change = unit_changes.propose(
            session,
            old_ids=[WARD_3, WARD_5],
            existing_id=None,
            new=NewUnit("07999", "phường", "Thương Giang"),
            since=later,
            basis="Nghị quyết 12",
            officer_id=admin,
            now=now,
        )
        setting = dated_settings.change(
            session,
            "drugs.take_minutes",
            "15",
            holds_from=later,
            reason="Kế hoạch",
            officer_id=admin,
            now=now,
        )
        sheet = registry_sheets.keep(
            session,
            topics,
            file_name="a.xlsx",
            rows=1,
            lines=[],
            problems=[SheetProblem(2, "Tên", "Chưa có nội dung.")],
            officer_id=admin,
            now=now,
        )
        staff = officer_sheets.keep(
            session, file_name="a.csv", rows=0, lines=[], problems=[], officer_id=admin, now=now
        )
        return {
            "officer_import": staff,
            "unit_change_id": change.id,
            "setting_change_id": setting.id,
            "registry_id": sheet.id,
            "subject": topics.key,
        }


def _of_a_desk(world: World, unit_id: str | None, words: str) -> Numbers:
    """A sheet that a colleague at this desk left for the next shift."""
    colleague = world.officer(Role.DUTY, unit_id=unit_id, name=f"Ca trước {new_code()}")
    return {"sheet_id": world.shift_sheet(colleague, note=words, unit_id=unit_id)}


def _of_a_ward(world: World, unit_id: str, words: str) -> Numbers:
    """A tip taken by a colleague there, with a file, a note, words of the reporter, and requests about it."""
    colleague = world.officer(Role.DUTY, unit_id=unit_id, name=f"Đồng nghiệp {new_code()}")
    tip = world.tip(unit_id=unit_id, what=words, place=words, status=TipStatus.TAKEN, taken_by=colleague)
    file = world.file(tip, kind=AttachmentKind.CLIP, mime="video/mp4")
    asked = world.asks_to_unseal(colleague, file, reason=f"{words} cần giám định")
    broadcast = world.broadcast(colleague)
    with world.database.transaction() as session:
        row = session.get_one(Tip, tip)
        tip_acts.note(session, row, officer_id=colleague, text=words, now=world.clock())
        session.add(TipMessage(tip_id=tip, at=world.clock(), from_officer=False, text=words))
        replies = [Reply(words)]
        said = tip_acts.answer(
            session, row, officer_id=colleague, text=words, replies=replies, now=world.clock()
        )
        request = identities.ask(
            session,
            row,
            officer_id=colleague,
            body=unit_id,
            reason=words,
            legal_basis=words,
            now=world.clock(),
        )
    return {
        **_of_service(world, unit_id, words, colleague),
        "tip_id": tip,
        "message_id": said,
        "file_id": file,
        "unsealing_id": asked,
        "request_id": request,
        "delivery_id": world.delivery(
            broadcast, group=f"BG-{unit_id[:5]}", name=f"Nhóm {unit_id}", unit_id=unit_id
        ),
    }


def _of_service(world: World, unit_id: str, words: str, colleague: int) -> Numbers:
    """A complaint with an order and its proof, a held answer, a dossier and a sheet of dossiers of the ward."""
    complaint = world.complaint(unit_id=unit_id, words=words)
    order = world.order(complaint, colleague)
    file = world.keep_file(words.encode())
    with world.database.transaction() as session:
        proof = orders.prove(
            session,
            session.get_one(ImprovementOrder, order),
            words=words,
            proof=orders.Proof(file.media_key, f"{words}.txt", "text/plain", file.size, file.sha256),
            officer_id=colleague,
            inspector=False,
            now=world.clock(),
        )
        proof_id = proof.id
    return {
        "complaint_id": complaint,
        "order_id": order,
        "proof_id": proof_id,
        "answer_id": world.rated(50.0, unit_id=unit_id, words=words, state=AnswerState.HELD),
        "dossier_id": world.dossier(f"G01.899.909-261120-{next(_dossiers):06}", unit_id=unit_id),
        "dossier_import_id": world.dossier_sheet(colleague, unit_id=unit_id),
        "unit_id": unit_id,
        "unit_code": unit_id.partition("@")[0],
    }


def _of_ones_own(world: World, officer_id: int | None) -> Numbers:
    """A second session, a passkey and a shift of this officer, or of somebody else in another unit."""
    owner = officer_id or world.officer(Role.DUTY, unit_id=WARD_5, name=f"Người khác {new_code()}")
    with world.database.transaction() as session:
        officer_sessions.begin(
            session, owner, device="Máy kia", how="test", proved_at=world.clock(), now=world.clock()
        )
        line = session.query(OfficerSession).order_by(OfficerSession.id.desc()).first()
        key = Passkey(
            officer_id=owner,
            credential_id=f"key of {owner} {officer_id}".encode(),
            public_key=b"-",
            sign_count=0,
            name="Máy",
            created_at=world.clock(),
        )
        session.add(key)
        session.flush()
        assert line is not None
        mine: Numbers = {"session_id": line.id, "passkey_id": key.id}
    return {**mine, "shift_id": world.shift(owner)}
