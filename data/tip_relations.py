"""Tips that belong together: what looks similar, linking, merging with every reporter told.

`unit_ids` says whose tips may be seen, as in `data.tip_queue`: nothing out of reach is ever suggested.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from rapidfuzz import fuzz
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data.tables import AttachmentRow, Tip, TipLink
from data.tip_acts import change, record
from data.tip_endings import Compose, say
from data.tip_lines import Line, lines_where
from data.tip_queue import within
from domain import likeness
from domain.errors import MoveRefused
from domain.said import said
from domain.tips import OPEN, TipSort, TipStatus, check_move
from domain.vietnamese import fold

LOOKED_AT = 400
"""Newest tips of the unit and days around that are compared."""
AROUND = timedelta(days=4)
NEAR_M = 300.0
WORDS_FROM = 62.0
"""rapidfuzz token_sort_ratio of the folded words."""
SHOWN = 5
SAME_FILE, SAME_LOOK = "cùng ảnh", "ảnh giống nhau"
LINKED, MERGED, SAME_REPORTER = "linked", "merged", "same_reporter"


@dataclass(frozen=True)
class Similar:
    """A tip that may be about the same thing, and why it looks so."""

    line: Line
    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Link:
    line: Line
    kind: str
    words: str


def similar(session: Session, tip: Tip, *, unit_ids: Collection[str] | None) -> list[Similar]:
    """Tips within reach that look alike by place, time, words or a picture; the likeliest first."""
    rows = session.execute(
        select(Tip.id, Tip.what_folded, Tip.latitude, Tip.longitude, Tip.category)
        .where(
            Tip.id != tip.id,
            within(unit_ids),
            Tip.unit_id == tip.unit_id,
            Tip.bypass == tip.bypass,
            Tip.kind != TipSort.QUESTION,
            Tip.created_at.between(tip.created_at - AROUND, tip.created_at + AROUND),
        )
        .order_by(Tip.created_at.desc())
        .limit(LOOKED_AT)
    ).all()
    pictures = _pictures(session, tip.id, [row.id for row in rows])
    place = frozenset(fold(tip.place).split())
    own = _without(tip.what_folded, place)
    scored: list[tuple[float, int, tuple[str, ...]]] = []
    for row in rows:
        reasons, score = [], 0.0
        words = fuzz.token_sort_ratio(own, _without(row.what_folded, place))
        if words >= WORDS_FROM:
            reasons.append("lời kể giống")
            score += words / 100
        if _near(tip, row.latitude, row.longitude):
            reasons.append("cùng chỗ")
            score += 0.5
        if row.id in pictures:
            reasons.append(pictures[row.id])
            score += 1.0
        if score >= 0.6:
            score += 0.1 if tip.category and row.category == tip.category else 0.0
            scored.append((score, row.id, (*reasons, "gần thời điểm")))
    best = sorted(scored, reverse=True)[:SHOWN]
    lines = {line.id: line for line in lines_where(session, Tip.id.in_([one for _, one, _ in best]))}
    return [Similar(lines[one], reasons, score) for score, one, reasons in best]


def _without(folded: str, place: frozenset[str]) -> str:
    """The words without those of the place, which all tips of a street share."""
    return " ".join(word for word in folded.split() if word not in place)


def _pictures(session: Session, tip_id: int, others: Sequence[int]) -> dict[int, str]:
    """Those of `others` that carry a file with the very same bytes, or a picture that looks the same: why."""
    own = session.execute(
        select(AttachmentRow.sha256, AttachmentRow.likeness).where(AttachmentRow.tip_id == tip_id)
    ).all()
    bytes_of_ours = {row.sha256 for row in own if row.sha256}
    looks_of_ours = [look for row in own if (look := likeness.read(row.likeness)) is not None]
    if not bytes_of_ours and not looks_of_ours:
        return {}
    found: dict[int, str] = {}
    theirs = session.execute(
        select(AttachmentRow.tip_id, AttachmentRow.sha256, AttachmentRow.likeness).where(
            AttachmentRow.tip_id.in_(others)
        )
    )
    for other, sha256, theirs_looks in theirs:
        assert other is not None  # it is one of `others`
        if sha256 in bytes_of_ours:
            found[other] = SAME_FILE
        elif other not in found and likeness.is_near_any(likeness.read(theirs_looks), looks_of_ours):
            found[other] = SAME_LOOK
    return found


def _near(tip: Tip, latitude: float | None, longitude: float | None) -> bool:
    if None in (tip.latitude, tip.longitude, latitude, longitude):
        return False
    assert tip.latitude is not None
    assert tip.longitude is not None
    assert latitude is not None
    assert longitude is not None
    north = (latitude - tip.latitude) * 111_320
    east = (longitude - tip.longitude) * 111_320 * cos(radians(tip.latitude))
    return north * north + east * east <= NEAR_M * NEAR_M


def links_of(session: Session, tip_id: int, *, unit_ids: Collection[str] | None) -> list[Link]:
    """The tips linked with this one, those worked together with it included, as far as they are in reach.

    What an inspector linked by reporter is seen by inspectors only (unit_ids None).
    """
    rows = session.scalars(
        select(TipLink).where(or_(TipLink.tip_id == tip_id, TipLink.other_id == tip_id)).order_by(TipLink.id)
    )
    others: dict[int, tuple[str, str]] = {}
    for row in rows:
        if row.kind == SAME_REPORTER and unit_ids is not None:
            continue
        others[row.other_id if row.tip_id == tip_id else row.tip_id] = (row.kind, row.words)
    merged = session.scalars(select(Tip.id).where(Tip.duplicate_of == tip_id))
    others.update(dict.fromkeys(merged, (MERGED, "")))
    into = session.scalar(select(Tip.duplicate_of).where(Tip.id == tip_id))
    if into is not None:
        others[into] = (MERGED, "")
    lines = lines_where(session, and_(Tip.id.in_(list(others)), within(unit_ids)))
    return [Link(line, *others[line.id]) for line in lines]


def link(session: Session, tip: Tip, other: Tip, *, officer_id: int, now: datetime, words: str = "") -> None:
    """Say that two tips belong together; both go on by themselves."""
    if tip.id == other.id:
        raise MoveRefused("Đây là cùng một tin.")
    _link(session, tip.id, other.id, LINKED, officer_id=officer_id, words=words, now=now)
    for one, to in ((tip, other), (other, tip)):
        record(session, one, LINKED, None, to.code, officer_id=officer_id, now=now, words=words)


def merge(
    session: Session,
    tip: Tip,
    into: Tip,
    *,
    officer_id: int,
    version: int,
    compose: Compose,
    now: datetime,
) -> None:
    """Work `tip` together with `into`: it closes as a duplicate, its reporter is told and hears of the end too."""
    if tip.id == into.id:
        raise MoveRefused("Đây là cùng một tin.")
    if into.duplicate_of is not None:
        raise MoveRefused(said("Tin %(code)s đã gộp vào tin khác; mời chọn tin đó.", code=into.code))
    if TipStatus(into.status) not in OPEN:
        raise MoveRefused(said("Tin %(code)s đã kết thúc; mời mở lại trước khi gộp.", code=into.code))
    before = TipStatus(tip.status)
    check_move(before, TipStatus.DUPLICATE)
    followers = session.scalars(select(Tip).where(Tip.duplicate_of == tip.id)).all()
    change(
        session,
        tip,
        Tip.version == version,
        officer_id=officer_id,
        values={
            "status": TipStatus.DUPLICATE,
            "duplicate_of": into.id,
            "closed_at": now,
            "closed_by": officer_id,
            "settled": None,
            "escalation": 0,
            "updated_at": now,
        },
    )
    for one in followers:
        one.duplicate_of = into.id
    if tip.citizen is not None:
        say(
            session,
            tip,
            compose(tip.code),
            officer_id=officer_id,
            words="(báo tin được xử lý chung)",
            now=now,
        )
    record(session, tip, MERGED, before, into.code, officer_id=officer_id, now=now)
    record(session, into, MERGED, None, tip.code, officer_id=officer_id, now=now)


def link_same_reporter(session: Session, tip: Tip, *, officer_id: int, reason: str, now: datetime) -> int:
    """An inspector asks which other tips came from the same account, because it is abused. Returns how many.

    Nothing is learnt of who it is; the reason and the act stay in history and audit.
    """
    if not reason.strip():
        raise MoveRefused("Mời ghi lý do nối các tin cùng người báo.")
    others: Sequence[int] = ()
    if tip.citizen is not None:
        others = session.scalars(
            select(Tip.id)
            .where(Tip.citizen == tip.citizen, Tip.id != tip.id)
            .order_by(Tip.id.desc())
            .limit(50)
        ).all()
    for other in others:
        _link(session, tip.id, other, SAME_REPORTER, officer_id=officer_id, words=reason, now=now)
    record(session, tip, SAME_REPORTER, None, str(len(others)), officer_id=officer_id, now=now, words=reason)
    return len(others)


def _link(
    session: Session, one: int, other: int, kind: str, *, officer_id: int, words: str, now: datetime
) -> None:
    low, high = min(one, other), max(one, other)
    known = session.scalar(
        select(TipLink.id).where(TipLink.tip_id == low, TipLink.other_id == high, TipLink.kind == kind)
    )
    if known is None:
        session.add(TipLink(tip_id=low, other_id=high, kind=kind, officer_id=officer_id, at=now, words=words))
        session.flush()
