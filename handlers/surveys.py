"""How was the service? A few taps after a tip has ended or by the code of a unit; words only if the citizen likes.

Nobody is asked twice for the same thing: the offer stands under a message that is sent anyway, and who does not want
to be asked is not. The answers are kept at the last tap; words come after, and may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from domain import codes
from domain.complaints import read_receipt
from domain.conversations import Flow, Outcome, Turn, ask, done
from domain.messages import Button, Press, Reply, Text
from domain.survey_talk import FiledAnswer, Subject
from domain.surveys import SERVICE_CODE, UNIT_CODE, Question, next_question, valid
from domain.vietnamese import fold, strip_marks
from handlers import buttons, texts, words


class Step(StrEnum):
    UNIT = "survey.unit"  # đơn vị nào
    ANSWER = "survey.answer"  # chấm từng câu
    WORDS = "survey.words"  # nhắn thêm, không bắt buộc


CODE_MAX = 40
"""A message of at most so many characters may be a code."""
_CODE = re.compile(r"(?:(?:khao sat|danh gia|cham diem|ma)[ :]+)?([a-z0-9]{4}(?:-[a-z0-9]{1,4}){1,3})")
STOP_BUTTON = buttons.press(texts.BUTTON_STOP, buttons.MENU)


# ---- the offer ----------------------------------------------------------------------------------------------------


def offer_buttons(code: str) -> tuple[Button, ...]:
    """One button for a message that is sent anyway; nothing more is said."""
    return (buttons.press(texts.BUTTON_SURVEY, buttons.SURVEY_START, code),)


def offer(turn: Turn, code: str) -> tuple[str, tuple[Button, ...]]:
    """A line and buttons to add to the answer to “is it settled?”; nothing for who was asked enough."""
    found = turn.records.surveys.subject(code)
    if found is None or found.refusal or not turn.records.surveys.wants_to_be_asked():
        return "", ()
    never = buttons.press(texts.BUTTON_SURVEY_NEVER, buttons.SURVEY_NEVER)
    return texts.SURVEY_OFFER, (*offer_buttons(code), never)


# ---- beginning ----------------------------------------------------------------------------------------------------


def begins(turn: Turn) -> bool:
    said = turn.said
    if isinstance(said, Press):
        return said.button in {
            buttons.SURVEY_START, buttons.SURVEY_NEVER, buttons.SURVEY_REOPEN, buttons.SURVEY_UNIT,
        }  # fmt: skip
    if not isinstance(said, Text) or len(said.text) > CODE_MAX:
        return False
    return (
        words.is_one_of(said, words.SURVEY | words.SURVEY_NEVER)
        or _receipt(said.text) is not None
        or _survey_code(turn, said.text) is not None
    )


def begin(turn: Turn) -> Outcome:
    said, surveys = turn.said, turn.records.surveys
    if isinstance(said, Press):
        match said.button:
            case buttons.SURVEY_NEVER:
                return _never(turn)
            case buttons.SURVEY_REOPEN:
                again = surveys.reopen(said.value)
                return done(texts.CASE_REOPENED if again else texts.CASE_NOT_REOPENED, (buttons.TO_MENU,))
        return _start(turn, surveys.subject(said.value))
    assert isinstance(said, Text)
    if words.is_one_of(said, words.SURVEY_NEVER):
        return _never(turn)
    if receipt := _receipt(said.text):
        return _case(turn, receipt)
    if code := _survey_code(turn, said.text):
        return _start(turn, surveys.subject(code))
    surveys.ask_again()
    return _which_unit(turn, texts.SURVEY_UNIT)


def _start(turn: Turn, subject: Subject | None) -> Outcome:
    if subject is None:
        return done(texts.SURVEY_NOTHING, (buttons.TO_MENU,))
    if subject.refusal:
        days = turn.records.surveys.survey().again_after.days
        why = texts.SURVEY_REFUSED[subject.refusal].format(unit=subject.unit_name, days=days)
        return done(why, (buttons.TO_MENU,))
    lead = texts.SURVEY_BEGIN.format(unit=subject.unit_name)
    return _ask_next(turn, {"about": subject.about, "given": {}}, lead)


def _never(turn: Turn) -> Outcome:
    turn.records.surveys.ask_no_more()
    return done(texts.SURVEY_NO_MORE)


# ---- which unit ---------------------------------------------------------------------------------------------------


def _which_unit(turn: Turn, text: str) -> Outcome:
    known = turn.records.last_unit()
    offered = (buttons.press(known.police_name, buttons.SURVEY_UNIT, known.id),) if known else ()
    return ask(text, step=Step.UNIT, buttons=(*offered, STOP_BUTTON))


def take_unit(turn: Turn, said: Text) -> Outcome | None:
    """The name of a place leads to its police of today; a code of a board does too."""
    if _leaves(said):
        return None
    if words.is_one_of(said, words.NO | words.THANKS):
        return done(texts.STOPPED, (buttons.TO_MENU,))
    if code := _survey_code(turn, said.text):
        return _start(turn, turn.records.surveys.subject(code))
    found = turn.records.place_named(said.text)
    if found.unit:
        return _start(turn, turn.records.surveys.subject(found.unit.id))
    if not found.choices:
        return None if len(said.text) > CODE_MAX else _which_unit(turn, texts.SURVEY_UNIT_AGAIN)
    offered = tuple(
        buttons.press(one.unit.police_name, buttons.SURVEY_UNIT, one.unit.id) for one in found.choices[:4]
    )
    return ask(texts.SURVEY_UNIT_WHICH, step=Step.UNIT, buttons=(*offered, STOP_BUTTON))


def press_unit(turn: Turn, said: Press) -> Outcome | None:
    if said.button != buttons.SURVEY_UNIT:
        return None
    return _start(turn, turn.records.surveys.subject(said.value))


# ---- the questions ------------------------------------------------------------------------------------------------


def _ask_next(turn: Turn, draft: Mapping[str, Any], lead: str = "") -> Outcome:
    """The next question; when there is none left, the answers are kept and words may be added."""
    question = next_question(turn.records.surveys.survey(), draft["given"])
    if question is None:
        return _keep(turn, draft)
    return ask(lead + question.text, step=Step.ANSWER, draft=draft, buttons=_choices(question))


def _choices(question: Question) -> tuple[Button, ...]:
    return tuple(
        buttons.press(one.label, buttons.SURVEY_ANSWER, f"{question.key}:{one.key}")
        for one in question.choices
    )


def press_answer(turn: Turn, said: Press) -> Outcome | None:
    """A tap; one on an earlier question changes that answer."""
    if said.button != buttons.SURVEY_ANSWER:
        return None
    key, _, answer = said.value.partition(":")
    return _answered(turn, key, answer)


def type_answer(turn: Turn, said: Text) -> Outcome | None:
    """The number or the words of an answer; anything else is a new wish, and the survey is over without a word."""
    survey = turn.records.surveys.survey()
    question = next_question(survey, valid(survey, turn.draft.get("given", {})))
    choice = question.read(said.text) if question else None
    if question is None or choice is None:
        return done(texts.STOPPED, (buttons.TO_MENU,)) if words.is_one_of(said, words.STOP) else None
    return _answered(turn, question.key, choice.key)


def _answered(turn: Turn, key: str, answer: str) -> Outcome:
    survey = turn.records.surveys.survey()
    given = valid(survey, {**turn.draft.get("given", {}), key: answer})
    return _ask_next(turn, {"about": turn.draft.get("about", ""), "given": given})


def _keep(turn: Turn, draft: Mapping[str, Any]) -> Outcome:
    about = str(draft["about"])
    filed = turn.records.surveys.file(about, draft["given"])
    if filed is None:
        return done(texts.SURVEY_NOTHING, (buttons.TO_MENU,))
    kept = {"about": about, "token": filed.token, "receipt": filed.receipt or ""}
    skip = buttons.press(texts.BUTTON_SURVEY_SKIP, buttons.SURVEY_SKIP)
    if filed.receipt:
        text = texts.SURVEY_BAD.format(code=filed.receipt)
        return ask(text, step=Step.WORDS, draft=kept, buttons=(skip,))
    complain = buttons.press(texts.BUTTON_COMPLAIN, buttons.SURVEY_COMPLAIN)
    return ask(texts.SURVEY_WORDS, step=Step.WORDS, draft=kept, buttons=(skip, complain))


# ---- words, if they like ------------------------------------------------------------------------------------------


def press_words(turn: Turn, said: Press) -> Outcome | None:
    if said.button == buttons.SURVEY_SKIP:
        return _thanks(str(turn.draft.get("receipt", "")))
    if said.button == buttons.SURVEY_COMPLAIN:
        skip = buttons.press(texts.BUTTON_SURVEY_SKIP, buttons.SURVEY_SKIP)
        draft = {**turn.draft, "complain": True}
        return ask(texts.SURVEY_COMPLAIN, step=Step.WORDS, draft=draft, buttons=(skip,))
    if (
        said.button == buttons.SURVEY_ANSWER
    ):  # a tap on an earlier question comes too late: it is kept already
        return ask(texts.SURVEY_KEPT_ALREADY, step=Step.WORDS, draft=turn.draft)
    return None


def take_words(turn: Turn, said: Text) -> Outcome | None:
    """Words for the answer; a plain question about a procedure is none: the answers are kept already."""
    receipt = str(turn.draft.get("receipt", ""))
    if words.is_one_of(said, words.STOP | words.NO | words.THANKS | words.DONE):
        return _thanks(receipt)
    if _leaves(said) or words.asks_about_papers(said.text):
        return None
    filed = FiledAnswer(str(turn.draft.get("token", "")), receipt or None)
    complain = bool(turn.draft.get("complain"))
    made = turn.records.surveys.add_words(
        str(turn.draft.get("about", "")), filed, said.text, complain=complain
    )
    return _thanks(made or "")


def _thanks(receipt: str) -> Outcome:
    if receipt:
        return done(texts.SURVEY_THANKS_CASE.format(code=receipt))
    return done(texts.SURVEY_THANKS)


# ---- a complaint, by its receipt ----------------------------------------------------------------------------------


def _case(turn: Turn, receipt: str) -> Outcome:
    told = turn.records.surveys.case(receipt)
    if told is None:
        return done(texts.CASE_UNKNOWN, (buttons.TO_MENU,))
    answer = f"\n\n{told.answer}" if told.answer else ""
    return done(
        texts.CASE_STATUS.format(code=told.code, status=told.status, answer=answer),
        (*(_not_satisfied(told.code) if told.may_reopen else ()), buttons.TO_MENU),
    )


def case_answered(unit: str, code: str, text: str) -> Reply:
    """The answer to a complaint as the citizen gets it."""
    return Reply(texts.CASE_ANSWERED.format(unit=unit, code=code, text=text), _not_satisfied(code))


def _not_satisfied(code: str) -> tuple[Button, ...]:
    return (buttons.press(texts.BUTTON_NOT_SATISFIED, buttons.SURVEY_REOPEN, code),)


# ---- reading ------------------------------------------------------------------------------------------------------


def _receipt(text: str) -> str | None:
    """A receipt is written with its two letters: other codes look alike."""
    return read_receipt(text) if fold(text).strip().startswith("pa") else None


def _survey_code(turn: Turn, text: str) -> str | None:
    """A code of a board or a link: with its dashes, alone or after “khảo sát”; only if there is such a one."""
    found = _CODE.fullmatch(_folded(text))
    if not found or not any(codes.read(found[1], length=length) for length in (UNIT_CODE, SERVICE_CODE)):
        return None
    return found[1] if turn.records.surveys.subject(found[1]) else None


def _folded(text: str) -> str:
    """Without accents and case; dashes stay."""
    return "-".join(
        strip_marks(part) for part in text.strip().split("-")
    )  # a letter of a code is no abbreviation


def _leaves(said: Text) -> bool:
    return words.is_one_of(said, words.MENU | words.HELP | words.TIP | words.OFFICER | words.STOP)


FLOW = Flow(
    name="survey",
    begins=begins,
    begin=begin,
    steps={
        Step.UNIT: {Text: take_unit, Press: press_unit},
        Step.ANSWER: {Text: type_answer, Press: press_answer},
        Step.WORDS: {Text: take_words, Press: press_words},
    },
    lost=lambda turn: done(texts.SURVEY_NOTHING, (buttons.TO_MENU,)),
    forgotten_after=timedelta(hours=12),
)
