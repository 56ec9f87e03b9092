"""The learning loop: kept questions without persons, groups, changes that are replayed, applied, undone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from data import audit, catalogue, kept_questions, learning, officers, seed
from data.replay import Replays
from data.session import Database
from data.shelf import CatalogueShelf
from data.tables import AskedQuestion, AuditRow, LearnedChange
from domain.errors import MoveRefused
from domain.learning import ChangeKind, ChangeState, Own, QuestionState, ReplayState
from domain.procedures import Decision
from domain.roles import Role
from tests.conftest import Clock
from tests.domain.catalogue import knowledge

PASSPORT = "1.001456"
LOST_PASSPORT = "1.001445"
ALIAS = "tấm giấy bay xa"
"""Nobody calls a passport so: the shipped catalogue cannot place it."""


class Desk:
    """The database with the shipped catalogue, an officer, and the shelf of the bot."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.shelf = CatalogueShelf(database, clock=clock, knowledge=knowledge())
        with database.transaction() as session:
            self.officer = officers.add_officer(
                session, email="lan@example.vn", name="Lan", roles=[Role.EDITOR], unit_id=None, now=clock()
            ).id

    def hears(
        self, words: str, *, times: int = 1, decision: str = "decline", offered: tuple[str, ...] = ()
    ) -> None:
        for _ in range(times):
            with self.database.transaction() as session:
                kept_questions.keep_question(
                    session, words, decision=decision, offered=offered, now=self.clock()
                )

    def groups(self, state: QuestionState = QuestionState.OPEN) -> list[kept_questions.QuestionGroup]:
        with self.database.reading() as session:
            return kept_questions.groups(session, state=state)

    def proposes(self, *aliases: str, target: str = PASSPORT, marks: tuple[str, ...] = ()) -> int:
        with self.database.transaction() as session:
            row = learning.propose(
                session,
                kind=ChangeKind.ALIAS,
                target=target,
                aliases=aliases,
                topic=None,
                marks=marks,
                reason="Bà con gọi vậy",
                officer_id=self.officer,
                now=self.clock(),
            )
            return row.id

    def replays(self, folder: Path) -> LearnedChange | None:
        while Replays(self.database, self.shelf, clock=self.clock, questions=folder).drain():
            pass
        with self.database.reading() as session:
            return session.scalar(select(LearnedChange).order_by(LearnedChange.id.desc()).limit(1))

    def applies(self, change_id: int, *, version: int = 1, worse_seen: bool = False) -> None:
        with self.database.transaction() as session:
            learning.apply(
                session,
                change_id,
                version=version,
                worse_seen=worse_seen,
                officer_id=self.officer,
                now=self.clock.advance(seconds=1),
            )

    def answers(self, words: str) -> tuple[Decision, str]:
        found = self.shelf.newest().matcher.search(words)
        return found.decision, found.candidates[0].id if found.candidates else ""


@pytest.fixture
def desk(seeded_sqlite_url: str, clock: Clock) -> Iterator[Desk]:
    with closing(Database(seeded_sqlite_url)) as database:
        yield Desk(database, clock)


@pytest.fixture
def bare(database: Database, clock: Clock) -> Desk:
    """Without a catalogue, on both databases."""
    return Desk(database, clock)


