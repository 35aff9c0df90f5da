"""Checks that need the server's code: metadata, events store, MMDB file.

Loaded through `serverside.load` only.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import maxminddb
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from trailkeeper.cli.doctor.finding import Finding, fail, ok, warn
from trailkeeper.cli.quiet import quiet_logs
from trailkeeper.errors import TrailkeeperError
from trailkeeper.settings import Settings
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.migrate import revisions

OLD_MMDB: Final = timedelta(days=90)


def check_stores(settings: Settings, *, is_server_up: bool) -> list[Finding]:
    """Metadata, events and MMDB. With a server up, an embedded store is that server's."""
    with quiet_logs():
        return [
            asyncio.run(_check_metadata(settings)),
            asyncio.run(_check_events(settings, is_server_up=is_server_up)),
            check_mmdb(settings.mmdb, datetime.now(UTC)),
        ]


async def _check_metadata(settings: Settings) -> Finding:
    check = "metadata"
    url = make_url(settings.metadata_url)
    if url.get_backend_name() == "sqlite" and not _exists(url.database or ""):
        return ok(check, f"{url.database} will be made at the first start")
    place = url.render_as_string(hide_password=True)
    try:
        metadata = Metadata.open(settings.metadata_url)
        try:
            async with metadata.reading() as session:
                connection = await session.connection()
                revision = await connection.run_sync(_revision)
        finally:
            await metadata.close()
    except TrailkeeperError as error:
        return fail(check, f"{place}: {error.detail}", error.hint or "Check the database.")
    except OSError as error:
        return fail(check, f"{place}: {error}", "Is the database running, and the URL right?")
    return judge_revision(place, revision, revisions())


def judge_revision(place: str, revision: str | None, known: list[str]) -> Finding:
    check = "metadata"
    if revision == known[-1]:
        return ok(check, f"{place} is at revision {revision}")
    if revision is None:
        return warn(check, f"{place} is empty", "The next start of the server makes its tables.")
    if revision in known:
        return warn(
            check,
            f"{place} is at the older revision {revision}",
            "Restart the server: it upgrades.",
        )
    return fail(
        check,
        f"{place} is at revision {revision}, which this version does not know",
        "Install the newer version of Trailkeeper that upgraded it.",
    )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def _check_events(settings: Settings, *, is_server_up: bool) -> Finding:
    check = "events store"
    if settings.is_embedded:
        place = settings.events_dsn.removeprefix("chdb://")
        if is_server_up:
            return ok(check, f"{place} is in use by the running server, as it should be")
        if not _exists(place):
            return ok(check, f"{place} will be made at the first start")
    try:
        engine = await EventsEngine.open(settings.events_dsn, settings.engine_memory_bytes)
    except TrailkeeperError as error:
        return fail(check, error.detail, error.hint or "Check TRAILKEEPER_EVENTS_DSN.")
    engine.close()
    return ok(check, "the events store opens")


def _exists(path: str) -> bool:
    return Path(path).exists()


def check_mmdb(path: Path | None, now: datetime) -> Finding:
    check = "geo database"
    if path is None:
        return ok(check, "none is set (TRAILKEEPER_MMDB): locations stay empty")
    try:
        with maxminddb.open_database(path) as reader:
            metadata = reader.metadata()
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        return fail(check, f"{path} cannot be read: {error}", "Download the file again.")
    if "City" not in metadata.database_type:
        return fail(
            check,
            f"{path} is of type {metadata.database_type}",
            "Use a City database: others lack cities and coordinates.",
        )
    age = now - datetime.fromtimestamp(metadata.build_epoch, UTC)
    detail = f"{path} is {metadata.database_type}, {age.days} days old"
    if age > OLD_MMDB:
        return warn(check, detail, "Download a newer file: networks move.")
    return ok(check, detail)
