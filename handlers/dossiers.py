"""Dossiers: how far an own application is, by its code and four digits; following one, and stopping that.

The code never stays in the draft: what travels from turn to turn is its mark (data/dossier_proof.py). Whether a code
exists is told to nobody: the digits are asked for in any case, and the answer to a wrong pair is always the same.
"""

from __future__ import annotations

from datetime import timedelta

from domain.conversations import Flow, Outcome, Turn, ask, done
from domain.dossiers import (
    FOLLOWS_MAX,
    FOR_CITIZEN,
    LABELS,
    DossierView,
    LookUp,
    read_proof,
)
from domain.messages import Button, Press, Reply, Text
from domain.tips import find_code
from domain.urgent import looks_like_tip
from domain.vietnamese import fold
from handlers import buttons, menu, officers, replies, texts, tips, urgent, words

CODE, PROOF, SHOWN = "dossier.code", "dossier.proof", "dossier.shown"
TEXT_MAX = 200
"""A longer message is a story with a code in it, not somebody who looks a dossier up."""
OUR_BUTTONS = frozenset({buttons.DOSSIER_ASK, buttons.DOSSIER_FOLLOW, buttons.DOSSIER_UNFOLLOW})
ALL = "*"


def begins(turn: Turn) -> bool:
    """A button of ours, a command that is nothing else, or words with the code of a dossier."""
    said = turn.said
    if isinstance(said, Press):
        return said.button in OUR_BUTTONS
    if not isinstance(said, Text) or len(said.text) > TEXT_MAX or find_code(said.text):
        return False
    commands = words.DOSSIER | words.DOSSIER_FOLLOWED | words.DOSSIER_UNFOLLOW
    if words.is_one_of(said, commands) or words.begins_with_dossier(said.text):
        return True
    return not looks_like_tip(said.text) and turn.records.dossiers.code(said.text) is not None


def begin(turn: Turn) -> Outcome:
    said = turn.said
    if isinstance(said, Press):
        return _pressed(turn, said)
    assert isinstance(said, Text)
    if words.is_one_of(said, words.DOSSIER_FOLLOWED):
        return _followed(turn)
    if words.is_one_of(said, words.DOSSIER_UNFOLLOW):
        return _unfollow_which(turn)
    follow = fold(said.text).startswith(words.DOSSIER_FOLLOW)
    return _with_code(turn, said, follow=follow) or _no_code(turn, said, follow=follow)


# ---- steps ----------------------------------------------------------------------------------------------------


def take_code(turn: Turn, said: Text) -> Outcome | None:
    follow = bool(turn.draft.get("follow"))
    if words.is_one_of(said, words.STOP):
        return done(texts.STOPPED, (buttons.TO_MENU,))
    told = _with_code(turn, said, follow=follow)
    if told:
        return told
    if not _is_for_others(turn) and _meant_as_code(said.text):
        text = texts.DOSSIER_BAD_CODE.format(example=turn.records.dossiers.example())
        return ask(text, step=CODE, draft=turn.draft)
    return None  # another wish: a question, a tip


def take_proof(turn: Turn, said: Text) -> Outcome | None:
    if words.is_one_of(said, words.STOP):
        return done(texts.STOPPED, (buttons.TO_MENU,))
    if turn.records.dossiers.code(said.text):
        return _with_code(turn, said, follow=bool(turn.draft.get("follow")))
    digits = read_proof(said.text)
    if digits and len(said.text) <= 40:
        return _look_up(turn, str(turn.draft.get("mark", "")), digits, follow=bool(turn.draft.get("follow")))
    if not _is_for_others(turn) and (_meant_as_code(said.text) or len(said.text.split()) == 1):
        return ask(texts.DOSSIER_PROOF_FORM, step=PROOF, draft=turn.draft)
    return None


def _is_for_others(turn: Turn) -> bool:
    """A command, an emergency, a tip: what is not an answer to our question."""
    return any(flow.begins(turn) for flow in (replies.FLOW, urgent.FLOW, menu.FLOW, tips.FLOW, officers.FLOW))


def _meant_as_code(text: str) -> bool:
    """Something with digits that is no year, class of licence or the like: a number alone, or a long one."""
    words_of = text.split()
    long = [word for word in words_of if len(word) >= 6 and sum(c.isdigit() for c in word) >= 4]
    return bool(long) or (len(words_of) == 1 and any(c.isdigit() for c in text))


