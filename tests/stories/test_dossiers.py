"""A resident asks how far their own application is, and is told when it moves: through the real webhook."""

from __future__ import annotations

import json
import re
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select, text

from bot.demo_dossiers import DIGITS, SAMPLES, keep_sample_dossiers
from bot.house import utc_now
from data import api_tokens, dossiers
from data.dossiers import By
from data.tables import Base, Conversation, DossierFollow, Outgoing, SurveyAnswer
from domain.api_scopes import Scope
from domain.dossiers import LABELS, DossierChange, DossierStep
from domain.work import Kind
from handlers import dossiers as flow
from tests.town import Town

CODE, OTHER = "G01.899.909-260916-890028", "H57.132-260804-0583"
WARD = "07210@2025-07-01"


@pytest.fixture(params=["town", "town_on_postgres"])
def anywhere(request: pytest.FixtureRequest) -> Town:
    town: Town = request.getfixturevalue(request.param)
    return town


def unit_says(town: Town, step: str, *, code: str = CODE, day: int = 20, **more) -> None:
    change = DossierChange(code, DossierStep(step), date(2026, 9, day), WARD, phone="7391", **more)
    with town.database.transaction() as session:
        line = dossiers.check(session, town.house.dossier_key, change, unit_id=WARD, today=date(2026, 11, 24))
        assert line
        dossiers.keep(session, line, by=By(), compose=flow.moved, now=utc_now())
    town.house.wake(Kind.OUTBOX, "")


def test_look_up_follow_be_told_and_stop(anywhere: Town):
    unit_says(anywhere, "processing", procedure="Đăng ký tạm trú")
    citizen = anywhere.citizen()
    citizen.says(f"tra cứu hồ sơ {CODE}")
    assert "4 số cuối" in citizen.last_words()
    citizen.says("là 7391 ạ")
    assert "Đang giải quyết (từ ngày 20/09/2026)" in citizen.last_words()
    assert "Đăng ký tạm trú" in citizen.last_words()
    assert "Công an phường Bắc Giang" in citizen.last_words()

    citizen.presses("Theo dõi hồ sơ này")
    assert "Khi hồ sơ …0028 có bước mới" in citizen.last_words()
    unit_says(anywhere, "ready", day=22)
    assert citizen.was_told("Đã có kết quả. Mời bạn đến nơi nộp hồ sơ")

    citizen.says("hồ sơ đang theo dõi", answers=2)  # the news, and the list
    assert "Có kết quả (từ 22/09/2026)" in citizen.last_words()
    citizen.says("bỏ theo dõi")
    assert "bỏ theo dõi hồ sơ …0028" in citizen.last_words()
    with anywhere.database.reading() as session:
        assert session.scalars(select(DossierFollow)).all() == []


def test_when_it_is_over_the_follower_may_say_once_how_they_were_served(town: Town):
    unit_says(town, "ready")
    citizen = town.citizen().says(f"theo dõi hồ sơ {CODE} số 7391")
    unit_says(town, "given", day=22)
    assert citizen.was_told("Đã trả kết quả")
    citizen._read = len(citizen.told())
    citizen.presses("Chấm điểm phục vụ").presses("Hài lòng").presses("Thiếu “4 luôn”").presses(
        "Xong, đúng hẹn"
    )
    with town.database.reading() as session:
        answer = session.scalars(select(SurveyAnswer)).one()
        assert (answer.unit_id, answer.channel) == (WARD, "chat")
        assert CODE not in str(vars(answer))


def test_a_wrong_pair_never_tells_whether_the_code_exists_and_guessing_ends(town: Town):
    unit_says(town, "processing")
    one, two = town.citizen(), town.citizen()
    told = []
    for citizen, code in ((one, CODE), (two, OTHER)):
        citizen.says(code)
        told.append([citizen.last_words()])
        for guess in range(6):
            citizen.says(f"{5000 + guess}" if guess < 5 else f"{code} 7391")
            told[-1].append(citizen.last_words())
    assert told[0] == told[1]
    assert "không khớp" in told[0][1]
    assert "tạm dừng tra cứu" in told[0][-1]
    assert "Đang giải quyết" not in " ".join(told[0])


