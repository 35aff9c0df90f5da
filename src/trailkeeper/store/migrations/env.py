"""Alembic's entry: runs revisions on the connection that `store/migrate.py` hands in."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from trailkeeper.store.base import Base


def run() -> None:
    connection: Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite alters little in place; Alembic rebuilds the table instead.
        render_as_batch=connection.dialect.name == "sqlite",
        # The caller's transaction holds the lock: Alembic must not end it half-way.
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
