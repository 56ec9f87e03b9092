"""Tips: kinds and clocks, the way past a unit, consent, identity requests, links, proofs of deletion"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("ix_tips_category", ("category", "status", "created_at"), None),
    ("ix_tips_unit_category", ("unit_id", "category", "status", "created_at"), None),
    ("ix_tips_bypass", ("status", "created_at"), "bypass"),
    ("ix_tips_escalated", ("status", "created_at"), "escalation > 0"),
    ("ix_tips_unit_escalated", ("unit_id", "status", "created_at"), "escalation > 0"),
    ("ix_tips_take_due", ("take_due_at",), "status = 'new'"),
    ("ix_tips_close_due", ("close_due_at",), "status IN ('taken', 'in_progress', 'waiting')"),
    ("ix_tips_held", ("held_until",), "status = 'held'"),
    ("ix_tips_closed_at", ("closed_at",), "closed_at IS NOT NULL"),
    ("ix_tips_duplicate_of", ("duplicate_of",), "duplicate_of IS NOT NULL"),
)


def new_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("bypass", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("went_past", sa.String(), nullable=True),
        sa.Column("unfinished", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("settled", sa.String(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("take_due_at", UtcDateTime(), nullable=True),
        sa.Column("close_due_at", UtcDateTime(), nullable=True),
        sa.Column("escalation", sa.Integer(), server_default="0", nullable=False),
    ]


def upgrade() -> None:
    for column in new_columns():
        op.add_column("tips", column)
    for name, columns, condition in INDEXES:
        where = None if condition is None else sa.text(condition)
        op.create_index(name, "tips", list(columns), sqlite_where=where, postgresql_where=where)
    op.create_table(
        "notices",
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_notices")),
    )
    op.create_table(
        "consents",
        sa.Column("citizen", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.key"], name=op.f("fk_consents_citizen_citizens")),
        sa.ForeignKeyConstraint(["edition"], ["notices.edition"], name=op.f("fk_consents_edition_notices")),
        sa.PrimaryKeyConstraint("citizen", "edition", name=op.f("pk_consents")),
    )
    op.create_table(
        "tip_links",
        sa.Column("id", BIG, nullable=False),
        sa.Column("tip_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"], name=op.f("fk_tip_links_tip_id_tips")),
        sa.ForeignKeyConstraint(["other_id"], ["tips.id"], name=op.f("fk_tip_links_other_id_tips")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_tip_links_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_links")),
        sa.UniqueConstraint("tip_id", "other_id", "kind", name=op.f("uq_tip_links_tip_id_other_id_kind")),
    )
    op.create_index(op.f("ix_tip_links_other_id"), "tip_links", ["other_id"])
    op.create_table(
        "identity_requests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("tip_id", BIG, nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("asked_body", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_words", sa.String(), server_default="", nullable=False),
        sa.Column("opens_until", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("times_opened", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"], name=op.f("fk_identity_requests_tip_id_tips")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["officers.id"], name=op.f("fk_identity_requests_asked_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["officers.id"], name=op.f("fk_identity_requests_decided_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_requests")),
    )
    op.create_index(op.f("ix_identity_requests_tip_id"), "identity_requests", ["tip_id"])
    op.create_index("ix_identity_requests_state_asked_at", "identity_requests", ["state", "asked_at"])
    op.create_table(
        "deletion_proofs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("backups_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_proofs")),
    )
    op.create_index(op.f("ix_deletion_proofs_at"), "deletion_proofs", ["at"])
    op.create_index(op.f("ix_deletion_proofs_subject"), "deletion_proofs", ["subject"])


def downgrade() -> None:
    for table in ("deletion_proofs", "identity_requests", "tip_links", "consents", "notices"):
        op.drop_table(table)
    for name, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name="tips")
    for column in reversed(new_columns()):
        op.drop_column("tips", column.name)
