"""Questions the bot was unsure of, in groups; an officer turns a group into an alias, a topic, or sets it aside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, desk, now, shelf
from console.explaining import DECISION_WORDS
from console.forms import length_fault, typed
from console.language import translated
from data import kept_questions, learning
from data.kept_questions import NONE_OF_THESE, QuestionGroup
from data.record_rules import TOPIC_SHAPE, shape_faults, topic_faults
from data.shelf import Catalogue
from domain.learning import (
    ALIAS_MAX,
    ALIASES_MAX,
    CHANGE_LABELS,
    KIND_LABELS,
    ChangeKind,
    ChangeState,
    QuestionState,
    clean_aliases,
)
from domain.masking import LINK, MAIL, NUMBER, PLATE, mask_phrase
from domain.procedures import Procedure, Topic
from domain.roles import Act
from domain.vietnamese import fold, strip_marks
from domain.work import Kind

pages = Blueprint("learning", __name__, url_prefix="/hoc-hoi")

SHOWN_MAX = 60
"""Groups on one page, the most asked first."""
REASON_MAX = 500
LINE_MAX = 600
VIEWS = {"moi": QuestionState.OPEN, "de-ngoai": QuestionState.ASIDE}


@pages.get("")
@allowed(Act.TEACH)
def listing() -> ResponseReturnValue:
    view = request.args.get("xem", "moi")
    view = view if view in {*VIEWS, "de-xuat", "lich-su"} else "moi"
    with database().reading() as reading:
        counts = kept_questions.counts(reading)
        proposed = learning.changes(reading, states=[ChangeState.PROPOSED])
        settled = [state for state in ChangeState if state is not ChangeState.PROPOSED]
        changes = proposed if view == "de-xuat" else []
        if view == "lich-su":
            changes = learning.changes(reading, states=settled)
        groups = kept_questions.groups(reading, state=VIEWS[view]) if view in VIEWS else []
    return render_template(
        "pages/learning.html",
        view=view,
        groups=groups[:SHOWN_MAX],
        more=max(0, len(groups) - SHOWN_MAX),
        counts=counts,
        proposed=len(proposed),
        changes=changes,
        name_of=_namer(shelf().current()),
        **words(),
    )


def words() -> dict[str, Any]:
    return {
        "kinds": KIND_LABELS,
        "change_labels": CHANGE_LABELS,
        "change_tones": {
            ChangeState.PROPOSED: "gold",
            ChangeState.APPLIED: "green",
            ChangeState.DROPPED: "gray",
            ChangeState.UNDONE: "violet",
        },
        "none_of_these": NONE_OF_THESE,
        "decisions": DECISION_WORDS,
    }


@pages.get("/cau-hoi/<int:question_id>")
@allowed(Act.TEACH)
def show(question_id: int) -> ResponseReturnValue:
    group = _group(question_id)
    if group is None:
        abort(404)
    return _form(group, {"kind": ChangeKind.ALIAS, "aliases": group.words.replace("«", "").replace("»", "")})


@pages.post("/soan")
@allowed(Act.TEACH)
def begin() -> ResponseReturnValue:
    """From the page “Vì sao”: the words of the officer as a beginning; nothing is kept yet."""
    question = typed("question")[:ALIAS_MAX]
    target = request.form.get("target", "")
    known = shelf().current()
    given = {"kind": ChangeKind.ALIAS, "aliases": question, "target": target if known.name_of(target) else ""}
    return _form(None, given)


@pages.post("/de-xuat")
@allowed(Act.TEACH)
def propose() -> ResponseReturnValue:
    """Write the change down; the loops replay it, and nothing the bot says changes until it is applied."""
    group = _group(_question_id())
    given = _typed()
    known = shelf().newest()
    try:
        kind = ChangeKind(given["kind"])
        if fault := length_fault(given["reason"], most=REASON_MAX, what="lý do"):
            raise ValueError(fault)
        if kind is ChangeKind.ASIDE:
            return _set_aside(group, given)
        target = "" if kind is ChangeKind.TOPIC else _target(given, known)
        aliases = _aliases(given["aliases"].split("\n"), _known_words(known, target))
        topic = None
        if kind is ChangeKind.TOPIC:
            target, topic = _topic(given, aliases, known)
    except ValueError as refused:
        return _form(group, given, fault=_vietnamese(refused), code=422)
    with database().transaction() as writing:
        row = learning.propose(
            writing,
            kind=kind,
            target=target,
            aliases=aliases,
            topic=topic,
            marks=[one.mark for one in group.questions] if group else [],
            reason=given["reason"],
            officer_id=officer().id,
            now=now(),
        )
    desk().wake(Kind.REPLAYS, "")
    return redirect(url_for("changes.show", change_id=row.id))


def _set_aside(group: QuestionGroup | None, given: Mapping[str, Any]) -> ResponseReturnValue:
    if group is None:
        raise ValueError("Nhóm câu hỏi này vừa được xử lý.")
    with database().transaction() as writing:
        learning.set_aside(
            writing,
            marks=[one.mark for one in group.questions],
            reason=given["reason"],
            officer_id=officer().id,
            now=now(),
        )
    flash(_("Đã để nhóm câu hỏi này ngoài phạm vi. Có thể hoàn tác ở mục “Lịch sử”."), "good")
    return redirect(url_for("learning.listing"))


def _question_id() -> int:
    """The number of a kept question, which is longer than other numbers; 0 when there is none."""
    text = request.form.get("question_id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


# ---- from the form ------------------------------------------------------------------------------------------------


def _typed() -> dict[str, Any]:
    names = ("aliases", "target", "other_target", "title", "lines", "sources", "where", "url", "reason")
    return {name: typed(name) for name in names} | {"kind": request.form.get("kind", "")}


def _aliases(lines: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Aliases that may be shown to everybody. Raises ValueError with words for the officer."""
    for line in lines:
        if len(line.strip()) > ALIAS_MAX:
            raise ValueError(_("Mỗi cách gọi dài nhất %(most)s ký tự. Mời rút gọn.", most=ALIAS_MAX))
        masked = mask_phrase(line) or ""
        if "«" in line or any(one in masked for one in (NUMBER, PLATE, MAIL, LINK)):
            raise ValueError(
                "Cách gọi không được chứa số, biển số, địa chỉ liên lạc của người dân. Mời viết lại cho chung."
            )
    aliases = clean_aliases(lines, known)
    if not aliases:
        raise ValueError("Mời nhập ít nhất một cách gọi mới, khác các cách gọi đã có.")
    if len(aliases) > ALIASES_MAX:
        raise ValueError(_("Mỗi lần thêm nhiều nhất %(most)s cách gọi.", most=ALIASES_MAX))
    return aliases


