"""What a turn may look up or file (domain.conversations.Records).

Looks happen at once, in a reading session; writes are gathered and carried out later in one short
transaction, together with the replies and the new standing: no write lock is held while a question is
matched, and nothing is half done.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.dossier_desk import DossierDesk
from bot.library import Library
from bot.survey_records import TurnSurveys
from bot.tip_lookups import TipLookups
from bot.unsure import Unsure
from data import (
    consents,
    dated_settings,
    filing,
    intake,
    officer_chats,
    retention,
    settling,
    tip_endings,
    tip_rules,
)
from data.dossier_proof import DossierKey
from data.sealing import Sealer
from domain import flood
from domain.conflicts import names_one_of
from domain.errors import MoveRefused
from domain.messages import Attachment, Clip, Document, Photo, Text, Voice
from domain.places import PlaceAnswer
from domain.procedures import Answer, Procedure, Topic
from domain.tip_kinds import sort_of
from domain.tips import DELETED_FOR_CITIZEN, FOR_CITIZEN, AttachmentKind, Draft, FiledTip, TipSort, new_code
from domain.units import Unit, UnitLevel
from domain.urgent import emergency_numbers

Write = Callable[[Session], None]

_KINDS = {
    Photo: AttachmentKind.PHOTO,
    Clip: AttachmentKind.CLIP,
    Voice: AttachmentKind.VOICE,
    Document: AttachmentKind.FILE,
}


class TurnRecords(TipLookups):
    """Records for the turns of one event. `writes` are to be run in order, in one transaction."""

    def __init__(
        self,
        session: Session,
        library: Library,
        sealer: Sealer,
        *,
        citizen: str,
        oa_id: str,
        now: datetime,
        dossier_key: DossierKey | None = None,
    ) -> None:
        self._session = session
        self._library = library
        self._sealer = sealer
        self._citizen = citizen
        self._oa_id = oa_id
        self._now = now
        self._added: dict[str, int] = {}
        self._agreed: set[str] = set()
        self.writes: list[Write] = []
        self.media_waits = False
        self.dossiers = DossierDesk(
            session, self.writes.append, dossier_key, citizen=citizen, oa_id=oa_id, now=now
        )
        self.unsure = Unsure(self.writes.append, library.place_names, now=now)
        self.surveys = TurnSurveys(session, sealer, self.writes.append, citizen=citizen, oa_id=oa_id, now=now)

    # -- looking up ------------------------------------------------------------------------------------------

    def search(self, question: str) -> Answer:
        found = self._library.matcher.search(question)
        self.unsure.searched(question, found)
        return found

    def procedure(self, procedure_id: str) -> Procedure | None:
        self.unsure.opened(procedure_id)
        return self._library.procedures.get(procedure_id)

    def topic(self, topic_id: str) -> Topic | None:
        self.unsure.opened(topic_id)
        return self._library.topics.get(topic_id)

    def family_of(self, procedure: Procedure) -> list[Procedure]:
        return self._library.families.get(procedure.family, [])

    def bygone(self, question: str) -> Procedure | None:
        return self._library.bygone.find(question)

    def fields(self) -> list[tuple[str, str]]:
        return self._library.fields

    def procedures_of(self, field: str) -> list[Procedure]:
        return self._library.procedures_of(field)

    def place_named(self, text: str) -> PlaceAnswer:
        return self._library.places.find(text)

    def units_at(self, latitude: float, longitude: float) -> tuple[Unit, ...]:
        return self._library.units_at(latitude, longitude)

    def unit(self, code: str) -> Unit | None:
        return self._library.units_today.get(code)

    def province_unit(self) -> Unit:
        return self._library.province_unit

    # -- tips ---------------------------------------------------------------------------------------------------

    def new_draft(self) -> Draft:
        return Draft(key=secrets.token_hex(16))

    def keep_attachment(self, draft: Draft, said: Attachment) -> int:
        return self._keep(draft.key, said)

    def drop_draft(self, draft: Draft) -> None:
        self.writes.append(lambda session: intake.drop_draft(session, draft.key, now=self._now))

    def file_tip(self, draft: Draft) -> FiledTip:
        category = draft.category or self.suggest_kind(draft.what)
        return self._file(draft, sort=sort_of(draft.what), category=category)

    def ask_officer(self, words: str) -> FiledTip:
        return self._file(replace(self.new_draft(), what=words), sort=TipSort.QUESTION)

    def has_agreed(self, edition: str) -> bool:
        return edition in self._agreed or consents.has_agreed(self._session, self._citizen, edition)

    def agree(self, edition: str, text: str) -> None:
        self._agreed.add(edition)
        self.writes.append(
            lambda session: consents.agree(session, self._citizen, edition=edition, text=text, now=self._now)
        )

    def withdraw_consent(self) -> None:
        self.writes.append(lambda session: _ignore(consents.withdraw(session, self._citizen, now=self._now)))

    def unit_of_account(self) -> Unit | None:
        return self._commune(filing.unit_of_account(self._session, self._oa_id))

    def last_unit(self) -> Unit | None:
        return self._commune(filing.last_unit(self._session, self._citizen))

    def names_officer(self, text: str) -> bool:
        return names_one_of(text, list(filing.officer_names(self._session)))

    def suggest_kind(self, text: str) -> str | None:
        return tip_rules.shipped().kinds.suggest(text)

    def kinds(self) -> list[tuple[str, str]]:
        return [(kind.key, kind.label) for kind in tip_rules.shipped().kinds.kinds.values()]

    def settle(self, code: str, yes: bool) -> bool:
        tip = intake.own_tip(self._session, self._citizen, code)
        if tip is None or not tip_endings.may_settle(tip):
            return False
        self.writes.append(
            lambda session: tip_endings.settle(session, self._citizen, code, yes=yes, now=self._now)
        )
        return True

    def tip_status(self, code: str) -> str | None:
        status = intake.tip_status(self._session, code)
        if status is not None:
            return FOR_CITIZEN[status]
        return DELETED_FOR_CITIZEN if retention.was_deleted(self._session, code) else None

    def add_to_tip(self, code: str, said: Text | Attachment) -> bool:
        tip = intake.own_tip(self._session, self._citizen, code)
        if tip is None:
            return False
        if isinstance(said, Attachment):
            if not self.has_room(code):
                return False
            self._keep(tip.draft_key, said, tip_id=tip.id)

        def write(session: Session) -> None:
            own = intake.own_tip(session, self._citizen, code)
            if own is None:
                return
            if isinstance(said, Text):
                intake.reporter_adds(session, own, said.text, now=self._now)
            else:
                intake.reporter_answered(session, own, now=self._now)

        self.writes.append(write)
        return True

    # -- officers in their own chat ----------------------------------------------------------------------------

    def link_officer(self, code: str) -> bool:
        if not officer_chats.is_open(self._session, code, now=self._now):
            return False
        self.writes.append(
            lambda session: _ignore(
                officer_chats.link(session, code, citizen=self._citizen, oa_id=self._oa_id, now=self._now)
            )
        )
        return True

    def post_was_made(self, delivery_id: str) -> str | None:
        found = officer_chats.to_post(self._session, self._citizen, delivery_id)
        if found is None:
            return None

        def write(session: Session) -> None:
            with suppress(MoveRefused):  # somebody else said so meanwhile, or it came too late
                settling.assisted_done(
                    session,
                    found.delivery_id,
                    broadcast_id=found.broadcast_id,
                    officer_id=found.officer_id,
                    now=self._now,
                )

        self.writes.append(write)
        return found.group

    # -- counting ---------------------------------------------------------------------------------------------

    def note_question(self, decision: str, procedure_id: str | None) -> None:
        self.writes.append(
            lambda session: intake.note_question(
                session, decision=decision, procedure_id=procedure_id, now=self._now
            )
        )
        self.unsure.decided(decision)

    # -- inside -------------------------------------------------------------------------------------------------

    def _commune(self, unit_id: str | None) -> Unit | None:
        unit = self.unit(unit_id) if unit_id else None
        return unit if unit and unit.level is UnitLevel.COMMUNE else None

    def _file(self, draft: Draft, *, sort: TipSort, category: str | None = None) -> FiledTip:
        place, province = self.unit(draft.unit_id) or self.province_unit(), self.province_unit()
        unit = province if draft.past_unit else place
        urgent = bool(emergency_numbers(draft.what))
        lately = filing.lately(self._session, citizen=self._citizen, unit_id=unit.id, now=self._now)
        filed = filing.Filing(
            code=new_code(),
            citizen=self._citizen,
            oa_id=self._oa_id,
            unit_id=unit.id,
            went_past=place.id if draft.past_unit else None,
            urgent=urgent,
            sort=sort,
            category=category,
            held_until=flood.held_until(lately, urgent=urgent, now=self._now),
            dues=dated_settings.rules(self._session, now=self._now).dues(
                category, at=self._now, urgent=urgent
            ),
        )
        self.writes.append(lambda session: _ignore(filing.file_tip(session, draft, filed, now=self._now)))
        return FiledTip(filed.code, unit.police_name, self.attachments(draft), filed.held_until)

    def _keep(self, draft_key: str, said: Attachment, *, tip_id: int | None = None) -> int:
        position = self._files_of(draft_key)
        self._added[draft_key] = self._added.get(draft_key, 0) + 1
        self.media_waits = True
        sealed = self._sealer.seal(said.link.encode(), purpose="link")
        kind = _KINDS[type(said)]
        name = said.name[:200] if isinstance(said, Document) else ""
        self.writes.append(
            lambda session: intake.keep_attachment(
                session,
                draft_key=draft_key,
                position=position,
                citizen=self._citizen,
                kind=kind,
                name=name,
                caption=said.caption,
                link_sealed=sealed,
                now=self._now,
                tip_id=tip_id,
            )
        )
        return position + 1


def _ignore(_: object) -> None:
    """A write returns nothing."""
