"""Which flow answers: the one under way, then the first that begins with the turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.dispatcher import Answered, Standing, answer
from domain.conversations import Flow, Outcome, Records, Turn, ask, done
from domain.messages import Press, Reply, Said, Sticker, Text

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def turn(said: Said, now: datetime = NOW) -> Turn:
    return Turn("citizen", said, None, {}, now, cast(Records, None))


def says(word: str) -> Any:
    return lambda t: t.said == Text(word)


TIP = Flow(
    name="tip",
    begins=says("tip"),
    begin=lambda t: ask("what?", step="what"),
    steps={
        "what": {
            Text: lambda t, said: ask(f"noted {said.text}", step="what", draft={"what": said.text}),
            Press: lambda t, said: done("filed") if said.button == "send" else None,
        }
    },
    lost=lambda t: Outcome((Reply("still your tip"),), step=t.step, draft=t.draft),
    holds=True,
    forgotten_after=timedelta(hours=1),
)
PICK = Flow(
    name="pick",
    begins=says("list"),
    begin=lambda t: ask("1 or 2?", step="pick"),
    steps={"pick": {Text: lambda t, said: done(f"picked {said.text}") if said.text.isdecimal() else None}},
    lost=lambda t: done("?"),
)
MENU = Flow(
    name="menu",
    begins=lambda t: t.said in (Press("menu"), Text("menu")),
    begin=lambda t: done("the menu"),
    steps={},
    lost=lambda t: done("?"),
)
ALARM = Flow(
    name="alarm",
    begins=says("help"),
    begin=lambda t: ask("what happens?", step="what", draft={"what": "help"}),
    steps={},
    lost=lambda t: done("?"),
)
ANYTHING = Flow(
    name="anything", begins=lambda t: True, begin=lambda t: done("sorry?"), steps={}, lost=lambda t: done("?")
)
FLOWS = (TIP, MENU, PICK, ALARM, ANYTHING)


def talk(*said: Said, standing: Standing | None = None, now: datetime = NOW) -> Answered:
    answered = Answered(standing or Standing(), ())
    for one in said:
        answered = answer(turn(one, now), answered.standing, FLOWS, warn)
    return answered


def warn(t: Turn) -> Reply | None:
    return Reply("call 114!") if t.said == Text("fire") else None


def heard(answered: Answered) -> list[str]:
    return [reply.text for reply in answered.replies]


def test_a_flow_goes_on_step_by_step_and_ends():
    assert heard(talk(Text("tip"))) == ["what?"]
    under_way = talk(Text("tip"), Text("noise"))
    assert under_way.standing.draft == {"what": "noise"}
    ended = talk(Text("tip"), Text("noise"), Press("send"))
    assert heard(ended) == ["filed"]
    assert ended.standing.flow is None


def test_a_holding_flow_answers_the_menu_and_stays():
    answered = talk(Text("tip"), Text("noise"), Press("menu"))
    assert heard(answered) == ["the menu", "still your tip"]
    assert answered.standing.flow == "tip"
    assert answered.standing.draft == {"what": "noise"}


def test_a_new_wish_ends_a_flow_that_does_not_hold():
    answered = talk(Text("list"), Text("tip"))
    assert heard(answered) == ["what?"]
    assert answered.standing.flow == "tip"


def test_what_a_step_does_not_take_goes_to_the_others():
    assert heard(talk(Text("list"), Text("2"))) == ["picked 2"]
    assert heard(talk(Text("list"), Sticker())) == ["sorry?"]


def test_an_old_button_of_no_flow_finds_the_way_back():
    assert heard(talk(Press("gone"))) == ["sorry?"]


def test_a_flow_left_too_long_ago_is_forgotten():
    standing = replace(talk(Text("tip")).standing)
    later = talk(Text("hello"), standing=standing, now=NOW + timedelta(hours=2))
    assert heard(later) == ["sorry?"]


def test_danger_is_answered_before_the_flow_and_the_flow_still_takes_the_words():
    answered = talk(Text("tip"), Text("fire"))
    assert heard(answered) == ["call 114!", "noted fire"]
    assert answered.standing.draft == {"what": "fire"}


def test_a_step_of_an_older_version_does_not_break():
    old = Standing("tip", "a step that is gone", {"what": "x"}, NOW)
    assert heard(talk(Text("hello"), standing=old)) == ["still your tip"]
    old = Standing("a flow that is gone", "step", {}, NOW)
    assert heard(talk(Text("hello"), standing=old)) == ["sorry?"]


def test_a_flow_may_hand_over_to_the_step_of_another():
    answered = talk(Text("help"))
    assert answered.standing.flow == "tip"
    assert heard(talk(Text("help"), Press("send"))) == ["filed"]
