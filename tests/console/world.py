"""A small province: two wards and the province police, officers of every role, tips with files and words."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from console import create_console, freshness
from console.accounts import SESSION
from console.desk import FileShelf, SecretBox
from console.passwords import hash_password
from data import (
    api_tokens,
    broadcasts,
    care,
    complaints,
    custody,
    dossier_imports,
    dossiers,
    handovers,
    hooks,
    kept_questions,
    learning,
    officer_sessions,
    officers,
    orders,
    records,
    second_factors,
    sheet_imports,
    tips,
    unsealing,
)
from data.dossier_proof import DossierKey
from data.media import Kept
from data.record_text import blank
from data.replay import Replays
from data.sealing import Sealer
from data.session import Database
from data.shelf import CatalogueShelf
from data.tables import (
    AskedQuestion,
    AttachmentRow,
    Broadcast,
    Citizen,
    Complaint,
    Delivery,
    GroupRow,
    ImprovementOrder,
    Officer,
    ProcedureRow,
    Run,
    ShiftRow,
    SurveyAnswer,
    Tip,
    TipMessage,
    TipMove,
    UnitRow,
)
from domain.api_scopes import Scope
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.complaints import new_receipt
from domain.dossiers import DossierChange, DossierStep
from domain.hooks import HookEvent
from domain.learning import ChangeKind
from domain.messages import Reply
from domain.roles import Role
from domain.screening import screen
from domain.surveys import AnswerState
from domain.tips import AttachmentKind, AttachmentState, TipStatus, new_code
from domain.vietnamese import fold
from domain.work import Kind
from tests.console.doors import SEALER, give_factor, spare_code
from tests.domain.catalogue import knowledge

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""12:00 in Vietnam, on a Tuesday."""
WARD_3, WARD_5, PROVINCE = "07210@2025-07-01", "07228@2025-07-01", "24@2025-07-01"
UNIT_NAMES = {WARD_3: "Phường Bắc Giang", WARD_5: "Phường Đa Mai", PROVINCE: "Tỉnh Bắc Ninh"}
PASSWORD = "mot cau de nho"
_HASHED = hash_password(PASSWORD)
CITIZEN = "opaquecitizenkeyzzzz234567"
OA = "1111222233334444555"
DOSSIER_KEY = DossierKey(b"d" * 32)
DOSSIER_CODE = "G01.899.909-261120-000017"


