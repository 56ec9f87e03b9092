"""What runs by itself or by command for surveys, complaints and scores."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from bot import jobs
from bot.cli import main
from data.session import Database
from data.tables import Complaint, ScoreMonth, SurveyAnswer
from domain.work import Kind, Wake
from tests.console.world import WARD_3, World


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_the_jobs_mark_late_cases_forget_voters_and_freeze_the_month_before(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(sqlite_database)
    world.complaint()
    world.rated(*[75.0] * 12, at=world.clock.now - timedelta(days=40))
    with sqlite_database.transaction() as session:
        session.execute(update(SurveyAnswer).values(voter="x"))
    woken: list[Kind] = []
    monkeypatch.setattr(jobs, "_now", lambda: datetime(2026, 12, 8, 3, 0, tzinfo=UTC))
    table = jobs.recurring(
        sqlite_database,
        None,  # type: ignore[arg-type]  # these jobs touch no files
        _note_in(woken),
        lambda: None,  # type: ignore[arg-type,return-value]
    )
    ours = {job.name: job.run for job in table}
    for name in ("complaint-clocks", "survey-voters", "scores-of-the-month"):
        ours[name]()
        ours[name]()
    with sqlite_database.reading() as session:
        assert session.scalars(select(Complaint.late)).all() == [True]
        assert set(session.scalars(select(SurveyAnswer.voter))) == {None}
        assert [row.month for row in session.scalars(select(ScoreMonth))] == ["2026-11"]
    assert woken == [Kind.OUTBOX]


def test_frozen_months_are_verified_by_a_command(
    sqlite_database: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data import score_months

    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    world = World(sqlite_database)
    world.rated(*[75.0] * 12, at=datetime(2026, 10, 5, tzinfo=UTC))
    with sqlite_database.transaction() as session:
        score_months.freeze_due(session, now=datetime(2026, 11, 6, tzinfo=UTC))
    assert run("scores", "verify").exit_code == 0
    with sqlite_database.transaction() as session:
        row = session.scalars(select(ScoreMonth)).one()
        row.facts = {**row.facts, WARD_3: {**row.facts[WARD_3], "marks": [100.0] * 12}}
    result = run("scores", "verify")
    assert result.exit_code == 1
    assert "2026-10, edition 1" in result.stderr


def test_faults_of_the_survey_and_the_formulas_are_all_named(tmp_path: Path) -> None:
    for folder in ("surveys", "scores"):
        shutil.copytree(Path("data/content") / folder, tmp_path / folder)
    assert run("surveys", "check", str(tmp_path)).exit_code == 0
    wrong = (
        ("surveys/satisfaction.toml", "score = 75", "score = 175"),
        ("surveys/complaints.toml", "look_hours = 8", "look_hours = 800"),
        ("scores/formulas.toml", "satisfaction = 40", "satisfaction = 41"),
        ("scores/pilots.toml", '["07210", "07228"]', '["07210"]'),
    )
    for name, old, new in wrong:
        path = tmp_path / name
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    result = run("surveys", "check", str(tmp_path))
    assert result.exit_code == 1
    for words in ("question overall: 4: score", "look_hours", "sums to 100", "district 213"):
        assert words in result.stderr


def _note_in(woken: list[Kind]) -> Wake:
    def wake(kind: Kind, key: str = "") -> None:
        woken.append(kind)

    return wake
