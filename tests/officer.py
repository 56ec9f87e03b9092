"""An officer at the console, over HTTP, as a browser without JavaScript would."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any

import requests

from tests.console.doors import code_of_app, key_shown

PATIENCE_S = 15.0


class Officer:
    """Logs in once, second factor and all; every act posts the form that the page shows."""

    def __init__(self, console: str, email: str = "", password: str = "", *, link: str = "") -> None:
        """`link`: a one-time address that brings both factors, as the demo prints them."""
        self._console = console
        self._session = requests.Session()
        self._session.trust_env = False
        self.page = ""
        if link:
            self.goes_to(link.removeprefix(console))
            code = re.search(r'name="xac_nhan_du_phong" value="([^"]+)"', self.page)
            self.posts(
                link.removeprefix(console).partition("?")[0], xac_nhan_du_phong=code[1] if code else ""
            )
        else:
            self.goes_to("/console/dang-nhap")
            self.posts("/console/dang-nhap", email=email, password=password)
            self._sets_up_the_second_factor()
        assert "Đăng xuất" in self.page, "the log-in did not work"

    def _sets_up_the_second_factor(self) -> None:
        """As at any first log-in: the app, its code, the recovery codes. An editor has none to set up."""
        if 'id="khoa-chu">' not in self.page:
            return
        code = code_of_app(time.time(), key_shown(self.page))
        self.posts("/console/xac-thuc-hai-buoc/ung-dung", code=code)
        assert 'id="cac-ma"' in self.page
        self.goes_to("/console/")

    def goes_to(self, path: str) -> Officer:
        answer = self._session.get(self._console + path, timeout=10)
        self.page, self.status = unescape(answer.text), answer.status_code
        return self

    def posts(self, path: str, *, files: Any = None, **fields: Any) -> Officer:
        """Post a form with the token (and the version, where the page has one) of the page we are on.

        files  as requests wants them: [(field, (name, bytes)), …]
        """
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.page)
        assert token, "the page has no form to post"
        version = re.search(r'name="version"[^>]*value="(\d+)"', self.page)
        data = {"csrf_token": token[1], **({"version": version[1]} if version else {}), **fields}
        answer = self._session.post(self._console + path, data=data, files=files, timeout=20)
        self.page, self.status = unescape(answer.text), answer.status_code
        return self

    def tips(self) -> list[str]:
        """Addresses of the tips in the queue, in its order."""
        self.goes_to("/console/tin-bao")
        return list(dict.fromkeys(re.findall(r"/console/tin-bao/\d+(?=[\"?#])", self.page)))

    def opens_newest_tip(self) -> Tip:
        tips = self._waits_for(self.tips)
        newest = max(tips, key=lambda path: int(path.rpartition("/")[2]))
        self.goes_to(newest)
        return Tip(self, newest)

    def fetches(self, path: str, **headers: str) -> requests.Response:
        return self._session.get(self._console + path, headers=headers, timeout=10)

    def _waits_for(self, look: Callable[[], list[str]]) -> list[str]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError("nothing came")


class Tip:
    """One tip, open on the officer's screen."""

    def __init__(self, officer: Officer, path: str) -> None:
        self._officer = officer
        self.path = path

    @property
    def page(self) -> str:
        return self._officer.page

    def media(self, count: int) -> list[str]:
        """Addresses of the media, once `count` of them are there."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            self._officer.goes_to(self.path)
            found = list(dict.fromkeys(re.findall(r"/console/media/\d+", self.page)))
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"only {len(found)} of {count} media came")

    def is_taken(self) -> Tip:
        self._officer.goes_to(self.path).posts(f"{self.path}/tiep-nhan")
        return self

    def is_answered(self, text: str, then: str = "") -> Tip:
        self._officer.goes_to(self.path)
        action = re.search(r'action="([^"]+)"[^>]*data-draft="tra-loi', self.page)
        assert action, "there is no form to answer with"
        self._officer.posts(action[1], text=text, then=then)
        return self
