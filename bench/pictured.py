"""A busy year in the demo's database, so that the pictures of bench/screenshots.py show pages that are full.

Everything is make-believe and the same every time but for codes and the clock. What officers do through a form of
theirs, bench/screenshots.py does in the browser; here stands what would take a year.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bench.pictured_tips import open_tips, year_of_tips
from data import (
    api_tokens,
    broadcast_moves,
    broadcasts,
    complaints,
    handovers,
    hooks,
    kept_questions,
    learning,
    officers,
    orders,
    survey_codes,
    unit_changes,
)
from data.sealing import Sealer
from data.session import Database
from data.tables import (
    ApiDelivery,
    AskedQuestion,
    BoardScan,
    Broadcast,
    Delivery,
    Dossier,
    GroupRow,
    ImprovementOrder,
    LinkCheck,
    Officer,
    ProcedureRow,
    QuestionLog,
    Run,
    SurveyAnswer,
    Token,
    UnitRow,
)
from domain.api_scopes import Scope
from domain.broadcasts import VIETNAM, BroadcastStatus, DeliveryStatus
from domain.complaints import new_receipt
from domain.hooks import HookEvent, HookState
from domain.learning import ChangeKind
from domain.roles import Role
from domain.surveys import AnswerState
from domain.units import UnitLevel

RECORD = "1.001456"
"""The procedure whose pages are taken."""
TITLE = "Cảnh báo giả danh cán bộ điện lực"
WORDS = (
    "Thời gian qua có đối tượng gọi điện tự xưng nhân viên điện lực, dọa cắt điện để lừa chuyển tiền. "
    "Bà con không chuyển tiền, không bấm đường dẫn lạ; gặp trường hợp này xin báo công an gần nhất."
)
Numbers = dict[str, int | str]


def fill(database: Database) -> Numbers:
    """What happened in the province by now; what stands in addresses."""
    now, dice = datetime.now(UTC), random.Random(7)  # no secrets here
    with database.reading() as session:
        who = {
            email.partition("@")[0]: number
            for number, email in session.execute(select(Officer.id, Officer.email))
        }
        ward = (
            session.scalars(select(Officer.unit_id).where(Officer.id == who["chihuy.bacgiang"])).one() or ""
        )
    with (
        database.transaction() as session
    ):  # one after the other: nobody else of the demo can write meanwhile
        year_of_tips(session, dice, ward, who["trucban.bacgiang"], now)
    with database.transaction() as session:
        _questions_over_a_year(session, dice, now)
    with database.transaction() as session:
        open_tips(session, ward, who["trucban.bacgiang"], now)
        _answers(session, dice, ward, now)
        _scans(session, dice, ward, now)
        _what_runs_out(session, now)
        return {
            **_broadcasts(session, dice, who["tuyentruyen"], now),
            **_service(session, ward, who["thanhtra"], now),
            **_taught(session, who["bientap"], now),
            **_systems(session, who["quantri"], now),
            "sheet": _shift_before(session, ward, now),
            "group": session.scalars(select(GroupRow.code).order_by(GroupRow.code)).first() or "",
            "setting": "noise.keep_days",
            "dossier": session.scalars(select(Dossier.id).order_by(Dossier.id)).first() or 0,
            "unit_change": _change_of_units(session, who["quantri"], now),
            "unit": ward,
            "survey": survey_codes.of_unit(session, ward, now=now),
            "month": f"{now.astimezone(VIETNAM):%Y-%m}",
        }


def _questions_over_a_year(session: Session, dice: random.Random, now: datetime) -> None:
    for days in range(365):
        for _ in range(dice.randint(2, 9)):
            decision = dice.choices(("answer", "choose", "decline"), weights=(80, 13, 7))[0]
            at = now - timedelta(days=days, minutes=dice.randint(0, 700))
            session.add(QuestionLog(at=at, decision=decision))


def _answers(session: Session, dice: random.Random, ward: str, now: datetime) -> None:
    """Of the survey: most are content, two came in a flood and wait for an inspector's look."""
    for number in range(26):
        mark, overall = dice.choice(((100.0, "5"), (87.5, "4"), (87.5, "4"), (50.0, "3")))
        session.add(
            SurveyAnswer(
                unit_id=ward,
                at=now - timedelta(hours=7 * number + 1),
                edition="2026-07",
                channel="web",
                given={"overall": overall, "manner": "all", "result": "done"},
                mark=mark,
                words="Cán bộ hướng dẫn tận tình." if number % 6 == 0 else "",
                state=AnswerState.HELD if number < 2 else AnswerState.COUNTED,
                reason="Nhiều câu trả lời gửi dồn dập." if number < 2 else "",
            )
        )


