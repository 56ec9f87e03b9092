"""Reads data/content: plain files edited by people, every fault named by file and line.

`check_*` return all the problems there are; `read_*` raise BadContent with them, or return what was read.
Fields and sources: data/content/README.md.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from data.record_rules import PROCEDURE_SHAPE, TOPIC_SHAPE, procedure_faults, shape_faults, topic_faults
from domain.errors import BadContent
from domain.procedures import Procedure, Topic
from domain.units import Group, Succession, Unit, UnitBook, UnitLevel

SINCE_2022 = date(2022, 3, 1)
"""The units of 2022 are known from March 2022 on (earlier: out of our sight)."""
SINCE_2019, MERGER_2020 = date(2019, 1, 1), date(2020, 1, 1)
"""The units merged by resolution 813/NQ-UBTVQH14 are known as they were in 2019; people still use their names."""
SINCE_2025 = date(2025, 1, 1)
"""The communes of old Bắc Ninh, and those renamed since 2022, are known as they were in 2025, before the reform."""
REFORM = date(2025, 7, 1)
"""Resolution 1658/NQ-UBTVQH15: communes of today; the district level and Công an tỉnh Bắc Giang end."""
DISTRICT_POLICE_END = date(2025, 3, 1)
GROUPS_TOTAL = 225

GROUPS_BY_LEVEL = {UnitLevel.COMMUNE: 209, UnitLevel.DISTRICT: 10, UnitLevel.PROVINCE: 6}


@dataclass(frozen=True)
class Problem:
    """One fault: where it is, and what is wrong there."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True)
class _Row:
    file: Path
    line: int
    value: dict[str, Any]

    def problem(self, text: str) -> Problem:
        return Problem(str(self.file), self.line, text)


# ---- catalogue --------------------------------------------------------------------------------------------


def check_catalogue(path: Path) -> list[Problem]:
    """Every fault of the catalogue: `path` is a content folder, a folder of *.jsonl, or one file."""
    problems: list[Problem] = []
    procedures = list(_json_rows(_procedure_files(path), problems))
    _check_procedures(procedures, problems)
    topics_file = path / "topics.jsonl"
    if topics_file.exists():
        _check_topics(list(_json_rows([topics_file], problems)), problems)
    return problems


def read_procedures(path: Path) -> list[Procedure]:
    """The procedures of a folder or file, in the order of the files. Raises BadContent."""
    problems: list[Problem] = []
    rows = list(_json_rows(_procedure_files(path), problems))
    _check_procedures(rows, problems)
    _raise(problems)
    return [Procedure.from_json(row.value) for row in rows]


def read_topics(path: Path) -> list[Topic]:
    """The topics of one file. Raises BadContent."""
    problems: list[Problem] = []
    rows = list(_json_rows([path], problems))
    _check_topics(rows, problems)
    _raise(problems)
    return [Topic.from_json(row.value) for row in rows]


def raw_records(path: Path) -> list[dict[str, Any]]:
    """The records of checked files as they stand, every field kept (for the database)."""
    return [row.value for row in _json_rows(_procedure_files(path) if path.is_dir() else [path], [])]


def _procedure_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    inner = path / "procedures"
    return sorted((inner if inner.is_dir() else path).glob("*.jsonl"))


def _check_procedures(rows: list[_Row], problems: list[Problem]) -> None:
    rows = _check_shape(rows, PROCEDURE_SHAPE, problems)
    known = {row.value.get("code") for row in rows} | {row.value.get("id") for row in rows}
    for row in rows:
        problems += [row.problem(fault.text) for fault in procedure_faults(row.value, known)]


def _check_topics(rows: list[_Row], problems: list[Problem]) -> None:
    for row in _check_shape(rows, TOPIC_SHAPE, problems):
        problems += [row.problem(fault.text) for fault in topic_faults(row.value)]


