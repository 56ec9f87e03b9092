"""The house keeps its own rules: what the documents say is there, and nothing is there that should not be."""

from __future__ import annotations

import re
import subprocess
import tomllib
import unicodedata
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import ZALO_OWN_MEDIA_HOSTS, Settings

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


def settings_told(readme: str) -> dict[str, str]:
    """Setting → its default, as the table says it. A row may hold several, in the same order in both cells."""
    told: dict[str, str] = {}
    for names, default in re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| ([^|]*) \|", readme, re.MULTILINE):
        row = re.findall(r"`([A-Z_]+)`", names)
        defaults = default.split(", ") if ", " in default else [default] * len(row)
        told |= dict(zip(row, (one.strip("`") for one in defaults), strict=True))
    return told


IN_WORDS = {
    "": ("empty", "để trống"),
    (): ("none", "để trống"),
    ZALO_OWN_MEDIA_HOSTS: ("Zalo's own", "của Zalo"),
}
REQUIRED = "required", "bắt buộc"


@pytest.mark.parametrize("language", [0, 1])
def test_every_setting_stands_in_the_readme_with_its_default_and_no_other_does(language: int):
    defaults: dict[str, str] = {}
    for name, setting in Settings.model_fields.items():
        words = IN_WORDS.get(setting.default, (str(setting.default),) * 2)
        defaults[name.upper()] = (REQUIRED if setting.is_required() else words)[language]
    assert settings_told((README, README_VI)[language]) == defaults


@pytest.mark.parametrize("readme", [README, README_VI], ids=["en", "vi"])
def test_every_command_is_in_both_readmes(readme: str):
    told = [
        cell.replace("`, `", " ")
        for cell in re.findall(r"^\| (`[^|]*(?:\\\|[^|]*)*) \|", readme, re.MULTILINE)
    ]
    for name, command in main.commands.items():
        rows = [cell for cell in told if re.search(rf"\b{name}\b", cell)]
        assert rows, name
        for inner in getattr(command, "commands", {}):
            assert any(
                re.search(rf"{name} ([\w\\|]*\|)?{inner}|{name} .*{name} {inner}", row) for row in rows
            ), f"{name} {inner}"


def test_the_rooms_are_the_same_wherever_they_are_listed():
    """A room that is missing from one list is not checked there, and nobody notices."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    rooms = set(project["tool"]["importlinter"]["root_packages"])
    makefile = (ROOT / "Makefile").read_text("utf-8")
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    listed = re.search(r"^ROOMS := (.*)$", makefile, re.MULTILINE)
    typed = re.search(r"mypy ([a-z ]+) wsgi\.py", hooks)
    assert listed
    assert typed
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"} == rooms
    assert set(listed[1].split()) == set(typed[1].split()) == rooms
    assert rooms | {"tests", "bench"} == set(project["tool"]["ruff"]["lint"]["isort"]["known-first-party"])
    for readme in (README, README_VI):
        assert rooms <= set(re.findall(r"^\| `(\w+)/`", readme, re.MULTILINE))


def test_every_target_of_make_says_what_it_does_and_stands_in_the_readme():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    steps = {"venv", "python", "dev", "machine"}
    targets = set(re.findall(r"^\.PHONY: (\w+)$", makefile, re.MULTILINE)) - steps
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in listed.splitlines()} == targets
    told = README + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for target in targets - {"lint"}:
        assert f"make {target}" in told, target


@pytest.mark.parametrize(
    ("target", "prepares"),
    [
        ("run", ["-m venv", "--require-hashes -r requirements.txt", "-m bot demo"]),
        (
            "test",
            [
                "--require-hashes -r requirements-dev.txt",
                "Debian's chromium",
                "Debian's postgresql",
                "lint-imports",
            ],
        ),
        ("bench", ["Debian's wrk", "-m bench"]),
    ],
)
def test_one_command_prepares_what_it_needs_and_says_so(target: str, prepares: list[str]):
    would = ["make", "--dry-run", "VENV=var/not-there", target]
    steps = subprocess.run(would, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for step in ["Making a private environment", "Installing the packages", *prepares]:
        assert step in steps, step
    assert "exec make test" in (ROOT / ".ci/run").read_text("utf-8")


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


def test_the_locks_hold_what_is_asked_for_and_agree_with_each_other():
    pins: dict[str, dict[str, set[str]]] = {}
    for name in ("requirements", "requirements-dev"):
        pins[name] = {}
        for package, version in re.findall(
            r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^ ;\\]+)",
            (ROOT / f"{name}.txt").read_text("utf-8"),
            re.MULTILINE,
        ):
            pins[name].setdefault(package, set()).add(version)
        for line in (ROOT / f"{name}.in").read_text("utf-8").splitlines():
            asked = re.match(r"[a-z0-9][a-z0-9._-]*", line)
            assert asked is None or asked[0] in pins[name], f"{line}: make lock"
    for package, versions in pins["requirements"].items():
        assert pins["requirements-dev"][package] == versions, package


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