def _scans(session: Session, dice: random.Random, ward: str, now: datetime) -> None:
    today = now.astimezone(VIETNAM).date()
    fields = ("residence", "citizen_id", "vehicle")
    for days in range(0, 30, 2):
        for field in fields:
            day, count = today - timedelta(days=days), dice.randint(1, 12)
            session.add(BoardScan(unit_id=ward, board="xa", field=field, day=day, count=count))


def _what_runs_out(session: Session, now: datetime) -> None:
    """The token of an official account, and a link of the catalogue that broke."""
    session.execute(update(Token).values(refresh_expires_at=now + timedelta(days=12)))
    link = session.get_one(ProcedureRow, RECORD).body.get("url") or ""
    since = (now - timedelta(days=4)).date()
    if link:
        session.merge(LinkCheck(url=link, checked_at=now, ok=False, failures=4, since=since, what="404"))


def _broadcasts(session: Session, dice: random.Random, author: int, now: datetime) -> Numbers:
    """One that went out, one that waits for its approval, one that is being written."""
    content = broadcasts.Content(
        title=TITLE, text=WORDS, audience={"all": True}, kind="scam", starts_at=now + timedelta(hours=20)
    )
    waiting = broadcasts.create(session, content, author_id=author, now=now)
    session.flush()
    broadcast_moves.propose(session, waiting, version=waiting.version, officer_id=author, now=now)
    draft = broadcasts.create(
        session,
        replace(content, title="Mùa hanh khô: phòng cháy trong khu dân cư"),
        author_id=author,
        now=now,
    )
    went_out = broadcasts.create(
        session, replace(content, title="Cảnh báo cuộc gọi giả danh công an"), author_id=author, now=now
    )
    session.flush()
    session.add_all(_deliveries(session, dice, went_out, now - timedelta(hours=5)))
    return {"broadcast": waiting.id, "draft": draft.id, "went_out": went_out.id}


def _deliveries(
    session: Session, dice: random.Random, went_out: Broadcast, at: datetime
) -> Iterator[Delivery]:
    """Nearly all arrived; of some it is not known."""
    went_out.status, went_out.starts_at, went_out.next_due_at = BroadcastStatus.DONE, at, None
    run = Run(broadcast_id=went_out.id, due_at=at, created_at=at, ended_at=at + timedelta(minutes=9))
    session.add(run)
    session.flush()
    for group in session.scalars(select(GroupRow).order_by(GroupRow.code)):
        state = dice.choices(
            (DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN), weights=(94, 4, 2)
        )[0]
        yield Delivery(
            run_id=run.id,
            broadcast_id=went_out.id,
            group_code=group.code,
            channel=group.channel,
            oa_id=group.oa_id,
            zalo_group_id=group.zalo_group_id,
            text=went_out.text,
            content=group.code,
            state=state,
            due_at=at,
            sent_at=at + timedelta(seconds=dice.randint(1, 500)) if state == DeliveryStatus.SENT else None,
            reason="Nhóm đã giải tán." if state == DeliveryStatus.FAILED else None,
        )


def _service(session: Session, ward: str, inspector: int, now: datetime) -> Numbers:
    """Three were not content: one is new, one has an order to be proved, one a proof to be looked at."""
    new = _complaint(session, ward, "Tôi phải chờ hai tiếng mới tới lượt, không ai nói vì sao.", now)
    for words, proved in (("Hẹn ngày trả rồi lại hẹn thêm hai lần nữa.", False), ("Trả lời cộc lốc.", True)):
        case = complaints.find(session, _complaint(session, ward, words, now), unit_ids=None)
        assert case is not None
        due = (now + timedelta(days=3)).date()
        number, text = "12/VB-CAT", "Chấn chỉnh việc tiếp dân; báo cáo kết quả kèm minh chứng."
        order: ImprovementOrder = orders.issue(
            session,
            case,
            number=number,
            text=text,
            due_on=due,
            officer_id=inspector,
            version=case.version,
            now=now,
        )
        if proved:
            words = "Đã họp rút kinh nghiệm, phân công người trực quầy."
            orders.prove(
                session, order, words=words, proof=None, officer_id=inspector, inspector=True, now=now
            )
    return {"complaint": new}


