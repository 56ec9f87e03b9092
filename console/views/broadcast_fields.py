"""The fields of the form for a broadcast: from what was typed to a Content, from a row back to the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request

from console.desk import database, now
from console.filters import local_input
from console.forms import number, typed
from console.views.broadcast_files import take_in
from data import broadcast_media, broadcasts
from data.broadcast_kinds import kinds
from data.broadcasts import Content
from data.tables import Broadcast
from domain.broadcast_kinds import fill_in
from domain.broadcasts import VIETNAM
from domain.posts import PICTURES_MAX, attached_from
from domain.repeats import read_repeat, repeat_from_words
from domain.said import said

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


# ---- from the form to a Content ---------------------------------------------------------------------------


def typed_in() -> dict[str, Any]:
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


def with_files(values: dict[str, Any]) -> None:
    """The files that were kept at an earlier save, and those that come with this one."""
    with database().reading() as reading:
        known = broadcast_media.find(reading, request.form.getlist("media")[: PICTURES_MAX + 1])
    values["media"] = (*known, *take_in(request.files.getlist("files")[: PICTURES_MAX + 1]))


def filled(values: Mapping[str, Any]) -> str:
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
        raise ValueError(said("Thời hạn gửi phải từ 1 đến %(most)s giờ.", most=HOURS_MAX))
    return int(hours) * 60


def audience_of(values: Mapping[str, Any]) -> dict[str, Any]:
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


def content_of(values: Mapping[str, Any]) -> Content:
    """What is to be kept. Raises ValueError with words for the officer."""
    if values["kind"] not in KINDS:
        raise ValueError("Mời chọn loại tin.")
    if values["rhythm"] not in RHYTHMS:
        raise ValueError("Mời chọn lịch gửi.")
    starts_at, repeat = _times(values)
    return Content(
        title=values["title"],
        text=values["text"],
        audience=audience_of(values),
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


def blank() -> dict[str, Any]:
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


def of_row(row: Broadcast) -> dict[str, Any]:
    repeat = read_repeat(row.repeat) if row.repeat else None
    weekdays = [str(day) for day in repeat.days] if repeat and repeat.rhythm == "weekly" else []
    return blank() | {
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