def labelled(folder: Path, *rows: tuple[str, str, tuple[str, ...]]) -> Path:
    lines = [json.dumps({"q": q, "scope": scope, "labels": list(labels)}) for q, scope, labels in rows]
    (folder / "q.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


# ---- keeping --------------------------------------------------------------------------------------------------------


def test_a_kept_question_has_no_person_and_no_time_finer_than_the_day(bare: Desk) -> None:
    names = {column["name"] for column in inspect(bare.database.engine).get_columns("asked_questions")}
    assert names == {
        "id",
        "day",
        "mark",
        "words",
        "decision",
        "offered",
        "times",
        "chosen",
        "state",
        "change_id",
    }


def test_the_number_of_a_kept_question_does_not_tell_its_place_in_the_day(bare: Desk) -> None:
    """Together with the log of decisions, which has the time, an order would give the hour away."""
    for number in range(12):
        bare.hears(f"câu hỏi thử {'abcdefghijkl'[number] * 3} khác nhau")
    with bare.database.reading() as session:
        rows = list(session.scalars(select(AskedQuestion).order_by(AskedQuestion.id)))
    assert [row.words for row in rows] != sorted(row.words for row in rows)


def test_the_same_words_of_one_day_are_one_row_that_counts(bare: Desk) -> None:
    bare.hears("Làm lại thẻ mất", times=2)
    bare.hears("lam lai the mat")
    bare.clock.advance(days=1)
    bare.hears("làm lại thẻ mất")

    with bare.database.reading() as session:
        rows = list(session.scalars(select(AskedQuestion).order_by(AskedQuestion.day)))
    assert [(row.day, row.times) for row in rows] == [(date(2026, 11, 24), 3), (date(2026, 11, 25), 1)]
    assert [group.times for group in bare.groups()] == [4]


def test_questions_alike_are_one_group_the_most_asked_leading(bare: Desk) -> None:
    bare.hears("xác nhận độc thân ở đâu", times=3)
    bare.hears("xac nhan doc than o dau vay")
    bare.hears("độc thân xác nhận ở đâu ạ")
    bare.hears("đổi biển số vàng cho taxi", times=2)

    assert [(group.words, group.times, len(group.questions)) for group in bare.groups()] == [
        ("xác nhận độc thân ở đâu", 5, 3),
        ("đổi biển số vàng cho taxi", 2, 1),
    ]


def test_what_residents_chose_is_counted_also_none_of_these(bare: Desk) -> None:
    bare.hears("sổ đi xa", decision="choose", offered=("a", "b"))
    mark = kept_questions.mark_of("sổ đi xa")
    with bare.database.transaction() as session:
        for chosen in ("a", "a", "", "b", "a"):
            kept_questions.note_choice(session, mark, chosen)
        kept_questions.note_choice(session, "no such mark", "a")

    assert bare.groups()[0].chosen == {"a": 3, "": 1, "b": 1}


def test_questions_are_forgotten_after_their_time(bare: Desk) -> None:
    bare.hears("câu cũ hỏi thử")
    term = timedelta(days=180)
    bare.clock.advance(days=term.days)
    bare.hears("câu mới hỏi khác hẳn")
    bare.clock.advance(days=1)
    with bare.database.transaction() as session:
        assert kept_questions.forget_questions(session, kept=term, now=bare.clock()) == 1

    assert [group.words for group in bare.groups()] == ["câu mới hỏi khác hẳn"]


def test_what_was_set_aside_stays_aside_when_it_is_asked_again_until_it_is_undone(bare: Desk) -> None:
    bare.hears("mai trời có mưa không")
    with bare.database.transaction() as session:
        row = learning.set_aside(
            session,
            marks=[kept_questions.mark_of("mai trời có mưa không")],
            reason="Không phải việc của Công an",
            officer_id=bare.officer,
            now=bare.clock(),
        )
    bare.clock.advance(days=1)
    bare.hears("mai trời có mưa không")
    assert bare.groups() == []
    assert [group.times for group in bare.groups(QuestionState.ASIDE)] == [2]

    with bare.database.transaction() as session:
        learning.undo(session, row.id, version=1, reason="Nhầm", officer_id=bare.officer, now=bare.clock())
    assert [group.times for group in bare.groups()] == [2]


# ---- changes -------------------------------------------------------------------------------------------------------


def test_nothing_is_applied_before_it_was_replayed(desk: Desk, tmp_path: Path) -> None:
    change = desk.proposes(ALIAS)
    with pytest.raises(MoveRefused, match="chạy thử"):
        desk.applies(change)
    assert desk.answers(ALIAS)[1] != PASSPORT


def test_an_alias_is_answered_once_applied_and_not_any_more_once_undone(desk: Desk, tmp_path: Path) -> None:
    mark = kept_questions.mark_of(ALIAS)
    desk.hears(ALIAS)
    before = desk.shelf.newest()
    change = desk.proposes(ALIAS, marks=(mark,))
    replayed = desk.replays(labelled(tmp_path))
    assert replayed is not None
    assert replayed.replay == ReplayState.DONE
    assert replayed.result is not None
    assert replayed.result["kept"] == 1
    assert replayed.result["counts"] == {"log_answered": 1}
    assert desk.answers(ALIAS)[1] != PASSPORT

    desk.applies(change)
    assert desk.answers(ALIAS) == (Decision.ANSWER, PASSPORT)
    assert desk.groups() == []
    assert before.matcher.search(ALIAS).decision is not Decision.ANSWER, "the old edition stays as it was"

    with desk.database.transaction() as session:
        learning.undo(session, change, version=2, reason="Nhầm", officer_id=desk.officer, now=desk.clock())
    assert desk.answers(ALIAS)[1] != PASSPORT
    assert [group.words for group in desk.groups()] == [ALIAS]


def test_the_replay_says_what_becomes_of_the_words_of_the_group_itself(desk: Desk, tmp_path: Path) -> None:
    """Also when they are still asked back about, or go elsewhere; each once, those that were asked first."""
    for words in (ALIAS, "mấy giấy bay", "mai trời có mưa không", "đang cháy nhà"):
        desk.hears(words)
    marks = tuple(kept_questions.mark_of(words) for words in (ALIAS, "mấy giấy bay", "mai trời có mưa không"))
    desk.proposes(ALIAS.upper(), "quyển bay xanh", marks=marks)
    replayed = desk.replays(labelled(tmp_path))
    assert replayed is not None
    assert replayed.result is not None
    own = {one["words"]: one for one in replayed.result["own"]}

    assert list(own) == ["mai trời có mưa không", "mấy giấy bay", ALIAS, "quyển bay xanh"]
    assert own[ALIAS]["outcome"] == own["quyển bay xanh"]["outcome"] == Own.ANSWERED
    assert own["mai trời có mưa không"]["outcome"] == Own.MISSED
    assert own[ALIAS]["after"].startswith("Trả lời: ")
    assert not own[ALIAS]["before"].startswith("Trả lời: ")


def test_a_question_of_the_group_that_is_only_asked_back_about_is_said_to_be(
    desk: Desk, tmp_path: Path
) -> None:
    vague = "đổi giấy tờ"
    assert desk.answers(vague)[0] is Decision.CHOOSE
    desk.hears(vague)
    offered = desk.answers(vague)[1]
    desk.proposes("giấy tờ đổi chỗ khác", target=offered, marks=(kept_questions.mark_of(vague),))
    replayed = desk.replays(labelled(tmp_path))
    assert replayed is not None
    assert replayed.result is not None
    assert replayed.result["own"][0]["words"] == vague
    assert replayed.result["own"][0]["outcome"] == Own.OFFERED


def test_applied_aliases_outlive_an_import_of_the_files(desk: Desk, tmp_path: Path) -> None:
    change = desk.proposes(ALIAS)
    desk.replays(labelled(tmp_path))
    desk.applies(change)
    seed.import_catalogue(desk.database, Path("data/content"), now=desk.clock(), overwrite=True)

    assert desk.answers(ALIAS) == (Decision.ANSWER, PASSPORT)


def test_a_new_topic_is_answered_once_applied(desk: Desk, tmp_path: Path) -> None:
    topic = {
        "id": "console_flycam",
        "topic": "Bay flycam",
        "category": "console",
        "aliases": ["xin phép bay phờ lai cam"],
        "audience": "both",
        "answer": ["Xin phép Bộ Quốc phòng."],
        "where": None,
        "url": None,
        "sources": ["https://example.vn"],
        "confidence": "medium",
        "note": None,
    }
    with desk.database.transaction() as session:
        row = learning.propose(
            session,
            kind=ChangeKind.TOPIC,
            target="topic:console_flycam",
            aliases=topic["aliases"],  # type: ignore[arg-type]  # a list of texts
            topic=topic,
            marks=(),
            reason="Nhiều người hỏi",
            officer_id=desk.officer,
            now=desk.clock(),
        )
    desk.replays(labelled(tmp_path))
    desk.applies(row.id)

    assert desk.answers("xin phep bay pho lai cam") == (Decision.ANSWER, "topic:console_flycam")
    with desk.database.reading() as session:
        assert "topic:console_flycam" in {one.id for one in catalogue.topics(session)}


def test_the_replay_names_what_would_get_worse_and_applying_asks_for_a_second_look(
    desk: Desk, tmp_path: Path
) -> None:
    """The alias is a right answer for one question and steals two others."""
    lost = "mình muốn làm passport lần đầu thì chuẩn bị gì ạ"
    assert desk.answers(lost) == (Decision.ANSWER, PASSPORT)
    folder = labelled(
        tmp_path,
        (ALIAS, "in", (LOST_PASSPORT,)),
        (lost, "in", (PASSPORT,)),
        ("thẻ xanh vàng tím rơi mất", "out", ()),
    )
    change = desk.proposes(ALIAS, lost, "thẻ xanh vàng tím rơi mất", target=LOST_PASSPORT)
    replayed = desk.replays(folder)
    assert replayed is not None
    assert replayed.result is not None
    counts = replayed.result["counts"]
    assert counts["newly_right"] == 1
    assert counts["false_answer"] == 1
    assert counts.get("right_to_wrong", 0) + counts.get("right_to_asked", 0) == 1
    shown = {sample["words"]: sample for sample in replayed.result["samples"]}
    assert shown["thẻ xanh vàng tím rơi mất"]["after"].startswith("Trả lời: ")

    with pytest.raises(MoveRefused, match="kém hơn"):
        desk.applies(change)
    desk.applies(change, worse_seen=True)


def test_a_change_is_decided_once(desk: Desk, tmp_path: Path) -> None:
    change = desk.proposes(ALIAS)
    desk.replays(labelled(tmp_path))
    with desk.database.transaction() as session:
        learning.drop(session, change, version=1, officer_id=desk.officer, now=desk.clock())
    with pytest.raises(MoveRefused, match="Đồng chí khác"):
        desk.applies(change, version=1)
    with pytest.raises(MoveRefused, match="Đã bỏ"):
        desk.applies(change, version=2)


def test_a_replay_left_behind_by_a_dead_worker_is_taken_over(desk: Desk, tmp_path: Path) -> None:
    change = desk.proposes(ALIAS)
    with desk.database.transaction() as session:
        row = session.get_one(LearnedChange, change)
        row.replay, row.lease_until = ReplayState.RUNNING, desk.clock() + timedelta(seconds=60)
    left = desk.replays(labelled(tmp_path))
    assert left is not None
    assert left.replay == ReplayState.RUNNING
    desk.clock.advance(seconds=61)
    taken = desk.replays(tmp_path)
    assert taken is not None
    assert taken.replay == ReplayState.DONE


def test_a_broken_line_of_questions_fails_the_replay_and_names_the_line(desk: Desk, tmp_path: Path) -> None:
    desk.proposes(ALIAS)
    (tmp_path / "q.jsonl").write_text('{"q": "xin chào", "labels": []}\nnot json\n')
    failed = desk.replays(tmp_path)
    assert failed is not None
    assert failed.replay == ReplayState.FAILED
    assert failed.result == {"fault": "q.jsonl:2: not a labelled question"}


def test_every_change_leaves_who_when_why_in_the_audit_trail(bare: Desk) -> None:
    change = bare.proposes(ALIAS)
    with bare.database.transaction() as session:
        row = session.get_one(LearnedChange, change)
        row.replay, row.result = ReplayState.DONE, {"counts": {}}
    bare.applies(change)
    with bare.database.transaction() as session:
        learning.undo(session, change, version=2, reason="Nhầm", officer_id=bare.officer, now=bare.clock())
    with bare.database.reading() as session:
        actions = [
            (row.action, row.officer_id, (row.after or {}).get("reason"))
            for row in session.scalars(
                select(AuditRow).where(AuditRow.subject == f"learning:{change}").order_by(AuditRow.id)
            )
        ]
        assert audit.verify(session) == []
        done = learning.change(session, change)
    assert actions == [
        ("learning.propose", bare.officer, "Bà con gọi vậy"),
        ("learning.apply", bare.officer, "Bà con gọi vậy"),
        ("learning.undo", bare.officer, "Nhầm"),
    ]
    assert done is not None
    assert (done.author, done.undoer, done.row.state) == ("Lan", "Lan", ChangeState.UNDONE)