def _complaint(session: Session, ward: str, words: str, now: datetime) -> int:
    new = complaints.NewComplaint(
        code=new_receipt(),
        unit_id=ward,
        source="web",
        bad={"Mức hài lòng chung": "Không hài lòng"},
        words=words,
    )
    return complaints.open_case(session, new, now=now).id


def _taught(session: Session, editor: int, now: datetime) -> Numbers:
    """The bot was not sure what a resident meant; an editor proposes how people call a thing."""
    for words in (
        "làm giấy tờ cho cháu mới sinh thì ra đâu",
        "đổi biển xe sang màu vàng",
        "xin giấy đi xa",
    ):
        kept_questions.keep_question(session, words, decision="choose", offered=[RECORD], now=now)
    session.flush()
    change = learning.propose(
        session,
        kind=ChangeKind.ALIAS,
        target=RECORD,
        aliases=["sổ đi nước ngoài"],
        topic=None,
        marks=(),
        reason="Bà con hay gọi vậy",
        officer_id=editor,
        now=now,
    )
    session.flush()
    return {
        "question": session.scalars(select(AskedQuestion.id)).first() or 0,
        "change": change.id,
    }


def _systems(session: Session, admin: int, now: datetime) -> Numbers:
    """Another system of the province with a token and an address; nothing is ever sent there."""
    scopes = [Scope.UNITS_READ, Scope.DOSSIERS_WRITE]
    name, lasts = "Một cửa điện tử tỉnh", timedelta(days=20)
    api_tokens.issue(session, name=name, scopes=scopes, unit_id=None, lasts=lasts, officer_id=admin, now=now)
    hook, _ = hooks.create(
        session,
        Sealer([os.urandom(32)]),
        name=name,
        url="https://motcua.example.vn/cau-noi",
        events=[HookEvent.DOSSIER_STEP],
        unit_id=None,
        officer_id=admin,
        now=now,
    )
    for hours, status, reason in ((1, 200, None), (5, 503, "Máy bên kia trả lời 503."), (29, 200, None)):
        at = now - timedelta(hours=hours)
        session.add(
            ApiDelivery(
                hook_id=hook.id,
                event=HookEvent.DOSSIER_STEP,
                body={},
                state=HookState.SENT if status == 200 else HookState.FAILED,
                due_at=at,
                attempts=1 if status == 200 else 6,
                status=status,
                reason=reason,
                created_at=at,
                settled_at=at,
            )
        )
    return {"hook": hook.id}


def _shift_before(session: Session, ward: str, now: datetime) -> int:
    """What the shift before handed over; nobody has taken it yet."""
    email = "catruoc.bacgiang@demo.vn"
    colleague = officers.add_officer(
        session, email=email, name="Trực ban ca trước", roles=(Role.DUTY,), unit_id=ward, now=now
    )
    session.flush()
    sheet = handovers.draft(
        session, officer_id=colleague.id, officer_name="", unit_id=ward, unit_ids=(ward,), now=now
    )
    note = "Vụ chập điện ở tổ dân phố số 5: đã gọi điện lực, hẹn kiểm tra lại lúc 20 giờ."
    return handovers.hand_over(session, sheet, note=note, now=now)


def _change_of_units(session: Session, admin: int, now: datetime) -> int:
    """The last commune of the list goes into the one before it, if somebody agrees."""
    communes = select(UnitRow.id).where(UnitRow.level == UnitLevel.COMMUNE, UnitRow.valid_to.is_(None))
    taker, old = list(session.scalars(communes.order_by(UnitRow.id)))[-2:]
    return unit_changes.propose(
        session,
        old_ids=[old],
        existing_id=taker,
        new=None,
        since=(now + timedelta(days=40)).date(),
        basis="Nghị quyết giả định, để xem thử",
        officer_id=admin,
        now=now,
    ).id
