"""A few make-believe dossiers for the demo, kept the way a unit's sheet keeps them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from data import dossier_proof, dossiers
from data.dossiers import By
from data.sealing import Sealer
from data.session import Database
from data.tables import Dossier
from domain.broadcasts import VIETNAM
from domain.dossiers import DossierChange, DossierStep
from handlers.dossiers import moved

UNIT = "07210@2025-07-01"
DIGITS = "0123"
"""Last four digits of the make-believe applicants' phones; the README says so too."""
SAMPLES = (
    ("G01.899.909-261120-000042", DossierStep.PROCESSING, "Đăng ký tạm trú"),
    ("G01.899.909-261118-000017", DossierStep.READY, "Đăng ký thường trú"),
    ("G01.899.909-261119-000023", DossierStep.SUPPLEMENT, "Xác nhận thông tin về cư trú"),
)


def keep_sample_dossiers(database: Database, sealer: Sealer, *, now: datetime) -> None:
    """At the very first start only."""
    today = now.astimezone(VIETNAM).date()
    with database.transaction() as session:
        if session.scalar(select(func.count()).select_from(Dossier)):
            return
        key = dossier_proof.load(session, sealer)
        for code, step, procedure in SAMPLES:
            change = DossierChange(
                code, step, today, UNIT, procedure=procedure, due_on=today + timedelta(days=5), phone=DIGITS
            )
            line = dossiers.check(session, key, change, unit_id=None, today=today)
            assert line is not None
            dossiers.keep(session, line, by=By(), compose=moved, now=now)
