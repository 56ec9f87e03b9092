"""What every page has to keep: title, one h1, labels for every field, no inline script or style."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.test import TestResponse

_UNLABELLED = {"hidden", "submit", "button"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.headings: list[str] = []
        self.fields: list[tuple[str, str]] = []
        self.labels: set[str] = set()
        self.inside_label = 0
        self.faults: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._open.append(tag)
        if tag == "h1":
            self.headings.append("")
        if tag == "label":
            self.labels.add(given.get("for", ""))
            self.inside_label += 1
        if "id" in given:
            self.ids.append(given["id"])
        labelled = self.inside_label or "aria-label" in given or given.get("aria-hidden") == "true"
        if tag in {"input", "select", "textarea"} and given.get("type") not in _UNLABELLED and not labelled:
            self.fields.append((tag, given.get("id", "")))
        if tag == "script" and "src" not in given:
            self.faults.append("inline script")
        if tag == "style" or "style" in given:
            self.faults.append("inline style")
        if any(name.startswith("on") for name in given):
            self.faults.append("inline handler")
        if tag == "img" and "alt" not in given:
            self.faults.append("picture without words")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.inside_label -= 1
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data
        if "h1" in self._open and self.headings:
            self.headings[-1] += data


def check_page(page: TestResponse, *, title: str, h1: str) -> None:
    reader = _Reader()
    reader.feed(page.text)
    assert page.status_code in {200, 409, 422}, page.text[:300]
    assert page.text.startswith('<!doctype html>\n<html lang="vi"'), page.text[:80]
    assert reader.title == f"{title} · Cầu Nối"
    assert [heading.strip() for heading in reader.headings] == [h1]
    assert [field for field in reader.fields if field[1] not in reader.labels] == []
    assert reader.faults == []
    assert len(reader.ids) == len(set(reader.ids)), sorted(reader.ids)
