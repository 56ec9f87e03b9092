"""The house keeps its own rules: what the documents say is there, and nothing is there that should not be."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
README_VI = (ROOT / "README.vi.md").read_text("utf-8")


def tracked() -> list[Path]:
    """The files of the project: those git knows, or (without git) all that are not hidden."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return [p for p in ROOT.rglob("*") if p.is_file() and not any(q.startswith(".") for q in p.parts)]
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_both_readmes(name: str):
    assert f"`{name}`" in README
    assert f"`{name}`" in README_VI


def test_every_command_is_in_the_readme():
    for name, command in main.commands.items():
        assert re.search(rf"`[^`]*\b{name}\b", README), name
        for inner in getattr(command, "commands", {}):
            assert re.search(rf"{name} (\w+\\\|)*{inner}|{name} {inner}", README.replace("`, `", " ")), (
                f"{name} {inner}"
            )


def test_links_of_the_documents_lead_somewhere():
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name} → {target}"


def test_every_required_package_has_its_reason():
    for name in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.search(r"#\s+\S+ \S+", line), line


def test_the_locks_pin_everything_with_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==\S+", text, re.MULTILINE)
        assert len(pinned) > 20
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "--index-url" not in text
        assert "--find-links" not in text


def test_no_path_of_anybodys_machine_stands_in_the_files():
    folders = "home|Users", "ro" + "ot", "wo" + "rk", "t" + "mp"
    mine = re.compile(rf"(?<![\w.*-])/({'|'.join(folders)})/[a-z]")
    for path in tracked():
        if path.suffix in {".py", ".md", ".toml", ".in", ".txt", ".html", ".js", ".css", ".csv", ".jsonl"}:
            found = mine.search(text_of(path))
            assert found is None, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_texts_are_nfc():
    for path in tracked():
        if (
            path.suffix
            in {".py", ".md", ".html", ".csv", ".jsonl", ".geojson", ".js", ".toml", ".typ", ".css"}
            and "tests" not in path.parts
        ):
            assert unicodedata.is_normalized("NFC", text_of(path)), path.relative_to(ROOT)


def test_vendored_assets_come_with_their_licences():
    for folder in [*(ROOT / "console/static/vendor").iterdir(), *(ROOT / "console/prints/fonts").iterdir()]:
        if folder.is_dir():
            names = {path.name.lower() for path in folder.rglob("*")}
            assert any("licen" in name or "ofl" in name for name in names), folder.name


def test_handlers_say_only_what_stands_in_texts():
    """A Vietnamese sentence in a handler has lost its way; short command words live in words.py."""
    accented = re.compile(r'"[^"\n]*[ạảãăằắặẳẵâầấậẩẫẹẻẽêềếệểễịỉĩọỏõôồốộổỗơờớợởỡụủũưừứựửữỳỵỷỹđ][^"\n]*"')
    for path in (ROOT / "handlers").glob("*.py"):
        if path.name not in {"texts.py", "words.py"}:
            code = re.sub(r'""".*?"""|#.*', "", path.read_text("utf-8"), flags=re.DOTALL)
            assert accented.findall(code) == [], path.name


def test_only_one_room_imports_apscheduler_and_only_the_border_speaks_to_zalo():
    for path in tracked():
        if path.suffix != ".py" or path.parts[len(ROOT.parts)] in {"tests", "bench"}:
            continue
        text = text_of(path)
        if re.search(r"^\s*(from|import) apscheduler", text, re.MULTILINE):
            assert path == ROOT / "broadcasts/schedule.py"
        if "/v3.0/oa" in text or "/v2.0/oa" in text:
            assert path.is_relative_to(ROOT / "bot/zalo") or path.is_relative_to(ROOT / "simulator")
