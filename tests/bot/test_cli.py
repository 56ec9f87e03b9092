"""The commands of the contract, as somebody types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.bot.fake_zalo import APP_ID, APP_SECRET, FakeZalo

HOUSE = {
    "SECRET_KEY": "s" * 40,
    "DATA_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "PUBLIC_URL": "https://cau-noi.example",
    "ZALO_APP_ID": APP_ID,
    "ZALO_APP_SECRET": APP_SECRET,
    "ZALO_OA_SECRET_KEY": "oa-secret-key",
}
COMMANDS = {
    "demo": {"--port", "--zalo-port"},
    "serve": set(), "web": set(), "worker": set(), "scheduler": set(), "simulator": set(), "migrate": set(),
    "ask": {"text", "--json", "--jsonl"},
    "evaluate": {"file"},
    "catalog check": set(), "catalog import": {"path", "--dry-run"},
    "units check": set(), "units import": set(), "groups import": {"file"},
    "oa add": {"oa_id", "--name"}, "oa list": set(), "oa renew": {"oa_id"},
    "officer add": set(), "officer list": set(), "officer disable": set(),
    "doctor": set(), "backup": {"folder"}, "restore": {"folder"}, "audit verify": set(),
}  # fmt: skip
"""What people and scripts out there type."""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with a database of its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    return tmp_path


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=environment, catch_exceptions=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_that_people_out_there_type_keep_their_names(command: str):
    found: Any = main
    for name in command.split():
        found = found.commands[name]
    taken = {opt for parameter in found.params for opt in (*parameter.opts, parameter.name)}
    assert COMMANDS[command] <= taken
    assert found.help


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


def test_ask_ends_a_line_where_the_file_does_and_nowhere_else(tmp_path: Path):
    """JSON lets a text hold characters that some programs take for the end of a line; a sheet adds marks of its own."""
    file = tmp_path / "q.jsonl"
    asked = ["làm hộ chiếu\u2028ở đâu", "một\x85hai", "\u202e", "nửa chữ \ud83d", ""]
    lines = [json.dumps({"q": q}, ensure_ascii="\ud83d" in q) for q in asked]
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*lines, "", ""]).encode())
    result = run("ask", "--jsonl", str(file))
    assert result.exit_code == 0
    assert [json.loads(line)["q"] for line in result.output.split("\n") if line] == asked


@pytest.mark.parametrize(
    "line", [b"nonsense", b'{"q": "\xff"}', b'{"question": "a"}', b'{"q": null}', b"[1]", b"[" * 100_000]
)
@pytest.mark.parametrize("command", [("ask", "--jsonl"), ("evaluate",)])
def test_a_line_of_questions_that_is_none_is_named(command: tuple[str, ...], line: bytes, tmp_path: Path):
    file = tmp_path / "q.jsonl"
    file.write_bytes(b'{"q": "a"}\n\n' + line + b"\n")
    result = run(*command, str(file))
    assert result.exit_code == 1
    assert "q.jsonl:3" in result.stderr


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


def test_another_map_of_the_wards_takes_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    content = tmp_path / "content"
    content.mkdir()
    for file in [*Path("data/content").glob("*.csv"), Path("data/content/wards_2025.geojson")]:
        shutil.copy(file, content)
    newer = tmp_path / "wards.geojson"
    wards = json.loads((content / "wards_2025.geojson").read_text("utf-8"))
    newer.write_text(json.dumps({**wards, "name": "another publisher's"}), "utf-8")
    monkeypatch.setattr("bot.cli.CONTENT", content)
    result = run("units", "import", "--wards", str(newer))
    assert result.exit_code == 0
    assert "restart" in result.output
    assert (content / "wards_2025.geojson").read_bytes() == newer.read_bytes()
    assert sorted(content.glob("*.part")) == []


def test_units_and_groups_are_brought_in_by_hand_and_again_without_harm(shell: Path):
    run("migrate")
    for _ in range(2):
        assert "99 communes today" in run("units", "import").output
        assert "225, 6 of them inferred" in run("groups", "import", "data/content/groups_225.csv").output


def test_what_is_wrong_in_a_registry_of_groups_is_named_and_nothing_changes(shell: Path):
    run("migrate")
    for file in Path("data/content").glob("*.csv"):
        shutil.copy(file, shell)
    registry = shell / "groups_225.csv"
    lines = registry.read_text("utf-8").split("\n")
    registry.write_text("\n".join([*lines[:9], lines[9] + ",one cell more", *lines[10:]]), "utf-8")
    result = run("groups", "import", str(registry))
    assert result.exit_code == 1
    assert "groups_225.csv:10" in result.stderr
    assert "nothing was changed" in result.stderr


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


@pytest.mark.parametrize("command", [("migrate",), ("oa", "list"), ("audit", "verify")])
def test_an_address_of_a_database_that_is_none_is_a_setting_that_is_wrong(command: tuple[str, ...]):
    result = run(*command, DATABASE_URL="mysql://me:hush-hush@db/x")
    assert result.exit_code == 2
    assert "DATABASE_URL must start with sqlite:/// or postgresql://" in result.stderr
    assert "hush-hush" not in result.stderr


@pytest.mark.parametrize("part", ["web", "worker", "scheduler"])
def test_apart_they_need_postgresql(shell: Path, part: str):
    run("migrate")
    result = run(part, **HOUSE)
    assert result.exit_code == 2
    assert "SQLite serves one process only" in result.stderr


def test_an_account_is_connected_once_listed_and_renewed(shell: Path, zalo: FakeZalo):
    """The token that is typed works once: what is kept is the pair it was exchanged for, sealed."""
    run("migrate")
    house = {**HOUSE, "ZALO_API_URL": zalo.url, "ZALO_OAUTH_URL": zalo.url}
    given = zalo.new_pair()["refresh_token"]
    assert "oa add" in run("oa", "list").output

    added = run("oa", "add", "77", "--name", "Công an tỉnh", ZALO_REFRESH_TOKEN=given, **house)
    assert "77 (Công an tỉnh) is connected" in added.output
    assert zalo.refreshes == [given]
    assert "77  Công an tỉnh  ok  refresh token: 8" in run("oa", "list").output
    assert "77 has a new pair" in run("oa", "renew", "77", **house).output
    assert zalo.refreshes == ["refresh-1", "refresh-2"]
    assert b"refresh-3" not in b"".join(file.read_bytes() for file in shell.glob("cli.db*"))

    again = run("oa", "add", "77", "--name", "Công an tỉnh", ZALO_REFRESH_TOKEN=given, **house)
    assert again.exit_code == 1
    assert "OfficialAccountDown" in again.stderr
    typed = CliRunner().invoke(
        main, ["oa", "add", "78", "--name", "B"], env=house, input=f"{zalo.refresh_token}\n"
    )
    assert "78 (B) is connected" in typed.output
    assert "refresh-3" not in typed.output, "what is typed is not shown"


def test_a_backup_is_made_and_brought_back(shell: Path):
    house = {**HOUSE, "MEDIA_URL": f"file:{shell / 'media'}"}
    run("migrate")
    made = run("backup", str(shell / "copy"), **house)
    assert made.exit_code == 0
    elsewhere = {
        **house,
        "DATABASE_URL": f"sqlite:///{shell / 'elsewhere.db'}",
        "MEDIA_URL": f"file:{shell / 'elsewhere'}",
    }
    assert run("restore", str(shell / "copy"), **elsewhere).output == made.output
    again = run("restore", str(shell / "copy"), **elsewhere)
    assert again.exit_code == 1, "what holds something is left alone"


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
    house = HOUSE
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
