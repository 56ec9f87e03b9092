"""Other things people ask the police about: hotlines, warnings of fraud, support for businesses, what still holds."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from data import notices
from domain.cards import codes_in, plain, without_codes
from domain.notes import for_residents
from domain.procedures import FIELDS, Procedure, Topic
from public.chat import chat_now
from public.desk import database, known, now
from public.finding import Entry, entry_of, topic_address
from public.listing import line, slug

pages = Blueprint("topics", __name__)
BUSINESS = frozenset({"business", "both", "organisation"})
FOR_BUSINESS = (
    "security_business",
    "seal",
    "fire",
    "weapons",
    "vehicle",
    "immigration",
    "data_protection",
    "cyber",
)
"""Fields that businesses ask about, most asked first; in the others they are a case of everybody's procedure."""
HEADINGS = {
    "hotline": _l("Đường dây nóng"),
    "fraud": _l("Cảnh báo lừa đảo"),
    "report": _l("Báo tin, tìm người"),
    "business": _l("Hỗ trợ doanh nghiệp"),
    "vneid": _l("VNeID, định danh điện tử"),
    "where": _l("Làm ở đâu, giờ nào"),
    "traffic": _l("Giao thông"),
    "fee": _l("Phí, lệ phí"),
    "residence": _l("Cư trú"),
}
"""Category of the data → what people read, in the order of the page. Unknown ones come last."""
HOTLINE, FRAUD = "hotline", "fraud"
URGENT_NUMBERS = ("113", "114", "115")


@dataclass(frozen=True)
class Number:
    """A number to call, from a topic of the data."""

    number: str
    name: str
    lines: tuple[str, ...]


@pages.get("/chu-de")
def listing() -> ResponseReturnValue:
    groups: dict[str, list[Entry]] = {category: [] for category in HEADINGS}
    for topic in known().catalogue.topics.values():
        groups.setdefault(topic.category, []).append(Entry(topic.name, topic_address(topic)))
    return render_template(
        "pages/topics.html", groups={key: found for key, found in groups.items() if found}, headings=HEADINGS
    )


@pages.get("/chu-de/<wanted>")
def show(wanted: str) -> ResponseReturnValue:
    topic = known().catalogue.topics.get(f"topic:{wanted.replace('-', '_')}")
    topic = topic or known().catalogue.topics.get(f"topic:{wanted}")
    if topic is None:
        abort(404)
    return render_template(
        "pages/topic.html",
        topic=topic,
        answer=[plain(one) for one in without_codes(topic, _names(topic))],
        note=for_residents(topic.note),
        procedures=[
            entry_of(known(), code) for code in codes_in(topic) if code in known().catalogue.procedures
        ],
        heading=HEADINGS.get(topic.category, ""),
        chat=chat_now(),
    )


@pages.get("/duong-day-nong")
def hotlines() -> ResponseReturnValue:
    numbers = []
    for topic in _of(HOTLINE):
        number = next((word for word in topic.name.split() if word.isdecimal()), "")
        if number:
            numbers.append(Number(number, topic.name, topic.answer))
    numbers.sort(key=lambda one: (one.number not in URGENT_NUMBERS, one.number))
    return render_template("pages/hotlines.html", numbers=numbers, chat=chat_now())


@pages.get("/lua-dao")
def frauds() -> ResponseReturnValue:
    """Warnings: the topics, and the broadcasts about it that still hold."""
    with database().reading() as session:
        told = [one for one in notices.valid(session, now=now()) if one.kind == "scam"]
    return render_template("pages/frauds.html", topics=_of(FRAUD), notices=told, chat=chat_now())


@pages.get("/doanh-nghiep")
def businesses() -> ResponseReturnValue:
    groups = []
    for field in FOR_BUSINESS:
        families: dict[str, Procedure] = {}
        for one in known().catalogue.procedures.values():
            if one.is_current and one.field == field and one.audience in BUSINESS:
                families.setdefault(one.family, one)
        found = [
            line(known(), one) for one in sorted(families.values(), key=lambda one: (one.priority, one.name))
        ]
        if found:
            groups.append((FIELDS[field], slug(field), [one for one in found if one.often], len(found)))
    return render_template(
        "pages/businesses.html",
        groups=groups,
        topics=[Entry(one.name, topic_address(one)) for one in _of("business")],
    )


@pages.get("/thong-bao")
def holding() -> ResponseReturnValue:
    with database().reading() as session:
        told = notices.valid(session, now=now())
    return render_template("pages/notices.html", notices=told)


def _of(category: str) -> list[Topic]:
    return [topic for topic in known().catalogue.topics.values() if topic.category == category]


def _names(topic: Topic) -> dict[str, str]:
    return {
        code: entry_of(known(), code).name for code in codes_in(topic) if code in known().catalogue.procedures
    }
