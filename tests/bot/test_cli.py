"""The commands of the contract, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with a database of its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    return tmp_path


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=environment, catch_exceptions=False)


def test_ask_answers_one_question_as_json():
    line = json.loads(run("ask", "lam ho chieu can giay to gi", "--json").output)
    assert line["q"] == "lam ho chieu can giay to gi"
    assert line["decision"] == "answer"
    assert line["procedures"][0]["id"] == "1.001456"
    assert set(line["procedures"][0]) == {"id", "name", "score"}


def test_ask_answers_a_file_line_by_line_in_order(tmp_path: Path):
    questions = ["đăng ký tạm trú", "trời hôm nay đẹp quá", "đang cháy nhà", "có nhóm đánh bạc sau chợ"]
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(json.dumps({"q": q}, ensure_ascii=False) for q in questions), "utf-8")
    lines = [json.loads(line) for line in run("ask", "--jsonl", str(file)).output.splitlines()]
    assert [line["q"] for line in lines] == questions
    assert all(len(line["procedures"]) <= 3 for line in lines)
    allowed = {"answer", "choose", "decline", "urgent", "tip", "other"}
    assert {line["decision"] for line in lines} <= allowed
    assert [line["decision"] for line in lines[1:]] == ["decline", "urgent", "tip"]


def test_ask_names_the_bad_line_of_a_file(tmp_path: Path):
    file = tmp_path / "q.jsonl"
    file.write_text('{"q": "a"}\nnonsense\n', "utf-8")
    result = run("ask", "--jsonl", str(file))
    assert result.exit_code == 1
    assert "q.jsonl:2" in result.stderr


def test_evaluate_prints_shares_with_intervals(tmp_path: Path):
    file = tmp_path / "labelled.jsonl"
    rows = [
        {"q": "làm hộ chiếu", "labels": ["1.001456"], "scope": "in", "form": "t", "field": "immigration"},
        {"q": "bún chả ở đâu ngon", "labels": [], "scope": "out", "form": "t", "field": "oos"},
    ]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    output = run("evaluate", str(file)).output
    assert "top-1" in output
    assert "[" in output
    assert "immigration" in output


def test_migrate_fills_an_empty_database_and_may_be_repeated(shell: Path):
    first = run("migrate").output
    assert "procedures: 401 new" in first
    assert "groups: 225, 6 of them inferred" in first
    again = run("migrate")
    assert again.exit_code == 0
    assert "new" not in again.output


def test_a_dry_run_says_what_would_change_and_changes_nothing(shell: Path):
    run("migrate")
    source = Path("data/content/procedures/seal.jsonl")
    changed = shell / "seal.jsonl"
    rows = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
    rows[0]["fee"] = "1 đồng"
    changed.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    assert "1 would be changed" in run("catalog", "import", str(changed), "--dry-run").output
    assert "1 changed" in run("catalog", "import", str(changed)).output
    assert "0 changed" in run("catalog", "import", str(changed)).output


def test_checks_name_file_and_line(tmp_path: Path):
    broken = tmp_path / "broken.jsonl"
    line = Path("data/content/procedures/seal.jsonl").read_text("utf-8").splitlines()[0]
    broken.write_text(line + "\n" + line.replace('"field": "seal"', '"field": "seals"') + "\n", "utf-8")
    result = run("catalog", "check", str(broken))
    assert result.exit_code == 1
    assert "broken.jsonl:2: field 'seals'" in result.stderr
    assert "was used already" in result.stderr
    assert run("catalog", "check").exit_code == 0
    assert run("units", "check").exit_code == 0


def test_another_map_of_the_wards_must_fit(tmp_path: Path):
    wrong = tmp_path / "wards.geojson"
    wrong.write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    result = run("units", "import", "--wards", str(wrong))
    assert result.exit_code == 1
    assert "no polygon for" in result.stderr


def test_missing_settings_are_all_named_at_once_with_exit_code_2(
    shell: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(shell)
    for name in ("SECRET_KEY", "DATA_KEY", "ZALO_APP_ID"):
        monkeypatch.delenv(name, raising=False)
    result = run("serve", PORT="99999999", DATA_KEY="short")
    assert result.exit_code == 2
    for name in (
        "SECRET_KEY is missing",
        "DATA_KEY",
        "PUBLIC_URL is missing",
        "ZALO_APP_ID is missing",
        "PORT",
    ):
        assert name in result.stderr


def test_officers_are_added_listed_and_disabled(shell: Path):
    run("migrate")
    added = run(
        *("officer", "add", "a@example.vn", "--name", "Cán bộ A", "--role", "duty", "--unit", "07210"),
        OFFICER_PASSWORD="a long enough password",
    )
    assert "may log in as Trực ban" in added.output
    assert "Phường Bắc Giang" in run("officer", "list").output
    assert "no longer" in run("officer", "disable", "a@example.vn").output
    assert "disabled" in run("officer", "list").output
    wrong = run("officer", "add", "b@example.vn", "--name", "B", "--role", "king", OFFICER_PASSWORD="short")
    assert wrong.exit_code == 1
    assert "role king" in wrong.stderr
    assert run("audit", "verify").exit_code == 0


def test_the_first_administrator_and_a_lost_device_get_a_one_time_link(shell: Path):
    run("migrate")
    house = {
        "SECRET_KEY": "s" * 40,
        "DATA_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "PUBLIC_URL": "https://cau-noi.example",
        "ZALO_APP_ID": "1234567890123456789",
        "ZALO_APP_SECRET": "app-secret",
        "ZALO_OA_SECRET_KEY": "oa-secret-key",
    }
    boss = ("boss@example.vn", "--name", "Quản trị", "--role", "admin", "--link")

    first = run("officer", "add", *boss, **house).output
    again = run("officer", "anew", "boss@example.vn", **house).output

    assert first.startswith("https://cau-noi.example/console/vao/")
    assert again.startswith("https://cau-noi.example/console/vao/")
    assert first != again, "the first link is void"
    assert run("officer", "anew", "nobody@example.vn", **house).exit_code == 1
    last = run("officer", "disable", "boss@example.vn", **house)
    assert last.exit_code == 1
    assert "duy nhất" in last.stderr
