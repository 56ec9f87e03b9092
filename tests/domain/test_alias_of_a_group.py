"""An alias with exactly the words of a question that was asked back about: the question is answered from then on."""

from __future__ import annotations

from dataclasses import replace

from domain.matching import Matcher
from domain.procedures import Decision
from domain.vietnamese import strip_marks
from tests.domain.catalogue import family, knowledge, matcher, procedures

TAUGHT = {
    "đổi giấy tờ": "1.013079",
    "làm cái thẻ nhựa": "1.014061",
    "giấy xanh xanh của xe": "1.013080",
    "xin cái giấy đi xa": "1.003677",
    "đi định cư nước ngoài bỏ khẩu": "1.003197",
    "hồ sơ nhập ngũ công an": "1.001303",
    "xin xe chạy lại": "1.013123",
}
"""Question → the record an officer means by it. Today none of them is answered at once."""


def test_the_own_question_of_a_group_is_answered_once_its_words_are_an_alias() -> None:
    for words in TAUGHT:
        assert matcher().search(words).decision is not Decision.ANSWER, words
    known = {wanted: words for words, wanted in TAUGHT.items()}
    taught = Matcher(
        [
            replace(one, aliases=(*one.aliases, known[one.id])) if one.id in known else one
            for one in procedures()
        ],
        knowledge=knowledge(),
    )
    for words, wanted in TAUGHT.items():
        for typed in (words, strip_marks(words), f"{words} ạ"):
            found = taught.search(typed)
            assert found.decision is Decision.ANSWER, typed
            assert family(found.candidates[0].id) == family(wanted), typed
