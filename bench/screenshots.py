"""Pictures of every page: the console as each role sees it, what residents see, the make-believe Zalo. `make screenshots`.

Starts the demo in a temporary folder, lets its residents and officers do a few things, logs in as each role and
keeps every page at three widths in var/screenshots; dark on a phone and a desk too. `--docs` takes only the few that
the role pages in docs/roles show, and writes them there, small. Nothing of a real resident is anywhere near.
Dates and file fields speak the language of the browser: Debian's chromium-l10n has Vietnamese; pictures of emoji are in
fonts-noto-color-emoji.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import func, select

from bench import pictured, pictured_forms
from console.language import COOKIE, LANGUAGES
from data.session import Database
from data.tables import AttachmentRow, Tip

ROOT = Path(__file__).parent.parent
OUT = ROOT / "var" / "screenshots"
DOCS = ROOT / "docs" / "roles"
WIDTHS = (390, 768, 1440)
DARK = (390, 1440)
HEIGHT, TALL = 900, 5000
READY_S = 240.0
IN_SIGHT = """Promise.race([
  new Promise((done) => setTimeout(done, 3000)),
  Promise.all([...document.images]
    .filter((one) => one.getClientRects().length && one.getBoundingClientRect().top < innerHeight)
    .map((one) => one.decode().catch(() => 0)))])"""
"""Pictures of a gallery are fetched when they come into sight; those that have scrolled out, never."""
DOC_WIDTH = 900
"""Pixels: wide enough to read on a printed page."""
LOG_IN = re.compile(r"^\s+(\S+@demo\.vn)\s+(\S+)\s", re.MULTILINE)

NOBODY = "khong-dang-nhap"
"""Stands for a log-in: pages of whoever is not logged in."""
DUTY = "trucban.bacgiang"
RESIDENTS = "nguoi-dan"
"""Stands for a log-in: the public pages."""
PAGES: dict[str, tuple[str, ...]] = {
    DUTY: (
        "/",
        "/tin-bao",
        "/tin-bao/{tip}",
        "/xem-tep/{photo}",
        "/ban-giao",
        "/ban-giao/{sheet}",
        "/dang-nhom",
        "/niem-phong",
        "/niem-phong/tep/{photo}",
        "/thu-tuc",
        "/thu-tuc/1.001456",
        "/ho-so",
        "/ho-so/{dossier}",
        "/ho-so/nhap/{dossier_sheet}",
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
        "/diem?thang={month}",
        "/diem/{unit}?thang={month}",
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
        "/tuyen-truyen/{went_out}",
        "/tuyen-truyen/{draft}/sua",
        "/tuyen-truyen/lich",
        "/tuyen-truyen/danh-sach",
        "/tuyen-truyen/bao-cao",
        "/tuyen-truyen/{broadcast}/chay-thu",
        "/thong-ke-gui-tin",
    ),
    "duyettin": ("/", "/tuyen-truyen/{broadcast}", "/tuyen-truyen/{went_out}/ban-do", "/tuyen-truyen/dung"),
    "thanhtra": ("/", "/tin-bao", "/nhat-ky?check=1", "/danh-tinh", "/khao-sat/sang-loc", "/diem"),
    "bientap": (
        "/",
        "/thu-tuc",
        "/thu-tuc/1.001456",
        "/thu-tuc/1.001456/sua",
        "/thu-tuc-moi",
        "/hoc-hoi",
        "/hoc-hoi/cau-hoi/{question}",
        "/hoc-hoi/de-xuat/{change}",
        "/thong-ke-cau-hoi",
        "/thu-tuc-bang-tinh",
        "/thu-tuc-bang-tinh/{catalogue_sheet}",
    ),
    "quantri": (
        "/",
        "/can-bo",
        "/can-bo/1",
        "/can-bo/bang-tinh",
        "/can-bo/bang-tinh/{staff_sheet}",
        "/phan-quyen",
        "/nhom",
        "/nhom/{group}",
        "/oa",
        "/don-vi",
        "/don-vi/sap-xep",
        "/don-vi/sap-xep/{unit_change}",
        "/danh-ba",
        "/danh-ba/lan-nhap/{registry_sheet}",
        "/thiet-dat",
        "/thiet-dat/{setting}",
        "/he-thong",
        "/he-thong/dia-chi/{hook}",
        "/bang/luot-quet",
        "/xem-nhu-vai-tro",
        "/nhat-ky",
        "/khong-co-trang-nay",
        "/tin-bao",
    ),
    NOBODY: ("/dang-nhap", "/vao/khong-co"),
}
"""Log-in of the demo → pages below /console."""
FOR_RESIDENTS = (
    "/",
    "/tim",
    "/thu-tuc",
    "/linh-vuc/residence",
    "/thu-tuc/1.001456",
    "/chu-de",
    "/chu-de/fraud-fake-police",
    "/duong-day-nong",
    "/lua-dao",
    "/doanh-nghiep",
    "/thong-bao",
    "/q",
    "/bang/xa?don-vi=07210",
    "/bang/xa/citizen-id?don-vi=07210",
    "/noi-nop",
    "/tin-bao",
    "/khao-sat",
    "/khao-sat/{survey}",
    "/khao-sat/phan-anh",
    "/gioi-han-tep",
    "/ngoai-tuyen",
    "/khong-co-trang-nay",
)
OF_ZALO = ("/", "/chat/nguoi-dan-2", "/chat/nguoi-dan-3", "/wall", "/control")
IN_DOCS: dict[tuple[str, str, int], str] = {
    (DUTY, "/", 1440): "truc-ban-trang-chinh",
    (DUTY, "/tin-bao/{tip}", 1440): "truc-ban-tin-bao",
    (DUTY, "/ban-giao", 1440): "truc-ban-ban-giao",
    (DUTY, "/xem-tep/{photo}", 1440): "truc-ban-xem-anh",
    ("chihuy.bacgiang", "/", 1440): "chi-huy-trang-chinh",
    ("chihuy.bacgiang", "/thong-ke-tin-bao", 1440): "chi-huy-thong-ke",
    ("tuyentruyen", "/tuyen-truyen/moi", 1440): "tuyen-truyen-soan-tin",
    ("tuyentruyen", "/tuyen-truyen/{went_out}", 1440): "tuyen-truyen-ket-qua",
    ("duyettin", "/", 1440): "duyet-tin-trang-chinh",
    ("duyettin", "/tuyen-truyen/{broadcast}", 1440): "duyet-tin-mot-tin",
    ("thanhtra", "/", 1440): "thanh-tra-trang-chinh",
    ("thanhtra", "/nhat-ky?check=1", 1440): "thanh-tra-nhat-ky",
    ("bientap", "/thu-tuc", 1440): "bien-tap-thu-tuc",
    ("bientap", "/thu-tuc/1.001456", 1440): "bien-tap-mot-thu-tuc",
    ("quantri", "/can-bo", 1440): "quan-tri-can-bo",
    ("quantri", "/can-bo/bang-tinh/{staff_sheet}", 1440): "quan-tri-bang-tinh",
}
"""What the pages in docs/roles show."""


@dataclass(frozen=True)
class Demo:
    """Where it is, log-in → one-time link, its database, and the key of such links."""

    address: str
    zalo: str
    links: dict[str, str]
    database: Database
    secret: str


@contextmanager
def demo() -> Iterator[Demo]:
    """The demo in a folder of its own."""
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
            links = _links(said, process)
            database = Database(f"sqlite:///{folder}/var/demo/caunoi.db")
            _wait_for_tips(database)
            keys = json.loads((Path(folder) / "var/demo/keys.json").read_text("utf-8"))
            here = "http://127.0.0.1:"
            yield Demo(f"{here}{port}", f"{here}{zalo_port}", links, database, keys["secret_key"])
            database.close()
        finally:
            process.terminate()
            process.wait(timeout=60)


def _free() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def outside(here: Demo) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Pages that are not the console's: name → where they begin, and which."""
    return {RESIDENTS: (here.address, FOR_RESIDENTS), "zalo-gia-lap": (here.zalo, OF_ZALO)}


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


