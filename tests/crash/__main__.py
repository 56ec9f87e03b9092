"""`python -m tests.crash [KILLS]`: run the harness and print the counts."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.crash.harness import Crash

with tempfile.TemporaryDirectory() as folder:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    print(Crash(Path(folder), kills=kills, seed_of_chance=kills).run().in_words())
