"""Surveys, complaints with orders of improvement, monthly scores"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "survey_codes",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_survey_codes_unit_id_units")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_survey_codes")),
        sa.UniqueConstraint("service", name=op.f("uq_survey_codes_service")),
    )
    op.create_index("ix_survey_codes_unit_id", "survey_codes", ["unit_id"])
    op.create_table(
        "survey_answers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("mark", sa.Double(), nullable=True),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("same_words", sa.String(), nullable=True),
        sa.Column("voter", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("submission", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_survey_answers_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint("submission", name=op.f("uq_survey_answers_submission")),
        sa.UniqueConstraint("service", name=op.f("uq_survey_answers_service")),
    )
    op.create_index("ix_survey_answers_at", "survey_answers", ["at"])
    op.create_index(
        "ix_survey_answers_held",
        "survey_answers",
        ["at"],
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index("ix_survey_answers_unit_id_at", "survey_answers", ["unit_id", "at"])
    op.create_index("ix_survey_answers_voter", "survey_answers", ["voter"])
    op.create_table(
        "survey_opt_outs",
        sa.Column("citizen", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen"], ["citizens.key"], name=op.f("fk_survey_opt_outs_citizen_citizens")
        ),
        sa.PrimaryKeyConstraint("citizen", name=op.f("pk_survey_opt_outs")),
    )
    op.create_table(
        "complaints",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("bad", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("citizen", sa.String(), nullable=True),
        sa.Column("oa_id", sa.String(), nullable=True),
        sa.Column("past_unit", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("look_due_at", UtcDateTime(), nullable=False),
        sa.Column("answer_due_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("handled_by", BIG, nullable=True),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reopened", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["handled_by"], ["officers.id"], name=op.f("fk_complaints_handled_by_officers")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_complaints_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("code", name=op.f("uq_complaints_code")),
    )
    op.create_index("ix_complaints_answer_due_at", "complaints", ["answer_due_at"])
    op.create_index("ix_complaints_citizen", "complaints", ["citizen"])
    op.create_index("ix_complaints_status_created_at", "complaints", ["status", "created_at"])
    op.create_index(
        "ix_complaints_unit_id_status_created_at", "complaints", ["unit_id", "status", "created_at"]
    )
    op.create_table(
        "complaint_moves",
        sa.Column("id", BIG, nullable=False),
        sa.Column("complaint_id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_moves_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_complaint_moves_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_moves")),
    )
    op.create_index("ix_complaint_moves_complaint_id", "complaint_moves", ["complaint_id"])
    op.create_table(
        "improvement_orders",
        sa.Column("id", BIG, nullable=False),
        sa.Column("complaint_id", BIG, nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), server_default="", nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("issued_by", BIG, nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_improvement_orders_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["officers.id"], name=op.f("fk_improvement_orders_issued_by_officers")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_improvement_orders_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_orders")),
    )
    op.create_index("ix_improvement_orders_complaint_id", "improvement_orders", ["complaint_id"])
    op.create_table(
        "order_proofs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("media_key", sa.String(), nullable=True),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("mime", sa.String(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_order_proofs_officer_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["improvement_orders.id"], name=op.f("fk_order_proofs_order_id_improvement_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_proofs")),
    )
    op.create_index("ix_order_proofs_order_id", "order_proofs", ["order_id"])
    op.create_table(
        "score_months",
        sa.Column("id", BIG, nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("formula", sa.String(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_score_months_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_months")),
        sa.UniqueConstraint("month", "edition", name=op.f("uq_score_months_month_edition")),
    )


def downgrade() -> None:
    for table in (
        "score_months",
        "order_proofs",
        "improvement_orders",
        "complaint_moves",
        "complaints",
        "survey_opt_outs",
        "survey_answers",
        "survey_codes",
    ):
        op.drop_table(table)
