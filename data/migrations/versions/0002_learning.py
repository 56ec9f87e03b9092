"""Learning loop and care of the catalogue"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_catalogue_imports_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_imports")),
    )
    op.create_table(
        "learned_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("topic", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undo_reason", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("replay", sa.String(), nullable=False),
        sa.Column("replay_done", sa.Integer(), nullable=False),
        sa.Column("replay_total", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["officers.id"], name=op.f("fk_learned_changes_author_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["officers.id"], name=op.f("fk_learned_changes_decided_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["officers.id"], name=op.f("fk_learned_changes_undone_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_changes")),
    )
    with op.batch_alter_table("learned_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learned_changes_replay"), ["replay"], unique=False)
        batch_op.create_index(batch_op.f("ix_learned_changes_state"), ["state"], unique=False)

    op.create_table(
        "procedure_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("live_from", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_procedure_changes_officer_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedures.id"], name=op.f("fk_procedure_changes_procedure_id_procedures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_changes")),
    )
    with op.batch_alter_table("procedure_changes", schema=None) as batch_op:
        batch_op.create_index("ix_procedure_changes_procedure_id", ["procedure_id", "id"], unique=False)
        batch_op.create_index("ix_procedure_changes_state", ["state", "live_from"], unique=False)

    op.create_table(
        "asked_questions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["learned_changes.id"], name=op.f("fk_asked_questions_change_id_learned_changes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_questions")),
        sa.UniqueConstraint("day", "mark", name=op.f("uq_asked_questions_day_mark")),
    )
    with op.batch_alter_table("asked_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_questions_change_id"), ["change_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_questions_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_questions_mark"), ["mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_questions_state"), ["state"], unique=False)

    with op.batch_alter_table("procedures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("edited", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("procedures", schema=None) as batch_op:
        batch_op.drop_column("edited")
        batch_op.drop_column("version")

    with op.batch_alter_table("asked_questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_questions_state"))
        batch_op.drop_index(batch_op.f("ix_asked_questions_mark"))
        batch_op.drop_index(batch_op.f("ix_asked_questions_day"))
        batch_op.drop_index(batch_op.f("ix_asked_questions_change_id"))

    op.drop_table("asked_questions")
    with op.batch_alter_table("procedure_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_procedure_changes_state")
        batch_op.drop_index("ix_procedure_changes_procedure_id")

    op.drop_table("procedure_changes")
    with op.batch_alter_table("learned_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learned_changes_state"))
        batch_op.drop_index(batch_op.f("ix_learned_changes_replay"))

    op.drop_table("learned_changes")
    op.drop_table("catalogue_imports")
