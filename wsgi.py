"""The front door for any WSGI server: `app`, built from the settings.

Web only, so on PostgreSQL: run `python -m bot worker` and `python -m bot scheduler` beside it. `python -m bot serve` has
all three in one process and is what a single machine wants.
"""

import atexit

from bot.app import create_app
from bot.house import build_house, check
from bot.settings import read_settings

settings = read_settings()
check(settings, "web")
house = build_house(settings, part="web")
atexit.register(house.stop)
app = create_app(house)
