"""Alembic's way in. `data.schema` hands the connection over; there is no alembic.ini."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from data.tables import Base

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
