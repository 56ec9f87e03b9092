"""Figures, plots and the map: the same protected numbers everywhere, the cases behind each, nothing of other units."""

from __future__ import annotations

import io
import re
from datetime import timedelta

from openpyxl import load_workbook

from data import audit
from data.tables import QuestionLog
from domain.broadcasts import DeliveryStatus
from domain.roles import Role
from tests.console.pages import check_page
from tests.console.world import PROVINCE, WARD_3, WARD_5, World

STATISTICS, MAP = "/console/thong-ke-tin-bao", "/console/ban-do-tin-bao"


def filled(world: World) -> None:
    """Ward 3: 6 of noise and 2 of drugs; ward 5: 7 of drugs; one about police."""
    for _ in range(6):
        world.tip(category="noise")
    for _ in range(2):
        world.tip(category="drugs")
    for _ in range(7):
        world.tip(category="drugs", unit_id=WARD_5, place="Số 9", what="Chuyện của phường khác")
    world.tip(category="order", unit_id=PROVINCE, bypass=True, went_past=WARD_3)


def test_each_figure_opens_its_cases_and_a_hidden_one_opens_nothing(world: World) -> None:
    filled(world)
    inspector = world.browser(world.officer(Role.INSPECTOR, unit_id=None))
    page = inspector.get(STATISTICS)
    links = re.findall(r'href="(/console/thong-ke-tin-bao/tin\?[^"]+)">(\d+)<', page.text)
    assert len(links) == 5, "the total, one of the kinds, of the units, of the hours, of the weekdays"
    for address, count in links:
        cases = inspector.get(address.replace("&amp;", "&"))
        check_page(cases, title="Các tin của một số liệu", h1=re.findall(r"<h1>(.*?)</h1>", cases.text)[0])
        assert cases.text.count('class="row-card') == int(count), address
    assert inspector.get(f"{STATISTICS}/tin?thang=2026-11&loai=order").status_code == 404
    assert inspector.get(f"{STATISTICS}/tin?thang=2026-11&loai=noise&gio=1").status_code == 404
    assert inspector.get(f"{STATISTICS}/tin?thang=2026-11&gio=99").status_code == 404


def test_the_totals_open_all_their_cases_and_a_small_total_opens_nothing(world: World) -> None:
    head = world.browser(world.officer(Role.UNIT_HEAD))
    whole, times = f"{STATISTICS}/tin?thang=2026-11", "/console/thong-ke-thoi-gian"
    for _ in range(4):
        world.tip(category="noise", taken_at=world.clock())
    world.tip(category="drugs", unit_id=WARD_5)
    for page in (STATISTICS, times):
        assert f'href="{whole}"' not in head.get(page).text, "4 of this unit: hidden"
    assert head.get(whole).status_code == 404

    world.tip(category="order")
    assert f'<strong><a href="{whole}">5</a></strong>' in head.get(STATISTICS).text
    assert f'href="{whole}"' not in head.get(times).text, "only 4 were taken"
    world.tip(category="order", taken_at=world.clock())
    assert f'<a href="{whole}">5</a>' in head.get(times).text
    cases = head.get(whole)
    check_page(cases, title="Các tin của một số liệu", h1="Tất cả tin trong tháng")
    assert cases.text.count('class="row-card') == 6, "those of this unit, also the one that nobody took"
    assert f'href="{STATISTICS}/tin?thang=2019-01"' not in head.get(f"{STATISTICS}?thang=2019-01").text


def test_a_head_sees_no_other_unit_in_figures_cases_map_or_file(world: World) -> None:
    filled(world)
    head = world.browser(world.officer(Role.UNIT_HEAD))
    page = head.get(STATISTICS).text
    assert '?thang=2026-11">8</a></strong>' in page
    assert "Đa Mai" not in page
    assert head.get(f"{STATISTICS}/tin?thang=2026-11&don-vi={WARD_5}").status_code == 404
    there = head.get(f"{MAP}?don-vi={WARD_5}").text
    assert "Công an phường Bắc Giang" in there
    assert "Công an phường Đa Mai" not in there
    book = load_workbook(io.BytesIO(head.get(f"{STATISTICS}.xlsx").data))
    assert "Đa Mai" not in str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])


