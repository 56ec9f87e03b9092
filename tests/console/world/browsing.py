"""A browser of an officer: a Flask test client that carries the token of the page along."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console import freshness
from tests.console.doors import spare_code

PASSWORD = "mot cau de nho"


class Browser:
    """A Flask test client that carries the page's token along, as a form does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def log_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        """By the log-in page, both steps; the answer to the last of them."""
        answer = self.post("/console/dang-nhap", email=email, password=password)
        if (answer.location or "").endswith("/console/buoc-hai"):
            answer = self.post("/console/buoc-hai", xac_nhan_du_phong=spare_code())
        return answer

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(
            address, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def post(self, address: str, **fields: Any) -> TestResponse:
        """Post a form; where the second factor is asked for again first, give it, and let the form go on."""
        answer = self.client.post(address, data={"csrf_token": self.token(), **fields})
        if answer.status_code == freshness.STATUS and 'id="xac-nhan"' in answer.text:
            given = {"csrf_token": self.token(), **fields, "xac_nhan_du_phong": spare_code()}
            answer = self.client.post(address, data=given)
        return answer

    def token(self) -> str:
        """The token of a page this browser may see."""
        for address in ("/console/tai-khoan", "/console/buoc-hai", "/console/dang-nhap"):
            text = self.client.get(address).text
            if 'name="csrf_token" value="' in text:
                return text.split('name="csrf_token" value="')[1].split('"')[0]
        raise AssertionError("no page with a token")
