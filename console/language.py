"""The language of the pages: Vietnamese, or English for whoever chose it in this browser.

The Vietnamese sentence is the key of every translation (console/translations). Templates and views say fixed
sentences with `_`; what comes from other rooms as a label or as `domain.said` goes through `translated`.
What people wrote, and the names of units, are never translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, request
from flask_babel import Babel, gettext

from domain.said import Said

VIETNAMESE, ENGLISH = "vi", "en"
LANGUAGES: Mapping[str, str] = {VIETNAMESE: "Tiếng Việt", ENGLISH: "English"}
COOKIE = "ngon-ngu"


def chosen() -> str:
    """The language of this request."""
    wanted = request.cookies.get(COOKIE, "")
    return wanted if wanted in LANGUAGES else VIETNAMESE


def translated(words: object) -> str:
    """A label or a sentence of another room in the language of this request; as it stands when there is none.

    Never for what people wrote: their words could happen to be a label of ours.
    """
    text = str(words)
    if isinstance(text, Said):
        values = {key: translated(one) if isinstance(one, Said) else one for key, one in text.values.items()}
        found = str(gettext(text.words))
        return found % values if values else found
    return str(gettext(text)) if text else ""


def install(app: Flask) -> None:
    app.config.update(
        BABEL_DEFAULT_LOCALE=VIETNAMESE,
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_DOMAIN="console",
    )
    Babel(app, locale_selector=chosen)
    app.add_template_filter(translated)

    @app.context_processor
    def language() -> dict[str, Any]:
        return {"language": chosen(), "languages": LANGUAGES}