def test_code_and_digits_in_one_message_typed_badly(town: Town):
    unit_says(town, "supplement")
    citizen = town.citizen().says("theo dõi ho so gO1 899 909 26O916 890028 so 7391")
    assert citizen.was_told("Chờ bổ sung")
    assert citizen.was_told("Khi hồ sơ …0028 có bước mới")


def test_questions_with_the_same_words_still_go_to_the_catalogue(town: Town):
    citizen = town.citizen()
    for question, part in (
        ("tra cứu hồ sơ công an nộp online", "dichvucong"),
        ("tra cứu số quyết định xử phạt giao thông để nộp tiền", ""),
        ("hồ sơ làm hộ chiếu gồm những gì", "hộ chiếu"),
        ("quên mã hồ sơ rồi thì xem lại ở đâu", ""),
    ):
        citizen.says(question)
        assert "4 số cuối" not in citizen.last_words()
        assert "ví dụ G01" not in citizen.last_words()
        assert part.lower() in " ".join(message["text"] for message in citizen.told()).lower()


@pytest.mark.parametrize(
    "nonsense", ["chào em", "abc", "12", "99999999999999", "7" * 1500, "\u202e0123", "🙂" * 50]
)
def test_nonsense_in_the_middle_gets_a_sentence_and_the_way_goes_on(town: Town, nonsense: str):
    unit_says(town, "ready")
    citizen = town.citizen().says("tra cứu hồ sơ")
    assert "mã hồ sơ" in citizen.last_words()
    citizen.says(nonsense)
    assert citizen.last_words()
    citizen.says(CODE).says(nonsense)
    assert citizen.last_words()
    citizen.says(f"tra cứu hồ sơ {CODE}").says("7391")
    assert "Có kết quả" in citizen.last_words()


def test_a_code_that_is_no_code_is_said_to_be_none_and_stop_stops(town: Town):
    citizen = town.citizen().says("tra cứu hồ sơ 12345-99")
    assert "chưa đúng dạng" in citizen.last_words()
    citizen.says("hủy")
    assert "Đã dừng" in citizen.last_words()
    citizen.says("bỏ theo dõi")
    assert "không theo dõi hồ sơ nào" in citizen.last_words()
    citizen.says("làm hộ chiếu cần giấy tờ gì")
    assert "hộ chiếu" in citizen.last_words().lower()


def test_an_old_button_asks_for_the_digits_again(town: Town):
    unit_says(town, "ready")
    citizen = town.citizen().says(f"{CODE} 7391")
    citizen.says("menu").presses("Theo dõi hồ sơ này")
    assert "4 số cuối" in citizen.last_words()
    citizen.says("7391")
    assert citizen.was_told("Khi hồ sơ …0028 có bước mới")


def test_neither_code_nor_digits_are_kept_of_a_look_up(town: Town, capfd: pytest.CaptureFixture[str]):
    """What stays: sealed events, which go when old; answers name the end of a code only."""
    unit_says(town, "ready")
    town.citizen().says(f"tra cứu hồ sơ {CODE}").says("8264").says("7391")
    town.citizen().says(f"tra cứu hồ sơ {CODE} 8264 5555 đâu")
    logged = "".join(capfd.readouterr())
    with town.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name == "dossiers":
                continue
            for row in session.execute(select(table)):
                for secret in (CODE, CODE.replace(".", "").replace("-", ""), "7391", "8264"):
                    kept = re.sub(r"[0-9a-f]{16,}", "", str(row).replace("\\", ""))  # hashes have digits too
                    assert secret not in kept, table.name
        drafts = [json.dumps(row.draft) for row in session.scalars(select(Conversation))]
        assert session.execute(text("SELECT count(*) FROM questions_log")).scalar() == 0
    assert all(CODE not in draft for draft in drafts)
    assert CODE not in logged
    assert "7391" not in logged


