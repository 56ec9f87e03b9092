"""Broadcasts to an OA's own page: the articles Zalo makes of them, and which pictures everybody may see"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("broadcast_media", sa.Column("public_at", UtcDateTime(), nullable=True))
    op.create_table(
        "oa_articles",
        sa.Column("oa_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("article_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("oa_id", "digest", name=op.f("pk_oa_articles")),
        sa.ForeignKeyConstraint(
            ["oa_id"], ["official_accounts.oa_id"], name=op.f("fk_oa_articles_oa_id_official_accounts")
        ),
    )


def downgrade() -> None:
    op.drop_table("oa_articles")
    op.drop_column("broadcast_media", "public_at")
