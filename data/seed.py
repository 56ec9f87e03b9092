"""From the files of data/content into the database: the files are the seed, the database is the truth after."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import care, content_files, unit_changes
from data.session import Database
from data.tables import GroupRow, ProcedureRow, SuccessionRow, TopicRow, UnitRow
from domain.broadcasts import ChannelKind
from domain.errors import BadContent
from domain.units import Unit, UnitBook, UnitLevel
from domain.vietnamese import fold


def fill_if_empty(database: Database, content: Path) -> list[str]:
    """Fill a database that has no procedures and no units yet; returns lines that say what was done."""
    with database.reading() as session:
        procedures = session.scalar(select(func.count()).select_from(ProcedureRow))
        units = session.scalar(select(func.count()).select_from(UnitRow))
    said = []
    if not units:
        said += import_units(database, content)
        said += import_groups(database, content / "groups_225.csv", content)
    if not procedures:
        said += import_catalogue(database, content, now=datetime.now(UTC))
    return said


def import_catalogue(
    database: Database, path: Path, *, now: datetime, dry_run: bool = False, overwrite: bool = False
) -> list[str]:
    """Bring procedures (and topics, where the folder has them) in. Raises BadContent and changes nothing.

    overwrite  records that officers edited in the console are replaced too; else they stay, and are named
    """
    problems = content_files.check_catalogue(path)
    if problems:
        raise BadContent([str(problem) for problem in problems])
    procedures = content_files.raw_records(path)
    topics_file = path / "topics.jsonl"
    topics = content_files.raw_records(topics_file) if topics_file.exists() else []
    with database.transaction() as session:
        known = {row.id: row for row in session.scalars(select(ProcedureRow))}
        new = [row for row in procedures if row["id"] not in known]
        differ = [row for row in procedures if row["id"] in known and known[row["id"]].body != row]
        kept = [] if overwrite else [row for row in differ if known[row["id"]].edited]
        changed = [row for row in differ if row not in kept]
        known_topics = {row.id: row for row in session.scalars(select(TopicRow))}
        moved = [t for t in topics if t["id"] not in known_topics or known_topics[t["id"]].body != t]
        if not dry_run:
            for body in [*new, *changed]:
                row = known.get(body["id"]) or ProcedureRow(id=body["id"], version=0)
                care.write_from_files(session, row, body, now=now)
            for body in moved:
                topic = known_topics.get(body["id"]) or TopicRow(id=body["id"])
                topic.category, topic.body, topic.updated_at = body["category"], body, now
                session.add(topic)
    would = "would be " if dry_run else ""
    lines = [
        f"procedures: {len(new)} {would}new, {len(changed)} {would}changed, {len(procedures)} in the files"
    ]
    lines += [f"  ~ {body['id']} {body['name']}" for body in changed[:50]]
    if kept:
        lines.append(
            f"edited in the console, left as they are: {len(kept)} (--overwrite-edits replaces them by the files)"
        )
        lines += [f"  = {body['id']} {body['name']}" for body in kept[:50]]
    if topics:
        lines.append(f"topics: {len(moved)} {would}new or changed, {len(topics)} in the files")
    return lines


def import_units(database: Database, content: Path) -> list[str]:
    """Bring units and succession in; units that are known already are brought up to date."""
    book = content_files.read_units(content)
    with database.transaction() as session:
        _keep_units(session, book)
    return [f"units: {len(book.units)}, of which {len(_communes_today(book))} communes today"]


def import_groups(database: Database, file: Path, content: Path | None = None) -> list[str]:
    """Bring the registry of groups in. How a group is reached (channel, OA, Zalo id) stays as it was set."""
    groups = content_files.read_groups(file, content_files.read_units(content or file.parent))
    with database.transaction() as session:
        known = {row.code: row for row in session.scalars(select(GroupRow))}
        today = unit_changes.now_of(session)
        for group in groups:
            row = known.get(group.code) or GroupRow(
                code=group.code, channel=ChannelKind.ASSISTED, active=True, oa_id=None, zalo_group_id=None
            )
            row.name, row.name_folded, row.level = group.name, fold(group.name), group.level
            row.unit_2022_code, row.district_2022_code = group.unit_2022_code, group.district_2022_code
            row.police_2022, row.unit_id = group.police_2022, today.get(group.unit_id, group.unit_id)
            row.basis, row.inferred = group.basis, group.inferred
            session.add(row)
    inferred = sum(group.inferred for group in groups)
    return [f"groups: {len(groups)}, {inferred} of them inferred (see data/content/README.md)"]


def replace_wards(content: Path, new: Path) -> list[str]:
    """Put another map of the wards in place of the present one, if its codes are those of today's communes."""
    book = content_files.read_units(content)
    problems = content_files.check_wards(new, {unit.code for unit in _communes_today(book)})
    if problems:
        raise BadContent([str(problem) for problem in problems])
    target = content / "wards_2025.geojson"
    handle, name = tempfile.mkstemp(dir=content, suffix=".part")
    os.close(handle)
    shutil.copyfile(new, name)
    Path(name).chmod(0o644)
    Path(name).replace(target)
    return [f"{target} is the new map; restart the program to use it"]


def _keep_units(session: Session, book: UnitBook) -> None:
    known = {row.id: row for row in session.scalars(select(UnitRow))}
    ended_here = unit_changes.now_of(session)
    for unit in book.units:
        row = known.get(unit.id) or UnitRow(id=unit.id, code=unit.code, valid_from=unit.valid_from)
        row.name, row.short_name, row.kind, row.level = unit.name, unit.short_name, unit.kind, unit.level
        row.district_code, row.district, row.province = unit.district_code, unit.district, unit.province
        row.latitude, row.longitude = unit.latitude, unit.longitude
        if unit.id not in ended_here:  # what officers changed in the console is newer than the file
            row.valid_to = unit.valid_to
        session.add(row)
    session.flush()
    there = {(row.old_id, row.new_id) for row in session.scalars(select(SuccessionRow))}
    for one in book.succession:
        if (one.old_id, one.new_id) not in there:
            session.add(
                SuccessionRow(old_id=one.old_id, new_id=one.new_id, since=one.since, evidence=one.evidence)
            )


def _communes_today(book: UnitBook) -> list[Unit]:
    return [unit for unit in book.units if unit.level is UnitLevel.COMMUNE and unit.valid_to is None]
