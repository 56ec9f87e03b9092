"""The survey and the clocks of complaints, read from data/content/surveys; every fault named by file and entry."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from domain.complaints import ComplaintRules
from domain.errors import BadContent
from domain.surveys import Choice, Question, Survey
from domain.vietnamese import nfc

FOLDER = Path(__file__).parent / "content" / "surveys"
CHOICES_MAX = 5
"""Buttons under one message in Zalo (domain.messages.BUTTONS_MAX)."""


@cache
def survey() -> Survey:
    """The survey in data/content, read once."""
    return read_survey(FOLDER)


@cache
def complaint_rules() -> ComplaintRules:
    return read_complaint_rules(FOLDER)


def check(folder: Path = FOLDER) -> list[str]:
    """Every fault of both files; empty when there is none."""
    problems: list[str] = []
    for read in (read_survey, read_complaint_rules):
        try:
            read(folder)
        except BadContent as fault:
            problems.extend(fault.problems)
    return problems


def read_survey(folder: Path) -> Survey:
    """Raises BadContent with every fault."""
    problems: list[str] = []
    raw = _table(folder / "satisfaction.toml", problems)
    edition = str(raw.get("edition", "")).strip()
    if raw and not edition:
        problems.append("satisfaction.toml: edition is missing")
    numbers = {
        name: _whole(raw, name, "satisfaction.toml", problems)
        for name in ("again_after_days", "link_days", "hold_per_hour")
    }
    questions: list[Question] = []
    for one in raw.get("question", []):
        questions.append(_question(one, questions, problems))
    if raw and not questions:
        problems.append("satisfaction.toml: there is no question")
    if raw and not any(question.weight > 0 for question in questions):
        problems.append("satisfaction.toml: no question has a weight")
    if problems:
        raise BadContent(problems)
    return Survey(
        edition,
        timedelta(days=numbers["again_after_days"]),
        timedelta(days=numbers["link_days"]),
        numbers["hold_per_hour"],
        tuple(questions),
    )


def read_complaint_rules(folder: Path) -> ComplaintRules:
    """Raises BadContent with every fault."""
    problems: list[str] = []
    raw = _table(folder / "complaints.toml", problems)
    found = {
        name: _whole(raw, name, "complaints.toml", problems)
        for name in ("look_hours", "answer_hours", "order_days", "keep_days")
    }
    if not problems and found["look_hours"] > found["answer_hours"]:
        problems.append("complaints.toml: look_hours is longer than answer_hours")
    if problems:
        raise BadContent(problems)
    return ComplaintRules(
        timedelta(hours=found["look_hours"]),
        timedelta(hours=found["answer_hours"]),
        found["order_days"],
        found["keep_days"],
    )


def _question(raw: dict[str, Any], before: list[Question], problems: list[str]) -> Question:
    where = f"satisfaction.toml: question {raw.get('key', '?')}"
    for name in ("key", "text", "short"):
        if not str(raw.get(name, "")).strip():
            problems.append(f"{where}: {name} is missing")
    if any(one.key == raw.get("key") for one in before):
        problems.append(f"{where}: stands twice")
    weight = raw.get("weight", 0)
    if not isinstance(weight, int | float) or weight < 0:
        problems.append(f"{where}: weight is a number from 0")
        weight = 0
    choices = tuple(_choice(one, where, problems) for one in raw.get("answers", []))
    if not 2 <= len(choices) <= CHOICES_MAX:
        problems.append(f"{where}: 2 to {CHOICES_MAX} answers, as many as Zalo shows buttons")
    if len({one.key for one in choices}) != len(choices):
        problems.append(f"{where}: an answer stands twice")
    only_if = {key: frozenset(map(str, answers)) for key, answers in raw.get("only_if", {}).items()} or None
    for key, answers in (only_if or {}).items():
        asked = next((one for one in before if one.key == key), None)
        if asked is None or any(asked.choice(one) is None for one in answers):
            problems.append(f"{where}: only_if speaks of no answer of an earlier question")
    return Question(
        str(raw.get("key", "")),
        nfc(str(raw.get("text", ""))),
        nfc(str(raw.get("short", ""))),
        float(weight),
        choices,
        only_if,
    )


def _choice(raw: dict[str, Any], where: str, problems: list[str]) -> Choice:
    key, label, score = str(raw.get("key", "")), nfc(str(raw.get("label", ""))), raw.get("score")
    if not key or not label or ":" in key:
        problems.append(f"{where}: an answer needs a key (without “:”) and a label")
    if score is not None and (not isinstance(score, int | float) or not 0 <= score <= 100):
        problems.append(f"{where}: {key}: score is a number from 0 to 100")
        score = None
    return Choice(
        key, label, None if score is None else float(score), bool(raw.get("bad")), bool(raw.get("past_unit"))
    )


def _table(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path.name}: {error}")
        return {}


def _whole(raw: dict[str, Any], name: str, file: str, problems: list[str]) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        if raw:
            problems.append(f"{file}: {name} has to be a whole number above 0")
        return 1
    return value