def picture(width: int = 64, height: int = 48) -> bytes:
    """A plain JPEG, as a clean copy is one."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 90)).save(written, "JPEG")
    return written.getvalue()


PICTURE = picture()


@dataclass
class Clock:
    """A clock one can set."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def goes(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class World:
    """The console over a real database, and the people who use it."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    media: dict[str, bytes] = field(default_factory=dict)
    bounds: dict[str, str] = field(default_factory=dict)
    """What each key was said to be bound to when it was opened."""
    woken: list[Kind] = field(default_factory=list)
    _of_the_catalogue: dict[str, int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.console: Flask = create_console(
            database=self.database,
            secret_key="a secret of the tests, 32 characters",
            secure=False,
            open_media=self.open_media,
            files=FileShelf(keep=self.keep_file, open=self.open_file),
            compose_answer=compose,
            wake=lambda kind, key: self.woken.append(kind),
            clock=self.clock,
            shelf=CatalogueShelf(self.database, clock=self.clock, knowledge=knowledge()),
            compose_end=lambda unit, code, text, status: (Reply(f"{unit} {status} {code}: {text}"),),
            compose_merged=lambda code: (Reply(f"gộp {code}"),),
            compose_case=lambda unit, code, text: (Reply(f"{unit} trả lời phản ánh {code}: {text}"),),
            unseal_identity=lambda sealed: b"zalo-id-of-" + sealed,
            compose_dossier=lambda told: Reply(f"{told.ending} {told.step}"),
            dossier_key=DOSSIER_KEY,
            seal_secret=Sealer([b"k" * 32]),
            secrets=SecretBox(
                seal=lambda plain: SEALER.seal(plain, purpose=second_factors.PURPOSE),
                open=lambda sealed: SEALER.open(sealed, purpose=second_factors.PURPOSE),
            ),
        )
        with self.database.transaction() as session:
            for unit_id, name in UNIT_NAMES.items():
                session.add(_unit(unit_id, name))
            session.add(Citizen(key=CITIZEN, oa_id=OA, first_seen_at=NOON))

    def open_media(self, key: str, bound: str) -> BinaryIO:
        if key not in self.media:
            raise FileNotFoundError(key)
        self.bounds[key] = bound
        return io.BytesIO(self.media[key])

    def open_file(self, key: str) -> BinaryIO:
        return io.BytesIO(self.media[key])

    def keep_file(self, content: bytes) -> Kept:
        key = f"2026/11/24/{len(self.media):032x}"
        self.media[key] = content
        return Kept(key, len(content), hashlib.sha256(content).hexdigest())

    def officer(
        self,
        *roles: Role,
        unit_id: str | None = WARD_3,
        name: str = "Nguyễn Thị Hoa",
        email: str = "",
        factor: bool = True,
    ) -> int:
        """An officer with password and, unless told otherwise, a second factor (tests.console.doors)."""
        with self.database.transaction() as session:
            row = officers.add_officer(
                session,
                email=email
                or f"{'-'.join(roles)}.{abs(hash((roles, unit_id, name))) % 10**9}@bacninh.example",
                name=name,
                roles=roles,
                unit_id=unit_id,
                now=self.clock(),
                password_hash=_HASHED,
            )
            if factor:
                give_factor(session, row.id, now=self.clock())
            return row.id

    def row(self, officer_id: int) -> Officer:
        with self.database.reading() as session:
            return session.scalars(select(Officer).where(Officer.id == officer_id)).one()

    def browser(self, officer_id: int | None = None) -> Browser:
        """A browser; with an officer named, one that has just come through the door, second factor and all.

        The door itself has tests of its own (test_log_in, test_second_factor); here its outcome is written down.
        """
        browser = Browser(self.console.test_client())
        if officer_id is not None:
            with self.database.transaction() as session:
                token = officer_sessions.begin(
                    session,
                    officer_id,
                    device="Máy thử",
                    how="test",
                    proved_at=self.clock(),
                    now=self.clock(),
                )
                mark = session.get_one(Officer, officer_id).fs_uniquifier
            with browser.client.session_transaction() as cookie:
                cookie.update({"_user_id": mark, "_fresh": True, "fs_paa": 0, SESSION: token})
                cookie.permanent = True
        return browser

    def tip(
        self,
        *,
        what: str = "Có nhóm thanh niên tụ tập đánh bạc",
        place: str = "Hẻm 12, phường Bắc Giang",
        unit_id: str = WARD_3,
        status: TipStatus = TipStatus.NEW,
        taken_by: int | None = None,
        urgent: bool = False,
        age: timedelta = timedelta(hours=1),
        citizen: str | None = CITIZEN,
        **more: Any,
    ) -> int:
        at = self.clock() - age
        with self.database.transaction() as session:
            tip = Tip(
                code=new_code(),
                draft_key=new_code(),
                designation="Người báo tin Sen-42",
                citizen=citizen,
                oa_id=OA,
                unit_id=unit_id,
                status=status,
                urgent=urgent,
                what=what,
                what_folded=fold(f"{screen(what).text} {screen(place).text}"),
                place=place,
                latitude=21.28491,
                longitude=106.21507,
                taken_by=taken_by,
                created_at=at,
                updated_at=at,
                **more,
            )
            session.add(tip)
            session.flush()
            session.add(TipMove(tip_id=tip.id, at=at, move="filed", after=TipStatus.NEW))
            return tip.id

    def file(
        self,
        tip_id: int,
        *,
        kind: AttachmentKind = AttachmentKind.PHOTO,
        mime: str = "image/jpeg",
        body: bytes | None = None,
        original: bytes = b"bytes as they came",
        state: AttachmentState = AttachmentState.KEPT,
        reason: str | None = None,
    ) -> int:
        with self.database.transaction() as session:
            tip = session.get_one(Tip, tip_id)
            known = session.scalars(select(AttachmentRow).where(AttachmentRow.tip_id == tip_id)).all()
            key = f"kept/{tip_id}-{len(known)}"
            kept = state is AttachmentState.KEPT
            body = PICTURE if body is None else body
            self.media[key] = body
            self.media[f"{key}-original"] = original
            self.media[f"{key}-poster"] = PICTURE
            sealed = state in {AttachmentState.KEPT, AttachmentState.SEALED, AttachmentState.UNCLEAN}
            row = AttachmentRow(
                draft_key=tip.draft_key,
                position=len(known),
                tip_id=tip_id,
                citizen=CITIZEN,
                kind=kind,
                state=state,
                reason=reason,
                media_key=key if kept else None,
                mime="image/png" if sealed else None,
                size=len(original) if sealed else None,
                sha256=hashlib.sha256(original).hexdigest() if sealed else None,
                original_key=f"{key}-original" if sealed else None,
                view_mime=mime if kept else None,
                view_size=len(body) if kept else None,
                view_sha256=f"{tip_id:032d}{len(known):032d}" if kept else None,
                poster_key=f"{key}-poster" if kept and kind is AttachmentKind.CLIP else None,
                due_at=self.clock(),
                created_at=self.clock(),
            )
            session.add(row)
            session.flush()
            return row.id

    def chain(self, address: str) -> list[custody.Link]:
        """The chain of custody of the file whose number ends this address."""
        with self.database.reading() as session:
            number = int(address.rpartition("/")[2])
            assert custody.verify(session, number) == []
            return custody.of_attachment(session, number)

    def reporter_says(self, tip_id: int, text: str) -> None:
        with self.database.transaction() as session:
            session.add(TipMessage(tip_id=tip_id, at=self.clock(), from_officer=False, text=text))
            tip = session.get_one(Tip, tip_id)
            tip.version += 1

    def shift_sheet(self, officer_id: int, *, note: str = "", unit_id: str | None = WARD_3) -> int:
        """What this officer hands over now."""
        reach = None if unit_id is None else (unit_id,)
        with self.database.transaction() as session:
            sheet = handovers.draft(
                session,
                officer_id=officer_id,
                officer_name="",
                unit_id=unit_id,
                unit_ids=reach,
                now=self.clock(),
            )
            return handovers.hand_over(session, sheet, note=note, now=self.clock())

    def more_numbers(self) -> dict[str, int | str]:
        """Numbers that other addresses want in them: a broadcast of nobody here, with one delivery by hand."""
        author = self.officer(Role.BROADCASTER, unit_id=None, name=f"Soạn tin {new_code()}")
        broadcast = self.broadcast(author)
        if not self._of_the_catalogue:
            record = self.record("so-1")
            self._of_the_catalogue = {
                "record_id": record,
                "step_id": self.step(record),
                "question_id": self.question("thẻ ghi danh làm ở đâu"),
                "change_id": self.change(author),
                "import_id": self.sheet(author),
                **self.about_service(),
            }
        return {
            "broadcast_id": broadcast,
            "delivery_id": self.delivery(broadcast),
            "officer_id": author,
            "shift_id": self.shift(author),
            "request_id": 987_654,
            "unit_change_id": 987_654,
            "setting_change_id": 987_654,
            "registry_id": 987_654,
            "setting_key": "noise.keep_days",
            "subject": "nhom",
            "list_id": 999_999,
            "board_key": "xa",
            "unit_code": "07210",
            **self.system_numbers(),
            "dossier_id": self.dossier(DOSSIER_CODE[:-2] + f"{len(self.woken):02}"),
            "dossier_import_id": self.dossier_sheet(author),
            "sheet_id": 999_999,
            "unsealing_id": self.asks_to_unseal(author, self.file(self.tip(unit_id=WARD_5))),
            **self._of_the_catalogue,
        }

    def complaint(
        self,
        *,
        unit_id: str = WARD_3,
        words: str = "Phải chờ hai tiếng",
        citizen: str | None = None,
        past_unit: bool = False,
    ) -> int:
        new = complaints.NewComplaint(
            code=new_receipt(),
            unit_id=unit_id,
            source="chat" if citizen else "web",
            bad={"Mức hài lòng chung": "Không hài lòng"},
            words=words,
            past_unit=past_unit,
            citizen=citizen,
            oa_id=OA if citizen else None,
        )
        with self.database.transaction() as session:
            return complaints.open_case(session, new, now=self.clock()).id

    def order(self, complaint_id: int, officer_id: int) -> int:
        with self.database.transaction() as session:
            case = session.get_one(Complaint, complaint_id)
            order = orders.issue(
                session,
                case,
                number="12/VB",
                text="Chấn chỉnh giờ tiếp dân",
                due_on=self.clock().date() + timedelta(days=10),
                officer_id=officer_id,
                version=case.version,
                now=self.clock(),
            )
            return order.id

    def rated(
        self,
        *marks: float,
        unit_id: str = WARD_3,
        at: datetime | None = None,
        words: str = "",
        state: AnswerState = AnswerState.COUNTED,
    ) -> int:
        """Answers to the survey with these marks; the number of the last one."""
        with self.database.transaction() as session:
            rows = [
                SurveyAnswer(
                    unit_id=unit_id,
                    at=at or self.clock(),
                    edition="2026-07",
                    channel="web",
                    given={"overall": "5", "manner": "all"},
                    mark=mark,
                    words=words,
                    state=state,
                )
                for mark in marks
            ]
            session.add_all(rows)
            session.flush()
            return rows[-1].id

    def about_service(self) -> dict[str, int | str]:
        """Numbers of a complaint of this ward with an order and its proof, and of an answer that waits."""
        inspector = self.officer(Role.INSPECTOR, unit_id=None, name=f"Thanh tra {new_code()}")
        case = self.complaint()
        order = self.order(case, inspector)
        with self.database.transaction() as session:
            proof = orders.prove(
                session,
                session.get_one(ImprovementOrder, order),
                words="Đã họp",
                proof=None,
                officer_id=inspector,
                inspector=True,
                now=self.clock(),
            )
            proof_id = proof.id
        return {
            "complaint_id": case,
            "order_id": order,
            "proof_id": proof_id,
            "answer_id": self.rated(50.0, state=AnswerState.HELD),
            "unit_id": WARD_3,
        }

    def shift(
        self,
        officer_id: int,
        *,
        begins_in: timedelta = timedelta(hours=-1),
        lasts: timedelta = timedelta(hours=8),
    ) -> int:
        """The officer is on duty by the roster of their unit; the number of the shift."""
        at = self.clock() + begins_in
        with self.database.transaction() as session:
            row = ShiftRow(
                unit_id=session.get_one(Officer, officer_id).unit_id,
                officer_id=officer_id,
                starts_at=at,
                ends_at=at + lasts,
                made_by=officer_id,
                made_at=self.clock(),
            )
            session.add(row)
            session.flush()
            return row.id

    def asks_to_unseal(self, officer_id: int, file_id: int, reason: str = "Cần giám định tệp gốc") -> int:
        with self.database.transaction() as session:
            row = unsealing.ask(
                session, file_id, officer_id=officer_id, reason=reason, case_number="", now=self.clock()
            )
            return row.id

    # -- procedures, and what the bot learns ----------------------------------------------------------------

    def record(self, record_id: str = "1.000001", **fields: Any) -> str:
        """A procedure that keeps all rules; `fields` of data/content/README.md change it."""
        body = {
            **blank(),
            "id": record_id,
            "family": record_id,
            "name": "Cấp hộ chiếu phổ thông ở trong nước",
            "field": "immigration",
            "aliases": ["làm hộ chiếu"],
            "dossier": ["Tờ khai TK01"],
            "fee": "200.000 đ; đến hết 31/12/2026 thu 100.000 đ",
            "time_limit": "5 ngày làm việc",
            "where": "Công an tỉnh",
            "checked": "2026-07",
            "sources": ["https://dichvucong.gov.vn/x"],
        } | fields
        with self.database.transaction() as session:
            row = ProcedureRow(id=record_id, version=0)
            care.write_from_files(session, row, body, now=self.clock())
        self.console.extensions["desk"].shelf.newest()
        return record_id

    def body(self, record_id: str = "1.000001") -> dict[str, Any]:
        with self.database.reading() as session:
            return session.get_one(ProcedureRow, record_id).body

    def step(self, record_id: str) -> int:
        """One step of the record's history."""
        editor = self.officer(Role.EDITOR, name=new_code())
        with self.database.transaction() as session:
            care.mark_checked(session, record_id, officer_id=editor, now=self.clock())
        with self.database.reading() as session:
            return records.history(session, record_id)[0].row.id

    def question(
        self, words: str, *, times: int = 1, offered: Sequence[str] = (), decision: str = "decline"
    ) -> int:
        """A kept question; the number of its row."""
        with self.database.transaction() as session:
            for _ in range(times):
                kept_questions.keep_question(
                    session, words, decision=decision, offered=offered, now=self.clock()
                )
            mark = kept_questions.mark_of(words)
            return session.scalars(select(AskedQuestion.id).where(AskedQuestion.mark == mark)).first() or 0

    def chose(self, words: str, wanted: str, *, times: int = 1) -> None:
        """When asked back, residents picked this record; "" = none of those offered."""
        with self.database.transaction() as session:
            for _ in range(times):
                kept_questions.note_choice(session, kept_questions.mark_of(words), wanted)

    def change(
        self, author: int, *, target: str = "1.000001", aliases: Sequence[str] = ("sổ thông hành",)
    ) -> int:
        with self.database.transaction() as session:
            row = learning.propose(
                session,
                kind=ChangeKind.ALIAS,
                target=target,
                aliases=aliases,
                topic=None,
                marks=(),
                reason="Bà con gọi vậy",
                officer_id=author,
                now=self.clock(),
            )
            return row.id

    def sheet(self, author: int) -> int:
        with self.database.transaction() as session:
            kept = sheet_imports.keep(
                session,
                file_name="a.xlsx",
                rows=0,
                lines=[],
                problems=[],
                officer_id=author,
                now=self.clock(),
            )
            return kept.id

    def replays(self, questions: Path) -> Replays:
        """The worker that tries changes, over the labelled questions of a folder."""
        shelf = self.console.extensions["desk"].shelf
        return Replays(self.database, shelf, clock=self.clock, questions=questions)

    def system_numbers(self) -> dict[str, int | str]:
        """A token and an address that is told of changes."""
        with self.database.transaction() as session:
            row, _ = api_tokens.issue(
                session,
                name="Một cửa",
                scopes=[Scope.UNITS_READ],
                unit_id=None,
                lasts=timedelta(days=9),
                officer_id=None,
                now=self.clock(),
            )
            hook, _ = hooks.create(
                session,
                Sealer([b"k" * 32]),
                name="Một cửa",
                url="https://motcua.example.vn/x",
                events=[HookEvent.DOSSIER_STEP],
                unit_id=None,
                officer_id=None,
                now=self.clock(),
            )
            return {"token_id": row.id, "hook_id": hook.id}

    # -- dossiers --------------------------------------------------------------------------------------------

    def dossier(self, code: str = DOSSIER_CODE, **more: Any) -> int:
        """A dossier of ward 3, kept by an officer; `more` are fields of domain.dossiers.DossierChange."""
        said: dict[str, Any] = {
            "step": DossierStep.RECEIVED,
            "on": date(2026, 11, 20),
            "unit_id": WARD_3,
            "phone": "0123",
        } | more
        with self.database.transaction() as session:
            line = dossiers.check(
                session, DOSSIER_KEY, DossierChange(code=code, **said), unit_id=None, today=NOON.date()
            )
            if line is None:
                return dossiers.listed(session, unit_ids=None, limit=1)[0].id
            by = dossiers.By()
            return dossiers.keep(session, line, by=by, compose=lambda told: Reply(told.ending), now=NOON).id

    def dossier_sheet(self, author: int, *, unit_id: str = WARD_3) -> int:
        with self.database.transaction() as session:
            nothing = dossier_imports.Compared([], [], 0)
            return dossier_imports.keep(
                session, nothing, [], file_name="a.xlsx", rows=0, unit_id=unit_id, officer_id=author, now=NOON
            ).id

    def broadcast(
        self,
        author: int,
        *,
        title: str = "Cảnh báo lừa đảo",
        text: str = "Không chuyển tiền cho người lạ.",
        status: BroadcastStatus = BroadcastStatus.DRAFT,
        audience: dict[str, Any] | None = None,
        starts_in: timedelta = timedelta(hours=1),
    ) -> int:
        content = broadcasts.Content(
            title=title,
            text=text,
            audience=audience or {"all": True},
            kind="scam",
            starts_at=self.clock() + starts_in,
        )
        with self.database.transaction() as session:
            row = broadcasts.create(session, content, author_id=author, now=self.clock())
            row.status = status
            return row.id

    def group(
        self,
        code: str,
        name: str,
        *,
        unit_id: str = WARD_3,
        channel: str = "assisted",
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> str:
        with self.database.transaction() as session:
            if session.get(GroupRow, code) is None:
                session.add(
                    GroupRow(
                        code=code,
                        name=name,
                        name_folded=fold(name),
                        level="commune",
                        district_2022_code="213",
                        police_2022="",
                        unit_id=unit_id,
                        basis="",
                        inferred=False,
                        channel=channel,
                        active=True,
                        first_day=first_day,
                        last_day=last_day,
                    )
                )
        return code

    def delivery(
        self,
        broadcast_id: int,
        *,
        group: str = "BG-1",
        name: str = "Nhóm phường Bắc Giang",
        unit_id: str = WARD_3,
        channel: str = "assisted",
        state: DeliveryStatus = DeliveryStatus.WAITING,
        reason: str | None = None,
    ) -> int:
        self.group(group, name, unit_id=unit_id, channel=channel)
        with self.database.transaction() as session:
            run = session.scalars(select(Run).where(Run.broadcast_id == broadcast_id)).first()
            if run is None:
                run = Run(broadcast_id=broadcast_id, due_at=self.clock(), created_at=self.clock())
                session.add(run)
                session.flush()
            row = Delivery(
                run_id=run.id,
                broadcast_id=broadcast_id,
                group_code=group,
                channel=channel,
                text="Không chuyển tiền cho người lạ.",
                content="x",
                state=state,
                reason=reason,
                due_at=self.clock(),
            )
            session.add(row)
            session.flush()
            return row.id

    def row_of(self, broadcast_id: int) -> Broadcast:
        with self.database.reading() as session:
            return session.get_one(Broadcast, broadcast_id)

    def state_of(self, delivery_id: int) -> str:
        with self.database.reading() as session:
            return session.get_one(Delivery, delivery_id).state

    def full(self, tip_id: int) -> tips.FullTip:
        with self.database.reading() as session:
            full = tips.open_tip(session, tip_id, unit_ids=None, now=self.clock())
        assert full is not None
        return full


class Browser:
    """A Flask test client that carries the page's token along, as a form does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def log_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        """By the log-in page, both steps; the answer to the last of them."""
        answer = self.post("/console/dang-nhap", email=email, password=password)
        if (answer.location or "").endswith("/console/buoc-hai"):
            answer = self.post("/console/buoc-hai", xac_nhan_du_phong=spare_code())
        return answer

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(
            address, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def post(self, address: str, **fields: Any) -> TestResponse:
        """Post a form; where the second factor is asked for again first, give it, and let the form go on."""
        answer = self.client.post(address, data={"csrf_token": self.token(), **fields})
        if answer.status_code == freshness.STATUS and 'id="xac-nhan"' in answer.text:
            given = {"csrf_token": self.token(), **fields, "xac_nhan_du_phong": spare_code()}
            answer = self.client.post(address, data=given)
        return answer

    def token(self) -> str:
        """The token of a page this browser may see."""
        for address in ("/console/tai-khoan", "/console/buoc-hai", "/console/dang-nhap"):
            text = self.client.get(address).text
            if 'name="csrf_token" value="' in text:
                return text.split('name="csrf_token" value="')[1].split('"')[0]
        raise AssertionError("no page with a token")


def compose(unit: str, code: str, text: str) -> Sequence[Reply]:
    return (Reply(f"{unit} trả lời tin báo {code}:\n\n{text}"),)


def _unit(unit_id: str, name: str) -> UnitRow:
    code, since = unit_id.split("@")
    return UnitRow(
        id=unit_id,
        code=code,
        name=name,
        short_name=name.split(" ", 1)[1],
        kind=name.split(" ", 1)[0].lower(),
        level="province" if code == "24" else "commune",
        province="Bắc Ninh",
        valid_from=date.fromisoformat(since),
    )
