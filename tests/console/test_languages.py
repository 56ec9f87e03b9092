"""The console in English: no sentence is left behind."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import nodes
from sqlalchemy import MetaData, String, Text, select

from console.language import COOKIE
from console.translations.literals import WORD, literals, vietnamese
from data.session import Database
from data.tables.base import Base
from domain.roles import MAY
from tests.console.cells import Client, clients, filled, routes
from tests.console.routes import ROUTES
from tests.console.world import World

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"
TEXTS = CONSOLE / "translations" / "en" / "LC_MESSAGES"
KEYWORDS = "_ gettext lazy_gettext ngettext:1,2 pgettext:1c,2 lazy_pgettext:1c,2 said"
"""As in the Makefile."""
SAME_IN_BOTH = {
    "Zalo",
    "Excel",
    "PDF",
    "QR",
    "OA",
    "GMF",
    "API",
    "JSON",
    "CSV",
    "Esc",
    "Enter",
    "Tab",
    "VNeID",
    "English",
}
"""Words of pages that need no translation."""
CAPITAL = "".join(chr(code) for code in range(ord("A"), ord("ỹ")) if chr(code).isupper())
PLACE = rf"(?:Công an )?(?:[Pp]hường|[Xx]ã|[Tt]ỉnh)(?: [{CAPITAL}]\w*)+"
"""As in “Công an phường Bắc Giang”: units are called so in every language."""
NAMES = re.compile(rf"{PLACE}|Cầu Nối|Bắc (Giang|Ninh)|Tiếng Việt|Công an Nhân dân")
"""Names that stay as they are in English."""
NO_WORDS = re.compile(r"(?:(?:page-|door-?)[a-z]* ?)+|https://")
"""A class of the page, which stands in a block of its own; the beginning of an address."""
READ_ALOUD = {"title", "aria-label", "placeholder", "alt", "label"}
HOLE = "\ue000"
BLANK = re.compile(r"%\((\w+)\)")


@pytest.fixture(scope="module")
def translations() -> Catalog:
    with (TEXTS / "console.po").open("rb") as file:
        return read_po(file, locale="en")


# ---- every sentence can be translated ---------------------------------------------------------------------------


def test_templates_say_nothing_that_cannot_be_translated(world: World) -> None:
    env = world.console.jinja_env
    left = [
        f"{path.relative_to(ROOT)}: {words}"
        for path in sorted((CONSOLE / "templates").rglob("*.html"))
        for words in _bare(path.read_text(), env)
    ]
    assert not left, "\n".join(left)


def _bare(source: str, env: object) -> Iterator[str]:
    """Sentences of a template that no `_` stands around."""
    tree = env.parse(source)  # type: ignore[attr-defined]
    asked = {
        id(one)
        for call in tree.find_all(nodes.Call)
        if _is_translating(call)
        for one in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and vietnamese(constant.value) and id(constant) not in asked:
            yield constant.value
    page = Reader()
    page.feed("".join(_without_code(source, env)))
    for text in page.said:
        words = [word for word in WORD.findall(text) if word not in SAME_IN_BOTH]
        if words and not NAMES.fullmatch(text.strip("· ")) and not NO_WORDS.fullmatch(text):
            yield text


def _is_translating(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext", "ngettext", "pgettext"}


def _without_code(source: str, env: object) -> Iterator[str]:
    inside = False
    for _, kind, text in env.lex(source):  # type: ignore[attr-defined]
        if kind == "data":
            yield text
        elif kind in {"variable_begin", "block_begin"}:
            inside = True
        elif kind in {"variable_end", "block_end"} and inside:
            inside = False
            yield HOLE


class Reader(HTMLParser):
    """What of a page is read, or read aloud: texts and attributes, but for those in lang="vi"."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.apart: list[str] = []
        """Tags that are open since one whose words are not ours or not for reading."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self.apart or tag in {"script", "style", "code"} or (tag != "html" and given.get("lang") == "vi"):
            if tag not in {"br", "img", "input", "use", "meta", "link", "hr", "source", "wbr", "col"}:
                self.apart.append(tag)
            return
        for name, value in given.items():
            if name in READ_ALOUD or (name.startswith("data-") and vietnamese(value)):
                self._say(value)
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self._say(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.apart:
            while self.apart.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.apart:
            self._say(data)

    def _say(self, text: str) -> None:
        text = " ".join(text.replace(HOLE, " ").split())
        if WORD.search(text):
            self.said.append(text)


def test_python_builds_no_sentence_that_cannot_be_looked_up() -> None:
    """A sentence with blanks is `_("… %(x)s …", x=…)` in the console and `said` elsewhere, never an f-string."""
    left = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in _modules()
        for line, words in _built(path.read_text())
    ]
    assert not left, "\n".join(left)


def _modules() -> Iterator[Path]:
    ignored = set(
        re.findall(r"^\[ignore: (.*)\]$", (CONSOLE / "translations" / "babel.cfg").read_text(), re.M)
    )
    for room in ("console", "domain", "data", "broadcasts"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if str(path.relative_to(ROOT)) not in ignored:
                yield path


def _built(source: str) -> Iterator[tuple[int, str]]:
    for one in ast.walk(ast.parse(source)):
        if isinstance(one, ast.JoinedStr):
            parts = [str(part.value) for part in one.values if isinstance(part, ast.Constant)]
            if vietnamese(" ".join(parts)):
                yield one.lineno, "{}".join(parts)


# ---- every sentence is translated -------------------------------------------------------------------------------


def test_every_sentence_has_an_english_one(translations: Catalog) -> None:
    sentences = set(_extracted())
    known = {_key(one): one for one in translations if one.id}
    missing = [key for key in sentences if key not in known]
    assert not missing, "run make translations, then translate:\n" + "\n".join(sorted(missing))
    stale = [key for key in known if key not in sentences]
    assert not stale, "run make translations:\n" + "\n".join(sorted(stale))
    faults = [f"{key}: {fault}" for key, one in known.items() if (fault := _fault(one))]
    assert not faults, "\n".join(sorted(faults))


def _extracted() -> Iterator[str]:
    with (CONSOLE / "translations" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's
    for _, _, words, _, context in extract_from_dir(
        ROOT, methods, options, keywords=parse_keywords(KEYWORDS.split()), directory_filter=_looked_into
    ):
        yield _in_context(context, _forms(words)[0])


def _looked_into(folder: str) -> bool:
    return Path(folder).name not in {".venv", "tests", "var"}


def _key(message: Message) -> str:
    return _in_context(message.context, _forms(message.id)[0])


def _forms(words: object) -> list[str]:
    """One form, or one for each number."""
    return [str(one or "") for one in (words if isinstance(words, (tuple, list)) else [words])]


def _in_context(context: str | None, words: str) -> str:
    return f"{context}: {words}" if context else words


def _fault(message: Message) -> str | None:
    english = _forms(message.string)
    if not all(english):
        return "not translated"
    if message.fuzzy:
        return "not looked at (fuzzy)"
    if any(vietnamese(NAMES.sub("", text)) for text in english):
        return f"still Vietnamese: {english}"
    wanted = set(BLANK.findall(_key(message)))
    if any(set(BLANK.findall(text)) - {"num"} != wanted - {"num"} for text in english):
        return f"other blanks: {english}"
    return None


def test_the_compiled_translations_are_those_of_the_text(translations: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, translations)
    assert (TEXTS / "console.mo").read_bytes() == compiled.getvalue(), "run make translations"


# ---- and every page shows it ------------------------------------------------------------------------------------


def test_in_english_every_vietnamese_word_of_a_page_is_of_the_people_or_of_a_place(world: World) -> None:
    everybody = list(clients(world))
    left: set[str] = set()
    looked_at = 0
    for name, rule in routes(world.console):
        reader = next((one for one in everybody if _may(one, name)), None)
        if not name.endswith(" GET") or reader is None or ROUTES[name].ok != {200}:
            continue
        reader.browser.client.set_cookie(COOKIE, "en", path="/console")
        answer = reader.browser.client.get(filled(rule, reader.ours))
        if answer.mimetype != "text/html":
            continue
        looked_at += 1
        page = Reader()
        page.feed(answer.text)
        known = _kept_words(world.database)
        left |= {f"{name}: {text}" for text in page.said if vietnamese(_without(text, known))}
    assert looked_at > 70
    assert not left, "\n".join(sorted(left))


def _may(client: Client, name: str) -> bool:
    row = ROUTES[name]
    return not row.acts or bool(row.acts & MAY[client.role])


def _kept_words(database: Database) -> list[str]:
    """Every text of the database, longest first."""
    metadata: MetaData = Base.metadata
    found: set[str] = set()
    with database.reading() as reading:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, (String, Text)):
                    rows = reading.execute(select(column).where(column.is_not(None)).distinct())
                    found |= {
                        " ".join(text.split())
                        for (text,) in rows
                        if isinstance(text, str) and vietnamese(text)
                    }
    return sorted(found, key=len, reverse=True)


def _without(text: str, known: Collection[str]) -> str:
    text = NAMES.sub("", text)
    for words in known:
        if text in words:
            return ""
        text = text.replace(words, "")
    return text


def test_an_officer_chooses_english_and_goes_back(world: World) -> None:
    browser = world.browser()
    assert "Đăng nhập" in browser.client.get("/console/dang-nhap").text
    browser.client.post(
        "/console/ngon-ngu",
        data={"csrf_token": browser.token(), "language": "en", "back": "/console/dang-nhap"},
    )
    page = browser.client.get("/console/dang-nhap").text
    assert '<html lang="en"' in page
    assert "Log in" in page
    assert "Đăng nhập" not in page
    browser.client.post("/console/ngon-ngu", data={"csrf_token": browser.token(), "language": "fr"})
    assert '<html lang="en"' in browser.client.get("/console/dang-nhap").text
    browser.client.post("/console/ngon-ngu", data={"csrf_token": browser.token(), "language": "vi"})
    assert '<html lang="vi"' in browser.client.get("/console/dang-nhap").text


def test_literals_are_found_where_people_can_read_them() -> None:
    source = '"""Tài liệu."""\nA = "Đã xong"\nB = f"Còn {n} tệp"\nC = _("Gọi tên")\nD = "plain"\nE = {"x": "Mới"}\n'
    assert list(literals(source, called={"_"})) == [(2, "Đã xong"), (6, "Mới")]
