"""What an answer is worth, which answers open a case, and how codes and keyed hashes keep people apart."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.survey_rules import survey
from domain import codes, surveys
from domain.codes import CODE_LETTERS
from domain.surveys import ANSWER_MOVES, AnswerState, first_state

SURVEY = survey()
WHOLE = {"overall": "4", "manner": "luon", "result": "late"}
answers = st.fixed_dictionaries(
    {one.key: st.sampled_from([choice.key for choice in one.choices]) for one in SURVEY.questions}
)


def test_the_mark_is_the_weighed_mean_of_the_answers() -> None:
    assert surveys.mark(SURVEY, WHOLE) == (50 * 75 + 30 * 50 + 20 * 50) / 100
    assert surveys.mark(SURVEY, {"overall": "5", "manner": "skip", "result": "skip"}) == 100
    assert surveys.mark(SURVEY, {}) is None


@given(answers)
def test_the_order_of_the_taps_changes_nothing(chosen: dict[str, str]) -> None:
    marks = {surveys.mark(SURVEY, dict(order)) for order in permutations(chosen.items())}
    assert len(marks) == 1
    mark = marks.pop()
    assert mark is None or 0 <= mark <= 100


@given(answers)
def test_a_better_answer_never_lowers_the_mark(chosen: dict[str, str]) -> None:
    mark = surveys.mark(SURVEY, chosen)
    better = surveys.mark(SURVEY, {**chosen, "overall": "5"})
    assert mark is not None
    assert better is not None
    assert better >= mark


def test_questions_come_in_order_until_all_are_answered() -> None:
    given_: dict[str, str] = {}
    asked = []
    while question := surveys.next_question(SURVEY, given_):
        asked.append(question.key)
        given_[question.key] = question.choices[0].key
    assert asked == ["overall", "manner", "result"]


def test_bad_answers_open_a_case_and_the_five_nos_go_to_inspectors_alone() -> None:
    assert surveys.bad_answers(SURVEY, WHOLE) == []
    bad = surveys.bad_answers(SURVEY, {"overall": "2", "manner": "khong"})
    assert [(question.key, choice.key) for question, choice in bad] == [("overall", "2"), ("manner", "khong")]
    assert not surveys.goes_past_unit(SURVEY, {"overall": "1"})
    assert surveys.goes_past_unit(SURVEY, {"overall": "5", "manner": "khong"})


@pytest.mark.parametrize("typed", ["4", "4.", "khong hai long", "Không hài lòng"])
def test_an_answer_may_be_typed_as_number_or_words(typed: str) -> None:
    question = SURVEY.question("overall")
    assert question is not None
    assert question.read(typed) == question.choices[3]


def test_what_is_no_answer_of_this_survey_is_left_out() -> None:
    assert surveys.valid(SURVEY, {"overall": "9", "manner": "all", "mood": "x"}) == {"manner": "all"}


def test_free_text_is_kept_without_what_could_tell_who_wrote_it() -> None:
    kept = surveys.kept_words("Tôi là Nguyễn Văn An, số 0912 345 678, chờ hai tiếng")
    assert "0912" not in kept
    assert "Nguyễn Văn An" not in kept
    assert "chờ hai tiếng" in kept


def test_a_voter_is_known_again_in_one_unit_only_and_not_without_the_key() -> None:
    here = surveys.voter_mark(b"k", unit_id="a", person="p")
    assert here == surveys.voter_mark(b"k", unit_id="a", person="p")
    assert here != surveys.voter_mark(b"k", unit_id="b", person="p")
    assert here != surveys.voter_mark(b"other", unit_id="a", person="p")


@given(st.sampled_from([surveys.UNIT_CODE, surveys.SERVICE_CODE]), st.data())
def test_one_wrong_letter_of_a_code_is_noticed(length: int, data: st.DataObject) -> None:
    code = codes.with_check(codes.code_body(length))
    assert codes.read(code.lower().replace("-", " "), length=length) == code
    letters = code.replace("-", "")
    at = data.draw(st.integers(0, length))
    other = data.draw(st.sampled_from(CODE_LETTERS.replace(letters[at], "")))
    assert codes.read(letters[:at] + other + letters[at + 1 :], length=length) is None


def test_copies_links_and_floods_do_not_simply_count() -> None:
    assert first_state(SURVEY, words="Tốt", same_before=False, in_the_hour=0) == (AnswerState.COUNTED, "")
    assert first_state(SURVEY, words="x", same_before=True, in_the_hour=0)[0] is AnswerState.DUPLICATE
    assert first_state(SURVEY, words="xem www.a.vn", same_before=False, in_the_hour=0)[0] is AnswerState.HELD
    many = first_state(SURVEY, words="", same_before=False, in_the_hour=SURVEY.hold_per_hour)
    assert many[0] is AnswerState.HELD


def test_whatever_is_set_aside_can_be_taken_back() -> None:
    assert set(ANSWER_MOVES) == set(AnswerState)
    for state in (AnswerState.HELD, AnswerState.SPAM, AnswerState.DUPLICATE):
        assert AnswerState.COUNTED in ANSWER_MOVES[state]
