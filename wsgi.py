"""The front door for any WSGI server: `app`, built from the settings.

Web only: run `python -m bot worker` and `python -m bot scheduler` beside it. `python -m bot serve` has all
three in one process and is what a single machine wants.
"""

from bot.app import create_app
from bot.house import build_house
from bot.settings import read_settings

app = create_app(build_house(read_settings(), part="web"))
