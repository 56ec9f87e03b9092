"""The desk: sheets at the end of a shift, acts on many tips that can be taken back, words said later searchable"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime
from domain.screening import screen
from domain.vietnamese import fold

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("tips", sa.Column("said_folded", sa.String(), server_default="", nullable=False))
    op.create_table(
        "shift_sheets",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", sa.String(), nullable=True),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("open_tips", sa.JSON(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("taken_by", BIG, nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_shift_sheets_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_shift_sheets_officer_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["officers.id"], name=op.f("fk_shift_sheets_taken_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_sheets")),
    )
    op.create_index("ix_shift_sheets_unit_id_ended_at", "shift_sheets", ["unit_id", "ended_at"])
    op.create_table(
        "many_acts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_many_acts_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_many_acts")),
    )
    op.create_index("ix_many_acts_officer_id", "many_acts", ["officer_id"])
    _fold_what_was_said()


def _fold_what_was_said() -> None:
    """Words of conversations and notes that are there already become findable too."""
    rows = sa.text("SELECT tip_id, text FROM tip_messages UNION ALL SELECT tip_id, text FROM tip_notes")
    connection = op.get_bind()
    said: dict[int, list[str]] = {}
    for tip_id, text in connection.execute(rows):
        said.setdefault(tip_id, []).append(fold(screen(text).text))
    write = sa.text("UPDATE tips SET said_folded = :said WHERE id = :id")
    for tip_id, words in said.items():
        connection.execute(write, {"said": " ".join(words), "id": tip_id})


def downgrade() -> None:
    op.drop_index("ix_many_acts_officer_id", "many_acts")
    op.drop_table("many_acts")
    op.drop_index("ix_shift_sheets_unit_id_ended_at", "shift_sheets")
    op.drop_table("shift_sheets")
    op.drop_column("tips", "said_folded")
