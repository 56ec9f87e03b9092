"""Clips and voice messages: pictures and sound are played and recorded anew; nothing else comes along."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import IO, Any

import av
import av.filter
from av.container import InputContainer, OutputContainer

from bot.cleaning import pictures
from bot.cleaning.orders import Cleaned, Order, TooMuch, checked_place
from bot.cleaning.outline import Outline
from domain.media import write_peaks
from domain.tips import AttachmentKind

READERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "audio/mp4": "mov",
    "video/webm": "matroska",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
}
"""Each type has one reader: a playlist that calls itself a clip leads nowhere."""
SIDE = 1280
"""The longest side of a copy in pixels."""
RATE_MAX = 30
"""Pictures a second of a copy."""
DECODED_MAX = 240
"""Pictures a second nobody films: past this many for the longest clip it is not a clip."""
BROKEN_MAX = 200
"""Packets that cannot be decoded before the rest is given up."""
POSTER_AT_S = 1.0
CLOCK = 90_000
"""Ticks a second of the copy."""
SOUND_RATE = 44_100
_ISO_6709 = re.compile(r"([+-]\d{1,3}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")


def clean(source: IO[bytes], view: IO[bytes], poster: IO[bytes], order: Order) -> Cleaned:
    """Write an MP4 to `view` and, of a clip, a still to `poster`. Raises TooMuch; else it cannot be read."""
    with av.open(source, "r", format=READERS[order.mime], metadata_errors="ignore") as given:
        film = next(
            (s for s in given.streams.video if not s.disposition & av.stream.Disposition.attached_pic), None
        )
        sound = next(iter(given.streams.audio), None)
        if film is None and sound is None:
            raise ValueError("nothing to see or hear")
        kind = AttachmentKind.VOICE if film is None else AttachmentKind.CLIP
        order = Order(order.mime, kind)
        _check_length(given, order)
        with av.open(view, "w", format="mp4", options={"fflags": "+bitexact"}) as copy:
            player = _Player(given, copy, film, sound, order)
            player.play(poster)
        return Cleaned(
            kind,
            player.width,
            player.height,
            seconds=round(player.seconds, 2),
            poster=player.has_poster,
            likeness=player.likeness,
            place=_place(given),
            peaks=write_peaks(player.outline.bars()) if player.outline else None,
        )


def _check_length(given: InputContainer, order: Order) -> None:
    """What the file says of itself; what it really plays is measured again while it plays."""
    most = order.limit.duration
    if most is not None and given.duration and given.duration / av.time_base > most.total_seconds() + 1:
        raise TooMuch("duration")


class _Player:
    """Plays one file into another, a packet at a time."""

    def __init__(
        self, given: InputContainer, copy: OutputContainer, film: Any, sound: Any, order: Order
    ) -> None:
        assert order.limit.duration is not None
        self._given = given
        self._copy = copy
        self._film = film
        self._sound = sound
        self._order = order
        self._most_s = order.limit.duration.total_seconds() + 1
        self._broken = 0
        self._decoded = 0
        self._graph: tuple[Any, av.filter.Graph] | None = None
        self._film_out: Any = None
        self._last = -CLOCK
        self._still: Any = None
        self.seconds = 0.0
        self.width: int | None = None
        self.height: int | None = None
        self.has_poster = False
        self.likeness: str | None = None
        self.outline = Outline() if film is None else None
        if film is not None:
            pictures.check_size(film.codec_context.width, film.codec_context.height, order)
            assert order.limit.pixels is not None
            film.codec_context.options = {"max_pixels": str(order.limit.pixels)}
            film.thread_type = "AUTO"
        if sound is not None:
            self._sound_out: Any = copy.add_stream("aac", rate=SOUND_RATE)
            self._sound_out.layout = "mono" if film is None else "stereo"
            self._sound_out.bit_rate = 64_000 if film is None else 96_000
            self._resampler = av.AudioResampler(
                format="fltp", layout=self._sound_out.layout.name, rate=SOUND_RATE
            )
            self._samples = 0

    def play(self, poster: IO[bytes]) -> None:
        if self._film is not None:
            # the copy's streams are all made before its first packet
            self._open_film_out()
        for packet in self._given.demux([s for s in (self._film, self._sound) if s is not None]):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                self._broken += 1
                if self._broken > BROKEN_MAX:
                    break
                continue
            for frame in frames:
                if packet.stream is self._film:
                    self._show(frame)
                else:
                    self._sing(frame)
        if self._film is not None and self._still is None:
            raise ValueError("not one picture")
        if self._film is None and not self._samples:
            raise ValueError("not one sound")
        self._finish()
        if self._still is not None:
            self._keep_still(poster)

    # -- pictures ---------------------------------------------------------------------------------------------------

    def _open_film_out(self) -> None:
        context = self._film.codec_context
        turned = abs(_rotation_of(self._film)) % 180 == 90
        width, height = (context.height, context.width) if turned else (context.width, context.height)
        if width < 1 or height < 1:
            raise ValueError("a clip without a surface")
        scale = min(1.0, SIDE / max(width, height))
        self.width, self.height = (max(2, round(side * scale / 2) * 2) for side in (width, height))
        out = self._copy.add_stream("libx264", rate=RATE_MAX)
        out.width, out.height, out.pix_fmt = self.width, self.height, "yuv420p"
        out.codec_context.time_base = Fraction(1, CLOCK)
        out.codec_context.thread_count = 2
        out.options = {"preset": "veryfast", "crf": "26"}
        self._film_out = out

    def _show(self, frame: Any) -> None:
        self._decoded += 1
        if self._decoded > self._most_s * DECODED_MAX:
            raise TooMuch("duration")
        pictures.check_size(frame.width, frame.height, self._order)
        at = max(0, round((frame.time or 0.0) * CLOCK))
        if frame.time is None:
            at = self._last + CLOCK // RATE_MAX
        if at > self._most_s * CLOCK:
            raise TooMuch("duration")
        if at - self._last < CLOCK // (RATE_MAX + 3):
            return
        self._last = at
        drawn = self._drawn(frame)
        drawn.pts, drawn.time_base = at, Fraction(1, CLOCK)
        if self._still is None or (not self.has_poster and at >= POSTER_AT_S * CLOCK):
            self.has_poster = at >= POSTER_AT_S * CLOCK
            self._still = drawn.to_image()
        self.seconds = max(self.seconds, at / CLOCK)
        self._copy.mux(self._film_out.encode(drawn))

    def _drawn(self, frame: Any) -> Any:
        """Upright, at the copy's size; a fresh picture without the side data of the old one."""
        turn = round(frame.rotation) % 360
        look = (frame.width, frame.height, frame.format.name, turn)
        if self._graph is None or self._graph[0] != look:
            self._graph = (look, self._new_graph(frame, turn))
        graph = self._graph[1]
        graph.push(frame)
        return graph.pull()

    def _new_graph(self, frame: Any, turn: int) -> av.filter.Graph:
        graph = av.filter.Graph()
        chain = [
            graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format,
                time_base=frame.time_base or Fraction(1, CLOCK),
            )
        ]
        # FFmpeg's rotation counts anticlockwise
        turns = {
            90: [("transpose", "cclock")],
            270: [("transpose", "clock")],
            180: [("hflip", ""), ("vflip", "")],
        }
        for name, given in turns.get(turn, []):
            chain.append(graph.add(name, given) if given else graph.add(name))
        chain.append(graph.add("scale", f"{self.width}:{self.height}"))
        chain.append(graph.add("format", "yuv420p"))
        chain.append(graph.add("sidedata", "mode=delete"))
        chain.append(graph.add("buffersink"))
        graph.link_nodes(*chain).configure()
        return graph

    def _keep_still(self, poster: IO[bytes]) -> None:
        still = self._still.convert("RGB")
        pictures.save(still, poster)
        self.has_poster = True
        self.likeness = pictures.likeness(still)

    # -- sound ------------------------------------------------------------------------------------------------------

    def _sing(self, frame: Any) -> None:
        frame.pts = None
        if self.outline:
            self.outline.hear(frame)
        for part in self._resampler.resample(frame):
            part.pts, part.time_base = self._samples, Fraction(1, SOUND_RATE)
            self._samples += part.samples
            if self._samples > self._most_s * SOUND_RATE:
                raise TooMuch("duration")
            self._copy.mux(self._sound_out.encode(part))

    def _finish(self) -> None:
        if self._film_out is not None:
            self._copy.mux(self._film_out.encode(None))
        if self._sound is not None:
            for part in self._resampler.resample(None):
                part.pts, part.time_base = self._samples, Fraction(1, SOUND_RATE)
                self._samples += part.samples
                self._copy.mux(self._sound_out.encode(part))
            self._copy.mux(self._sound_out.encode(None))
            if self.outline:
                self.outline.hear(None)
            if self._film is None:
                self.seconds = self._samples / SOUND_RATE


def _rotation_of(film: Any) -> int:
    """Degrees the pictures are to be turned by, from the first one; the file is wound back afterwards."""
    container = film.container
    try:
        frame = next(container.decode(film), None)
        return 0 if frame is None else round(frame.rotation)
    finally:
        container.seek(0)


def _place(given: InputContainer) -> tuple[float, float] | None:
    """Where the phone says it was (ISO 6709, as Android and iPhone write it)."""
    for name in ("location", "com.apple.quicktime.location.ISO6709", "location-eng"):
        found = _ISO_6709.match(given.metadata.get(name, ""))
        if found:
            return checked_place(found.groups())
    return None