def test_who_cannot_be_written_to_now_hears_of_it_with_their_next_message(town: Town):
    unit_says(town, "processing")
    citizen = town.citizen().says(f"theo dõi {CODE} 7391", answers=2)
    town.chaos(next_error=-230, next_count=1)  # the seven days are over
    unit_says(town, "ready", day=22)
    _waits_until_held(town)
    assert "Đã có kết quả" not in " ".join(message["text"] for message in citizen.told())
    citizen.says("menu", answers=2)
    assert citizen.was_told("Đã có kết quả")


def _waits_until_held(town: Town) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with town.database.reading() as session:
            if session.scalars(select(Outgoing).where(Outgoing.state == "held")).all():
                return
        time.sleep(0.05)
    raise AssertionError("nothing was held")


SHEET = "Mã hồ sơ;Bước;Ngày;4 số cuối CCCD\n{code};{step};{day};7391\n"


def test_a_unit_sends_a_sheet_and_the_resident_who_follows_is_told(town: Town):
    officer = town.officer("duty", unit="07210")
    for step, day in (("Đang giải quyết", "20/09/2026"), ("Có kết quả", "22/09/2026")):
        sheet = SHEET.format(code=CODE, step=step, day=day).encode()
        officer.goes_to("/console/ho-so").posts("/console/ho-so", files=[("file", ("a.csv", sheet))])
        assert "So sánh bảng hồ sơ" in officer.page
        (apply,) = re.findall(r'action="(/console/ho-so/nhap/\d+/ap-dung)"', officer.page)
        if day.startswith("20"):
            officer.posts(apply)
            citizen = town.citizen().says(f"theo dõi {CODE} 7391", answers=2)
        else:
            assert "Đã có kết quả" not in citizen.last_words()
            officer.posts(apply)
    assert citizen.was_told("Xin thông báo: hồ sơ bạn theo dõi có thay đổi.")
    assert citizen.was_told("Đã có kết quả. Mời bạn đến nơi nộp")


def test_a_system_sends_by_the_api_of_the_running_house(town: Town):
    with town.database.transaction() as session:
        _, token = api_tokens.issue(
            session,
            name="Một cửa",
            scopes=[Scope.DOSSIERS_WRITE],
            unit_id=WARD,
            lasts=timedelta(days=1),
            officer_id=None,
            now=utc_now(),
        )
    for step, day in (("processing", "2026-09-20"), ("ready", "2026-09-22")):
        body = {"dossiers": [{"code": CODE, "step": step, "on": day, "unit_id": WARD, "phone": "7391"}]}
        answer = requests.post(
            f"{town.bot}/api/v1/dossiers",
            json=body,
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"story-{step}"},
            timeout=10,
        )
        assert answer.json() == {"kept": 1, "unchanged": 0}
        if step == "processing":
            citizen = town.citizen().says(f"theo dõi {CODE} 7391", answers=2)
    assert citizen.was_told("Đã có kết quả. Mời bạn đến nơi nộp")
    assert requests.get(f"{town.bot}/api/v1/openapi.json", timeout=10).json()["info"]["title"] == "Cầu Nối"


def test_the_dossiers_of_the_demo_can_be_looked_up_as_the_readme_says(town: Town):
    for _ in range(2):  # a second start changes nothing
        keep_sample_dossiers(town.database, town.house.sealer, now=utc_now())
    readme = Path("README.md").read_text("utf-8")
    code, step, _ = SAMPLES[0]
    assert f"tra cứu hồ sơ {code}" in readme
    assert f"`{DIGITS}`" in readme
    citizen = town.citizen().says(f"tra cứu hồ sơ {code}").says(DIGITS)
    assert LABELS[step] in citizen.last_words()
