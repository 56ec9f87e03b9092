"""Writing a broadcast: the form, new and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, now
from console.filters import local_input
from console.forms import number, typed
from console.uploads import takes_files
from console.views.broadcast_files import take_in
from data import audiences, broadcast_media, broadcast_moves, broadcasts, tips
from data.broadcast_kinds import kinds
from data.broadcasts import TEXT_MAX, TITLE_MAX, Content
from data.tables import Broadcast, GroupRow, UnitRow
from data.ward_shapes import drawing
from domain.broadcast_kinds import fill_in
from domain.broadcasts import VIETNAM, in_quiet_hours
from domain.errors import MoveRefused
from domain.posts import PICTURES_MAX, attached_from
from domain.repeats import WEEKDAYS, read_repeat, repeat_from_words
from domain.roles import Act

pages = Blueprint("broadcast_form", __name__)

KINDS = {key: kind.label for key, kind in kinds().items()}
RHYTHMS = {
    "now": "Ngay khi được duyệt",
    "once": "Một lần, vào lúc",
    "daily": "Hằng ngày, từ",
    "weekly": "Hằng tuần, từ",
    "monthly": "Hằng tháng, từ",
    "words": "Lặp lại, ghi bằng lời",
}
HOURS_MAX = 24 * 31
GRACE = timedelta(minutes=1)
"""A time this little past is taken for now: the officer was filling in the form."""


@dataclass(frozen=True)
class Choice:
    """A line of the audience picker; `groups` says how many groups it brings."""

    value: str
    name: str
    groups: int


@pages.get("/tuyen-truyen/moi")
@allowed(Act.WRITE_BROADCASTS)
def new() -> ResponseReturnValue:
    return _form(None, _blank())


@pages.post("/tuyen-truyen/moi")
@allowed(Act.WRITE_BROADCASTS)
@takes_files
def create() -> ResponseReturnValue:
    return _save(None)


@pages.get("/tuyen-truyen/<int:broadcast_id>/sua")
@allowed(Act.WRITE_BROADCASTS)
def change(broadcast_id: int) -> ResponseReturnValue:
    with database().reading() as reading:
        row = broadcasts.get(reading, broadcast_id)
    if row is None:
        abort(404)
    return _form(broadcast_id, _of_row(row))


@pages.post("/tuyen-truyen/<int:broadcast_id>/sua")
@allowed(Act.WRITE_BROADCASTS)
@takes_files
def save(broadcast_id: int) -> ResponseReturnValue:
    return _save(broadcast_id)


def _save(broadcast_id: int | None) -> ResponseReturnValue:
    values = _typed()
    try:
        _with_files(values)
        if request.form.get("then") == "fill":
            return _form(broadcast_id, values | {"text": _filled(values)})
        content = _content(values)
        if (
            content.starts_at
            and in_quiet_hours(content.starts_at)
            and not (content.urgent or values["quiet_ok"])
        ):
            return _form(broadcast_id, values, quiet=True, code=422)
        with database().transaction() as writing:
            row = _keep(writing, broadcast_id, content)
            if request.form.get("then") == "propose":
                broadcast_moves.propose(writing, row, version=row.version, officer_id=officer().id, now=now())
            saved = row.id
    except MoveRefused as refused:
        return _form(broadcast_id, values, fault=str(refused), code=409)
    except ValueError as refused:
        return _form(broadcast_id, values, fault=str(refused), code=422)
    proposed = request.form.get("then") == "propose"
    flash("Đã lưu và trình duyệt." if proposed else "Đã lưu bản nháp.", "good")
    return redirect(url_for("broadcasts.show", broadcast_id=saved))


def _keep(writing: Session, broadcast_id: int | None, content: Content) -> Broadcast:
    me = officer().id
    if broadcast_id is None:
        return broadcasts.create(writing, content, author_id=me, now=now())
    row = writing.get(Broadcast, broadcast_id, with_for_update=True)
    if row is None:
        abort(404)
    if row.follows_id and row.follows_kind:  # whom it follows is settled when it is begun
        followed = (row.follows_id, row.follows_kind)
        content = replace(content, follows=followed, audience={"follows": row.follows_id})
    broadcasts.edit(writing, row, content, version=number("version"), officer_id=me, now=now())
    return row


# ---- from the form to a Content ---------------------------------------------------------------------------


def _typed() -> dict[str, Any]:
    """The form as it was filled in, so that it can be shown again."""
    chosen = request.form.getlist
    return {
        "version": number("version"),
        "title": typed("title"),
        "text": typed("text"),
        "kind": request.form.get("kind", ""),
        "urgent": request.form.get("urgent") == "1",
        "everyone": request.form.get("audience") != "some",
        "districts": chosen("districts"),
        "units": chosen("units"),
        "groups": chosen("groups"),
        "lists": [int(one) for one in chosen("lists") if one.isascii() and one.isdigit()],
        "exclude": chosen("exclude"),
        "link": typed("link"),
        "hours": typed("hours"),
        "training": request.form.get("training") == "1",
        "media": (),
        "fields": _blanks(request.form.get("kind", "")),
        "follows": _followed(),
        "rhythm": request.form.get("rhythm", ""),
        "starts": request.form.get("starts", ""),
        "words": typed("words")[:100],
        "weekdays": chosen("weekdays"),
        "ends": request.form.get("ends", ""),
        "quiet_ok": request.form.get("quiet_ok") == "1",
    }


def _blanks(kind: str) -> dict[str, str]:
    """What was filled into the blanks of this kind's template."""
    head = f"blank-{kind}-"
    return {name.removeprefix(head): typed(name) for name in request.form if name.startswith(head)}


