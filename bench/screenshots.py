"""Pictures of every page of the console, as each role sees it: `make screenshots`.

Starts the demo in a temporary folder, lets its residents and officers do a few things, logs in as each role and
keeps every page at three widths in var/screenshots; dark on a phone and a desk too. `--docs` takes only the few that
the role pages in docs/roles show, and writes them there, small. Nothing of a real resident is anywhere near.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.language import COOKIE, LANGUAGES
from data import broadcast_moves, broadcasts, complaints, kept_questions, unit_changes
from data.session import Database
from data.tables import AskedQuestion, Broadcast, Dossier, GroupRow, Officer, Tip, UnitRow
from domain.complaints import new_receipt
from domain.units import UnitLevel

ROOT = Path(__file__).parent.parent
OUT = ROOT / "var" / "screenshots"
DOCS = ROOT / "docs" / "roles"
WIDTHS = (390, 768, 1440)
DARK = (390, 1440)
HEIGHT, TALL = 900, 5000
READY_S = 240.0
IN_SIGHT = """Promise.all([...document.images]
  .filter((one) => one.getBoundingClientRect().top < innerHeight)
  .map((one) => one.decode().catch(() => 0)))"""
"""Pictures of a gallery are fetched when they come into sight."""
DOC_WIDTH = 900
"""Pixels: wide enough to read on a printed page."""
LOG_IN = re.compile(r"^\s+(\S+@demo\.vn)\s+(\S+)\s", re.MULTILINE)

NOBODY = "khong-dang-nhap"
"""Stands for a log-in: pages of whoever is not logged in."""
PAGES: dict[str, tuple[str, ...]] = {
    "trucban.bacgiang": (
        "/",
        "/tin-bao",
        "/tin-bao/{tip}",
        "/xem-tep/{photo}",
        "/ban-giao",
        "/dang-nhom",
        "/niem-phong",
        "/niem-phong/tep/{photo}",
        "/thu-tuc",
        "/thu-tuc/1.001456",
        "/ho-so",
        "/ho-so/{dossier}",
        "/vi-sao",
        "/huong-dan",
        "/?huong-dan=1",
        "/tai-khoan",
        "/tai-khoan/zalo",
        "/xac-thuc-hai-buoc",
        "/ngoai-tuyen",
    ),
    "chihuy.bacgiang": (
        "/",
        "/tin-bao/{tip}",
        "/thong-ke-tin-bao",
        "/thong-ke-tin-bao/tin",
        "/thong-ke-thoi-gian",
        "/ban-do-tin-bao",
        "/danh-tinh",
        "/lich-truc",
        "/phan-anh",
        "/phan-anh/{complaint}",
        "/diem",
        "/diem/{unit}",
        "/diem/cach-tinh",
        "/khao-sat",
        "/bang",
        "/bang/xa/07210",
    ),
    "tuyentruyen": (
        "/",
        "/tuyen-truyen",
        "/tuyen-truyen/moi",
        "/tuyen-truyen/{broadcast}",
        "/tuyen-truyen/{draft}/sua",
        "/tuyen-truyen/lich",
        "/tuyen-truyen/danh-sach",
        "/tuyen-truyen/bao-cao",
        "/tuyen-truyen/{broadcast}/chay-thu",
        "/thong-ke-gui-tin",
    ),
    "duyettin": ("/", "/tuyen-truyen/{broadcast}", "/tuyen-truyen/{broadcast}/ban-do", "/tuyen-truyen/dung"),
    "thanhtra": ("/", "/tin-bao", "/nhat-ky?check=1", "/danh-tinh", "/khao-sat/sang-loc", "/diem"),
    "bientap": (
        "/",
        "/thu-tuc",
        "/thu-tuc/1.001456/sua",
        "/thu-tuc-moi",
        "/hoc-hoi",
        "/hoc-hoi/cau-hoi/{question}",
        "/thong-ke-cau-hoi",
        "/thu-tuc-bang-tinh",
    ),
    "quantri": (
        "/",
        "/can-bo",
        "/can-bo/1",
        "/can-bo/bang-tinh",
        "/phan-quyen",
        "/nhom",
        "/nhom/{group}",
        "/oa",
        "/don-vi",
        "/don-vi/sap-xep",
        "/don-vi/sap-xep/{unit_change}",
        "/danh-ba",
        "/thiet-dat",
        "/thiet-dat/{setting}",
        "/he-thong",
        "/bang/luot-quet",
        "/xem-nhu-vai-tro",
        "/nhat-ky",
        "/khong-co-trang-nay",
    ),
    NOBODY: ("/dang-nhap",),
}
"""Log-in of the demo → pages below /console."""
IN_DOCS: dict[tuple[str, str, int], str] = {
    ("trucban.bacgiang", "/", 1440): "truc-ban-trang-chinh",
    ("trucban.bacgiang", "/tin-bao/{tip}", 1440): "truc-ban-tin-bao",
    ("trucban.bacgiang", "/tin-bao", 390): "truc-ban-dien-thoai",
    ("trucban.bacgiang", "/ban-giao", 1440): "truc-ban-ban-giao",
    ("trucban.bacgiang", "/xem-tep/{photo}", 1440): "truc-ban-xem-anh",
    ("chihuy.bacgiang", "/", 1440): "chi-huy-trang-chinh",
    ("tuyentruyen", "/tuyen-truyen/moi", 1440): "tuyen-truyen-soan-tin",
    ("duyettin", "/", 1440): "duyet-tin-trang-chinh",
    ("thanhtra", "/nhat-ky?check=1", 1440): "thanh-tra-nhat-ky",
    ("bientap", "/thu-tuc", 1440): "bien-tap-thu-tuc",
    ("quantri", "/can-bo", 1440): "quan-tri-can-bo",
}
"""What the pages in docs/roles show."""


@contextmanager
def demo() -> Iterator[tuple[str, dict[str, str], Database]]:
    """The demo in a folder of its own: its address, log-in → one-time link, and its database."""
    port, zalo_port = _free(), _free()
    with tempfile.TemporaryDirectory(prefix="caunoi-pictures-") as folder:
        said = Path(folder) / "said.txt"
        with said.open("w") as out:
            process = subprocess.Popen(  # our own module
                [sys.executable, "-m", "bot", "demo", "--port", str(port), "--zalo-port", str(zalo_port)],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
                stdout=out,
                stdin=subprocess.DEVNULL,
            )
        try:
            address = f"http://127.0.0.1:{port}"
            links = _links(said, process)
            database = Database(f"sqlite:///{folder}/var/demo/caunoi.db")
            _wait_for_tips(database)
            yield address, links, database
            database.close()
        finally:
            process.terminate()
            process.wait(timeout=60)


def _free() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _links(said: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        text = said.read_text("utf-8")
        if "Ctrl-C ends the demo" in text:
            return {email.split("@")[0]: link for email, link in LOG_IN.findall(text)}
        time.sleep(0.2)
    raise SystemExit(f"the demo did not start:\n{said.read_text('utf-8')}")


def _wait_for_tips(database: Database, wanted: int = 3) -> None:
    """The residents of the demo write through the chat, one after the other."""
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        with database.reading() as session:
            if len(session.scalars(select(Tip.id)).all()) >= wanted:
                return
        time.sleep(0.3)
    raise SystemExit("the residents of the demo filed no tips")


def fill(database: Database) -> dict[str, int | str]:
    """What the officers of the demo have done by now; what stands in addresses."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        author = session.scalars(select(Officer.id).where(Officer.email == "tuyentruyen@demo.vn")).one()
        content = broadcasts.Content(
            title="Cảnh báo giả danh cán bộ điện lực",
            text="Thời gian qua có đối tượng gọi điện tự xưng nhân viên điện lực, dọa cắt điện để lừa chuyển tiền. "
            "Bà con không chuyển tiền, không bấm đường dẫn lạ; gặp trường hợp này xin báo công an gần nhất.",
            audience={"all": True},
            kind="scam",
            starts_at=now + timedelta(hours=20),
        )
        row = broadcasts.create(session, content, author_id=author, now=now)
        session.flush()
        broadcast_moves.propose(session, row, version=row.version, officer_id=author, now=now)
        broadcast = session.scalars(select(Broadcast.id)).first() or 0
        draft = broadcasts.create(session, replace(content, title="Bản nháp"), author_id=author, now=now).id
        group = session.scalars(select(GroupRow.code).order_by(GroupRow.code)).first() or ""
        dossier = session.scalars(select(Dossier.id).order_by(Dossier.id)).first()
        change = _change_of_units(session, now)
        unit = session.scalars(
            select(Officer.unit_id).where(Officer.email == "chihuy.bacgiang@demo.vn")
        ).one()
        complaint = _complaint(session, unit or "", now)
        question = _question(session, now)
    return {
        "broadcast": broadcast,
        "draft": draft,
        "group": group,
        "setting": "noise.keep_days",
        "dossier": dossier or 0,
        "unit_change": change,
        "unit": unit or "",
        "complaint": complaint,
        "question": question,
    }


