"""What axe-core finds on a page; the package axe_playwright_python brings it along.

It is put into a page once, and only what it finds comes back: carrying all that it looked at out of the browser took
longer than looking.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

EVERY_RULE: dict[str, Any] = {"resultTypes": ["violations"]}
WCAG_2_2_AA: dict[str, Any] = EVERY_RULE | {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
_RUN = "rules => axe.run(document, rules).then((told) => told.violations)"


def found_by_axe(page: Page, rules: dict[str, Any] = WCAG_2_2_AA) -> list[str]:
    """What breaks these rules on the page as it stands now."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in page.evaluate(_RUN, rules)
        for node in one["nodes"][:3]
    ]