def press_at(turn: Turn, said: Press) -> Outcome | None:
    return _pressed(turn, said) if said.button in OUR_BUTTONS else None


def after_shown(turn: Turn, said: Text) -> Outcome | None:
    """“Theo dõi” right after the dossier was shown."""
    if fold(said.text).strip() in {words.DOSSIER_FOLLOW, "theo doi ho so", "theo doi ho so nay"}:
        return _follow(turn, str(turn.draft.get("mark", "")), str(turn.draft.get("ending", "")))
    return None


def repeat(turn: Turn) -> Outcome:
    """Something we cannot read here (a sticker, a photo)."""
    if turn.step == PROOF:
        return ask(texts.DOSSIER_PROOF_FORM, step=PROOF, draft=turn.draft)
    return _ask_code(turn, follow=bool(turn.draft.get("follow")))


# ---- looking up -------------------------------------------------------------------------------------------------


def _ask_code(turn: Turn, *, follow: bool) -> Outcome:
    text = texts.DOSSIER_ASK.format(example=turn.records.dossiers.example())
    return ask(text, step=CODE, draft={"follow": follow}, buttons=(buttons.TO_MENU,))


def _no_code(turn: Turn, said: Text, *, follow: bool) -> Outcome:
    if words.begins_with_dossier(said.text):
        text = texts.DOSSIER_BAD_CODE.format(example=turn.records.dossiers.example())
        return ask(text, step=CODE, draft={"follow": follow})
    return _ask_code(turn, follow=follow)


def _with_code(turn: Turn, said: Text, *, follow: bool) -> Outcome | None:
    """Words with a code, perhaps with the digits too; None without a code."""
    found = turn.records.dossiers.code(said.text)
    if found is None:
        return None
    mark, rest = found
    follow = follow or words.DOSSIER_FOLLOW in fold(rest)
    own = next((one for one in turn.records.dossiers.followed() if one.mark == mark), None)
    if own:
        return _show(turn, own)
    digits = read_proof(rest)
    if digits:
        return _look_up(turn, mark, digits, follow=follow)
    return _ask_proof(mark, follow=follow)


def _ask_proof(mark: str, *, follow: bool) -> Outcome:
    return ask(texts.DOSSIER_PROOF, step=PROOF, draft={"mark": mark, "follow": follow})


def _look_up(turn: Turn, mark: str, digits: str, *, follow: bool) -> Outcome:
    found = turn.records.dossiers.look_up(mark, digits)
    if found is LookUp.TOO_OFTEN:
        return done(texts.DOSSIER_TOO_OFTEN, (buttons.TO_MENU,))
    if not isinstance(found, DossierView):
        return ask(
            texts.DOSSIER_WRONG,
            step=PROOF,
            draft={"mark": mark, "follow": follow},
            buttons=(buttons.TO_MENU,),
        )
    if follow and not found.followed:
        followed = _follow(turn, mark, found.ending)
        return followed.before(Reply(status_text(found)))
    return _show(turn, found)


def _show(turn: Turn, found: DossierView) -> Outcome:
    offered = (_unfollow_button(found),) if found.followed else (_follow_button(found.mark),)
    return ask(
        status_text(found),
        step=SHOWN,
        draft={"mark": found.mark, "ending": found.ending, "shown": True},
        buttons=(*offered, buttons.TO_MENU),
    )


def status_text(found: DossierView) -> str:
    """Where a dossier stands, in plain words."""
    due = texts.DOSSIER_DUE.format(due=f"{found.due_on:%d/%m/%Y}") if found.due_on else ""
    return texts.DOSSIER_STATUS.format(
        ending=found.ending,
        procedure=_procedure(found),
        unit=found.unit,
        label=LABELS[found.step],
        on=f"{found.on:%d/%m/%Y}",
        words=FOR_CITIZEN[found.step],
        due=due,
    )


def moved(found: DossierView) -> Reply:
    """What a follower reads when the dossier came to another step."""
    rate = (buttons.press(texts.BUTTON_SURVEY, buttons.SURVEY_START, found.survey),) if found.survey else ()
    return Reply(texts.DOSSIER_NEWS.format(status=status_text(found)), (*rate, _unfollow_button(found)))


