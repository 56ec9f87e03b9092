"""Why the bot answers as it does, and how officers make it learn."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from domain.roles import Role
from domain.work import Kind
from tests.console.pages import check_page
from tests.console.world import Browser, World

WORDS = "tấm giấy bay xa"


def editor(world: World) -> Browser:
    return world.browser(world.officer(Role.EDITOR, unit_id=None, name="Trần Thị Lan"))


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    folder = tmp_path / "questions"
    folder.mkdir()
    rows = [
        {"q": WORDS, "labels": ["1.000001"], "scope": "in"},
        {"q": "chiếc lá bay xa", "labels": [], "scope": "out"},
    ]
    (folder / "q.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return folder


def proposal(**more: str) -> dict[str, str | list[str]]:
    return {"kind": "alias", "target": "1.000001", "aliases": WORDS, "reason": "Bà con hay gọi vậy", **more}


def test_the_page_says_how_the_decision_fell_and_leads_to_the_record(world: World) -> None:
    world.record()
    browser = editor(world)
    page = browser.get("/console/vi-sao")
    check_page(page, title="Vì sao bot trả lời vậy?", h1="Vì sao bot trả lời vậy?")
    assert 'method="post"' in page.text

    told = browser.post("/console/vi-sao", question="lam ho chieu")

    check_page(told, title="Vì sao bot trả lời vậy?", h1="Vì sao bot trả lời vậy?")
    assert "Bot quyết định" in told.text
    assert 'href="/console/thu-tuc/1.000001"' in told.text
    assert "lam ho chieu" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', told.text))
    assert "Đặt làm cách gọi của mục này" in told.text
    assert re.search(
        r"tên gọi giống nhất</th><td[^>]*>[+-]?\d+,\d</td><td>(?:mục khác tốt nhất \d|không có mục)",
        told.text,
    )
    assert "các điều trên cộng lại theo trọng số" in told.text
    assert browser.post("/console/vi-sao", question="").status_code == 422
    plain = world.browser(world.officer(Role.DUTY)).post("/console/vi-sao", question="lam ho chieu")
    assert "Đặt làm cách gọi" not in plain.text


def test_from_the_explanation_into_the_learning_loop(world: World) -> None:
    world.record()
    page = editor(world).post("/console/hoc-hoi/soan", question=WORDS, target="1.000001")

    check_page(page, title="Dạy bot câu hỏi này", h1="Dạy bot câu hỏi này")
    assert f">{WORDS}</textarea>" in page.text
    assert re.search(r'name="target" value="1\.000001" checked', page.text)


def test_groups_show_how_often_and_what_residents_chose(world: World) -> None:
    world.record()
    question = world.question("sổ đi tây ở đâu", times=3, decision="choose", offered=["1.000001"])
    world.question("so di tay o dau vay", times=2)
    world.chose("sổ đi tây ở đâu", "1.000001", times=7)
    world.chose("sổ đi tây ở đâu", "", times=2)
    browser = editor(world)

    page = browser.get("/console/hoc-hoi")
    check_page(page, title="Câu hỏi chưa chắc", h1="Câu hỏi chưa chắc")
    assert "5 lần hỏi" in page.text
    assert "Khi hỏi lại, 7/9 người chọn “Cấp hộ chiếu phổ thông ở trong nước”" in page.text
    group = browser.get(f"/console/hoc-hoi/cau-hoi/{question}")
    check_page(group, title="Dạy bot câu hỏi này", h1="Dạy bot câu hỏi này")
    assert "khi hỏi lại, 7/9 người chọn" in group.text
    assert "2/9 người: Không phải các mục này" in group.text


def test_a_group_becomes_an_alias_after_its_replay_and_can_be_undone(world: World, questions: Path) -> None:
    world.record()
    question = world.question(WORDS)
    browser = editor(world)
    address = browser.post("/console/hoc-hoi/de-xuat", **proposal(question_id=str(question))).location
    assert world.woken[-1] is Kind.REPLAYS

    waiting = browser.get(address)
    check_page(waiting, title="Thay đổi 1", h1="Thêm cách gọi")
    assert 'hx-trigger="every 2s"' in waiting.text
    early = browser.post(f"{address}/ap-dung", version="1")
    assert (early.status_code, "chưa được chạy thử xong" in early.text) == (409, True)

    world.replays(questions).drain()
    done = browser.get(f"{address}/chay-thu").text
    assert "every 2s" not in done
    assert "Đã hỏi 2 câu mẫu có nhãn và 1 câu đã nhận" in done
    assert "Thành trả lời đúng" in done
    own = done.partition("Các câu của chính thay đổi này")[2].partition("Các câu khác")[0]
    assert "Trả lời đúng mục này" in own
    assert WORDS in own

    assert browser.post(f"{address}/ap-dung", version="1").location == address
    assert "Trả lời ngay" in browser.post("/console/vi-sao", question=WORDS).text
    assert WORDS in browser.get("/console/thu-tuc/1.000001").text
    assert "Trần Thị Lan" in browser.get(address).text
    assert browser.post(f"{address}/hoan-tac", version="2", reason="").status_code == 422
    browser.post(f"{address}/hoan-tac", version="2", reason="Gọi nhầm")
    assert "Trả lời ngay" not in browser.post("/console/vi-sao", question=WORDS).text
    undone = browser.get(address).text
    assert "Đã hoàn tác" in undone
    assert "Gọi nhầm" in undone
    assert WORDS in browser.get("/console/hoc-hoi").text


def test_answers_that_would_get_worse_must_be_looked_at_first(world: World, questions: Path) -> None:
    world.record()
    browser = editor(world)
    address = browser.post("/console/hoc-hoi/de-xuat", **proposal(aliases="chiếc lá bay xa")).location
    world.replays(questions).drain()

    assert "Ngoài phạm vi mà lại trả lời" in browser.get(address).text
    refused = browser.post(f"{address}/ap-dung", version="1")
    assert (refused.status_code, "kém hơn" in refused.text) == (409, True)
    assert browser.post(f"{address}/ap-dung", version="1", seen="1").status_code == 302


def test_a_replay_of_an_older_catalogue_does_not_count(world: World, questions: Path) -> None:
    world.record()
    browser = editor(world)
    address = browser.post("/console/hoc-hoi/de-xuat", **proposal()).location
    world.replays(questions).drain()
    world.record("1.000002", name="Cấp thị thực", aliases=["xin visa"])

    stale = browser.post(f"{address}/ap-dung", version="1")
    assert (stale.status_code, "chạy thử lại" in stale.text) == (409, True)
    world.replays(questions).drain()
    assert browser.post(f"{address}/ap-dung", version="2").status_code == 302


def test_a_group_becomes_a_topic(world: World, questions: Path) -> None:
    world.record()
    browser = editor(world)
    given = proposal(
        kind="topic",
        title="Bay flycam",
        aliases="xin bay phờ lai cam",
        lines="Xin phép Bộ Quốc phòng.",
        sources="Nghị định",
    )
    address = browser.post("/console/hoc-hoi/de-xuat", **given).location
    world.replays(questions).drain()
    page = browser.get(address).text
    assert "Xin phép Bộ Quốc phòng." in page
    browser.post(f"{address}/ap-dung", version="1")
    assert "Bay flycam" in browser.post("/console/vi-sao", question="xin bay pho lai cam").text


def test_a_group_is_set_aside_and_brought_back(world: World) -> None:
    question = world.question("mai trời có mưa không")
    browser = editor(world)
    browser.post(
        "/console/hoc-hoi/de-xuat", kind="aside", question_id=str(question), reason="Không phải việc của ta"
    )

    assert "mai trời" not in browser.get("/console/hoc-hoi").text
    assert "mai trời" in browser.get("/console/hoc-hoi?xem=de-ngoai").text
    line = re.search(
        r'href="(/console/hoc-hoi/de-xuat/\d+)"', browser.get("/console/hoc-hoi?xem=lich-su").text
    )
    assert line
    browser.post(f"{line[1]}/hoan-tac", version="1", reason="Nhầm")
    assert "mai trời" in browser.get("/console/hoc-hoi").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"aliases": ""}, "ít nhất một cách gọi mới"),
        ({"aliases": "làm hộ chiếu"}, "ít nhất một cách gọi mới"),
        ({"aliases": "gọi 0912345678"}, "không được chứa số"),
        ({"aliases": "của «tên»"}, "không được chứa số"),
        ({"aliases": "x" * 121}, "dài nhất 120"),
        ({"target": "other", "other_target": "không có đâu"}, "Mời chọn thủ tục"),
        ({"target": "1.000003"}, "không còn áp dụng"),
        ({"reason": ""}, "Mời nhập lý do"),
        ({"kind": "nonsense"}, "Mời chọn một việc"),
        ({"kind": "aside"}, "vừa được xử lý"),
        ({"kind": "topic"}, "Mời nhập tên chủ đề"),
        ({"kind": "topic", "title": "Bay", "aliases": "bay flycam"}, "nguồn"),
        ({"kind": "topic", "title": "Bay", "aliases": "bay flycam", "sources": "x"}, "nội dung trả lời"),
    ],
)
def test_what_cannot_be_learned_is_said_and_nothing_typed_is_lost(
    world: World, changed: dict[str, str], words: str
) -> None:
    world.record()
    world.record("1.000003", status="abolished", name="Cấp sổ cũ")
    page = editor(world).post("/console/hoc-hoi/de-xuat", **proposal(**changed))

    assert page.status_code == 422
    check_page(page, title="Dạy bot câu hỏi này", h1="Dạy bot câu hỏi này")
    assert words in page.text
    if "reason" not in changed:
        assert 'value="Bà con hay gọi vậy"' in page.text


def test_a_record_is_named_by_its_name_its_code_or_both(world: World) -> None:
    world.record()
    browser = editor(world)
    for wanted in ("1.000001", "cap ho chieu pho thong o trong nuoc", "Cấp hộ chiếu … (1.000001)"):
        given = proposal(target="other", other_target=wanted)
        assert browser.post("/console/hoc-hoi/de-xuat", **given).status_code == 302, wanted
