"""Shifts of officers; the outline of a voice message"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", sa.String(), nullable=True),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", BIG, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_shifts_unit_id_units")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_shifts_officer_id_officers")),
        sa.ForeignKeyConstraint(["made_by"], ["officers.id"], name=op.f("fk_shifts_made_by_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("officer_id", "starts_at", name=op.f("uq_shifts_officer_id_starts_at")),
    )
    op.create_index("ix_shifts_unit_id_ends_at", "shifts", ["unit_id", "ends_at"])
    op.create_index("ix_shifts_ends_at", "shifts", ["ends_at"])
    op.add_column("attachments", sa.Column("peaks", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("attachments", "peaks")
    op.drop_table("shifts")
