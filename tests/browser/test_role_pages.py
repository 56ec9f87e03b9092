"""The pages of docs/roles are for the wall beside the desk: each is one A4 sheet, with the pictures it names."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, PdfMargins

pytestmark = pytest.mark.browser
ROLES = Path(__file__).parent.parent.parent / "docs" / "roles"
SHEETS = sorted(path.stem for path in ROLES.glob("*.md") if path.stem != "README")
EDGE = "15mm"
LOOK = "body { font: 12pt/1.5 sans-serif } img { max-width: 100% } h1 { font-size: 22pt; margin: 0 }"


def as_html(text: str) -> str:
    """As much Markdown as these pages have: a heading, paragraphs, numbered lines, bold, italic, keys."""
    parts = []
    for part in text.strip().split("\n\n"):
        if part.startswith("<img"):
            parts.append(f"<p>{part}</p>")
            continue
        words = html.escape(part, quote=False)
        words = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", words, flags=re.DOTALL)
        words = re.sub(r"`(.+?)`", r"<code>\1</code>", re.sub(r"\*(.+?)\*", r"<i>\1</i>", words))
        if words.startswith("# "):
            parts.append(f"<h1>{words[2:]}</h1>")
        elif words.startswith("1. "):
            lines = "".join(f"<li>{line.partition('. ')[2]}" for line in words.splitlines())
            parts.append(f"<ol>{lines}</ol>")
        else:
            parts.append(f"<p>{words}</p>")
    return (
        f'<!doctype html><base href="{ROLES.as_uri()}/"><meta charset="utf-8"><style>{LOOK}</style>'
        + "".join(parts)
    )


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_role_fits_one_sheet_with_its_pictures(desk: Page, tmp_path: Path, sheet: str) -> None:
    written = tmp_path / f"{sheet}.html"
    written.write_text(as_html((ROLES / f"{sheet}.md").read_text("utf-8")), "utf-8")
    desk.goto(written.as_uri(), wait_until="load")
    sizes = desk.evaluate("[...document.images].map(one => one.naturalWidth)")
    assert sizes
    assert all(sizes), sizes

    paper = desk.pdf(format="A4", margin=PdfMargins(top=EDGE, right=EDGE, bottom=EDGE, left=EDGE))

    with pypdfium2.PdfDocument(paper) as printed:
        assert len(printed) == 1


def test_every_picture_of_the_role_pages_is_named_by_one_of_them() -> None:
    named = {
        name for path in ROLES.glob("*.md") for name in re.findall(r'src="([^"]+)"', path.read_text("utf-8"))
    }

    assert named == {path.name for path in ROLES.glob("*.webp")}