def test_the_map_says_the_numbers_of_the_table_and_hides_the_same(world: World) -> None:
    filled(world)
    inspector = world.browser(world.officer(Role.INSPECTOR, unit_id=None))
    table = dict(
        re.findall(
            r'<th scope="row">(Công an [^<]+)</th>\s*<td class="num">(?:<a[^>]*>)?(?:<span[^>]*>)?([^<]+)',
            inspector.get(STATISTICS).text,
        )
    )
    page = inspector.get(MAP)
    check_page(page, title="Bản đồ tin báo", h1="Bản đồ tin báo")
    on_map = dict(re.findall(r'aria-label="(Công an [^:"]+): ([^"]+)"', page.text))
    assert table["Công an phường Bắc Giang"] == "8"
    assert table["Công an phường Đa Mai"] == "ít, không nêu", "it would give the inspectors' single one away"
    for name, words in on_map.items():
        told = table.get(name)
        assert words == ("0 tin" if told is None else told if told == "ít, không nêu" else f"{told} tin"), (
            name
        )
    beside = page.text.split('id="bang-so"')[1]
    for name, told in table.items():
        assert name in beside
        assert told in beside


def test_every_ward_is_a_link_that_the_keyboard_reaches_and_no_script_is_needed(world: World) -> None:
    filled(world)
    page = world.browser(world.officer(Role.INSPECTOR, unit_id=None)).get(MAP).text
    picture = page.split('id="ban-do"')[1].split("</svg>")[0]
    assert picture.count("<a href=") == 2, "the wards of this world's units"
    assert "http" not in picture, "no tile, no foreign map"
    assert 'href="#bang-so"' in page


def test_the_map_leads_from_the_queue_and_back_to_the_queue_of_one_ward(world: World) -> None:
    here, there = world.tip(), world.tip(unit_id=WARD_5)
    browser = world.browser(world.officer(Role.INSPECTOR, unit_id=None))

    assert 'href="/console/ban-do-tin-bao"' in browser.get("/console/tin-bao").text.partition("<main")[2]
    ward = browser.get(f"/console/ban-do-tin-bao?don-vi={WARD_5}").text
    back = re.search(r'href="(/console/tin-bao\?unit=[^"]+)"', ward)
    assert back
    queue = browser.get(back[1]).text
    assert f'id="tin-{there}"' in queue
    assert f'id="tin-{here}"' not in queue
    own = world.browser(world.officer(Role.DUTY)).get("/console/ban-do-tin-bao").text
    assert 'href="/console/tin-bao"' in own.partition("<main")[2]


def test_a_square_with_few_tips_is_not_drawn_and_its_number_is_a_range(world: World) -> None:
    duty = world.browser(world.officer(Role.DUTY))
    for _ in range(4):
        world.tip()
    assert 'class="cell' not in duty.get(MAP).text
    for _ in range(2):
        world.tip()
    world.tip(unit_id=WARD_5)
    page = duty.get(MAP)
    assert page.text.count('class="cell') == 1
    assert "<title>5 đến 9 tin</title>" in page.text
    assert not re.search(r"106[.,]21|21[.,]28", page.text), "no place of a single tip"
    check_page(page, title="Bản đồ tin báo", h1="Bản đồ tin báo")


def test_a_unit_without_a_polygon_has_its_numbers_and_says_so(world: World) -> None:
    page = world.browser(world.officer(Role.DUTY, unit_id=PROVINCE)).get(MAP).text
    assert "Đơn vị này chưa có trên bản đồ" in page


def test_the_file_has_filter_and_moment_and_runs_no_formula(world: World) -> None:
    filled(world)
    boss = world.officer(Role.UNIT_HEAD, name="=HYPERLINK(1)")
    answer = world.browser(boss).get(f"{STATISTICS}.xlsx?thang=2026-11")
    book = load_workbook(io.BytesIO(answer.data))
    about = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}
    assert about["Tháng"] == "2026-11"
    assert about["Phạm vi"] == "Công an phường Bắc Giang"
    assert str(about["Xuất lúc"]).startswith("24/11/2026 12:00")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert about["Người xuất"] == "'=HYPERLINK(1)"
    assert not any(cell.data_type == "f" for cell in cells)
    kinds = {row[0].value: row[1].value for row in book["Theo loại việc"].iter_rows(min_row=2)}
    assert set(kinds.values()) == {"ít, không nêu"}, "6 and 2: the one would give the other away"
    with world.database.reading() as session:
        assert audit.listed(session, limit=1)[0].action == "statistics.export"


