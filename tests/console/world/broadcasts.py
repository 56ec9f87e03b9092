"""Broadcasts, groups and deliveries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from data import broadcasts
from data.tables import Broadcast, Delivery, GroupRow, Run
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.vietnamese import fold
from tests.console.world.ground import WARD_3, Ground


class Broadcasts(Ground):
    """Broadcasts, groups and deliveries."""

    def broadcast(
        self,
        author: int,
        *,
        title: str = "Cảnh báo lừa đảo",
        text: str = "Không chuyển tiền cho người lạ.",
        status: BroadcastStatus = BroadcastStatus.DRAFT,
        audience: dict[str, Any] | None = None,
        starts_in: timedelta = timedelta(hours=1),
    ) -> int:
        content = broadcasts.Content(
            title=title,
            text=text,
            audience=audience or {"all": True},
            kind="scam",
            starts_at=self.clock() + starts_in,
        )
        with self.database.transaction() as session:
            row = broadcasts.create(session, content, author_id=author, now=self.clock())
            row.status = status
            return row.id

    def group(
        self,
        code: str,
        name: str,
        *,
        unit_id: str = WARD_3,
        channel: str = "assisted",
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> str:
        with self.database.transaction() as session:
            if session.get(GroupRow, code) is None:
                session.add(
                    GroupRow(
                        code=code,
                        name=name,
                        name_folded=fold(name),
                        level="commune",
                        district_2022_code="213",
                        police_2022="",
                        unit_id=unit_id,
                        basis="",
                        inferred=False,
                        channel=channel,
                        active=True,
                        first_day=first_day,
                        last_day=last_day,
                    )
                )
        return code

    def delivery(
        self,
        broadcast_id: int,
        *,
        group: str = "BG-1",
        name: str = "Nhóm phường Bắc Giang",
        unit_id: str = WARD_3,
        channel: str = "assisted",
        state: DeliveryStatus = DeliveryStatus.WAITING,
        reason: str | None = None,
    ) -> int:
        self.group(group, name, unit_id=unit_id, channel=channel)
        with self.database.transaction() as session:
            run = session.scalars(select(Run).where(Run.broadcast_id == broadcast_id)).first()
            if run is None:
                run = Run(broadcast_id=broadcast_id, due_at=self.clock(), created_at=self.clock())
                session.add(run)
                session.flush()
            row = Delivery(
                run_id=run.id,
                broadcast_id=broadcast_id,
                group_code=group,
                channel=channel,
                text="Không chuyển tiền cho người lạ.",
                content="x",
                state=state,
                reason=reason,
                due_at=self.clock(),
            )
            session.add(row)
            session.flush()
            return row.id

    def row_of(self, broadcast_id: int) -> Broadcast:
        with self.database.reading() as session:
            return session.get_one(Broadcast, broadcast_id)

    def state_of(self, delivery_id: int) -> str:
        with self.database.reading() as session:
            return session.get_one(Delivery, delivery_id).state
