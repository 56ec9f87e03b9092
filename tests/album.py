"""A small server with photos to fetch, each with bytes of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.samples import noisy_photo


@lru_cache(maxsize=2048)
def _photo(number: int) -> bytes:
    return noisy_photo(number)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        content = self.server.album.photo(int(self.path.strip("/").removesuffix(".jpg")))
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    album: PhotoAlbum

    def handle_error(self, *_: Any) -> None:
        """A reader that was killed is no news."""


class PhotoAlbum:
    """`with PhotoAlbum() as album`: photo number n is at `album.link(n)`. `files`: these instead of photos."""

    def __init__(self, files: Sequence[bytes] | None = None) -> None:
        self._files = files

    def __enter__(self) -> PhotoAlbum:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.album = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def link(self, number: int) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{number}.jpg"

    def photo(self, number: int) -> bytes:
        return _photo(number) if self._files is None else self._files[number]
