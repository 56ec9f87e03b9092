"""`python -m simulator`: the make-believe Zalo alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simulator.serve import run

parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
parser.add_argument("--config", type=Path, help="a seed as JSON: app, oas, groups, residents")
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=8001)
parser.add_argument("--state-dir", type=Path, help="where media are kept")
given = parser.parse_args()
sys.exit(run(config=given.config, host=given.host, port=given.port, state_dir=given.state_dir))
