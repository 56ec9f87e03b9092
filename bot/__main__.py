"""`python -m bot …`: see bot/cli.py."""

import gc

gc.set_threshold(
    50_000
)  # loading makes little garbage: with Python's 700 looking for it takes a sixth of the start

from bot.cli import main  # noqa: E402  # the line above is for what is loaded here

main()
