"""Administration: changes of units, dated settings, sheets of registries; indexes for figures and the audit trail"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _officer(
    column: str, table: str, *, nullable: bool = True
) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column(column, BIG, nullable=nullable),
        sa.ForeignKeyConstraint([column], ["officers.id"], name=f"fk_{table}_{column}_officers"),
    )


def upgrade() -> None:
    op.create_table(
        "unit_changes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("old_ids", sa.JSON(), nullable=False),
        sa.Column("new_id", sa.String(), nullable=False),
        sa.Column("new_unit", sa.JSON(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        *_officer("author_id", "unit_changes", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        *_officer("checked_by", "unit_changes"),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        *_officer("undone_by", "unit_changes"),
        sa.Column("fault", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_unit_changes"),
    )
    op.create_index("ix_unit_changes_state", "unit_changes", ["state"])
    op.create_table(
        "unit_change_moves",
        sa.Column("id", BIG, nullable=False),
        sa.Column("change_id", BIG, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["unit_changes.id"], name="fk_unit_change_moves_change_id_unit_changes"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unit_change_moves"),
        sa.UniqueConstraint(
            "change_id", "place", "row_key", name="uq_unit_change_moves_change_id_place_row_key"
        ),
    )
    op.create_table(
        "setting_changes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        *_officer("officer_id", "setting_changes", nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        *_officer("withdrawn_by", "setting_changes"),
        sa.PrimaryKeyConstraint("id", name="pk_setting_changes"),
    )
    op.create_index("ix_setting_changes_key", "setting_changes", ["key"])
    op.create_table(
        "registry_imports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *_officer("officer_id", "registry_imports", nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_registry_imports"),
    )
    op.create_index("ix_tips_figures", "tips", ["created_at", "unit_id", "category", "bypass", "kind"])
    op.create_index("ix_audit_officer_id_id", "audit", ["officer_id", "id"])
    op.create_index("ix_audit_action_id", "audit", ["action", "id"])
    op.create_index("ix_audit_subject_id", "audit", ["subject", "id"])


def downgrade() -> None:
    for name in ("ix_audit_subject_id", "ix_audit_action_id", "ix_audit_officer_id_id"):
        op.drop_index(name, "audit")
    op.drop_index("ix_tips_figures", "tips")
    op.drop_table("registry_imports")
    op.drop_index("ix_setting_changes_key", "setting_changes")
    op.drop_table("setting_changes")
    op.drop_table("unit_change_moves")
    op.drop_index("ix_unit_changes_state", "unit_changes")
    op.drop_table("unit_changes")
