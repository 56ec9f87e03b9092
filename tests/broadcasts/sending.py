"""A process that only sends: its groups are a file, one line for each message that arrived.

python -m tests.broadcasts.sending DATABASE_URL FILE
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from broadcasts.send import Sender
from data.session import Database
from domain.posts import Post


def main(url: str, file: Path) -> None:
    groups = file.open("ab", buffering=0)

    def send(oa_id: str, zalo_group_id: str, post: Post) -> str:
        time.sleep(0.001)  # a moment before it arrives, and one before we hear of it
        groups.write(f"{zalo_group_id}\n".encode())
        time.sleep(0.001)
        return f"m-{zalo_group_id}"

    sender = Sender(Database(url), send, clock=lambda: datetime.now(UTC))
    while True:
        if not sender.drain():
            time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
