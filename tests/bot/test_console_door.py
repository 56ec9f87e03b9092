"""The console as the house builds it: behind a proxy it knows who asks, and first log-ins set up the second factor."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from bot.app import create_app
from bot.connecting import add_officer
from bot.house import build_house
from data import address_waits
from data.session import Database
from data.tables import AddressWait
from tests.town import PASSWORD, town_settings


def test_wrong_log_ins_are_counted_for_the_address_behind_the_proxy(seeded_sqlite_url: str, tmp_path: Path):
    settings = town_settings(seeded_sqlite_url, tmp_path / "media", "http://127.0.0.1:9")
    with closing(Database(settings.database_url)) as database:
        add_officer(database, email="a@x.example", name="A", roles=["duty"], unit=None, password=PASSWORD)
    house = build_house(settings, part="web")
    try:
        app = create_app(house)
        client = app.test_client()
        token = client.get("/console/dang-nhap").text.split('name="csrf_token" value="')[1].split('"')[0]
        form = {"csrf_token": token, "email": "a@x.example", "password": "sai mat khau"}
        client.post("/console/dang-nhap", data=form, headers={"X-Forwarded-For": "10.1.2.3"})
        right = client.post("/console/dang-nhap", data={**form, "password": PASSWORD})

        assert right.location == "/console/xac-thuc-hai-buoc"
        with house.database.reading() as session:
            marks = list(session.scalars(select(AddressWait.mark)))
        assert marks == [address_waits.mark_of("10.1.2.3", secret="s" * 40)]
    finally:
        house.stop()
