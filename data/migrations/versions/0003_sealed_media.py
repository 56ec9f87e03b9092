"""Originals sealed, clean copies to look at, custody rows, requests to unseal

What an older release kept in clear becomes `clear`: it is shown again once it is sealed and its clean copy made.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NEW: tuple[tuple[str, type[sa.types.TypeEngine[Any]]], ...] = (
    ("original_key", sa.String),
    ("view_mime", sa.String),
    ("view_size", sa.Integer),
    ("view_sha256", sa.String),
    ("poster_key", sa.String),
    ("seconds", sa.Float),
    ("likeness", sa.String),
    ("place_sealed", sa.LargeBinary),
)


def upgrade() -> None:
    with op.batch_alter_table("attachments") as batch_op:
        for name, kind in _NEW:
            batch_op.add_column(sa.Column(name, kind(), nullable=True))
    op.execute("UPDATE attachments SET state = 'clear', attempts = 0 WHERE state = 'kept'")
    op.create_table(
        "custody",
        sa.Column("id", _ID, nullable=False),
        sa.Column("attachment_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("officer_id", _ID, nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_custody_officer_id_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
        sa.UniqueConstraint("attachment_id", "position", name=op.f("uq_custody_attachment_id_position")),
    )
    op.create_table(
        "unsealings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("attachment_id", _ID, nullable=False),
        sa.Column("tip_id", _ID, nullable=False),
        sa.Column("asked_by", _ID, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("case_number", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", _ID, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("open_until", UtcDateTime(), nullable=True),
        sa.Column("downloads", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_download_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["officers.id"], name=op.f("fk_unsealings_asked_by_officers")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["officers.id"], name=op.f("fk_unsealings_decided_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsealings")),
    )
    with op.batch_alter_table("unsealings") as batch_op:
        batch_op.create_index("ix_unsealings_attachment_id", ["attachment_id"])
        batch_op.create_index("ix_unsealings_tip_id", ["tip_id"])
        batch_op.create_index("ix_unsealings_state_asked_at", ["state", "asked_at"])


def downgrade() -> None:
    """The older release keeps the sealed originals (it cannot show them) and sweeps the clean copies."""
    op.drop_table("unsealings")
    op.drop_table("custody")
    op.execute("UPDATE attachments SET media_key = original_key WHERE original_key IS NOT NULL")
    op.execute("UPDATE attachments SET state = 'kept' WHERE state IN ('clear', 'sealed', 'unclean')")
    with op.batch_alter_table("attachments") as batch_op:
        for name, _ in _NEW:
            batch_op.drop_column(name)
