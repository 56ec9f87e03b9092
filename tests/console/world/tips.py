"""Tips with files and words, and the shifts in which they are worked on."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from data import custody, handovers, tips, unsealing
from data.tables import AttachmentRow, Officer, ShiftRow, Tip, TipMessage, TipMove
from domain.screening import screen
from domain.tips import AttachmentKind, AttachmentState, TipStatus, new_code
from domain.vietnamese import fold
from tests.console.world.ground import CITIZEN, OA, PICTURE, WARD_3, Ground


class Tips(Ground):
    """Tips with files and words, and the shifts in which they are worked on."""

    def tip(
        self,
        *,
        what: str = "Có nhóm thanh niên tụ tập đánh bạc",
        place: str = "Hẻm 12, phường Bắc Giang",
        unit_id: str = WARD_3,
        status: TipStatus = TipStatus.NEW,
        taken_by: int | None = None,
        urgent: bool = False,
        age: timedelta = timedelta(hours=1),
        citizen: str | None = CITIZEN,
        **more: Any,
    ) -> int:
        at = self.clock() - age
        with self.database.transaction() as session:
            tip = Tip(
                code=new_code(),
                draft_key=new_code(),
                designation="Người báo tin Sen-42",
                citizen=citizen,
                oa_id=OA,
                unit_id=unit_id,
                status=status,
                urgent=urgent,
                what=what,
                what_folded=fold(f"{screen(what).text} {screen(place).text}"),
                place=place,
                latitude=21.28491,
                longitude=106.21507,
                taken_by=taken_by,
                created_at=at,
                updated_at=at,
                **more,
            )
            session.add(tip)
            session.flush()
            session.add(TipMove(tip_id=tip.id, at=at, move="filed", after=TipStatus.NEW))
            return tip.id

    def file(
        self,
        tip_id: int,
        *,
        kind: AttachmentKind = AttachmentKind.PHOTO,
        mime: str = "image/jpeg",
        body: bytes | None = None,
        original: bytes = b"bytes as they came",
        state: AttachmentState = AttachmentState.KEPT,
        reason: str | None = None,
    ) -> int:
        with self.database.transaction() as session:
            tip = session.get_one(Tip, tip_id)
            known = session.scalars(select(AttachmentRow).where(AttachmentRow.tip_id == tip_id)).all()
            key = f"kept/{tip_id}-{len(known)}"
            kept = state is AttachmentState.KEPT
            body = PICTURE if body is None else body
            self.media[key] = body
            self.media[f"{key}-original"] = original
            self.media[f"{key}-poster"] = PICTURE
            sealed = state in {AttachmentState.KEPT, AttachmentState.SEALED, AttachmentState.UNCLEAN}
            row = AttachmentRow(
                draft_key=tip.draft_key,
                position=len(known),
                tip_id=tip_id,
                citizen=CITIZEN,
                kind=kind,
                state=state,
                reason=reason,
                media_key=key if kept else None,
                mime="image/png" if sealed else None,
                size=len(original) if sealed else None,
                sha256=hashlib.sha256(original).hexdigest() if sealed else None,
                original_key=f"{key}-original" if sealed else None,
                view_mime=mime if kept else None,
                view_size=len(body) if kept else None,
                view_sha256=f"{tip_id:032d}{len(known):032d}" if kept else None,
                poster_key=f"{key}-poster" if kept and kind is AttachmentKind.CLIP else None,
                due_at=self.clock(),
                created_at=self.clock(),
            )
            session.add(row)
            session.flush()
            return row.id

    def chain(self, address: str) -> list[custody.Link]:
        """The chain of custody of the file whose number ends this address."""
        with self.database.reading() as session:
            number = int(address.rpartition("/")[2])
            assert custody.verify(session, number) == []
            return custody.of_attachment(session, number)

    def reporter_says(self, tip_id: int, text: str) -> None:
        with self.database.transaction() as session:
            session.add(TipMessage(tip_id=tip_id, at=self.clock(), from_officer=False, text=text))
            tip = session.get_one(Tip, tip_id)
            tip.version += 1

    def shift(
        self,
        officer_id: int,
        *,
        begins_in: timedelta = timedelta(hours=-1),
        lasts: timedelta = timedelta(hours=8),
    ) -> int:
        """The officer is on duty by the roster of their unit; the number of the shift."""
        at = self.clock() + begins_in
        with self.database.transaction() as session:
            row = ShiftRow(
                unit_id=session.get_one(Officer, officer_id).unit_id,
                officer_id=officer_id,
                starts_at=at,
                ends_at=at + lasts,
                made_by=officer_id,
                made_at=self.clock(),
            )
            session.add(row)
            session.flush()
            return row.id

    def shift_sheet(self, officer_id: int, *, note: str = "", unit_id: str | None = WARD_3) -> int:
        """What this officer hands over now."""
        reach = None if unit_id is None else (unit_id,)
        with self.database.transaction() as session:
            sheet = handovers.draft(
                session,
                officer_id=officer_id,
                officer_name="",
                unit_id=unit_id,
                unit_ids=reach,
                now=self.clock(),
            )
            return handovers.hand_over(session, sheet, note=note, now=self.clock())

    def asks_to_unseal(self, officer_id: int, file_id: int, reason: str = "Cần giám định tệp gốc") -> int:
        with self.database.transaction() as session:
            row = unsealing.ask(
                session, file_id, officer_id=officer_id, reason=reason, case_number="", now=self.clock()
            )
            return row.id

    def full(self, tip_id: int) -> tips.FullTip:
        with self.database.reading() as session:
            full = tips.open_tip(session, tip_id, unit_ids=None, now=self.clock())
        assert full is not None
        return full
