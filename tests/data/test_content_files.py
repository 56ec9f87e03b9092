"""data/content adds up; and when it does not, every fault is named by file and line."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.content_files import (
    check_catalogue,
    check_units,
    read_groups,
    read_procedures,
    read_topics,
    read_units,
)
from domain.errors import BadContent
from domain.units import UnitLevel
from tests.domain.catalogue import CONTENT


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of data/content that a test may spoil."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


# ---- what is shipped ----------------------------------------------------------------------------------------


def test_the_shipped_content_has_no_fault() -> None:
    assert check_catalogue(CONTENT) == []
    assert check_units(CONTENT) == []


def test_the_shipped_catalogue_is_whole() -> None:
    procedures = read_procedures(CONTENT / "procedures")
    assert Counter(p.status.value for p in procedures) == {"current": 338, "replaced": 35, "abolished": 28}
    assert len({p.id for p in procedures}) == 401
    assert len(read_topics(CONTENT / "topics.jsonl")) == 27
    assert all(p.sources for p in procedures)


def test_each_file_holds_the_procedures_of_its_own_field() -> None:
    for file in (CONTENT / "procedures").glob("*.jsonl"):
        assert {p.field for p in read_procedures(file)} == {file.stem}


def test_every_replaced_procedure_leads_to_one_of_today() -> None:
    procedures = read_procedures(CONTENT / "procedures")
    current = {p.id for p in procedures if p.is_current} | {p.code for p in procedures if p.is_current}
    replaced = [p for p in procedures if p.status == "replaced"]
    assert replaced
    assert [p.id for p in replaced if not current & set(p.replaced_by)] == []


def test_the_shipped_units_and_groups_are_whole() -> None:
    book = read_units(CONTENT)
    today = [u for u in book.units if u.valid_to is None]
    assert Counter(u.level for u in today) == {UnitLevel.COMMUNE: 99, UnitLevel.PROVINCE: 1}
    groups = read_groups(CONTENT / "groups_225.csv", book)
    levels = Counter(g.level for g in groups)
    assert levels == {UnitLevel.COMMUNE: 209, UnitLevel.DISTRICT: 10, UnitLevel.PROVINCE: 6}
    assert {g.unit_id for g in groups} <= {u.id for u in today}
    assert [g.level for g in groups if g.inferred] == [UnitLevel.PROVINCE] * 6


def test_a_code_that_meant_another_place_before_stays_two_units() -> None:
    units = {u.id: u.short_name for u in read_units(CONTENT).units}
    assert units["07381@2022-03-01"] == "Nghĩa Hưng"
    assert units["07381@2025-07-01"] == "Tiên Lục"


def test_reading_everything_takes_a_fraction_of_a_second() -> None:
    began = time.process_time()
    read_procedures(CONTENT / "procedures")
    read_topics(CONTENT / "topics.jsonl")
    read_groups(CONTENT / "groups_225.csv", read_units(CONTENT))
    assert time.process_time() - began < 0.3


# ---- faults of the catalogue ----------------------------------------------------------------------------------

SEAL = Path("procedures") / "seal.jsonl"


def spoil_record(file: Path, line: int, change: Callable[[dict[str, Any]], Any]) -> None:
    lines = file.read_text("utf-8").splitlines()
    record = json.loads(lines[line - 1])
    change(record)
    lines[line - 1] = json.dumps(record, ensure_ascii=False)
    file.write_text("\n".join(lines) + "\n", "utf-8")


def setting(**values: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda record: record.update(values)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r.pop("fee"), "fee is missing"),
        (setting(papers=[]), "papers: no such field"),
        (setting(field="houses"), "field 'houses' is not one of the known fields"),
        (setting(status="old"), "status 'old' is not current, replaced or abolished"),
        (setting(audience="all"), "audience 'all' is not known"),
        (setting(priority=4), "priority must be 1, 2 or 3"),
        (setting(priority=True), "priority is a bool"),
        (setting(levels=["village"]), "levels: village is not a level"),
        (setting(levels="commune"), "levels is a str"),
        (setting(levels_2025=[["province"]]), "levels_2025 must list texts only"),
        (setting(aliases=["con dấu", 7]), "aliases must list texts only"),
        (setting(replaced_by=["9.999999"]), "replaced_by names 9.999999, which is nowhere"),
        (setting(in_force={"from": "31/12/2025", "to": None}), "in_force.from '31/12/2025' is not a date"),
        (setting(in_force=None), "in_force is a NoneType"),
        (setting(checked="July"), "checked must be a month like 2026-07"),
        (setting(sources=[]), "sources is empty"),
        (setting(name="  "), "name has an empty text"),
        (setting(name="Con da\u0302\u0301u"), "not NFC"),
        (setting(name="Con\x00dấu"), "name has a character that no text has"),
        (setting(id=None), "id is a NoneType"),
    ],
)
def test_a_fault_of_a_record_is_named_with_file_and_line(
    content: Path, change: Callable[[dict[str, Any]], Any], told: str
) -> None:
    spoil_record(content / SEAL, 3, change)
    problems = check_catalogue(content)
    assert any(p.file.endswith("seal.jsonl") and p.line == 3 and told in p.text for p in problems), problems
    with pytest.raises(BadContent) as caught:
        read_procedures(content / "procedures")
    assert any("seal.jsonl:3: " in line and told in line for line in caught.value.problems)


def test_an_id_used_twice_names_both_places(content: Path) -> None:
    first = (content / SEAL).read_text("utf-8").splitlines()[0]
    with (content / "procedures" / "traffic.jsonl").open("a", encoding="utf-8") as file:
        file.write(first + "\n")
    [problem] = check_catalogue(content)
    assert (Path(problem.file).name, problem.line) == ("traffic.jsonl", 10)
    assert "seal.jsonl:1" in problem.text


@pytest.mark.parametrize(
    ("line", "told"), [("{", "not JSON"), ("[1]", "not a JSON object"), ("[" * 100_000, "not JSON")]
)
def test_a_line_that_is_no_record_is_named(content: Path, line: str, told: str) -> None:
    with (content / SEAL).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{line}\n")
    [problem] = check_catalogue(content)
    assert problem.line == 10
    assert told in problem.text


def test_bytes_that_are_not_utf_8_are_named_by_line(content: Path) -> None:
    with (content / SEAL).open("ab") as file:
        file.write("tiếng Việt\n".encode("utf-16"))
    [problem] = [p for p in check_catalogue(content) if p.file.endswith("seal.jsonl")]
    assert (problem.line, problem.text) == (8, "not UTF-8")


def test_all_faults_are_told_at_once_not_only_the_first(content: Path) -> None:
    spoil_record(content / SEAL, 2, setting(status="old"))
    spoil_record(content / SEAL, 5, setting(priority=9))
    spoil_record(content / "topics.jsonl", 4, setting(answer=[]))
    assert [(Path(p.file).name, p.line) for p in check_catalogue(content)] == [
        ("seal.jsonl", 2),
        ("seal.jsonl", 5),
        ("topics.jsonl", 4),
    ]


def test_a_folder_without_procedures_is_a_fault(tmp_path: Path) -> None:
    assert check_catalogue(tmp_path)
    with pytest.raises(BadContent):
        read_procedures(tmp_path)


# ---- faults of units and groups --------------------------------------------------------------------------------


def replace_in_line(file: Path, line: int, old: str, new: str) -> None:
    lines = file.read_text("utf-8").splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    file.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("succession.csv", "07210", "99999", "is no unit"),
        ("units_2022.csv", "21.2958", "north", "could not convert"),
        ("units_2022.csv", ",phường,", ",", "cells"),
        ("districts_2022.csv", "07210;", "99999;", "99999@2025-07-01 is no unit"),
        ("groups_225.csv", ",07210,", ",99999,", "no unit of today has the code 99999"),
        ("groups_225.csv", ",commune,", ",village,", "village"),
    ],
)
def test_a_fault_of_a_table_is_named_with_file_and_line(
    content: Path, name: str, old: str, new: str, told: str
) -> None:
    replace_in_line(content / name, 2, old, new)
    problems = check_units(content)
    assert any(Path(p.file).name == name and p.line == 2 and told in p.text for p in problems), problems


def test_lines_are_counted_right_after_an_empty_one(content: Path) -> None:
    file = content / "units_2022.csv"
    lines = file.read_text("utf-8").splitlines()
    lines.insert(5, "")
    lines[100] = lines[100].replace(",21.", ",north")
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert (Path(check_units(content)[0].file).name, check_units(content)[0].line) == ("units_2022.csv", 101)


def test_a_missing_column_is_named(content: Path) -> None:
    replace_in_line(content / "units_2025.csv", 1, "short_name", "label")
    assert any("column 'short_name' is missing" in p.text for p in check_units(content))


def test_a_missing_file_is_named(content: Path) -> None:
    (content / "succession.csv").unlink()
    assert any(
        Path(p.file).name == "succession.csv" and "cannot be read" in p.text for p in check_units(content)
    )


def test_a_unit_that_stands_twice_is_told(content: Path) -> None:
    file = content / "units_2025.csv"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[5]]) + "\n", "utf-8")
    assert any("stands 2 times" in p.text for p in check_units(content))


def test_a_group_too_few_is_told_with_the_level_it_is_missing_from(content: Path) -> None:
    file = content / "groups_225.csv"
    file.write_text("\n".join(file.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    told = [p.text for p in check_units(content)]
    assert told == ["224 different groups, not 225", "5 groups of level province, not 6"]


def test_polygons_must_be_those_of_the_communes_of_today(content: Path) -> None:
    file = content / "wards_2025.geojson"
    collection = json.loads(file.read_text("utf-8"))
    collection["features"][0]["properties"]["code"] = "99999"
    collection["features"][1]["geometry"] = {"type": "Point", "coordinates": [106.2, 21.3]}
    file.write_text(json.dumps(collection), "utf-8")
    told = " ".join(p.text for p in check_units(content))
    assert "no polygon for" in told
    assert "99999: no such commune today" in told
    assert "Point: only polygons are wanted" in told


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": [{}]}', '{"features": 7}'])
def test_a_map_that_is_no_map_is_told_not_raised(content: Path, text: str) -> None:
    (content / "wards_2025.geojson").write_text(text, "utf-8")
    assert any(p.file.endswith("wards_2025.geojson") for p in check_units(content))
