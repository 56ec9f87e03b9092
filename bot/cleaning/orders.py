"""What is asked of the child process, and what it answers. What comes back is checked: a hostile file wrote it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import HouseError
from domain.media import LIMITS, Limit, Refusal, read_peaks
from domain.tips import AttachmentKind

MIB = 1 << 20


class TooMuch(HouseError):
    """More pixels, seconds or pages than the table of limits allows; `why` names the measure."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def in_words(self, kind: AttachmentKind) -> str:
        """The refusal as residents and officers read it; what nobody knows is said in general."""
        match self.why:
            case "duration":
                return Refusal.duration(kind if LIMITS[kind].duration else AttachmentKind.CLIP)
            case "pages":
                return Refusal.pages(kind)
        return Refusal.PIXELS


class CannotClean(HouseError):
    """No clean copy could be made of this file; `cause` is a word for the log: broken, time, memory …"""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class CleanerDown(HouseError):
    """The child process could not be started or fell silent: worth another try."""


@dataclass(frozen=True)
class Order:
    """One file to clean.

    mime   as its bytes say (data.media.file_type)
    kind   of the table of limits
    """

    mime: str
    kind: AttachmentKind

    @property
    def limit(self) -> Limit:
        return LIMITS[self.kind]


@dataclass(frozen=True)
class Cage:
    """What one file may cost. Bytes of address space and of output, seconds of processor and of clock."""

    memory: int
    output: int
    cpu_s: int
    wall_s: float


CAGES: Mapping[AttachmentKind, Cage] = {
    AttachmentKind.PHOTO: Cage(memory=1536 * MIB, output=64 * MIB, cpu_s=30, wall_s=60.0),
    AttachmentKind.CLIP: Cage(memory=1536 * MIB, output=200 * MIB, cpu_s=900, wall_s=600.0),
    AttachmentKind.VOICE: Cage(memory=1024 * MIB, output=64 * MIB, cpu_s=120, wall_s=180.0),
    AttachmentKind.FILE: Cage(memory=1024 * MIB, output=100 * MIB, cpu_s=60, wall_s=120.0),
}

VIEW_MIMES: Mapping[AttachmentKind, str] = {
    AttachmentKind.PHOTO: "image/jpeg",
    AttachmentKind.CLIP: "video/mp4",
    AttachmentKind.VOICE: "audio/mp4",
    AttachmentKind.FILE: "application/pdf",
}
"""The type of every clean copy: our own choice, whatever came in."""


@dataclass(frozen=True)
class Cleaned:
    """A clean copy was written.

    kind           what it turned out to be: an MP4 without pictures is a voice message
    width, height  pixels of the copy
    likeness       16 hex digits (difference hash), for finding pictures that look alike
    peaks          of a voice message: how loud it is from beginning to end (domain.media.peaks_in_words)
    place          (latitude, longitude) that the file itself named; WGS 84 degrees
    """

    kind: AttachmentKind
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    poster: bool = False
    likeness: str | None = None
    place: tuple[float, float] | None = None
    peaks: str | None = None

    @property
    def mime(self) -> str:
        return VIEW_MIMES[self.kind]

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "width": self.width,
            "height": self.height,
            "seconds": self.seconds,
            "poster": self.poster,
            "likeness": self.likeness,
            "place": self.place,
            "peaks": self.peaks,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Cleaned:
        """Believe nothing that is out of range; raises CannotClean when it makes no sense."""
        try:
            likeness, peaks = said["likeness"], said["peaks"]
            return cls(
                kind=AttachmentKind(said["kind"]),
                width=_whole(said["width"]),
                height=_whole(said["height"]),
                seconds=_between(said["seconds"], 0, 1e5),
                poster=said["poster"] is True,
                likeness=None if likeness is None else f"{int(likeness, 16):016x}"[:16],
                place=checked_place(said["place"]),
                peaks=None if peaks is None else _checked_peaks(str(peaks)),
            )
        except (KeyError, TypeError, ValueError):
            raise CannotClean("answer") from None


def _checked_peaks(said: str) -> str:
    if said and not read_peaks(said):
        raise ValueError("no peaks")
    return said


def checked_place(said: Any) -> tuple[float, float] | None:
    """A place on earth, or None; 0, 0 is what cameras without reception write."""
    if said is None:
        return None
    latitude, longitude = (float(part) for part in said)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude, longitude) == (0.0, 0.0):
        return None
    return round(latitude, 6), round(longitude, 6)


def _whole(said: Any) -> int | None:
    found = _between(said, 1, 100_000)
    return None if found is None else int(found)


def _between(said: Any, low: float, high: float) -> float | None:
    if said is None:
        return None
    number = float(said)
    if not math.isfinite(number) or not low <= number <= high:
        raise ValueError("out of range")
    return number