def _records(known: Catalogue) -> list[Procedure | Topic]:
    return [*known.procedures.values(), *known.topics.values()]


def _known_words(known: Catalogue, target: str) -> Sequence[str]:
    """What the record is called already."""
    record = known.procedures.get(target) or known.topics.get(target)
    return (record.name, *record.aliases) if record else ()


def _target(given: Mapping[str, Any], known: Catalogue) -> str:
    """The record that gets the alias: one of the suggestions, or what was typed: name, code, or both."""
    wanted = given["target"]
    if wanted in {"", "other"}:
        wanted = _named(given["other_target"], known)
    if wanted not in known.procedures and wanted not in known.topics:
        raise ValueError("Mời chọn thủ tục hoặc chủ đề nhận cách gọi này.")
    if wanted in known.procedures and not known.procedures[wanted].is_current:
        raise ValueError("Thủ tục này không còn áp dụng. Mời chọn thủ tục đang áp dụng.")
    return str(wanted)


def _named(text: str, known: Catalogue) -> str:
    inside = re.search(r"\(([^()\s]+)\)\s*$", text)
    if inside and known.name_of(inside[1]):
        return inside[1]
    if known.name_of(text):
        return text
    folded = fold(text)
    found = [one.id for one in _records(known) if fold(one.name) == folded]
    return found[0] if len(found) == 1 else ""


def _topic(given: Mapping[str, Any], aliases: Sequence[str], known: Catalogue) -> tuple[str, dict[str, Any]]:
    """(id, record) of the new topic. Raises ValueError with words for the officer."""
    title = given["title"]
    if fault := length_fault(title, most=ALIAS_MAX, what="tên chủ đề"):
        raise ValueError(fault)
    slug = re.sub(r"[^a-z0-9]+", "_", strip_marks(title)).strip("_")[:60]
    if not slug:
        raise ValueError("Tên chủ đề cần có chữ.")
    body: dict[str, Any] = {
        "id": f"console_{slug}",
        "topic": title,
        "category": "console",
        "aliases": list(aliases),
        "audience": "both",
        "answer": [line.strip() for line in given["lines"].split("\n") if line.strip()],
        "where": given["where"] or None,
        "url": given["url"] or None,
        "sources": [line.strip() for line in given["sources"].split("\n") if line.strip()],
        "confidence": "medium",
        "note": None,
    }
    if any(len(line) > LINE_MAX for line in body["answer"]):
        raise ValueError(_("Mỗi dòng trả lời dài nhất %(most)s ký tự.", most=LINE_MAX))
    if not body["sources"]:
        raise ValueError("Mời ghi nguồn của nội dung trả lời.")
    if faults := [*shape_faults(body, TOPIC_SHAPE), *topic_faults(body)]:
        raise ValueError(faults[0].words)
    if f"topic:{body['id']}" in known.topics:
        raise ValueError("Đã có chủ đề mang tên này.")
    return f"topic:{body['id']}", body


def _vietnamese(refused: ValueError) -> str:
    text = str(refused)
    return "Mời chọn một việc cần làm." if "ChangeKind" in text else text


# ---- the form -----------------------------------------------------------------------------------------------------


def _group(question_id: int) -> QuestionGroup | None:
    with database().reading() as reading:
        return kept_questions.group_of(reading, question_id) if question_id > 0 else None


def _form(
    group: QuestionGroup | None, given: Mapping[str, Any], *, fault: str | None = None, code: int = 200
) -> ResponseReturnValue:
    known = shelf().current()
    answer = known.matcher.search(group.words if group else str(given.get("aliases", "")))
    suggested = list(
        dict.fromkeys(
            one
            for one in (
                *([given["target"]] if given.get("target") else []),
                *(group.chosen if group else ()),
                *(candidate.id for candidate in answer.candidates),
                *(group.offered if group else ()),
            )
            if one and known.name_of(one)
        )
    )
    return render_template(
        "pages/teach.html",
        group=group,
        given={"target": suggested[0] if suggested else "other", **given},
        answer=answer,
        suggested=suggested[:6],
        name_of=_namer(known),
        records=_records(known),
        alias_max=ALIAS_MAX,
        reason_max=REASON_MAX,
        fault=fault,
        **words(),
    ), code


def _namer(known: Catalogue) -> Any:
    def name_of(wanted: str | None) -> str:
        if wanted == NONE_OF_THESE:
            return translated("Không phải các mục này")
        return known.name_of(wanted or "") or wanted or ""

    return name_of
