"""What other systems read and send: pages that miss nothing, writes that happen once, tips without the person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from api import frozen_scores
from api.desk import ScoreFacts
from data import api_answers, dossier_lookups, hooks, score_months
from data.session import Database
from data.tables import ApiAnswer, Dossier, DossierMove, Outgoing, Tip, UnitRow
from domain.api_scopes import Scope
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.dossiers import DossierView
from domain.roles import Role
from domain.small_numbers import K
from domain.tips import TipStatus
from domain.work import Kind
from tests.api.conftest import Province, a_dossier
from tests.console.world import CITIZEN, DOSSIER_KEY, NOON, OA, WARD_3, WARD_5

CODE = "G01.899.909-261120-000017"
MARK = DOSSIER_KEY.mark("G01899909261120000017")


def test_pages_follow_one_another_and_miss_nothing(province: Province) -> None:
    system = province.system()
    wanted = [province.world.tip(what=f"Việc {number}") for number in range(5)]
    for address, every, more in (
        ("/tips", wanted, {}),
        ("/procedures", None, {"limit": 200}),
        ("/units", None, {}),
    ):
        seen: list[Any] = []
        cursor: Any = None
        while True:
            query = {"limit": 2} | more | ({"cursor": cursor} if cursor else {})
            page = system.get(address, **query).json
            seen += [one["id"] for one in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert seen == sorted(set(seen))
        assert every is None or seen == every
        assert seen


def test_a_tip_has_no_person_and_no_words_unless_the_scope_says_so(province: Province) -> None:
    tip = province.world.tip(what="Gọi tôi số 0912345678, có đánh bạc", place="Nhà ông Giáp")
    plain = province.system(Scope.TIPS_READ).get(f"/tips/{tip}")
    assert (plain.json["what"], plain.json["place"]) == (None, None)
    said = province.system(Scope.TIPS_READ, Scope.TIPS_WORDS).get(f"/tips/{tip}")
    assert "có đánh bạc" in said.json["what"]
    with province.world.database.reading() as session:
        code = session.get_one(Tip, tip).code
    for answer in (plain, said):
        for secret in ("0912345678", CITIZEN, code, "Sen-42", "21.28"):
            assert secret not in answer.text


def test_what_accuses_police_is_shown_to_no_system(province: Province) -> None:
    tip = province.world.tip(bypass=True)
    whole = province.system(unit_id=None)
    assert whole.get("/tips").json["items"] == []
    assert whole.get(f"/tips/{tip}").status_code == 404


def test_dossiers_come_in_once_and_followers_are_told(province: Province) -> None:
    system = province.system()
    first = system.sends(a_dossier(), key="once-and-again")
    again = system.sends(a_dossier(), key="once-and-again")
    assert (first.json, again.json) == ({"kept": 1, "unchanged": 0}, {"kept": 1, "unchanged": 0})
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert system.sends(a_dossier(step="ready"), key="once-and-again").status_code == 409
    assert system.sends(a_dossier()).json == {"kept": 0, "unchanged": 1}
    with province.world.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(DossierMove)) == 1
        found = dossier_lookups.look_up(session, DOSSIER_KEY, MARK, "7391", citizen=CITIZEN, now=NOON)
        assert isinstance(found, DossierView)
        dossier_lookups.follow(session, MARK, citizen=CITIZEN, oa_id=OA, now=NOON)
    assert system.sends(a_dossier(step="ready", on="2026-11-23")).status_code == 200
    with province.world.database.reading() as session:
        assert [row.body["text"] for row in session.scalars(select(Outgoing))] == ["…0017 ready"]
    assert Kind.OUTBOX in province.woken
    one = system.get(f"/dossiers/{CODE}").json
    assert (one["step"], one["on"], one["procedure"]) == ("ready", "2026-11-23", "Đăng ký tạm trú")
    assert "7391" not in str(one)


def test_a_key_may_be_used_again_after_its_day_and_by_another_system(province: Province) -> None:
    system, other = province.system(), province.system()
    assert system.sends(a_dossier(), key="same-key-1").json["kept"] == 1
    assert other.sends(a_dossier(step="signing"), key="same-key-1").json["kept"] == 1
    province.world.clock.goes(hours=24)
    assert system.sends(a_dossier(step="ready"), key="same-key-1").json["kept"] == 1


def test_one_bad_dossier_holds_back_all_and_is_named(province: Province) -> None:
    answer = province.system().sends(
        a_dossier(),
        a_dossier(code="H57.132-260804-0583", on="2027-01-01"),
        a_dossier(code="xxxxxxxxxx"),
        a_dossier(code="g01.899.909-261120-000017"),
        a_dossier(code="H57.132-260804-0584", unit_id="99999@2025-07-01"),
        a_dossier(code="H57.132-260804-0585", phone=None),
    )
    assert answer.status_code == 409
    assert [one["pointer"] for one in answer.json["errors"]] == [f"/dossiers/{at}" for at in (1, 2, 3, 4, 5)]
    with province.world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == 0


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (b"", {}, 400),
        (b"{", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'"{}"', {}, 422),
        (b"[]", {}, 422),
        (b'{"dossiers": []}', {}, 422),
        (b'{"dossiers": [{}], "more": 1}', {}, 422),
        (b'{"dossiers": "\\ud800"}', {}, 422),
        (b"\xff\xfe", {}, 400),
        (b"{}", {"Content_Type": "text/plain"}, 415),
        (b"{}", {"Idempotency_Key": "short"}, 422),
        (b'{"a": "' + b"x" * (1 << 20) + b'"}', {}, 413),
    ],
)
def test_broken_bodies_are_refused_in_the_one_form(
    province: Province, data: bytes, headers: dict[str, str], status: int
) -> None:
    answer = province.system().posts(data, **headers)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("words", ["a\x00b", "a\nb", "a\x7fb"])
def test_signs_that_a_database_cannot_keep_are_refused(province: Province, words: str) -> None:
    assert province.system().sends(a_dossier(procedure=words)).status_code in {400, 422}


def test_broadcasts_are_counted_by_what_became_of_them(province: Province) -> None:
    author = province.world.officer(Role.BROADCASTER)
    done = province.world.broadcast(author, status=BroadcastStatus.DONE)
    province.world.broadcast(author)  # a draft is nobody's business
    province.world.delivery(done, state=DeliveryStatus.SENT)
    province.world.delivery(
        done, group="BG-2", name="Nhóm Đa Mai", unit_id=WARD_5, state=DeliveryStatus.UNKNOWN
    )
    (whole,) = province.system(unit_id=None).get("/broadcasts").json["items"]
    assert (whole["groups"], whole["sent"], whole["unknown"], whole["waiting"]) == (2, 1, 1, 0)
    mine = province.system(unit_id=WARD_5).get(f"/broadcasts/{done}").json
    assert (mine["groups"], mine["sent"], mine["unknown"]) == (1, 0, 1)


def test_scores_are_not_there_where_nobody_keeps_them(province: Province) -> None:
    assert province.system().get("/scores/2026-10").status_code == 404
    document = province.api.test_client().get("/api/v1/openapi.json").text
    assert "/api/v1/scores/{month}" not in document


def test_scores_come_from_whoever_keeps_them(sqlite_database: Database) -> None:
    asked = []

    def scores(session: Any, month: str, reach: Any) -> list[ScoreFacts]:
        asked.append((month, reach))
        return [ScoreFacts(WARD_3, month, None, 3, None)]

    province = Province(sqlite_database, scores)
    answer = province.system().get("/scores/2026-10")
    assert answer.json == {
        "items": [{"unit_id": WARD_3, "month": "2026-10", "score": None, "answers": 3, "rank": None}]
    }
    assert asked == [("2026-10", [WARD_3])]


def test_frozen_months_are_told_by_unit_and_others_are_not_there(sqlite_database: Database) -> None:
    province = Province(sqlite_database, frozen_scores)
    world = province.world
    world.rated(*[100.0] * 40, at=datetime(2026, 10, 15, 3, 0, tzinfo=UTC))
    with world.database.transaction() as session:
        score_months.freeze_due(session, now=datetime(2026, 11, 5, 1, 0, tzinfo=UTC))
    found = {
        one["unit_id"]: one for one in province.system(unit_id=None).get("/scores/2026-10").json["items"]
    }
    assert found[WARD_3]["answers"] == 40
    assert found[WARD_5] == {"unit_id": WARD_5, "month": "2026-10", "score": None, "answers": 0, "rank": None}
    ours = province.system(unit_id=WARD_3).get("/scores/2026-10").json["items"]
    assert [one["unit_id"] for one in ours] == [WARD_3]
    assert province.system().get("/scores/2026-09").json == {"items": []}


# ---- GeoReport --------------------------------------------------------------------------------------------------


def test_open_figures_show_only_what_does_not_stand_alone(province: Province) -> None:
    world, system = province.world, province.system(unit_id=None)
    with world.database.transaction() as session:
        session.execute(update(UnitRow).values(latitude=21.3, longitude=106.2))
    age = timedelta(days=3)
    for _ in range(K):
        world.tip(category="drugs", age=age)
        world.tip(category="drugs", age=age, unit_id=WARD_5, bypass=True)
        world.tip(category="drugs", age=age, status=TipStatus.SPAM)
        world.tip(category="theft", age=timedelta(hours=2))  # of today
    for _ in range(K - 1):
        world.tip(category="gambling", age=age)
    lines = system.get("/georeport/requests.json").json
    assert len(lines) == K
    for line in lines:
        assert line["service_code"] == "drugs"
        assert (line["lat"], line["long"], line["address_id"]) == (21.3, 106.2, WARD_3)
        assert line["requested_datetime"] == "2026-11-20T17:00:00Z"
        assert line["status"] == "open"
        assert "description" not in line
    with world.database.reading() as session:
        numbers = {str(tip.id) for tip in session.scalars(select(Tip))}
    assert not numbers & {line["service_request_id"] for line in lines}


def test_asking_for_single_days_tells_no_more(province: Province) -> None:
    """Tips of two days that stand together only as a month: whatever days are asked for, all or none are known."""
    for days in (2, 5):
        for _ in range(K - 2):
            province.world.tip(category="drugs", age=timedelta(days=days))
    for _ in range(K - 1):
        province.world.tip(category="drugs", age=timedelta(days=40))
    system = province.system()
    whole = system.get("/georeport/requests.json").json
    single = [
        line
        for day in range(1, 25)
        for line in system.get(
            "/georeport/requests.json", start_date=f"2026-11-{day:02}", end_date=f"2026-11-{day:02}"
        ).json
    ]
    assert len(whole) == len(single) == 2 * (K - 2)
    assert system.get("/georeport/requests.json", start_date="2026-10-01", end_date="2026-10-31").json == []


def test_kinds_of_tips_are_the_services(province: Province) -> None:
    services = province.system().get("/georeport/services.json").json
    assert {"drugs", "other"} <= {one["service_code"] for one in services}


def test_everything_is_read_and_sent_on_both_databases(database: Database) -> None:
    province = Province(database)
    world, system = province.world, province.system(unit_id=None)
    world.delivery(world.broadcast(world.officer(Role.BROADCASTER), status=BroadcastStatus.DONE))
    for _ in range(K):
        world.tip(category="drugs", age=timedelta(days=3))
    assert system.sends(a_dossier(), key="both-of-them").json == {"kept": 1, "unchanged": 0}
    assert system.sends(a_dossier(), key="both-of-them").headers["Idempotent-Replay"] == "true"
    assert system.sends(a_dossier(step="ready"), key="both-of-them").status_code == 409
    for address, count in (("/tips", K), ("/dossiers", 1), ("/broadcasts", 1), ("/units", 3)):
        assert len(system.get(address).json["items"]) == count, address
    assert len(system.get("/tips", status="new", updated_since="0001-01-01").json["items"]) == K
    assert len(system.get("/georeport/requests.json").json) == K
    with database.transaction() as session:
        api_answers.forget(session, now=NOON + timedelta(days=2))
        hooks.forget_log(session, kept=timedelta(days=30), now=NOON)
        assert session.scalar(select(func.count()).select_from(ApiAnswer)) == 0