def _followed() -> tuple[int, str] | None:
    """What this broadcast updates or withdraws; it came from our own button and is checked again when approved."""
    number_, kind = request.form.get("follows", ""), request.form.get("follows_kind", "")
    if not (number_.isascii() and number_.isdigit() and kind in {"update", "withdrawal"}):
        return None
    with database().reading() as reading:
        return (int(number_), kind) if broadcasts.get(reading, int(number_)) else None


def _with_files(values: dict[str, Any]) -> None:
    """The files that were kept at an earlier save, and those that come with this one."""
    with database().reading() as reading:
        known = broadcast_media.find(reading, request.form.getlist("media")[: PICTURES_MAX + 1])
    values["media"] = (*known, *take_in(request.files.getlist("files")[: PICTURES_MAX + 1]))


def _filled(values: Mapping[str, Any]) -> str:
    """The words of the kind's template with its blanks filled in. Raises ValueError with words for the officer."""
    if values["kind"] not in kinds():
        raise ValueError("Mời chọn loại tin.")
    return fill_in(kinds()[values["kind"]], values["fields"])


def _lifetime(values: Mapping[str, Any]) -> int:
    """Minutes: what the officer chose, or what its kind is worth."""
    hours = values["hours"]
    if not hours:
        return int(kinds()[values["kind"]].lifetime / timedelta(minutes=1))
    if not (hours.isascii() and hours.isdigit() and 1 <= int(hours) <= HOURS_MAX):
        raise ValueError(f"Thời hạn gửi phải từ 1 đến {HOURS_MAX} giờ.")
    return int(hours) * 60


def _audience(values: Mapping[str, Any]) -> dict[str, Any]:
    if values["follows"]:
        return {"follows": values["follows"][0]}
    chosen: dict[str, Any] = (
        {"all": True}
        if values["everyone"]
        else {name: values[name] for name in ("districts", "units", "groups")}
    )
    if values["lists"] and not values["everyone"]:
        chosen["lists"] = values["lists"]
    return {**chosen, "exclude": values["exclude"]} if values["exclude"] else chosen


def _content(values: Mapping[str, Any]) -> Content:
    """What is to be kept. Raises ValueError with words for the officer."""
    if values["kind"] not in KINDS:
        raise ValueError("Mời chọn loại tin.")
    if values["rhythm"] not in RHYTHMS:
        raise ValueError("Mời chọn lịch gửi.")
    starts_at, repeat = _times(values)
    return Content(
        title=values["title"],
        text=values["text"],
        audience=_audience(values),
        kind=values["kind"],
        urgent=values["urgent"],
        starts_at=starts_at,
        repeat=repeat,
        ends_at=_last_day(values["ends"]) if repeat else None,
        lifetime_minutes=_lifetime(values),
        media=values["media"],
        link=values["link"],
        quiet_ok=values["quiet_ok"],
        training=values["training"],
        follows=values["follows"],
    )


def _times(values: Mapping[str, Any]) -> tuple[datetime, str | None]:
    if values["rhythm"] == "now":
        return now(), None
    if values["rhythm"] == "words":
        repeat = repeat_from_words(values["words"])
        return repeat.next_after(now()), str(repeat)
    try:
        starts = datetime.strptime(values["starts"], "%Y-%m-%dT%H:%M").replace(tzinfo=VIETNAM)
    except ValueError:
        raise ValueError("Mời chọn ngày và giờ gửi.") from None
    if values["rhythm"] == "once":
        if starts < now() - GRACE:
            raise ValueError("Thời gian gửi đã qua. Mời chọn thời gian khác.")
        return starts.astimezone(UTC), None
    days = {
        "daily": "",
        "weekly": f" {','.join(day for day in values['weekdays'] if day in '1234567') or starts.isoweekday()}",
        "monthly": f" {starts.day}",
    }[values["rhythm"]]
    repeat = read_repeat(f"{values['rhythm']}{days} {starts:%H:%M}")
    first = repeat.next_after(max(starts, now()) - timedelta(seconds=1))
    return first, str(repeat)


