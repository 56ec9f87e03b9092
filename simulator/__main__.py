"""`python -m simulator`: the make-believe Zalo alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simulator.serve import run

parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
parser.add_argument("--config", type=Path, help="a seed as JSON: app, oas, groups, residents (see README.md)")
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=8001, help="0: any free one; the printed line names it")
parser.add_argument("--state-dir", type=Path, help="where talk and media are kept over a restart")
parser.add_argument("--base-url", default="", help="how the bot reaches it, when not http://HOST:PORT")


def main() -> int:
    given = parser.parse_args()
    return run(
        config=given.config,
        host=given.host,
        port=given.port,
        state_dir=given.state_dir,
        base_url=given.base_url.rstrip("/"),
    )


if __name__ == "__main__":
    sys.exit(main())
