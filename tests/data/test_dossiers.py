"""What units say of dossiers, who may look, who is told, when it is deleted. On both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from data import (
    dossier_imports,
    dossier_lookups,
    dossier_proof,
    dossier_rules,
    dossier_sheets,
    dossiers,
    intake,
)
from data.dossier_proof import DossierKey
from data.dossiers import By
from data.sealing import Sealer
from data.session import Database
from data.tables import (
    Base,
    Citizen,
    Dossier,
    DossierFollow,
    DossierMove,
    DossierTry,
    Officer,
    Outgoing,
    UnitRow,
)
from domain.dossiers import (
    TRIES_OF_CITIZEN,
    TRIES_OF_CODE,
    DossierChange,
    DossierStep,
    DossierView,
    LookUp,
)
from domain.errors import MoveRefused
from domain.messages import Reply

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
WARD, OTHER = "07210@2025-07-01", "07228@2025-07-01"
CODE, SECOND = "G01.899.909-260916-890028", "H57.132-260804-0583"
KEY = DossierKey(b"d" * 32)
OA = "1111"


@pytest.fixture
def office(database: Database) -> Database:
    """Two wards, two residents, an officer."""
    with database.transaction() as session:
        for unit_id, name in ((WARD, "Phường Bắc Giang"), (OTHER, "Phường Đa Mai")):
            code, since = unit_id.split("@")
            session.add(
                UnitRow(
                    id=unit_id, code=code, name=name, short_name=name, kind="phường", level="commune",
                    province="Bắc Ninh", valid_from=date.fromisoformat(since),
                )
            )  # fmt: skip
        for citizen in ("hoa", "nam"):
            session.add(Citizen(key=citizen, oa_id=OA, first_seen_at=NOW))
        session.add(
            Officer(
                id=1, email="a@b.vn", name="A", active=True, fs_uniquifier="x", created_at=NOW, unit_id=WARD
            )
        )
    return database


def compose(told: DossierView) -> Reply:
    return Reply(f"{told.ending} {told.step} {told.unit}")


def says(
    database: Database, step: str = "received", *, code: str = CODE, unit: str | None = WARD, **more
) -> Dossier | None:
    given: dict[str, Any] = {"unit_id": WARD, "on": date(2026, 11, 20), "phone": "0123"} | more
    with database.transaction() as session:
        change = DossierChange(code=code, step=DossierStep(step), **given)
        line = dossiers.check(session, KEY, change, unit_id=unit, today=NOW.date())
        if line is None:
            return None
        return dossiers.keep(session, line, by=By(officer_id=1), compose=compose, now=NOW)


def mark(code: str = CODE) -> str:
    bare = dossier_rules.shipped().codes.read(code)
    assert bare
    return KEY.mark(bare)


def looks(database: Database, digits: str, *, code: str = CODE, citizen: str = "hoa", at: datetime = NOW):
    """What one try brings, and that a wrong one is counted."""
    with database.transaction() as session:
        found = dossier_lookups.look_up(session, KEY, mark(code), digits, citizen=citizen, now=at)
        if found is LookUp.WRONG:
            dossier_lookups.note_try(session, citizen, mark(code), now=at)
    return found


def test_whoever_knows_code_and_digits_learns_step_day_and_unit(office: Database) -> None:
    says(office, "processing", paper="4567", procedure="Đăng ký tạm trú", due_on=date(2026, 11, 27))
    for digits in ("0123", "4567"):
        found = looks(office, digits)
        assert isinstance(found, DossierView)
        assert (found.step, found.unit, found.ending) == ("processing", "Công an phường Bắc Giang", "…0028")


def test_a_code_nobody_has_and_wrong_digits_give_the_same_answer(office: Database) -> None:
    says(office)
    assert looks(office, "9999") is looks(office, "9999", code=SECOND) is LookUp.WRONG


def test_digits_stand_nowhere_in_the_database(office: Database) -> None:
    says(office, phone="7391", paper="8264")
    with office.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                assert "7391" not in str(row)
                assert "8264" not in str(row)


def test_the_same_digits_look_different_in_two_dossiers(office: Database) -> None:
    one, two = says(office), says(office, code=SECOND)
    assert one
    assert two
    assert one.phone_hash != two.phone_hash


def test_one_resident_may_guess_a_few_times_only_and_then_again_later(office: Database) -> None:
    says(office)
    for guess in range(TRIES_OF_CITIZEN):
        assert looks(office, f"{guess + 5000}") is LookUp.WRONG
    assert looks(office, "0123") is LookUp.TOO_OFTEN
    assert isinstance(looks(office, "0123", citizen="nam"), DossierView)
    assert isinstance(looks(office, "0123", at=NOW + timedelta(hours=1, seconds=1)), DossierView)


def test_many_residents_together_may_not_guess_one_code_without_end(office: Database) -> None:
    says(office)
    for guess in range(TRIES_OF_CODE):
        assert looks(office, f"{guess + 5000}", citizen=f"somebody-{guess}") is LookUp.WRONG
    assert looks(office, "0123", citizen="nam") is LookUp.TOO_OFTEN
    assert looks(office, "0123", citizen="nam", code=SECOND) is LookUp.WRONG  # another code is not shut


def test_followers_are_told_of_each_step_in_the_same_transaction(office: Database) -> None:
    says(office)
    with office.transaction() as session:
        dossier_lookups.follow(session, mark(), citizen="hoa", oa_id=OA, now=NOW)
        dossier_lookups.follow(session, mark(), citizen="hoa", oa_id=OA, now=NOW)  # the second click
    says(office, "processing")
    says(office, "processing", procedure="Đăng ký tạm trú")  # no new step, no word
    with pytest.raises(RuntimeError), office.transaction() as session:
        change = DossierChange(CODE, DossierStep.READY, date(2026, 11, 21), WARD)
        line = dossiers.check(session, KEY, change, unit_id=WARD, today=NOW.date())
        assert line
        dossiers.keep(session, line, by=By(), compose=compose, now=NOW)
        raise RuntimeError("the machine dies here")
    with office.reading() as session:
        rows = session.scalars(select(Outgoing)).all()
        assert [(row.citizen, row.body["text"], row.state) for row in rows] == [
            ("hoa", "…0028 processing Công an phường Bắc Giang", "waiting")
        ]
        assert CODE not in str(rows[0].body)
        assert session.scalar(select(Dossier.step)) == "processing"


def test_who_unfollows_is_told_no_more(office: Database) -> None:
    says(office)
    says(office, code=SECOND)
    with office.transaction() as session:
        for one in (CODE, SECOND):
            dossier_lookups.follow(session, mark(one), citizen="hoa", oa_id=OA, now=NOW)
        dossier_lookups.follow(session, mark(), citizen="nam", oa_id=OA, now=NOW)
        dossier_lookups.unfollow(session, "hoa", mark())
    says(office, "ready")
    with office.reading() as session:
        assert [row.citizen for row in session.scalars(select(Outgoing))] == ["nam"]
        assert [one.ending for one in dossier_lookups.followed(session, "hoa")] == ["…0583"]


def test_who_asks_to_be_forgotten_follows_nothing(office: Database) -> None:
    says(office)
    looks(office, "9999")
    with office.transaction() as session:
        dossier_lookups.follow(session, mark(), citizen="hoa", oa_id=OA, now=NOW)
        intake.erase(session, "hoa", now=NOW)
    with office.reading() as session:
        assert session.scalar(select(func.count()).select_from(DossierFollow)) == 0
        assert session.scalar(select(func.count()).select_from(DossierTry)) == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"code": "12345"}, "không đúng dạng"),
        ({"on": date(2026, 11, 25)}, "tương lai"),
        ({"on": date(2026, 11, 19)}, "mới hơn"),
        ({"unit_id": OTHER, "unit": OTHER}, "đơn vị khác"),
        ({"unit_id": OTHER}, "đơn vị của đồng chí"),
        ({"code": SECOND, "phone": ""}, "4 số cuối"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(office: Database, more: dict[str, Any], words: str) -> None:
    says(office)
    with pytest.raises(MoveRefused, match=words):
        says(office, "processing", **more)
    with office.reading() as session:
        assert [(row.step, row.code) for row in session.scalars(select(Dossier))] == [("received", CODE)]


def test_a_dossier_that_is_given_out_is_deleted_after_its_term_with_all_that_belongs_to_it(
    office: Database,
) -> None:
    rules = dossier_rules.shipped()
    says(office, "given")
    says(office, code=SECOND)
    with office.transaction() as session:
        for one in (CODE, SECOND):
            dossier_lookups.follow(session, mark(one), citizen="hoa", oa_id=OA, now=NOW)
    day = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
    with office.transaction() as session:
        assert dossiers.delete_expired(session, rules, now=day + rules.ended) == 0
        assert dossiers.delete_expired(session, rules, now=day + rules.ended + timedelta(days=1)) == 1
    with office.reading() as session:
        assert session.scalars(select(Dossier.code)).all() == [SECOND]
        assert session.scalar(select(func.count()).select_from(DossierMove)) == 1
        assert session.scalar(select(func.count()).select_from(DossierFollow)) == 1
    with office.transaction() as session:
        assert dossiers.delete_expired(session, rules, now=day + rules.silent + timedelta(days=1)) == 1


# ---- sheets --------------------------------------------------------------------------------------------------------

SHEET = """Mã hồ sơ;Bước;Ngày;Thủ tục;4 số cuối điện thoại;Ghi chú
G01.899.909-260916-890028;Đang giải quyết;20/11/2026;Đăng ký tạm trú;123;cột khác của đơn vị
H57.132-260804-0583;đã có kết quả;2026-11-21;;0912345678;
"""


def reads(database: Database, sheet: str, *, unit: str | None = WARD):
    rows, problems, count = dossier_sheets.read("a.csv", sheet.encode(), unit_id=unit)
    with database.transaction() as session:
        compared = dossier_imports.compare(session, KEY, rows, unit_id=unit, today=NOW.date())
        return dossier_imports.keep(
            session, compared, problems, file_name="a.csv", rows=count, unit_id=unit, officer_id=1, now=NOW
        )


def applies(database: Database, import_id: int) -> int:
    with database.transaction() as session:
        return dossier_imports.apply(session, import_id, unit_id=WARD, officer_id=1, compose=compose, now=NOW)


def test_a_sheet_changes_nothing_until_it_is_applied_and_then_exactly_once(office: Database) -> None:
    kept = reads(office, SHEET)
    with office.reading() as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == 0
    assert applies(office, kept.id) == 2
    with pytest.raises(MoveRefused, match="đã được xử lý"):
        applies(office, kept.id)
    assert isinstance(looks(office, "0123"), DossierView)
    assert isinstance(looks(office, "5678", code=SECOND), DossierView)
    with office.reading() as session:
        assert dossier_imports.recent(session, unit_id=WARD)[0].lines == []
        assert dossier_imports.recent(session, unit_id=OTHER) == []
    assert (
        reads(office, SHEET.replace("20/11/2026", "22/11/2026")).changes == 1
    )  # the other row says nothing new


def test_errors_are_named_line_by_line_and_hold_back_the_whole_sheet(office: Database) -> None:
    kept = reads(
        office,
        "Mã hồ sơ,Bước,Ngày,4 số cuối CCCD\n"
        "G01.899.909-260916-890028,Đang giải quyết,20/11/2026,0123\n"
        "khong-phai-ma,Đang giải quyết,20/11/2026,0123\n"
        "H57.132-260804-0583,bay lên,32/11/2026,12x4\n"
        ",,,\n"
        "g01 899 909 260916 890028,Có kết quả,20/11/2026,0123\n",
    )
    assert [(one["row"], one["column"]) for one in kept.problems] == [
        (4, "Bước"),
        (4, "Ngày"),
        (4, "4 số cuối CCCD"),
        (3, "Mã hồ sơ"),
        (6, "Mã hồ sơ"),
    ]
    with pytest.raises(MoveRefused, match="chưa đúng"):
        applies(office, kept.id)


def test_a_sheet_is_refused_when_a_dossier_moved_since_it_was_read(office: Database) -> None:
    says(office)
    kept = reads(office, SHEET)
    says(office, "signing")
    with pytest.raises(MoveRefused, match="thay đổi khác"):
        applies(office, kept.id)
    with office.reading() as session:
        assert session.scalars(select(Dossier.step)).all() == ["signing"]


def test_the_template_can_be_read_back(office: Database) -> None:
    rows, problems, count = dossier_sheets.read("mau.xlsx", dossier_sheets.template(), unit_id=WARD)
    assert (len(rows), problems, count) == (1, [], 1)
    assert (rows[0].change.phone, rows[0].change.step) == ("0123", "processing")


def test_the_key_stays_the_same_and_lies_sealed(office: Database) -> None:
    sealer = Sealer([b"k" * 32])
    with office.transaction() as session:
        first = dossier_proof.load(session, sealer).mark("X")
    with office.transaction() as session:
        assert dossier_proof.load(session, sealer).mark("X") == first
        sealed = session.execute(text("SELECT sealed FROM sealed_keys WHERE name = 'dossiers'")).scalar()
        assert sealed is not None
        assert len(bytes(sealed)) > 32
