"""What the demo's officers do in the browser before pictures are taken, and the pages that only a walk leads to."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from openpyxl import Workbook
from passlib.totp import TOTP
from playwright.sync_api import FilePayload, Page
from sqlalchemy import update
from sqlalchemy.orm import Session

from bench.pictured import Numbers
from data import officers
from data.session import Database
from data.tables import Officer, OfficerSession, Outgoing, TipMessage
from domain.broadcasts import DeliveryStatus
from domain.roles import Role

SHEETS: dict[str, tuple[str, str, str, str, list[list[str]]]] = {
    "dossier_sheet": (
        "trucban.bacgiang",
        "/ho-so",
        "input[type=file]",
        "ho-so-tuan-48.xlsx",
        [
            ["Mã hồ sơ", "Bước", "Ngày", "Thủ tục", "4 số cuối điện thoại"],
            ["G01.899.909-261120-000042", "Có kết quả", "", "Đăng ký tạm trú", "0123"],
            ["G01.899.909-261124-000051", "Đã tiếp nhận", "", "Đăng ký thường trú", "4567"],
            ["G01-SAI", "Đã tiếp nhận", "", "Đăng ký thường trú", "4567"],
        ],
    ),
    "catalogue_sheet": (
        "bientap",
        "/thu-tuc-bang-tinh",
        "input[type=file]",
        "thu-tuc-da-sua.xlsx",
        [
            ["Mã trong danh mục", "Thời hạn giải quyết", "Cách gọi khác"],
            ["1.001456", "05 ngày làm việc", "làm hộ chiếu\nlàm passport\nsổ hộ chiếu"],
            ["khong-co-ma-nay", "1 ngày", ""],
        ],
    ),
    "staff_sheet": (
        "quantri",
        "/can-bo/bang-tinh",
        "input[type=file]",
        "can-bo-moi.xlsx",
        [
            ["Họ tên", "Địa chỉ thư điện tử", "Vai trò", "Đơn vị"],
            ["Trực ban phường Đa Mai số 2", "trucban2.damai@demo.vn", "Trực ban", "07228"],
            ["Trực ban phường Đa Mai", "trucban.damai@demo.vn", "Trực ban, Chỉ huy đơn vị", "07228"],
            ["Thiếu địa chỉ", "khong-phai-dia-chi", "Trực ban", "07228"],
        ],
    ),
    "registry_sheet": (
        "quantri",
        "/danh-ba",
        "#tep-nhom",
        "nhom-da-sua.xlsx",
        [["Mã nhóm", "Tên nhóm"], ["{group}", "Thành phố Bắc Giang (tên mới)"], ["", "Nhóm thiếu mã"]],
    ),
}
"""Name of its number → who sends it, from which page, by which field, under which name, and what stands in it."""


def sends_sheets(page: Page, address: str, login: str, numbers: Numbers) -> Numbers:
    """Each sheet of this officer is compared, and waits; the numbers of what was kept."""
    kept: Numbers = {}
    for name, (who, place, field, file, rows) in SHEETS.items():
        if who != login:
            continue
        page.goto(f"{address}/console{place}")
        chosen = page.locator(field)
        chosen.set_input_files(_excel(file, [[cell.format(**numbers) for cell in row] for row in rows]))
        with page.expect_navigation():
            chosen.evaluate("field => field.form.requestSubmit()")
        found = re.search(r"/(\d+)$", page.url)
        if found is None:
            raise SystemExit(f"{file} was not taken: {page.locator('main').inner_text()[:400]}")
        kept[name] = int(found[1])
    return kept


def _excel(name: str, rows: list[list[str]]) -> FilePayload:
    book, written = Workbook(), io.BytesIO()
    assert book.active is not None
    for number, row in enumerate(rows):
        today = f"{datetime.now(UTC) + timedelta(hours=7):%d/%m/%Y}"
        filled = [today if number and rows[0][at] == "Ngày" else cell for at, cell in enumerate(row)]
        book.active.append(filled)
    book.save(written)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FilePayload(name=name, mimeType=kind, buffer=written.getvalue())


def works_on(page: Page, tip: str) -> None:
    """What the duty officer did so far with the tip at this address."""
    page.goto(tip)
    page.get_by_role("button", name="Tiếp nhận").click()
    page.get_by_label("Thêm ghi chú").fill("Đã gọi tổ dân phố; hẹn kiểm tra lại tối nay.")
    page.get_by_role("button", name="Lưu ghi chú").click()
    for words in (
        "Cảm ơn anh/chị đã báo. Cây đổ cả mặt đường hay còn lối cho xe máy ạ?",
        "Lực lượng đang tới nơi.",
    ):
        page.get_by_label("Nội dung gửi tới người báo tin qua Zalo").fill(words)
        page.get_by_role("button", name="Gửi trả lời").click()
        page.get_by_text(words).wait_for()


def talk_goes_on(session: Session, tip: int) -> None:
    """The reporter answers the first question; whether the second message came is not known."""
    first, last = session.query(TipMessage).filter_by(tip_id=tip).order_by(TipMessage.id).all()[-2:]
    words, at = "Còn lối nhỏ bên trái, xe máy đi được.", first.at
    session.add(TipMessage(tip_id=tip, at=at, from_officer=False, text=words))
    lost = {"state": DeliveryStatus.UNKNOWN, "reason": None, "sent_at": None}
    session.execute(update(Outgoing).where(Outgoing.id == last.outgoing_id).values(lost))


def as_a_resident(page: Page, address: str, numbers: Numbers) -> Iterator[str]:
    """What the forms of the public pages answer: the page is open when its name comes."""
    asked = (
        ("/tim", "q", "làm hộ chiếu cho con cần giấy tờ gì", "tim-duoc"),
        ("/tim", "q", "mua vé xem bóng đá", "tim-khong-thay"),
        ("/noi-nop", "place", "xã Song Mai", "noi-nop-duoc"),
        ("/tin-bao", "code", str(numbers["tip_code"]), "tin-bao-duoc"),
    )
    for place, field, words, name in asked:
        page.goto(address + place)
        page.locator(f"[name={field}]").fill(words)
        page.locator(f"[name={field}]").press("Enter")
        page.wait_for_load_state("networkidle")
        yield name
    page.goto(f"{address}/khao-sat/{numbers['survey']}")
    for question, answer in (("overall", "2"), ("manner", "all"), ("result", "late")):
        page.locator(f"[name={question}][value='{answer}']").check()
    page.locator("[name=complain]").check()
    yield "khao-sat-dien-do"
    page.locator("main form button").click()
    page.wait_for_load_state("networkidle")
    yield "khao-sat-thieu-loi"
    page.locator("[name=words]").fill("Phải quay lại ba lần vì thiếu giấy tờ không ai nói trước.")
    page.locator("main form button").click()
    page.wait_for_load_state("networkidle")
    yield "khao-sat-xong"


def at_the_doors(page: Page, database: Database, address: str, secret: str) -> Iterator[str]:
    """What an invitation leads to, the second step of the log-in, and the same question before a dangerous act: the
    page is open when its name comes."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        new = officers.add_officer(
            session,
            email="moi@demo.vn",
            name="Trực ban mới",
            roles=(Role.DUTY,),
            unit_id=None,
            now=now,
        )
        session.flush()
        invitation = officers.link_token(new, secret=secret, now=now)
    page.goto(f"{address}/console/vao/{invitation}")
    yield "vao-invitation"
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/xac-thuc-hai-buoc")
    yield "xac-thuc-hai-buoc-lan-dau"
    key = page.locator("#khoa-chu").inner_text().replace(" ", "")
    page.locator("input[name=code]").fill(
        str(TOTP(key=key).generate(time=datetime.now(UTC).timestamp()).token)
    )
    page.locator("input[name=code]").press("Enter")
    page.locator("#cac-ma").wait_for()
    yield "ma-du-phong"
    page.locator("main a.btn-primary").click()
    with database.transaction() as session:
        session.execute(update(OfficerSession).values(proved_at=now - timedelta(hours=1)))
    page.goto(f"{address}/console/xac-thuc-hai-buoc")
    yield "xac-nhan-lai"
    page.context.clear_cookies(name="session")
    with database.reading() as session:
        row = session.query(Officer).filter_by(email="moi@demo.vn").one()
        again = officers.link_token(row, secret=secret, now=datetime.now(UTC))
    page.goto(f"{address}/console/vao/{again}")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/buoc-hai")
    yield "buoc-hai"
