"""Our buttons: what they are called on the wire, and what the citizen reads on them."""

from __future__ import annotations

from domain.messages import BUTTON_TITLE_MAX, Button, Press
from handlers import texts

MENU = "menu"
HELP = "help"
PROCEDURE_ASK = "proc.ask"
PROCEDURE_SHOW = "proc.show"
PROCEDURE_FIELD = "proc.field"
PROCEDURE_PART = "proc.part"
PROCEDURE_MORE = "proc.more"
PROCEDURE_WRONG = "proc.wrong"
PROCEDURE_PAGE = "proc.page"
TOPIC_SHOW = "topic.show"
TIP_START = "tip.start"
TIP_FROM_WORDS = "tip.words"
TIP_UNIT = "tip.unit"
TIP_SEND = "tip.send"
TIP_EDIT = "tip.edit"
TIP_EDIT_PLACE = "tip.place"
TIP_PHOTO_PLACE = "tip.photo"
TIP_NOT_THERE = "tip.notthere"
TIP_STOP = "tip.stop"
TIP_AGREE = "tip.agree"
TIP_PAST_UNIT = "tip.past"
TIP_SETTLED = "tip.settled"
TIP_NOT_SETTLED = "tip.unsettled"
TIP_WITHDRAW = "tip.withdraw"
TIP_KEEP_CONSENT = "tip.keep"
TIP_REPLY = "tip.reply"
OFFICER_ASK = "officer.ask"
SURVEY_START = "survey.start"
SURVEY_NEVER = "survey.never"
SURVEY_UNIT = "survey.unit"
SURVEY_ANSWER = "survey.answer"
SURVEY_SKIP = "survey.skip"
SURVEY_COMPLAIN = "survey.complain"
SURVEY_REOPEN = "survey.reopen"
DOSSIER_ASK = "dossier.ask"
DOSSIER_FOLLOW = "dossier.follow"
DOSSIER_UNFOLLOW = "dossier.unfollow"


def press(title: str, name: str, value: str = "") -> Button:
    """A button that comes back as Press(name, value); a long title is cut at a word."""
    return Button(_fit(title), press=Press(name, value))


def page(title: str, url: str) -> Button:
    return Button(_fit(title), url=url)


def call(number: str) -> Button:
    return Button(texts.BUTTON_CALL.format(number=number), phone=number)


def _fit(title: str) -> str:
    if len(title) <= BUTTON_TITLE_MAX:
        return title
    return title[: BUTTON_TITLE_MAX - 1].rsplit(" ", 1)[0] + "…"


MENU_BUTTONS = (
    press(texts.BUTTON_PROCEDURES, PROCEDURE_ASK),
    press(texts.BUTTON_TIP, TIP_START),
    press(texts.BUTTON_OFFICER, OFFICER_ASK),
    press(texts.BUTTON_HELP, HELP),
)
TO_MENU = press(texts.BUTTON_MENU, MENU)
