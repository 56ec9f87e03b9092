"""Procedures, and what the bot learns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from data import care, kept_questions, learning, records, sheet_imports
from data.record_text import blank
from data.replay import Replays
from data.tables import AskedQuestion, ProcedureRow
from domain.learning import ChangeKind
from domain.roles import Role
from domain.tips import new_code
from tests.console.world.ground import Ground


class CatalogueOfProcedures(Ground):
    """Procedures, and what the bot learns."""

    def record(self, record_id: str = "1.000001", **fields: Any) -> str:
        """A procedure that keeps all rules; `fields` of data/content/README.md change it."""
        body = {
            **blank(),
            "id": record_id,
            "family": record_id,
            "name": "Cấp hộ chiếu phổ thông ở trong nước",
            "field": "immigration",
            "aliases": ["làm hộ chiếu"],
            "dossier": ["Tờ khai TK01"],
            "fee": "200.000 đ; đến hết 31/12/2026 thu 100.000 đ",
            "time_limit": "5 ngày làm việc",
            "where": "Công an tỉnh",
            "checked": "2026-07",
            "sources": ["https://dichvucong.gov.vn/x"],
        } | fields
        with self.database.transaction() as session:
            row = ProcedureRow(id=record_id, version=0)
            care.write_from_files(session, row, body, now=self.clock())
        self.console.extensions["desk"].shelf.newest()
        return record_id

    def body(self, record_id: str = "1.000001") -> dict[str, Any]:
        with self.database.reading() as session:
            return session.get_one(ProcedureRow, record_id).body

    def step(self, record_id: str) -> int:
        """One step of the record's history."""
        editor = self.officer(Role.EDITOR, name=new_code())
        with self.database.transaction() as session:
            care.mark_checked(session, record_id, officer_id=editor, now=self.clock())
        with self.database.reading() as session:
            return records.history(session, record_id)[0].row.id

    def question(
        self, words: str, *, times: int = 1, offered: Sequence[str] = (), decision: str = "decline"
    ) -> int:
        """A kept question; the number of its row."""
        with self.database.transaction() as session:
            for _ in range(times):
                kept_questions.keep_question(
                    session, words, decision=decision, offered=offered, now=self.clock()
                )
            mark = kept_questions.mark_of(words)
            return session.scalars(select(AskedQuestion.id).where(AskedQuestion.mark == mark)).first() or 0

    def chose(self, words: str, wanted: str, *, times: int = 1) -> None:
        """When asked back, residents picked this record; "" = none of those offered."""
        with self.database.transaction() as session:
            for _ in range(times):
                kept_questions.note_choice(session, kept_questions.mark_of(words), wanted)

    def change(
        self, author: int, *, target: str = "1.000001", aliases: Sequence[str] = ("sổ thông hành",)
    ) -> int:
        with self.database.transaction() as session:
            row = learning.propose(
                session,
                kind=ChangeKind.ALIAS,
                target=target,
                aliases=aliases,
                topic=None,
                marks=(),
                reason="Bà con gọi vậy",
                officer_id=author,
                now=self.clock(),
            )
            return row.id

    def sheet(self, author: int) -> int:
        with self.database.transaction() as session:
            kept = sheet_imports.keep(
                session,
                file_name="a.xlsx",
                rows=0,
                lines=[],
                problems=[],
                officer_id=author,
                now=self.clock(),
            )
            return kept.id

    def replays(self, questions: Path) -> Replays:
        """The worker that tries changes, over the labelled questions of a folder."""
        shelf = self.console.extensions["desk"].shelf
        return Replays(self.database, shelf, clock=self.clock, questions=questions)
