"""Settles the events table in quiet times: one part per week, with every order built.

The engine merges parts by size, and never a part that has its orders with one that has not
got them yet; so after a burst some ten parts stay, and the newest without orders. A page reads
every column of every part that may hold one of its rows: with one part it takes a third of
the time. Settling costs about 10 µs of CPU per event, so it waits until nothing else is going
on, and until enough has been added to be worth writing a week anew.
"""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
import structlog

from trailkeeper.errors import Unavailable
from trailkeeper.store.engine import EventsEngine, Statement

QUIET_SECONDS: Final = 20
BUSY_ROWS: Final = 10_000
"""So many rows within QUIET_SECONDS are a load that settling would disturb."""
WORTHWHILE: Final = 0.1
"""Of a week's bytes, outside its largest part: each byte is rewritten ten times at most."""
MAX_BYTES: Final = 32 * 1024**3
TRIES: Final = 3
MUTATION_POLL_SECONDS: Final = 0.2

_UNSETTLED: Final = Statement(
    """
    SELECT partition_id, countIf(empty(projections)) AS bare
    FROM system.parts
    WHERE database = currentDatabase() AND table = 'events' AND active
      AND partition_id NOT IN (
        SELECT partition_id FROM system.merges
        WHERE database = currentDatabase() AND table = 'events')
    GROUP BY partition_id
    HAVING (count() > 1 OR bare > 0) AND sum(bytes_on_disk) <= {max_bytes:UInt64}
      AND sum(bytes_on_disk) * 2 < (SELECT min(free_space) FROM system.disks)
      AND sumIf(rows, level = 0 AND modification_time > now() - {quiet:UInt32}) < {busy:UInt64}
      AND max(modification_time) <= now() - 2
      AND (bare > 0 OR sum(bytes_on_disk) - max(bytes_on_disk)
          >= {worthwhile:Float64} * sum(bytes_on_disk)
        OR partition_id < toYYYYMMDD(toMonday(now('UTC')))::String)
    ORDER BY partition_id DESC LIMIT 1
    """,
    {
        "max_bytes": MAX_BYTES,
        "quiet": QUIET_SECONDS,
        "busy": BUSY_ROWS,
        "worthwhile": WORTHWHILE,
    },
)  # tenant-scope: parts hold the events of all organizations

_PROJECTIONS: Final = Statement(
    "SELECT name FROM system.projections"
    " WHERE database = currentDatabase() AND table = 'events' ORDER BY name"
)  # tenant-scope: of the table, not of events

_MUTATING: Final = Statement(
    "SELECT count() FROM system.mutations"
    " WHERE database = currentDatabase() AND table = 'events' AND NOT is_done"
)  # tenant-scope: of the table, not of events

log = structlog.get_logger(__name__)


class _Unsettled(msgspec.Struct, array_like=True):
    partition_id: str
    bare_parts: int


class _Projection(msgspec.Struct, array_like=True):
    name: str


async def settle(engine: EventsEngine) -> str | None:
    """Settles one week where that is worthwhile, and says which; None where nothing is to do.

    Reads and commits go on meanwhile. Raises Unavailable where the store does not answer.
    """
    found = await engine.rows(_UNSETTLED, _Unsettled)
    if not found:
        return None
    week = found[0].partition_id
    projections = [each.name for each in await engine.rows(_PROJECTIONS, _Projection)]
    for tries_left in reversed(range(TRIES)):
        try:
            await _settle(engine, week, projections)
        except Unavailable as error:
            # A commit in between brought a part without orders: begin again.
            if tries_left == 0 or "CANNOT_ASSIGN_OPTIMIZE" not in error.detail:
                raise
        else:
            break
    log.info("settled", week=week)
    return week


async def _settle(engine: EventsEngine, week: str, projections: list[str]) -> None:
    missing_sql = ", ".join(
        f"MATERIALIZE PROJECTION {name_sql} IN PARTITION ID {{week:String}}"
        for name_sql in projections
    )
    # Not waited for in the engine: it would go on waiting while the service stops.
    await engine.maintain(
        Statement(f"ALTER TABLE events {missing_sql} SETTINGS mutations_sync = 0", {"week": week})
    )
    while await engine.raw(_MUTATING, "TSV") != b"0\n":  # noqa: ASYNC110 - the engine calls nobody
        await asyncio.sleep(MUTATION_POLL_SECONDS)
    await engine.maintain(
        Statement(
            "OPTIMIZE TABLE events PARTITION ID {week:String} FINAL"
            " SETTINGS optimize_throw_if_noop = 1, optimize_skip_merged_partitions = 1,"
            " max_execution_time = 0",
            {"week": week},
        )
    )
