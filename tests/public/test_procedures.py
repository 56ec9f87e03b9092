"""A procedure's page: what holds today, what became of the old ones, where to go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from data.shelf import Catalogue
from domain.procedures import ProcedureStatus
from public.desk import Desk, Known


def test_papers_to_tick_fee_time_place_link_and_the_day_it_was_checked(
    visitor: FlaskClient, known: Known
) -> None:
    one = known.catalogue.procedures["1.001456"]
    page = visitor.get("/thu-tuc/1.001456").text
    assert page.count('type="checkbox"') == len(one.dossier or ())
    for label in (
        "Phí, lệ phí",
        "Thời hạn",
        "Nơi làm",
        "Mẫu đơn, tờ khai",
        "Căn cứ pháp lý",
        "thời gian áp dụng",
    ):
        assert label in page
    assert f'href="{one.url}"' in page
    assert "Cập nhật tháng 07/2026" in page
    assert 'data-copy="loi-nhan"' in page


def test_what_no_source_gives_is_said_to_be_unknown(visitor: FlaskClient, known: Known) -> None:
    bare = next(
        one
        for one in known.catalogue.procedures.values()
        if one.is_current and not one.fee and not one.dossier
    )
    page = visitor.get(f"/thu-tuc/{bare.id}").text
    assert "Chưa có thông tin chính thức" in page
    assert "Chưa có danh sách giấy tờ chính thức" in page


def test_every_procedure_of_the_catalogue_has_a_page(visitor: FlaskClient, known: Known) -> None:
    for wanted in known.catalogue.procedures:
        assert visitor.get(f"/thu-tuc/{wanted}").status_code in {200, 301}, wanted


def test_every_procedure_in_force_stands_in_the_list_of_its_field(visitor: FlaskClient, known: Known) -> None:
    for field in {one.field for one in known.catalogue.procedures.values() if one.is_current}:
        page = visitor.get(f"/linh-vuc/{field.replace('_', '-')}").text
        families = {
            one.family for one in known.catalogue.procedures.values() if one.is_current and one.field == field
        }
        assert page.count('href="/thu-tuc/') == len(families)


def test_a_replaced_procedure_leads_to_the_new_one_which_says_so(visitor: FlaskClient) -> None:
    old = "vehicle-dang-ky-sang-ten-xe-mo-to-xe-gan-may-ke-c"
    moved = visitor.get(f"/thu-tuc/{old}")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/thu-tuc/1.013076?thay={old}")
    assert "đã được thay bằng thủ tục này" in visitor.get(moved.headers["Location"]).text
    assert "đã được thay" not in visitor.get("/thu-tuc/1.013076?thay=1.001456").text


def test_two_successors_are_a_choice(visitor: FlaskClient, known: Known) -> None:
    old = next(
        one
        for one in known.catalogue.procedures.values()
        if one.status is ProcedureStatus.REPLACED
        and len({known.catalogue.procedures[new].family for new in one.replaced_by}) > 1
    )
    page = visitor.get(f"/thu-tuc/{old.id}")
    assert "đã được thay bằng các thủ tục dưới đây" in page.text
    for new in old.replaced_by[:1]:
        assert f"/thu-tuc/{new}" in page.text


def test_from_when_until_when(app: Flask, known: Known) -> None:
    """A record with both days says both."""
    procedures = dict(known.catalogue.procedures)
    procedures["1.001456"] = replace(procedures["1.001456"], valid_from="2025-07-01", valid_to="2027-12-31")
    now = replace(
        known,
        catalogue=Catalogue(
            known.catalogue.edition, procedures, known.catalogue.topics, known.catalogue.matcher
        ),
    )
    given: Desk = app.extensions["desk"]
    app.extensions["desk"] = replace(given, knowledge=lambda: now)
    assert "Áp dụng từ 01/07/2025 đến hết 31/12/2027" in app.test_client().get("/thu-tuc/1.001456").text


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("xa tan dinh", "Công an xã Tân Dĩnh"),
        ("phuong bac giang", "Công an phường Bắc Giang"),
        ("tan dnh", None),
    ],
)
def test_the_ward_police_by_typed_name_with_a_drawing(
    visitor: FlaskClient, typed: str, wanted: str | None
) -> None:
    page = visitor.post("/noi-nop", data={"place": typed}).text
    if wanted:
        assert f"<strong>{wanted}</strong>" in page
        assert 'class="here" d="M' in page
        assert "NXB Tài nguyên" in page
    else:
        assert "Xin bạn gõ lại" in page or "data-office" in page
    assert typed not in visitor.get("/noi-nop").text


def test_a_name_of_several_places_is_a_choice_by_button(visitor: FlaskClient) -> None:
    page = visitor.post("/noi-nop", data={"place": "huyện Lục Ngạn"}).text
    assert page.count('name="code"') >= 2


def test_every_ward_has_a_drawing_of_a_few_kilobytes(visitor: FlaskClient, known: Known) -> None:
    for code in known.units:
        page = visitor.post("/noi-nop", data={"code": code}, headers={"X-Part": "1"})
        assert 'class="here" d="M' in page.text, code
        assert len(page.data) < 12_000


def test_topics_lead_to_their_procedures_and_hotlines_can_be_tapped(visitor: FlaskClient) -> None:
    assert "/thu-tuc/" in visitor.get("/doanh-nghiep").text
    page = visitor.get("/duong-day-nong").text
    assert page.index('href="tel:113"') < page.index('class="number" href="tel:111"')
    assert "VNeID" in visitor.get("/lua-dao").text