def log_in(page: Page, link: str) -> None:
    """By the address that the demo prints: a one-time link and a recovery code."""
    page.goto(link)
    page.get_by_role("button").first.click()
    page.wait_for_url("**/console/")


@dataclass(frozen=True)
class Camera:
    """Takes the page that is open, at every width, light and dark; `docs`: those of IN_DOCS alone, small ones too."""

    docs: bool
    language: str

    def shoot(self, page: Page, login: str, path: str, *, address: str = "") -> int:
        """How many pictures were kept. `address`: opened anew for each, as somebody with such a screen opens it."""
        wanted = {width: IN_DOCS.get((login, path, width)) for width in WIDTHS}
        if self.docs and not any(wanted.values()):
            return 0
        count = 0
        for scheme, widths in (("light", WIDTHS),) if self.docs else (("light", WIDTHS), ("dark", DARK)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            for width in widths:
                if self.docs and not wanted[width]:
                    continue
                page.set_viewport_size({"width": width, "height": HEIGHT})
                if address:
                    page.goto(address, wait_until="load")
                folder = OUT if self.language == "vi" else OUT / self.language
                small = DOCS / f"{wanted[width]}.webp" if self.docs else None
                keep(page, folder / login / f"{_name(path)}-{width}-{scheme}.png", docs=small)
                count += 1
        return count


def keep(page: Page, place: Path, *, docs: Path | None) -> None:
    """The whole page, the menu where it belongs; for the documents its first screen, small."""
    place.parent.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(IN_SIGHT)
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


def pictures(browser: Browser, camera: Camera, *, only: Collection[str] = ()) -> int:
    """Every page of PAGES and OUTSIDE (or of these log-ins alone); returns how many pictures were kept."""
    count = 0
    with demo() as here:
        numbers = pictured.fill(here.database) | _numbers(here.database)
        for login, paths in PAGES.items():
            if not only or login in only:
                page = _inside(browser).new_page()
                numbers |= _work(page, here, login, numbers)
                _speak(page.context, camera, here)
                count += _walk(page, camera, login, f"{here.address}/console", paths, numbers)
        for site, (address, paths) in outside(here).items():
            if not only or site in only:
                page = _inside(browser).new_page()
                count += _walk(page, camera, site, address, paths, numbers)
        if not camera.docs and (not only or RESIDENTS in only):
            page = _inside(browser).new_page()
            for name in pictured_forms.as_a_resident(page, here.address, numbers):
                count += camera.shoot(page, RESIDENTS, name)
        if not camera.docs and (not only or NOBODY in only):
            page = _inside(browser).new_page()
            _speak(page.context, camera, here)
            for name in pictured_forms.at_the_doors(page, here.database, here.address, here.secret):
                count += camera.shoot(page, NOBODY, name)
    return count


def _work(page: Page, here: Demo, login: str, numbers: pictured.Numbers) -> pictured.Numbers:
    """Log in, and do what this officer does before the pictures are taken; more of what stands in addresses."""
    if login == NOBODY:
        return {}
    log_in(page, here.links[login])
    if login == DUTY:
        pictured_forms.works_on(page, f"{here.address}/console/tin-bao/{numbers['tip']}")
        with here.database.transaction() as session:
            pictured_forms.talk_goes_on(session, int(numbers["tip"]))
    return pictured_forms.sends_sheets(page, here.address, login, numbers)


def _walk(
    page: Page,
    camera: Camera,
    who: str,
    address: str,
    paths: tuple[str, ...],
    numbers: pictured.Numbers,
) -> int:
    count = 0
    for path in paths:
        count += camera.shoot(page, who, path, address=address + path.format(**numbers))
    page.context.close()
    return count


def _inside(browser: Browser) -> BrowserContext:
    return browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")


def _speak(context: BrowserContext, camera: Camera, here: Demo) -> None:
    """From here on in the language of the pictures; what officers do before is done in Vietnamese."""
    context.add_cookies([{"name": COOKIE, "value": camera.language, "url": f"{here.address}/console"}])


def _numbers(database: Database) -> pictured.Numbers:
    """The tip with most pictures, and its first picture."""
    kept = select(AttachmentRow.tip_id, func.min(AttachmentRow.id)).where(AttachmentRow.tip_id.is_not(None))
    with database.reading() as session:
        by_tip = kept.group_by(AttachmentRow.tip_id).order_by(func.count().desc())
        tip, photo = session.execute(by_tip).first() or (None, 0)
        code = session.get_one(Tip, tip).code
    return {"tip": tip or 0, "photo": photo, "tip_code": code}


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
    reader.add_argument(
        "--only", nargs="+", default=(), help="these log-ins (quantri …), nguoi-dan, zalo-gia-lap"
    )
    given = reader.parse_args(arguments)
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        print("Chromium is missing: apt-get install chromium", file=sys.stderr)
        return 1
    args = [
        f"--lang={given.language}",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=args, env={**os.environ, "LANGUAGE": given.language}
        )
        count = pictures(browser, Camera(docs=given.docs, language=given.language), only=given.only)
        browser.close()
    print(f"{count} pictures in {OUT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