def test_questions_over_time_are_a_file_too_with_filter_and_moment_and_no_formula(world: World) -> None:
    with world.database.transaction() as session:
        for decision in ("answer", "answer", "choose", "decline"):
            session.add(QuestionLog(at=world.clock(), decision=decision, procedure_id=None))
        session.add(QuestionLog(at=world.clock() - timedelta(days=40), decision="choose", procedure_id=None))
    editor = world.browser(world.officer(Role.EDITOR, unit_id=None, name="=HYPERLINK(1)"))
    assert (
        'href="/console/thong-ke-cau-hoi.xlsx?thang=2026-11"' in editor.get("/console/thong-ke-cau-hoi").text
    )

    book = load_workbook(io.BytesIO(editor.get("/console/thong-ke-cau-hoi.xlsx?thang=2026-11").data))
    about = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}
    assert about["Tháng"] == "2026-11"
    assert about["Phạm vi"] == "Toàn hệ thống"
    assert (about["Đã trả lời"], about["Hỏi lại"], about["Nói là chưa biết"]) == (2, 1, 1), (
        "of the month alone"
    )
    assert str(about["Xuất lúc"]).startswith("24/11/2026 12:00")
    assert about["Người xuất"] == "'=HYPERLINK(1)"
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    days = [tuple(cell.value for cell in row) for row in book["Theo ngày"].iter_rows(min_row=2)]
    assert len(days) == 30
    assert ("24/11/2026", 2, 1, 1) in days
    assert ("23/11/2026", 0, 0, 0) in days
    months = [tuple(cell.value for cell in row) for row in book["12 tháng"].iter_rows(min_row=2)]
    assert months[-2:] == [("10/2026", 0, 1, 0), ("11/2026", 2, 1, 1)]
    with world.database.reading() as session:
        assert audit.listed(session, limit=1)[0].action == "statistics.questions"


def test_waiting_times_say_how_they_are_worked_out_and_hide_few(world: World) -> None:
    for minutes in range(1, 21):
        world.tip(category="noise", taken_at=world.clock() - timedelta(minutes=60 - minutes))
    for _ in range(2):
        world.tip(category="drugs", taken_at=world.clock())
    page = world.browser(world.officer(Role.UNIT_HEAD)).get("/console/thong-ke-thoi-gian")
    check_page(page, title="Thời gian xử lý", h1="Thời gian xử lý")
    taken = page.text.split("khoang-2")[0]
    assert "11 phút" in taken, "p50 of everything"
    assert "⌈p × n ÷ 100⌉" in page.text
    drugs = taken.split("Ma túy")[1].split("</tr>")[0]
    assert "1 giờ" not in drugs


def test_questions_and_broadcasts_over_time(world: World) -> None:
    with world.database.transaction() as session:
        for decision in ("answer", "choose", "decline"):
            session.add(QuestionLog(at=world.clock(), decision=decision, procedure_id=None))
    one = world.broadcast(world.officer(Role.BROADCASTER, unit_id=None))
    for number, state in enumerate((DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)):
        world.delivery(one, group=f"BG-{number}", state=state)
    browser = world.browser(world.officer(Role.INSPECTOR, unit_id=None))
    questions = browser.get("/console/thong-ke-cau-hoi")
    check_page(questions, title="Câu hỏi của người dân", h1="Câu hỏi của người dân")
    for words in ("Đã trả lời", "Hỏi lại", "Nói là chưa biết"):
        assert f"24/11: 1 ({words})" in questions.text
    sendings = browser.get("/console/thong-ke-gui-tin")
    check_page(sendings, title="Kết quả gửi tin tuyên truyền", h1="Kết quả gửi tin tuyên truyền")
    for words in ("Đã gửi", "Lỗi", "Chưa rõ"):
        assert f"11/2026: 1 ({words})" in sendings.text
    assert "/console/tuyen-truyen/bao-cao?thang=2026-11" in sendings.text


def test_an_empty_month_and_a_nonsense_one_say_so_calmly(world: World) -> None:
    browser = world.browser(world.officer(Role.UNIT_HEAD))
    for month in ("2019-01", "nonsense", "99999999999-1", "2026-13"):
        assert browser.get(f"{STATISTICS}?thang={month}").status_code == 200
    assert "Chưa có tin nào trong tháng này" in browser.get(f"{STATISTICS}?thang=2019-01").text


def test_the_hidden_bar_has_one_length_for_every_count(world: World) -> None:
    for _ in range(8):
        world.tip(category="noise")
    for kind, count in (("drugs", 1), ("order", 4)):
        for _ in range(count):
            world.tip(category=kind)
    page = world.browser(world.officer(Role.UNIT_HEAD)).get(STATISTICS).text
    lengths = set(re.findall(r'is-hidden-count" x="0" y="0" height="10" width="([\d.]+)"', page))
    assert len(lengths) == 1