def _check_shape(
    rows: list[_Row], shape: Mapping[str, tuple[type, ...]], problems: list[Problem]
) -> list[_Row]:
    """Name what breaks the shape or is used twice; give back the rows that have the shape."""
    seen: dict[str, _Row] = {}
    sound = []
    for row in rows:
        faults = shape_faults(row.value, shape)
        problems += [row.problem(fault.text) for fault in faults]
        if faults:
            continue
        sound.append(row)
        first = seen.setdefault(row.value["id"], row)
        if first is not row:
            problems.append(
                row.problem(f"id {row.value['id']} was used already, in {first.file}:{first.line}")
            )
    return sound


# ---- units and groups ---------------------------------------------------------------------------------------


def check_units(path: Path) -> list[Problem]:
    """Every fault of units, succession, groups and ward polygons in a content folder."""
    problems: list[Problem] = []
    book = _read_units(path, problems)
    _read_groups(path / "groups_225.csv", book, problems)
    wards = path / "wards_2025.geojson"
    if wards.exists():
        problems += check_wards(wards, {u.code for u in book.units if _is_commune_of_today(u)})
    return problems


def read_units(path: Path) -> UnitBook:
    """Units of 2022 and of today, and the succession. Raises BadContent."""
    problems: list[Problem] = []
    book = _read_units(path, problems)
    _raise(problems)
    return book


def read_groups(file: Path, book: UnitBook) -> list[Group]:
    """The 225 groups. Raises BadContent."""
    problems: list[Problem] = []
    groups = _read_groups(file, book, problems)
    _raise(problems)
    return groups


def check_wards(file: Path, codes: set[str]) -> list[Problem]:
    """A map of the wards fits when it is GeoJSON whose `code`s are exactly those of today's communes."""
    try:
        features = json.loads(file.read_text("utf-8"))["features"]
        found = [str(feature["properties"]["code"]) for feature in features]
        kinds = {feature["geometry"]["type"] for feature in features}
    except (ValueError, KeyError, TypeError, OSError) as error:
        return [Problem(str(file), 1, f"not a GeoJSON collection with a code for each feature ({error})")]
    problems = []
    if missing := sorted(codes - set(found)):
        problems.append(Problem(str(file), 1, f"no polygon for {', '.join(missing)}"))
    if extra := sorted(set(found) - codes):
        problems.append(Problem(str(file), 1, f"{', '.join(extra)}: no such commune today"))
    if len(found) != len(set(found)):
        problems.append(Problem(str(file), 1, "a code stands twice"))
    if wrong := sorted(kinds - {"Polygon", "MultiPolygon"}):
        problems.append(Problem(str(file), 1, f"{', '.join(wrong)}: only polygons are wanted"))
    return problems


def _read_units(path: Path, problems: list[Problem]) -> UnitBook:
    provinces = _each(path / "provinces.csv", _province, problems)
    units: list[Unit] = list(provinces)
    units += _each(path / "districts_2022.csv", _district, problems)
    of_2022 = _each(path / "units_2022.csv", _unit_of_2022, problems)
    merged = [pair for pairs in _each(path / "units_2022.csv", _merged_in_2020, problems) for pair in pairs]
    units += of_2022 + [unit for unit, _ in merged]
    units += _each(path / "units_2025.csv", _unit_of_2025, problems)
    mid_2025 = _each(path / "units_2025_from_old.csv", _unit_of_mid_2025, problems)
    names_of_2022 = {(unit.code, unit.short_name) for unit in of_2022}
    units += [unit for unit in mid_2025 if (unit.code, unit.short_name) not in names_of_2022]
    ids = {unit.id for unit in units}
    succession = _each(path / "succession.csv", _commune_succession(ids), problems)
    for lists in _each(path / "districts_2022.csv", _district_succession(ids), problems):
        succession += lists
    from_old = _each(path / "units_2025_from_old.csv", _mid_2025_succession(ids), problems)
    succession += [row for row in from_old if row.old_id in ids]
    succession += [link for _, link in merged]
    for unit_id, times in Counter(unit.id for unit in units).items():
        if times > 1:
            problems.append(Problem(str(path), 0, f"{unit_id} stands {times} times in the files of units"))
    for links in _each(path / "provinces.csv", _province_succession(provinces), problems):
        succession += links
    return UnitBook(tuple(units), tuple(dict.fromkeys(succession)))


