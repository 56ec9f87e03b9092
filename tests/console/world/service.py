"""How residents were served: answers, complaints, orders; and their dossiers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from data import complaints, dossier_imports, dossiers, orders
from data.tables import Complaint, ImprovementOrder, SurveyAnswer
from domain.complaints import new_receipt
from domain.dossiers import DossierChange, DossierStep
from domain.messages import Reply
from domain.roles import Role
from domain.surveys import AnswerState
from domain.tips import new_code
from tests.console.world.ground import DOSSIER_CODE, DOSSIER_KEY, NOON, OA, WARD_3, Ground


class Service(Ground):
    """How residents were served: answers, complaints, orders; and their dossiers."""

    def complaint(
        self,
        *,
        unit_id: str = WARD_3,
        words: str = "Phải chờ hai tiếng",
        citizen: str | None = None,
        past_unit: bool = False,
    ) -> int:
        new = complaints.NewComplaint(
            code=new_receipt(),
            unit_id=unit_id,
            source="chat" if citizen else "web",
            bad={"Mức hài lòng chung": "Không hài lòng"},
            words=words,
            past_unit=past_unit,
            citizen=citizen,
            oa_id=OA if citizen else None,
        )
        with self.database.transaction() as session:
            return complaints.open_case(session, new, now=self.clock()).id

    def order(self, complaint_id: int, officer_id: int) -> int:
        with self.database.transaction() as session:
            case = session.get_one(Complaint, complaint_id)
            order = orders.issue(
                session,
                case,
                number="12/VB",
                text="Chấn chỉnh giờ tiếp dân",
                due_on=self.clock().date() + timedelta(days=10),
                officer_id=officer_id,
                version=case.version,
                now=self.clock(),
            )
            return order.id

    def rated(
        self,
        *marks: float,
        unit_id: str = WARD_3,
        at: datetime | None = None,
        words: str = "",
        state: AnswerState = AnswerState.COUNTED,
    ) -> int:
        """Answers to the survey with these marks; the number of the last one."""
        with self.database.transaction() as session:
            rows = [
                SurveyAnswer(
                    unit_id=unit_id,
                    at=at or self.clock(),
                    edition="2026-07",
                    channel="web",
                    given={"overall": "5", "manner": "all"},
                    mark=mark,
                    words=words,
                    state=state,
                )
                for mark in marks
            ]
            session.add_all(rows)
            session.flush()
            return rows[-1].id

    def about_service(self) -> dict[str, int | str]:
        """Numbers of a complaint of this ward with an order and its proof, and of an answer that waits."""
        inspector = self.officer(Role.INSPECTOR, unit_id=None, name=f"Thanh tra {new_code()}")
        case = self.complaint()
        order = self.order(case, inspector)
        with self.database.transaction() as session:
            proof = orders.prove(
                session,
                session.get_one(ImprovementOrder, order),
                words="Đã họp",
                proof=None,
                officer_id=inspector,
                inspector=True,
                now=self.clock(),
            )
            proof_id = proof.id
        return {
            "complaint_id": case,
            "order_id": order,
            "proof_id": proof_id,
            "answer_id": self.rated(50.0, state=AnswerState.HELD),
            "unit_id": WARD_3,
        }

    def dossier(self, code: str = DOSSIER_CODE, **more: Any) -> int:
        """A dossier of ward 3, kept by an officer; `more` are fields of domain.dossiers.DossierChange."""
        said: dict[str, Any] = {
            "step": DossierStep.RECEIVED,
            "on": date(2026, 11, 20),
            "unit_id": WARD_3,
            "phone": "0123",
        } | more
        with self.database.transaction() as session:
            line = dossiers.check(
                session, DOSSIER_KEY, DossierChange(code=code, **said), unit_id=None, today=NOON.date()
            )
            if line is None:
                return dossiers.listed(session, unit_ids=None, limit=1)[0].id
            by = dossiers.By()
            return dossiers.keep(session, line, by=by, compose=lambda told: Reply(told.ending), now=NOON).id

    def dossier_sheet(self, author: int, *, unit_id: str = WARD_3) -> int:
        with self.database.transaction() as session:
            nothing = dossier_imports.Compared([], [], 0)
            return dossier_imports.keep(
                session, nothing, [], file_name="a.xlsx", rows=0, unit_id=unit_id, officer_id=author, now=NOON
            ).id
