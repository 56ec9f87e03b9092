"""Boards of QR codes: compositions of units, their history, short codes, counts of scans"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "unit_boards",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("published", sa.JSON(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_boards_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_boards")),
        sa.UniqueConstraint("unit_id", "board", name=op.f("uq_unit_boards_unit_id_board")),
    )
    op.create_table(
        "board_steps",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_board_id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_board_id"], ["unit_boards.id"], name=op.f("fk_board_steps_unit_board_id_unit_boards")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_board_steps_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_steps")),
    )
    op.create_index("ix_board_steps_unit_board_id", "board_steps", ["unit_board_id"])
    op.create_table(
        "board_codes",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_board_codes_unit_id_units")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_board_codes")),
        sa.UniqueConstraint("unit_id", "board", "field", name=op.f("uq_board_codes_unit_id_board_field")),
    )
    op.create_table(
        "board_scans",
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_board_scans_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "board", "field", "day", name=op.f("pk_board_scans")),
    )


def downgrade() -> None:
    op.drop_table("board_scans")
    op.drop_table("board_codes")
    op.drop_index("ix_board_steps_unit_board_id", "board_steps")
    op.drop_table("board_steps")
    op.drop_table("unit_boards")