def _province(row: dict[str, str]) -> Unit:
    return Unit(
        row["code"],
        row["name"],
        row["short_name"],
        row["type"],
        UnitLevel.PROVINCE,
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )


def _province_succession(provinces: list[Unit]) -> Callable[[dict[str, str]], list[Succession]]:
    def read(row: dict[str, str]) -> list[Succession]:
        if not row["successor_code"]:
            return []
        since = date.fromisoformat(row["valid_to"])
        new = next((p for p in provinces if p.code == row["successor_code"] and p.valid_from == since), None)
        if new is None:
            raise ValueError(f"no province {row['successor_code']} begins on {since}")
        return [Succession(_province(row).id, new.id, since, row["basis"])]

    return read


def _district(row: dict[str, str]) -> Unit:
    return Unit(
        row["district_code"],
        row["name"],
        row["short_name"],
        row["type"],
        UnitLevel.DISTRICT,
        SINCE_2022,
        REFORM,
        province=row["province"],
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
    )


def _unit_of_2022(row: dict[str, str]) -> Unit:
    return Unit(
        row["gso_code"],
        row["name"],
        row["short_name"],
        row["type"],
        UnitLevel.COMMUNE,
        SINCE_2022,
        REFORM,
        row["district_code"],
        row["district"],
        row["province"],
        float(row["lat"]),
        float(row["lon"]),
    )


def _unit_of_2025(row: dict[str, str]) -> Unit:
    return Unit(
        row["code"],
        row["name"],
        row["short_name"],
        row["type"],
        UnitLevel.COMMUNE,
        REFORM,
        province=row["province"],
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
    )


def _merged_in_2020(row: dict[str, str]) -> list[tuple[Unit, Succession]]:
    """The units of 2019 that went into this one under another name (`07681 Thị trấn Neo; 07732 Xã Nham Sơn`)."""
    found = []
    for text in filter(None, (part.strip() for part in row["pre_2020_units"].split(";"))):
        code, _, name = text.partition(" ")
        kind, short_name = _kind_and_name(name)
        if short_name != row["short_name"]:
            unit = Unit(
                code,
                name,
                short_name,
                kind,
                UnitLevel.COMMUNE,
                SINCE_2019,
                MERGER_2020,
                row["district_code"],
                row["district"],
                row["province"],
            )
            new_id = f"{row['gso_code']}@{SINCE_2022}"
            found.append((unit, Succession(unit.id, new_id, MERGER_2020, "resolution 813/NQ-UBTVQH14")))
    return found


def _unit_of_mid_2025(row: dict[str, str]) -> Unit:
    """A commune as it was right before the reform."""
    kind, short_name = _kind_and_name(row["old_name"])
    return Unit(
        row["old_code"],
        row["old_name"],
        short_name,
        kind,
        UnitLevel.COMMUNE,
        SINCE_2025,
        REFORM,
        district=row["old_district"],
        province=row["old_province"],
    )


def _kind_and_name(name: str) -> tuple[str, str]:
    for kind in ("thị trấn", "phường", "xã"):
        if name.lower().startswith(f"{kind} "):
            return kind, name[len(kind) + 1 :]
    raise ValueError(f"{name} does not begin with its kind")


def _mid_2025_succession(ids: set[str]) -> Callable[[dict[str, str]], Succession]:
    def read(row: dict[str, str]) -> Succession:
        old, new = f"{row['old_code']}@{SINCE_2025}", f"{row['new_code']}@{REFORM}"
        if new not in ids:
            raise ValueError(f"{new} is no unit")
        return Succession(old, new, REFORM, row["how"])

    return read


def _commune_succession(ids: set[str]) -> Callable[[dict[str, str]], Succession]:
    def read(row: dict[str, str]) -> Succession:
        old, new = f"{row['old_code']}@{SINCE_2022}", f"{row['new_code']}@{REFORM}"
        for one in (old, new):
            if one not in ids:
                raise ValueError(f"{one} is no unit")
        return Succession(old, new, REFORM, row["evidence"])

    return read


