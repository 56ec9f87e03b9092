"""How officers come in: sessions, second factors, passkeys, waits of network addresses, sheets of officers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_an_officer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["officer_id"], ["officers.id"], name=op.f(f"fk_{table}_officer_id_officers")
    )


def upgrade() -> None:
    op.create_table(
        "officer_sessions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("proved_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        _of_an_officer("officer_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_sessions")),
        sa.UniqueConstraint("mark", name=op.f("uq_officer_sessions_mark")),
    )
    op.create_index("ix_officer_sessions_officer_id", "officer_sessions", ["officer_id"])
    op.create_table(
        "second_factors",
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_counter", BIG, nullable=True),
        sa.Column("totp_since", UtcDateTime(), nullable=True),
        sa.Column("recovery", sa.JSON(), nullable=False),
        sa.Column("recovery_since", UtcDateTime(), nullable=True),
        _of_an_officer("second_factors"),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        _of_an_officer("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index("ix_passkeys_officer_id", "passkeys", ["officer_id"])
    op.create_table(
        "address_waits",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_address_waits")),
    )
    op.create_index("ix_address_waits_last_at", "address_waits", ["last_at"])
    op.create_table(
        "officer_imports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        _of_an_officer("officer_imports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_imports")),
    )


def downgrade() -> None:
    op.drop_table("officer_imports")
    op.drop_index("ix_address_waits_last_at", "address_waits")
    op.drop_table("address_waits")
    op.drop_index("ix_passkeys_officer_id", "passkeys")
    op.drop_table("passkeys")
    op.drop_table("second_factors")
    op.drop_index("ix_officer_sessions_officer_id", "officer_sessions")
    op.drop_table("officer_sessions")
