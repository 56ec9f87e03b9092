"""What a photo tells beside what it shows stays between the reporter and the seal; two officers open the seal."""

from __future__ import annotations

import io
import re
import zipfile

from tests import hostile
from tests.samples import photo
from tests.town import Town

BAC_GIANG = (21.28861, 106.22077)


def test_an_officer_sees_the_photo_without_what_it_tells_of_the_reporter(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có nhóm đánh bạc sau chợ").sends_location(*BAC_GIANG)
    citizen.sends_photo("IMG_0001.jpg", hostile.photo_that_tells()).presses("Gửi")

    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    (path,) = tip.media(1)
    shown = officer.fetches(path)

    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"mark" not in shown.content
    assert b"Secretphone" not in shown.content
    assert "21.2848" not in officer.goes_to(tip.path).page
    folder = town.house.store.folder
    assert [
        path for path in folder.rglob("*") if path.is_file() and b"Secretphone" in path.read_bytes()
    ] == []


def test_a_file_that_cannot_be_opened_safely_is_not_shown_and_both_sides_know(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có người lừa đảo").sends_location(*BAC_GIANG)
    citizen.sends_photo("1.jpg", hostile.picture("JPEG", 900, 900)[:4000])
    assert citizen.was_told("không mở được một cách an toàn")
    citizen.presses("Gửi")

    tip = town.officer("duty", unit="07210").opens_newest_tip()
    assert "Chưa xem được" in tip.page
    assert re.findall(r"/console/media/\d+", tip.page) == []


def test_two_officers_open_the_original_for_a_case_file(town: Town):
    original = hostile.photo_that_tells()
    citizen = town.citizen().begins_a_tip().says("Có trộm xe").sends_location(*BAC_GIANG)
    citizen.sends_photo("1.jpg", original).presses("Gửi")
    duty = town.officer("duty", unit="07210")
    tip = duty.opens_newest_tip()
    tip.media(1)
    link = re.search(r"/console/niem-phong/tep/\d+", duty.goes_to(tip.path).page)
    assert link

    duty.goes_to(link[0]).posts(link[0], reason="Cần giám định ảnh gốc theo quyết định khởi tố")
    assert "Chờ người thứ hai duyệt" in duty.page
    assert "Tải bản gốc" not in duty.goes_to("/console/niem-phong").page

    head = town.officer("unit_head", unit="07210").goes_to("/console/niem-phong")
    action = re.search(r"/console/niem-phong/\d+/duyet", head.page)
    assert action
    head.posts(action[0], verdict="approve")

    duty.goes_to("/console/niem-phong")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', duty.page)
    assert token
    got = duty._session.post(
        town.bot + action[0].replace("duyet", "tai"), data={"csrf_token": token[1]}, timeout=10
    )
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        assert archive.read(archive.namelist()[0]) == original
        assert "BIÊN BẢN" in archive.read("bien-ban.txt").decode()


def test_many_photos_at_once_all_arrive(town: Town):
    citizen = town.citizen().begins_a_tip().says("Xe đua trên đường").sends_location(*BAC_GIANG)
    for number in range(20):
        citizen.sends_photo(f"{number}.jpg", photo(seed=number))
    citizen.presses("Gửi")
    assert len(town.officer("duty", unit="07210").opens_newest_tip().media(20)) == 20
