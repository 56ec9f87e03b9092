"""Broadcasts: media, frozen recipients, follow-ups, the stop button, lists, uploads, the health of groups"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


# Columns are added plainly: rebuilding a table that others point to would drop their rows on SQLite.
def added() -> dict[str, list[sa.Column[Any]]]:
    """New columns by table; made anew each time, because a column belongs to one table only."""
    return {
        "broadcasts": [
            sa.Column("media", sa.JSON(), nullable=True),
            sa.Column("link", sa.String(), server_default="", nullable=False),
            sa.Column("quiet_ok", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("training", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("recipients", sa.JSON(), nullable=True),
            sa.Column("follows_id", BIG, nullable=True),
            sa.Column("follows_kind", sa.String(), nullable=True),
            sa.Column("review_due_at", UtcDateTime(), nullable=True),
        ],
        "deliveries": [
            sa.Column("media", sa.JSON(), nullable=True),
            sa.Column("follows_id", BIG, nullable=True),
            sa.Column("posted_by", BIG, nullable=True),
            sa.Column("proof_key", sa.String(), nullable=True),
            sa.Column("reminded_at", UtcDateTime(), nullable=True),
        ],
        "groups": [
            sa.Column("members", sa.Integer(), nullable=True),
            sa.Column("zalo_name", sa.String(), nullable=True),
            sa.Column("zalo_state", sa.String(), nullable=True),
            sa.Column("zalo_checked_at", UtcDateTime(), nullable=True),
        ],
    }


def upgrade() -> None:
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index("ix_broadcasts_follows_id", "broadcasts", ["follows_id"])
    op.create_index("ix_deliveries_broadcast_id_group_code", "deliveries", ["broadcast_id", "group_code"])
    op.create_index("ix_deliveries_follows_id_group_code", "deliveries", ["follows_id", "group_code"])
    op.create_table(
        "sending_stops",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_sending_stops_officer_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["officers.id"], name=op.f("fk_sending_stops_lifted_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_stops")),
    )
    op.create_index("ix_sending_stops_lifted_at", "sending_stops", ["lifted_at"])
    op.create_table(
        "group_lists",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_group_lists_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_lists")),
        sa.UniqueConstraint("name", name=op.f("uq_group_lists_name")),
    )
    op.create_table(
        "broadcast_media",
        sa.Column("media_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_broadcast_media_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("media_key", name=op.f("pk_broadcast_media")),
    )
    op.create_table(
        "oa_uploads",
        sa.Column("oa_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("attachment_id", sa.String(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["oa_id"], ["official_accounts.oa_id"], name=op.f("fk_oa_uploads_oa_id_official_accounts")
        ),
        sa.PrimaryKeyConstraint("oa_id", "sha256", name=op.f("pk_oa_uploads")),
    )
    op.create_table(
        "group_checks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("found", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_group_checks_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_checks")),
    )
    op.create_index("ix_group_checks_done_at", "group_checks", ["done_at"])
    op.create_table(
        "officer_chats",
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("code_until", UtcDateTime(), nullable=True),
        sa.Column("citizen", sa.String(), nullable=True),
        sa.Column("oa_id", sa.String(), nullable=True),
        sa.Column("linked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_officer_chats_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_officer_chats")),
        sa.UniqueConstraint("code", name=op.f("uq_officer_chats_code")),
        sa.UniqueConstraint("citizen", name=op.f("uq_officer_chats_citizen")),
    )


def downgrade() -> None:
    for table in (
        "officer_chats",
        "group_checks",
        "oa_uploads",
        "broadcast_media",
        "group_lists",
        "sending_stops",
    ):
        op.drop_table(table)
    op.drop_index("ix_deliveries_follows_id_group_code", "deliveries")
    op.drop_index("ix_deliveries_broadcast_id_group_code", "deliveries")
    op.drop_index("ix_broadcasts_follows_id", "broadcasts")
    for table, columns in added().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)
