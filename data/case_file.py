"""An unsealed original as it goes into a case file: the file, its record in words and for machines, its hash.

TB-….zip
├─ TB-…-tep-1.jpg      the original, bit by bit as it came
├─ bien-ban.txt        the record, Vietnamese
├─ bien-ban.json       the same for machines
└─ SHA256SUMS          `sha256sum -c SHA256SUMS` checks the original
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, BinaryIO, cast

from data.custody import ACT_LABELS, Link
from data.sealed_files import CHUNK
from data.unsealing import Line
from domain.broadcasts import VIETNAM

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "application/pdf": "pdf",
}
"""Our own names for files; the sender's name is never used."""


@dataclass(frozen=True)
class Manifest:
    """What the record says. Moments are aware; `mime`, `size` (bytes) and `sha256` (hex) are of the original."""

    request: Line
    unit_name: str
    mime: str
    size: int
    sha256: str
    taken_by: str
    taken_at: datetime
    chain: Sequence[Link]

    @property
    def stem(self) -> str:
        return f"{self.request.tip_code}-tep-{self.request.file_number}"

    @property
    def file_name(self) -> str:
        return f"{self.stem}.{ENDINGS.get(self.mime, 'bin')}"

    def sums(self) -> str:
        return f"{self.sha256}  {self.file_name}\n"

    def as_json(self) -> str:
        one = self.request
        said = {
            "tip_code": one.tip_code,
            "file": self.file_name,
            "unit": self.unit_name,
            "type": self.mime,
            "size_bytes": self.size,
            "sha256": self.sha256,
            "request": {
                "number": one.id,
                "asked_by": one.asker,
                "asked_at": one.asked_at.isoformat(),
                "reason": one.reason,
                "case_number": one.case_number,
                "approved_by": one.decider,
                "approved_at": one.decided_at.isoformat() if one.decided_at else None,
                "open_until": one.open_until.isoformat() if one.open_until else None,
            },
            "taken_by": self.taken_by,
            "taken_at": self.taken_at.isoformat(),
            "chain_of_custody": [
                {
                    "position": link.position,
                    "at": link.at.isoformat(),
                    "act": link.act,
                    "by": link.officer_name,
                    "sha256": link.sha256,
                    "words": link.words,
                    "hash": link.hash,
                }
                for link in self.chain
            ],
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"

    def in_words(self) -> str:
        one = self.request
        lines = [
            "BIÊN BẢN MỞ NIÊM PHONG TỆP GỐC",
            "(giờ Việt Nam)",
            "",
            f"Mã tin báo:        {one.tip_code}",
            f"Đơn vị:            {self.unit_name}",
            f"Tệp:               {self.file_name} ({self.mime}, {self.size} byte)",
            f"SHA-256:           {self.sha256}",
            f"Số đề nghị:        {one.id}",
            f"Người đề nghị:     {one.asker}, lúc {_moment(one.asked_at)}",
            f"Lý do:             {one.reason}",
            f"Số hồ sơ vụ việc:  {one.case_number or '(không ghi)'}",
            f"Người duyệt:       {one.decider}, lúc {_moment(one.decided_at)}",
            f"Hiệu lực đến:      {_moment(one.open_until)}",
            f"Người nhận tệp:    {self.taken_by}, lúc {_moment(self.taken_at)}",
            "",
            "QUÁ TRÌNH BẢO QUẢN",
        ]
        for link in self.chain:
            by = link.officer_name or "hệ thống"
            lines.append(
                f"{link.position:>3}. {_moment(link.at)}  {ACT_LABELS[link.act]} ({by})"
                + (f": {link.words}" if link.words else "")
            )
            lines.append(f"     mã nối {link.hash}")
        lines += ["", "Kiểm tra tệp gốc: sha256sum -c SHA256SUMS", ""]
        return "\n".join(lines)


def packed(original: BinaryIO, manifest: Manifest) -> Iterator[bytes]:
    """The archive in pieces, as it is made: neither memory nor disk ever has the whole of it."""
    out = _Pieces()
    at = manifest.taken_at.astimezone(VIETNAM).timetuple()[:6]
    with zipfile.ZipFile(cast("IO[bytes]", out), "w", zipfile.ZIP_STORED) as archive:
        with archive.open(zipfile.ZipInfo(manifest.file_name, at), "w", force_zip64=True) as entry:
            while chunk := original.read(CHUNK):
                entry.write(chunk)
                yield from out.taken()
        for name, text in (
            ("bien-ban.txt", "\ufeff" + manifest.in_words().replace("\n", "\r\n")),
            ("bien-ban.json", manifest.as_json()),
            ("SHA256SUMS", manifest.sums()),
        ):
            archive.writestr(zipfile.ZipInfo(name, at), text.encode())
            yield from out.taken()
    yield from out.taken()


class _Pieces:
    """A file one can only write to; what was written is taken away at once."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> Iterator[bytes]:
        written, self._written = self._written, []
        yield from written


def _moment(at: datetime | None) -> str:
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S") if at else "—"
