"""A day at the broadcast desk, through the pages and the make-believe Zalo: whom, who says yes, when, what became of it."""

from __future__ import annotations

import io
import re
from typing import Any

import requests
from openpyxl import load_workbook
from sqlalchemy import select

from bot.demo import group_id
from data.tables import GroupRow
from domain.broadcasts import DeliveryStatus
from tests.officer import Officer
from tests.stories.test_broadcasts import NEW, counts, form, messages, until_counts
from tests.stories.test_broadcasts_beyond_groups import numbered
from tests.town import Town

LIST = "/console/tuyen-truyen"
SCAM = "Cảnh giác cuộc gọi giả danh công an."
S = DeliveryStatus


def scam(**changed: Any) -> dict[str, Any]:
    return form(title="Cảnh báo lừa đảo", text=SCAM, kind="scam", quiet_ok="1", urgent="") | changed


def writes(lan: Officer, **changed: Any) -> int:
    lan.goes_to(NEW).posts(NEW, **scam(**changed))
    return numbered(lan.page)


def says_yes(approver: Officer, broadcast: int) -> Officer:
    return approver.goes_to(f"{LIST}/{broadcast}").posts(f"{LIST}/{broadcast}/duyet")


def heard(town: Town, text: str) -> set[str]:
    """The Zalo ids of the groups whose newest message this is."""
    groups = requests.get(f"{town.zalo}/control/groups", timeout=10).json()["groups"]
    return {one["group_id"] for one in groups if one["last"] and one["last"]["text"] == text}


def codes_of(town: Town, how_many: int) -> list[str]:
    with town.database.reading() as session:
        return list(session.scalars(select(GroupRow.code).order_by(GroupRow.code).limit(how_many)))


def test_a_list_without_one_group_a_refusal_a_change_and_only_then_yes(town: Town):
    lan, approver = town.officer("broadcaster"), town.officer("approver")
    first, second, third = codes_of(town, 3)
    lan.goes_to(f"{LIST}/danh-sach").posts(
        f"{LIST}/danh-sach", name="Ven sông", groups=[first, second, third]
    )
    chosen = re.search(r'name="lists" value="(\d+)"', lan.goes_to(NEW).page)
    assert chosen

    one = writes(lan, audience="some", lists=chosen[1], exclude=third)
    approver.goes_to(f"{LIST}/{one}").posts(f"{LIST}/{one}/tu-choi", words="Nêu số điện thoại trực ban.")
    assert "Nêu số điện thoại trực ban." in lan.goes_to(f"{LIST}/{one}").page
    edit = f"{LIST}/{one}/sua"
    lan.goes_to(edit).posts(edit, **_kept(lan, scam(audience="some", lists=chosen[1], exclude=third)))

    approver.goes_to(f"{LIST}/{one}")
    seen = approver.page
    lan.goes_to(edit).posts(
        edit, **_kept(lan, scam(text=SCAM + " Gọi 113.", audience="some", lists=chosen[1], exclude=third))
    )
    approver.page = seen  # the page they still have open
    approver.posts(f"{LIST}/{one}/duyet")
    assert approver.status == 409, "what was changed meanwhile is not approved"
    assert counts(town, one) == {}

    says_yes(approver, one)
    until_counts(town, one, sent=2)
    assert heard(town, SCAM + " Gọi 113.") == {group_id(first), group_id(second)}


def test_the_stop_button_holds_it_and_another_person_lets_it_go(town: Town):
    lan, approver = town.officer("broadcaster"), town.officer("approver")
    (code,) = codes_of(town, 1)
    one = writes(lan, audience="some", groups=code)
    lan.goes_to(f"{LIST}/dung").posts(f"{LIST}/dung", reason="Nội dung cần xem lại")
    says_yes(approver, one)
    assert "Đang dừng toàn bộ việc gửi tin" in lan.goes_to(f"{LIST}/{one}").page
    assert counts(town, one) == {}
    lan.goes_to(f"{LIST}/dung").posts(f"{LIST}/dung/tiep-tuc")
    assert lan.status == 403, "who pressed it does not lift it"
    assert counts(town, one) == {}
    approver.goes_to(f"{LIST}/dung").posts(f"{LIST}/dung/tiep-tuc")
    until_counts(town, one, sent=1)


def test_what_was_unclear_is_settled_by_zalos_echo_and_else_by_the_person_who_looked(town: Town):
    lan, approver = town.officer("broadcaster"), town.officer("approver")
    first, second = codes_of(town, 2)
    town.chaos(drop_after_accept=1.0)
    one = writes(lan, audience="some", groups=first)
    says_yes(approver, one)
    until_counts(town, one, sent=1)  # the answer was lost; the echo came by the webhook
    assert len(messages(town, first)) == 1

    town.chaos(paused=True)  # no echo comes
    two = writes(lan, audience="some", groups=second)
    says_yes(approver, two)
    until_counts(town, two, unknown=1)
    town.chaos(drop_after_accept=0.0)
    approver.goes_to(f"{LIST}/{two}?view=trouble")
    settle = re.search(rf"{LIST}/{two}/luot/(\d+)/ket-qua", approver.page)
    assert settle
    approver.posts(f"{LIST}/{two}/luot/{settle[1]}/ket-qua", sent="yes")
    until_counts(town, two, sent=1)
    assert len(messages(town, second)) == 1, "and nobody heard it twice"
    town.chaos(paused=False)


def test_a_rhythm_in_words_a_dry_run_a_training_that_reaches_nobody_and_the_months_report(town: Town):
    lan, approver = town.officer("broadcaster"), town.officer("approver")
    first, second = codes_of(town, 2)
    weekly = writes(lan, rhythm="words", words="mỗi thứ Hai 7 giờ", audience="some", groups=first)
    assert "07:00 thứ Hai hằng tuần" in lan.page
    assert "không sớm hơn" in lan.goes_to(f"{LIST}/{weekly}/chay-thu").page
    says_yes(approver, weekly)
    assert "Cảnh báo lừa đảo" in lan.goes_to(f"{LIST}/lich").page

    training = writes(lan, training="1", audience="some", groups=[first, second])
    says_yes(approver, training)
    until_counts(town, training, sent=2)
    assert heard(town, SCAM) == set()

    real = writes(lan, title="Tin thật", audience="some", groups=second)
    says_yes(approver, real)
    until_counts(town, real, sent=1)
    assert "Tin thật" in lan.goes_to(f"{LIST}/bao-cao").page
    sheet = load_workbook(io.BytesIO(lan.fetches(f"{LIST}/bao-cao.xlsx").content)).worksheets[0]
    titles = {str(row[0].value) for row in sheet.iter_rows()}
    assert "Tin thật" in titles
    assert len(heard(town, SCAM)) == 1, "training is not counted, and the weekly one waits for Monday"


def _kept(lan: Officer, fields: dict[str, Any]) -> dict[str, Any]:
    version = re.search(r'name="version" value="(\d+)"', lan.page)
    assert version
    return fields | {"version": version[1]}
