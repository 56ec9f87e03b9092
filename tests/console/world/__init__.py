"""A small province: two wards and the province police, officers of every role, tips with files and words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from data import api_tokens, hooks
from data.sealing import Sealer
from domain.api_scopes import Scope
from domain.hooks import HookEvent
from domain.roles import Role
from domain.tips import new_code
from tests.console.world.broadcasts import Broadcasts
from tests.console.world.browsing import PASSWORD, Browser
from tests.console.world.catalogue import CatalogueOfProcedures
from tests.console.world.ground import (
    CITIZEN,
    DOSSIER_CODE,
    DOSSIER_KEY,
    NOON,
    OA,
    PICTURE,
    PROVINCE,
    UNIT_NAMES,
    WARD_3,
    WARD_5,
    Clock,
    picture,
)
from tests.console.world.service import Service
from tests.console.world.tips import Tips

__all__ = [
    "CITIZEN",
    "DOSSIER_CODE",
    "DOSSIER_KEY",
    "NOON",
    "OA",
    "PASSWORD",
    "PICTURE",
    "PROVINCE",
    "UNIT_NAMES",
    "WARD_3",
    "WARD_5",
    "Browser",
    "Clock",
    "World",
    "picture",
]


@dataclass
class World(Tips, Service, CatalogueOfProcedures, Broadcasts):
    """The console over a real database, and the people who use it."""

    _of_the_catalogue: dict[str, int | str] = field(default_factory=dict)

    def more_numbers(self) -> dict[str, int | str]:
        """Numbers that other addresses want in them: a broadcast of nobody here, with one delivery by hand."""
        author = self.officer(Role.BROADCASTER, unit_id=None, name=f"Soạn tin {new_code()}")
        broadcast = self.broadcast(author)
        if not self._of_the_catalogue:
            record = self.record("so-1")
            self._of_the_catalogue = {
                "record_id": record,
                "step_id": self.step(record),
                "question_id": self.question("thẻ ghi danh làm ở đâu"),
                "change_id": self.change(author),
                "import_id": self.sheet(author),
                **self.about_service(),
            }
        return {
            "broadcast_id": broadcast,
            "delivery_id": self.delivery(broadcast),
            "officer_id": author,
            "shift_id": self.shift(author),
            "request_id": 987_654,
            "unit_change_id": 987_654,
            "setting_change_id": 987_654,
            "registry_id": 987_654,
            "setting_key": "noise.keep_days",
            "subject": "nhom",
            "list_id": 999_999,
            "board_key": "xa",
            "unit_code": "07210",
            **self.system_numbers(),
            "dossier_id": self.dossier(DOSSIER_CODE[:-2] + f"{len(self.woken):02}"),
            "dossier_import_id": self.dossier_sheet(author),
            "sheet_id": 999_999,
            "unsealing_id": self.asks_to_unseal(author, self.file(self.tip(unit_id=WARD_5))),
            **self._of_the_catalogue,
        }

    def system_numbers(self) -> dict[str, int | str]:
        """A token and an address that is told of changes."""
        with self.database.transaction() as session:
            row, _ = api_tokens.issue(
                session,
                name="Một cửa",
                scopes=[Scope.UNITS_READ],
                unit_id=None,
                lasts=timedelta(days=9),
                officer_id=None,
                now=self.clock(),
            )
            hook, _ = hooks.create(
                session,
                Sealer([b"k" * 32]),
                name="Một cửa",
                url="https://motcua.example.vn/x",
                events=[HookEvent.DOSSIER_STEP],
                unit_id=None,
                officer_id=None,
                now=self.clock(),
            )
            return {"token_id": row.id, "hook_id": hook.id}