def _complaint(session: Session, unit_id: str, now: datetime) -> int:
    """Somebody was not content at the desk of the ward."""
    new = complaints.NewComplaint(
        code=new_receipt(),
        unit_id=unit_id,
        source="web",
        bad={"Mức hài lòng chung": "Không hài lòng"},
        words="Tôi phải chờ hai tiếng mới tới lượt, không ai nói vì sao.",
    )
    return complaints.open_case(session, new, now=now).id


def _question(session: Session, now: datetime) -> int:
    """The bot was not sure what a resident meant."""
    kept_questions.keep_question(
        session, "làm giấy tờ cho cháu mới sinh thì ra đâu", decision="choose", offered=["1.001456"], now=now
    )
    session.flush()
    return session.scalars(select(AskedQuestion.id)).first() or 0


def _change_of_units(session: Session, now: datetime) -> int:
    """The last commune of the list goes into the one before it, if somebody agrees."""
    communes = select(UnitRow.id).where(UnitRow.level == UnitLevel.COMMUNE, UnitRow.valid_to.is_(None))
    taker, old = list(session.scalars(communes.order_by(UnitRow.id)))[-2:]
    return unit_changes.propose(
        session,
        old_ids=[old],
        existing_id=taker,
        new=None,
        since=(now + timedelta(days=40)).date(),
        basis="Nghị quyết giả định, để xem thử",
        officer_id=session.scalars(select(Officer.id).where(Officer.email == "quantri@demo.vn")).one(),
        now=now,
    ).id