def _last_day(text: str) -> datetime | None:
    """The end of that day in Vietnam."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=VIETNAM)
    except ValueError:
        raise ValueError("Ngày kết thúc không đúng.") from None
    return (day + timedelta(days=1, seconds=-1)).astimezone(UTC)


# ---- from a row to the form -------------------------------------------------------------------------------


def _blank() -> dict[str, Any]:
    return {
        "version": 0,
        "title": "",
        "text": "",
        "kind": "crime",
        "urgent": False,
        "everyone": True,
        "districts": [],
        "units": [],
        "groups": [],
        "lists": [],
        "exclude": [],
        "link": "",
        "hours": "",
        "training": False,
        "media": (),
        "fields": {},
        "follows": None,
        "rhythm": "once",
        "starts": "",
        "words": "",
        "weekdays": [],
        "ends": "",
        "quiet_ok": False,
    }


def _of_row(row: Broadcast) -> dict[str, Any]:
    repeat = read_repeat(row.repeat) if row.repeat else None
    weekdays = [str(day) for day in repeat.days] if repeat and repeat.rhythm == "weekly" else []
    return _blank() | {
        "version": row.version,
        "title": row.title,
        "text": row.text,
        "kind": row.kind,
        "urgent": row.urgent,
        "everyone": bool(row.audience.get("all")),
        "districts": row.audience.get("districts", []),
        "units": row.audience.get("units", []),
        "groups": row.audience.get("groups", []),
        "lists": row.audience.get("lists", []),
        "exclude": row.audience.get("exclude", []),
        "link": row.link,
        "hours": str(row.lifetime_minutes // 60),
        "training": row.training,
        "quiet_ok": row.quiet_ok,
        "media": tuple(attached_from(one) for one in row.media or ()),
        "follows": (row.follows_id, row.follows_kind) if row.follows_id else None,
        "rhythm": repeat.rhythm if repeat else "once",
        "starts": local_input(row.starts_at),
        "weekdays": weekdays,
        "ends": row.ends_at.astimezone(VIETNAM).strftime("%Y-%m-%d") if row.ends_at else "",
    }


def _form(
    broadcast_id: int | None,
    values: Mapping[str, Any],
    *,
    fault: str | None = None,
    quiet: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    with database().reading() as reading:
        groups = audiences.groups_of(reading, audiences.EVERYONE)
        lists = audiences.lists(reading)
        follows = broadcasts.get(reading, values["follows"][0]) if values["follows"] else None
        followed_groups = audiences.groups_of(reading, _audience(values)) if values["follows"] else []
        unit_names = dict(tips.units_of_today(reading))
        named = (
            select(UnitRow.district_code, UnitRow.district)
            .where(UnitRow.district_code.is_not(None))
            .distinct()
        )
        districts = {row.district_code: row.district for row in reading.execute(named)}
    return render_template(
        "pages/broadcast_form.html",
        broadcast_id=broadcast_id,
        values=values,
        fault=fault,
        quiet=quiet,
        kinds=KINDS,
        all_kinds=kinds(),
        lists=lists,
        follows=follows,
        followed_groups=followed_groups,
        drawing=drawing(),
        pictures_max=PICTURES_MAX,
        hours_max=HOURS_MAX,
        rhythms=RHYTHMS,
        weekdays=WEEKDAYS,
        groups=groups,
        unit_names=unit_names,
        by_district=_choices(groups, "district_2022_code", districts),
        by_unit=_choices(groups, "unit_id", unit_names),
        title_max=TITLE_MAX,
        text_max=TEXT_MAX,
        soonest=local_input(now()),
    ), code


def _choices(groups: list[GroupRow], attribute: str, names: Mapping[Any, Any]) -> list[Choice]:
    counts: dict[str, int] = {}
    for group in groups:
        value = getattr(group, attribute)
        if value:
            counts[value] = counts.get(value, 0) + 1
    return sorted(
        (Choice(value, str(names.get(value) or value), count) for value, count in counts.items()),
        key=lambda choice: choice.name,
    )
