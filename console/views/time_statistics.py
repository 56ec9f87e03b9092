"""Figures over time: how long people waited, how questions were answered, how broadcasts went out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import allowed, may, officer
from console.desk import database, now
from console.filters import kind_label
from console.months import month_of_address, year_up_to
from console.plots import Series, columns
from console.statistic_sheets import questions_workbook, span_labels
from console.views.tip_statistics import UNSORTED, month_text, whose
from data import answering_times, audit, broadcast_reports, question_statistics
from data.answering_times import Waited
from domain.answering import LEAST_FOR, Waits, waits
from domain.procedures import Decision
from domain.roles import Act
from domain.small_numbers import K

pages = Blueprint("time_statistics", __name__)


@pages.get("/thong-ke-thoi-gian")
@allowed(Act.SEE_STATISTICS)
def answering() -> ResponseReturnValue:
    since, until = month_of_address()
    with database().reading() as reading:
        waited = answering_times.waited(reading, unit_ids=officer().unit_ids, since=since, until=until)
    month = month_text(since)
    shown = answering_times.shown(waited)
    spans = [_span(label, waited[span], shown[span], month) for span, label in span_labels().items()]
    return render_template(
        "pages/answering_times.html",
        spans=spans,
        percents=tuple(LEAST_FOR),
        least=LEAST_FOR,
        k=K,
        month=month,
        whose=whose(),
        since=since,
    )


def _span(label: str, told: Waited, counts: Mapping[str | None, int | None], month: str) -> dict[str, Any]:
    """One table: everything first, then by kind; `longest` is the scale of its bars, in minutes."""
    whole = waits(told.all)
    shown_whole = answering_times.shown_total(told, counts)
    lines: list[dict[str, Any]] = [
        {
            "label": _("Tất cả"),
            "count": shown_whole,
            "waits": whole,
            "href": url_for("tip_statistics.cases", thang=month) if shown_whole else None,
        }
    ]
    for kind in sorted(counts, key=kind_label):
        shown = counts[kind]
        lines.append(
            {
                "label": kind_label(kind),
                "count": shown,
                "waits": waits(told.minutes[kind]) if shown else Waits(0, dict.fromkeys(LEAST_FOR)),
                "href": url_for("tip_statistics.cases", thang=month, loai=kind or UNSORTED)
                if shown
                else None,
            }
        )
    longest = max((line["waits"].at[p] or 0 for line in lines for p in LEAST_FOR), default=0) or 1
    for line in lines:
        line["bar"] = {p: round(100 * (line["waits"].at[p] or 0) / longest, 2) for p in LEAST_FOR}
    still = sum(told.open.values())
    return {"label": label, "lines": lines, "open": still if still == 0 or still >= K else None}


@pages.get("/thong-ke-cau-hoi")
@allowed(Act.SEE_STATISTICS, Act.TEACH)
def questions() -> ResponseReturnValue:
    """Questions carry no person in the log (only a moment and a decision): their numbers are not hidden."""
    since, until = month_of_address()
    year = year_up_to(since)
    with database().reading() as reading:
        days = _each_day(reading, since, until)
        months = question_statistics.by_month(reading, begins=year)
    names = _decisions()
    by_day = [
        Series(label, tone, [counts[one] for counts in days.values()])
        for tone, (one, label) in enumerate(names.items(), 1)
    ]
    by_month = [
        Series(label, tone, [month[one] for month in months])
        for tone, (one, label) in enumerate(names.items(), 1)
    ]
    total = {
        label: sum(count or 0 for count in one.counts)
        for label, one in zip(names.values(), by_day, strict=True)
    }
    return render_template(
        "pages/question_statistics.html",
        total=total,
        days=columns([f"{day:%d/%m}" for day in days], by_day, hidden_words="", every=5),
        year=columns(_labels(year), by_month, hidden_words="", every=2),
        year_links={label: url_for(".questions", thang=month_text(one)) for label, one in _labelled(year)},
        opens=url_for("learning.listing") if may(Act.TEACH) else None,
        month=month_text(since),
        since=since,
    )


@pages.get("/thong-ke-cau-hoi.xlsx")
@allowed(Act.SEE_STATISTICS, Act.TEACH, fresh=True)
def export_questions() -> ResponseReturnValue:
    """What the page of questions shows, with the filter and the moment on the first sheet; audited."""
    since, until = month_of_address()
    me, month, year = officer(), month_text(since), year_up_to(since)
    with database().transaction() as writing:
        days = _each_day(writing, since, until)
        months = question_statistics.by_month(writing, begins=year)
        audit.record(
            writing,
            officer_id=me.id,
            action="statistics.questions",
            subject=f"officer:{me.id}",
            before=None,
            after={"month": month},
            now=now(),
        )
    return questions_workbook(
        month=month,
        by=me.name,
        at=now(),
        decisions=_decisions(),
        days=[(f"{day:%d/%m/%Y}", counts) for day, counts in days.items()],
        year=list(zip(_labels(year), months, strict=True)),
    )


def _each_day(session: Session, since: datetime, until: datetime) -> Mapping[date, Counter[str]]:
    """Every day of the month in order, also those on which nobody asked."""
    found = question_statistics.by_day(session, since=since, until=until)
    dates = (since.date() + timedelta(days=number) for number in range((until.date() - since.date()).days))
    return {day: found.get(day, Counter()) for day in dates}


def _decisions() -> dict[str, str]:
    """Decision → what it is called, in the order in which they are shown."""
    return {
        Decision.ANSWER: _("Đã trả lời"),
        Decision.CHOOSE: _("Hỏi lại"),
        Decision.DECLINE: _("Nói là chưa biết"),
    }


@pages.get("/thong-ke-gui-tin")
@allowed(Act.SEE_BROADCASTS)
def sendings() -> ResponseReturnValue:
    since, _until = month_of_address()
    year = year_up_to(since)
    with database().reading() as reading:
        lines = [
            broadcast_reports.whole_month(reading, broadcast_reports.month_of(begins)) for begins in year[:-1]
        ]
    parts = (
        (_("Đã gửi"), "sent"),
        (_("Chưa rõ"), "unknown"),
        (_("Lỗi"), "failed"),
        (_("Hết hạn"), "expired"),
    )
    series = [
        Series(label, tone, [getattr(line, name) if line else 0 for line in lines])
        for tone, (label, name) in enumerate(parts, 1)
    ]
    return render_template(
        "pages/sending_statistics.html",
        year=columns(_labels(year), series, hidden_words="", every=2),
        year_links={
            label: url_for("broadcast_reports.show", thang=month_text(one)) for label, one in _labelled(year)
        },
        month=month_text(since),
        since=since,
    )


def _labelled(year: list[datetime]) -> list[tuple[str, datetime]]:
    return list(zip(_labels(year), year, strict=False))


def _labels(year: list[datetime]) -> list[str]:
    return [f"{one:%m/%Y}" for one in year[:-1]]
