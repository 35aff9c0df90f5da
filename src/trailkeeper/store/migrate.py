"""Upgrades of the metadata tables: Alembic, driven from inside the service.

A new revision is made by adding a file to `migrations/versions/`; the tests compare what
the revisions build with what the models say, and upgrade from every earlier revision.
There are no downgrades: they would have to drop what was kept. Restore a backup instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from trailkeeper.errors import ConfigurationError

MIGRATIONS: Final = Path(__file__).parent / "migrations"
ADVISORY_LOCK: Final = 0x7472_6169_6C6B_7072
"""Any number that no other user of the database is likely to choose ("trailkpr")."""


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for one open connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def revisions() -> list[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    return [script.revision for script in scripts.walk_revisions()][::-1]


def upgrade_to_head(connection: Connection) -> None:
    """Runs the missing revisions inside the connection's open transaction.

    On SQLite the caller has begun IMMEDIATE and so holds the only write lock; on PostgreSQL
    an advisory lock is held until the transaction ends. A second process waits, then finds
    nothing to do. Raises ConfigurationError(METADATA_NEWER) on a revision we do not know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    known = revisions()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise ConfigurationError(
            "METADATA_NEWER",
            f"The metadata database is at revision {current}, which this version does not know.",
            hint="Start the newer version of Trailkeeper that upgraded it.",
        )
    if current != known[-1]:
        command.upgrade(alembic_config(connection), "head")
