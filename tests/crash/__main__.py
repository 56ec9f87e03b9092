"""`python -m tests.crash [KILLS]`: run the harness and print the counts; the exit code is 1 when there is a fault."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.crash.harness import Crash

with tempfile.TemporaryDirectory() as folder:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    counts = Crash(Path(folder), kills=kills, seed_of_chance=kills).run()
print(counts.in_words())
sys.exit(1 if counts.faults else 0)