def _district_succession(ids: set[str]) -> Callable[[dict[str, str]], list[Succession]]:
    def read(row: dict[str, str]) -> list[Succession]:
        old = f"{row['district_code']}@{SINCE_2022}"
        new = [f"{code}@{REFORM}" for code in row["successors_2025"].split(";")]
        if wrong := [one for one in new if one not in ids]:
            raise ValueError(f"{', '.join(wrong)} is no unit")
        return [Succession(old, one, REFORM, "communes of the district") for one in new]

    return read


def _read_groups(file: Path, book: UnitBook, problems: list[Problem]) -> list[Group]:
    today = {(unit.code, unit.level): unit for unit in book.units if unit.valid_to is None}

    def read(row: dict[str, str]) -> Group:
        level = UnitLevel(row["level"])
        wanted = UnitLevel.COMMUNE if level is UnitLevel.COMMUNE else UnitLevel.PROVINCE
        unit = today.get((row["police_today_code"], wanted))
        if unit is None:
            raise ValueError(f"no unit of today has the code {row['police_today_code']}")
        return Group(
            row["group_code"],
            row["name"],
            level,
            row["unit_2022_code"] or None,
            row["district_2022_code"] or None,
            row["police_2022"],
            unit.id,
            row["basis"],
            inferred=row["basis"].startswith("inferred"),
        )

    groups = _each(file, read, problems)
    if len({group.code for group in groups}) != GROUPS_TOTAL:
        problems.append(
            Problem(str(file), 1, f"{len({g.code for g in groups})} different groups, not {GROUPS_TOTAL}")
        )
    of_level = Counter(group.level for group in groups)
    for level, wanted in GROUPS_BY_LEVEL.items():
        if of_level[level] != wanted:
            problems.append(Problem(str(file), 1, f"{of_level[level]} groups of level {level}, not {wanted}"))
    return groups


def _is_commune_of_today(unit: Unit) -> bool:
    return unit.level is UnitLevel.COMMUNE and unit.valid_to is None


# ---- reading files ------------------------------------------------------------------------------------------


def _json_rows(files: list[Path], problems: list[Problem]) -> Iterator[_Row]:
    if not files:
        problems.append(Problem("procedures", 0, "no *.jsonl files here"))
    for file in files:
        for number, line in _lines(file, problems):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as error:
                problems.append(Problem(str(file), number, f"not JSON: {error}"))
                continue
            if isinstance(value, dict):
                yield _Row(file, number, value)
            else:
                problems.append(Problem(str(file), number, "not a JSON object"))


def _each(file: Path, read: Callable[[dict[str, str]], Any], problems: list[Problem]) -> list[Any]:
    """Every row of a CSV file through `read`; what it cannot read becomes a problem."""
    reader = csv.DictReader([line for _, line in _lines(file, problems)])
    rows = []
    try:
        for row in reader:
            if None in row or None in row.values():
                problems.append(
                    Problem(str(file), reader.line_num, "more or fewer cells than the first line")
                )
                continue
            try:
                rows.append(read(row))
            except KeyError as error:
                problems.append(Problem(str(file), reader.line_num, f"column {error} is missing"))
            except ValueError as error:
                problems.append(Problem(str(file), reader.line_num, str(error)))
    except csv.Error as error:
        problems.append(Problem(str(file), reader.line_num, str(error)))
    return rows


def _lines(file: Path, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    try:
        text = file.read_text("utf-8-sig")
    except OSError:
        problems.append(Problem(str(file), 0, "cannot be read"))
        return
    except UnicodeDecodeError as error:
        at = file.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(Problem(str(file), at, "not UTF-8"))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not unicodedata.is_normalized("NFC", line):
            problems.append(Problem(str(file), number, "not NFC: letters and accents are apart"))
        yield number, line


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise BadContent([str(problem) for problem in problems])