def _numbers(page: Page, address: str) -> dict[str, int]:
    """The tip with pictures at the desk of the ward, and its first picture."""
    page.goto(f"{address}/console/tin-bao")
    found = page.evaluate("[...document.querySelectorAll('[data-row]')].map(row => row.getAttribute('href'))")
    for place in found:
        page.goto(address + place)
        viewer = page.locator("a[href*='/xem-tep/']").first
        if viewer.count():
            photo = (viewer.get_attribute("href") or "").rpartition("/")[2]
            return {"tip": int(re.findall(r"/tin-bao/(\d+)", place)[0]), "photo": int(photo)}
    return {"tip": int(re.findall(r"/tin-bao/(\d+)", found[0])[0]), "photo": 0}


def log_in(page: Page, link: str) -> None:
    """By the address that the demo prints: a one-time link and a recovery code."""
    page.goto(link)
    page.get_by_role("button").first.click()
    page.wait_for_url("**/console/")


def keep(page: Page, place: Path, *, docs: Path | None) -> None:
    """The whole page, the menu where it belongs; for the documents its first screen, small."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if docs is not None:
        shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        shown.thumbnail((DOC_WIDTH, DOC_WIDTH * 2))
        docs.parent.mkdir(parents=True, exist_ok=True)
        shown.save(docs, "WEBP", quality=78, method=6)
    width = page.viewport_size["width"] if page.viewport_size else WIDTHS[0]
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(HEIGHT, min(tall, TALL))})
    page.evaluate(IN_SIGHT)
    page.screenshot(path=place)


def pictures(browser: Browser, *, docs: bool, language: str) -> int:
    """Every page of PAGES at every width, or those of IN_DOCS alone; returns how many were kept."""
    count = 0
    with demo() as (address, links, database):
        numbers = fill(database)
        for login, paths in PAGES.items():
            inside = None
            for scheme, widths in (("light", WIDTHS),) if docs else (("light", WIDTHS), ("dark", DARK)):
                context = browser.new_context(
                    locale="vi-VN",
                    timezone_id="Asia/Ho_Chi_Minh",
                    color_scheme="dark" if scheme == "dark" else "light",
                    storage_state=inside,
                )
                page = context.new_page()
                if inside is None and login != NOBODY:
                    log_in(page, links[login])
                    inside = context.storage_state()
                if "tip" not in numbers:
                    numbers |= _numbers(page, address)
                    _work(page, f"{address}/console/tin-bao/{numbers['tip']}")
                context.add_cookies([{"name": COOKIE, "value": language, "url": f"{address}/console"}])
                for path in paths:
                    for width in widths:
                        shown = IN_DOCS.get((login, path, width)) if docs else None
                        if docs and not shown:
                            continue
                        page.set_viewport_size({"width": width, "height": HEIGHT})
                        page.goto(f"{address}/console{path.format(**numbers)}")
                        page.wait_for_load_state("load")
                        where = (
                            (OUT if language == "vi" else OUT / language)
                            / login
                            / f"{_name(path)}-{width}-{scheme}.png"
                        )
                        keep(page, where, docs=DOCS / f"{shown}.webp" if shown else None)
                        count += 1
                context.close()
    return count


def _work(page: Page, tip: str) -> None:
    """What the duty officer did so far."""
    page.goto(tip)
    page.get_by_role("button", name="Tiếp nhận").click()
    page.get_by_label("Thêm ghi chú").fill("Đã gọi tổ dân phố; hẹn kiểm tra lại tối nay.")
    page.get_by_role("button", name="Lưu ghi chú").click()


def _name(path: str) -> str:
    """“/tin-bao/{tip}” → “tin-bao-tip”."""
    return (
        re.sub(r"[^a-z0-9-]+", "-", path.translate(str.maketrans("", "", "{}"))).strip("-") or "trang-chinh"
    )


def main(arguments: list[str]) -> int:
    reader = argparse.ArgumentParser(
        prog="python -m bench.screenshots", description="Pictures of every page."
    )
    reader.add_argument("--docs", action="store_true", help="only those of docs/roles, small ones there too")
    reader.add_argument("--language", choices=LANGUAGES, default="vi", help="en: below var/screenshots/en")
    given = reader.parse_args(arguments)
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        print("Chromium is missing: apt-get install chromium", file=sys.stderr)
        return 1
    args = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=args)
        count = pictures(browser, docs=given.docs, language=given.language)
        browser.close()
    print(f"{count} pictures in {OUT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