def _procedure(found: DossierView) -> str:
    return f" – {found.procedure}" if found.procedure else ""


# ---- following --------------------------------------------------------------------------------------------------


def _pressed(turn: Turn, said: Press) -> Outcome:
    match said.button:
        case buttons.DOSSIER_FOLLOW:
            shown = turn.step == SHOWN and turn.draft.get("mark") == said.value
            if shown:
                return _follow(turn, said.value, str(turn.draft.get("ending", "")))
            return (
                _ask_proof(said.value, follow=True) if _is_mark(said.value) else _ask_code(turn, follow=True)
            )
        case buttons.DOSSIER_UNFOLLOW:
            return _unfollow(turn, said.value)
    return _ask_code(turn, follow=False)


def _follow(turn: Turn, mark: str, ending: str) -> Outcome:
    known = turn.records.dossiers.followed()
    if len(known) >= FOLLOWS_MAX and all(one.mark != mark for one in known):
        return _unfollow_which(turn).before(Reply(texts.DOSSIER_FOLLOWS_MAX.format(count=FOLLOWS_MAX)))
    turn.records.dossiers.follow(mark)
    off = buttons.press(texts.BUTTON_DOSSIER_UNFOLLOW.format(ending=ending), buttons.DOSSIER_UNFOLLOW, mark)
    return done(texts.DOSSIER_FOLLOWING.format(ending=ending), (off, buttons.TO_MENU))


def _unfollow(turn: Turn, wanted: str) -> Outcome:
    known = turn.records.dossiers.followed()
    if wanted == ALL:
        turn.records.dossiers.unfollow(None)
        return done(texts.DOSSIER_UNFOLLOWED_ALL, (buttons.TO_MENU,))
    one = next((one for one in known if one.mark == wanted), None)
    if one is None:
        return _followed(turn)
    turn.records.dossiers.unfollow(wanted)
    return done(texts.DOSSIER_UNFOLLOWED.format(ending=one.ending), (buttons.TO_MENU,))


def _unfollow_which(turn: Turn) -> Outcome:
    known = turn.records.dossiers.followed()
    if len(known) == 1:
        return _unfollow(turn, known[0].mark)
    if not known:
        return done(texts.DOSSIER_FOLLOWS_NONE, (buttons.TO_MENU,))
    every = buttons.press(texts.BUTTON_DOSSIER_UNFOLLOW_ALL, buttons.DOSSIER_UNFOLLOW, ALL)
    offered = (*map(_unfollow_button, known[:3]), every)
    return done(texts.DOSSIER_UNFOLLOW_WHICH.format(list=_lines(known)), offered)


def _followed(turn: Turn) -> Outcome:
    known = turn.records.dossiers.followed()
    if not known:
        return done(texts.DOSSIER_FOLLOWS_NONE, (buttons.TO_MENU,))
    offered = (*map(_unfollow_button, known[:3]), buttons.TO_MENU)
    return done(texts.DOSSIER_FOLLOWS.format(list=_lines(known)), offered)


def _lines(known: list[DossierView]) -> str:
    return "\n".join(
        texts.DOSSIER_LINE.format(
            ending=one.ending, procedure=_procedure(one), label=LABELS[one.step], on=f"{one.on:%d/%m/%Y}"
        )
        for one in known
    )


def _follow_button(mark: str) -> Button:
    return buttons.press(texts.BUTTON_DOSSIER_FOLLOW, buttons.DOSSIER_FOLLOW, mark)


def _unfollow_button(found: DossierView) -> Button:
    title = texts.BUTTON_DOSSIER_UNFOLLOW.format(ending=found.ending)
    return buttons.press(title, buttons.DOSSIER_UNFOLLOW, found.mark)


def _is_mark(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)


FLOW = Flow(
    name="dossier",
    begins=begins,
    begin=begin,
    steps={
        CODE: {Text: take_code, Press: press_at},
        PROOF: {Text: take_proof, Press: press_at},
        SHOWN: {Text: after_shown, Press: press_at},
    },
    lost=repeat,
    forgotten_after=timedelta(minutes=15),
)
