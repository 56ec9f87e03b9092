"""First and last day of a group; those that are there have none: always"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("groups", sa.Column("first_day", sa.Date(), nullable=True))
    op.add_column("groups", sa.Column("last_day", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("groups", "last_day")
    op.drop_column("groups", "first_day")
