"""Trailkeeper's events store, opened while the server is stopped: bytes, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from bench.side import Size

EVENTS = "events"
COLUMN_GROUPS = {
    "who": ("user_id", "user_email", "on_behalf_of"),
    "what": ("action", "resource_type", "resource_id", "resource_name", "status", "source"),
    "when and receipt": ("timestamp", "received_at", "node", "node_seq"),
    "id": ("id",),
    "details": ("details", "redacted"),
    "address and agent": ("ip_address", "user_agent"),
}
REST = "organization and enrichment"

COLUMNS_SQL = f"""
    SELECT column, sum(column_bytes_on_disk) FROM system.parts_columns
    WHERE active AND table = '{EVENTS}' GROUP BY column"""
PROJECTIONS_SQL = f"""
    SELECT name, sum(bytes_on_disk) FROM system.projection_parts
    WHERE active AND table = '{EVENTS}' GROUP BY name ORDER BY name"""
INDEXES_SQL = f"""
    SELECT name, data_compressed_bytes + marks_bytes FROM system.data_skipping_indices
    WHERE table = '{EVENTS}' ORDER BY name"""
PARTS_SQL = f"""
    SELECT count(), sum(bytes_on_disk), sum(primary_key_size) FROM system.parts
    WHERE active AND table = '{EVENTS}'"""


@contextmanager
def opened(folder: Path) -> Iterator[Client]:
    client = clickhouse_connect.get_client(dsn=f"chdb://{folder}")
    try:
        yield client
    finally:
        client.close()


def sizes(folder: Path) -> list[Size]:
    """All active parts; inactive ones are merged away within minutes and not counted."""
    with opened(folder) as client:
        columns = {str(name): int(size) for name, size in client.query(COLUMNS_SQL).result_rows}
        projections = _named(client, PROJECTIONS_SQL)
        indexes = _named(client, INDEXES_SQL)
        _, total, _ = client.query(PARTS_SQL).result_rows[0]
    groups = [
        Size(f"table: {group}", sum(columns.pop(name, 0) for name in names))
        for group, names in COLUMN_GROUPS.items()
    ]
    groups.append(Size(f"table: {REST}", sum(columns.values())))
    found = groups + [Size(f"projection {name}", size) for name, size in projections]
    found += [Size(f"skip index {name}", size) for name, size in indexes]
    rest = int(total) - sum(each.size_bytes for each in found)
    return [*found, Size("primary key, checksums, the rest", rest)]


def _named(client: Client, sql: str) -> list[tuple[str, int]]:
    return [(str(name), int(size)) for name, size in client.query(sql).result_rows]


def unmerged(folder: Path) -> tuple[int, int]:
    """Active parts, and rows in parts that have no projections yet."""
    with opened(folder) as client:
        rows = client.query(
            f"SELECT count(), sumIf(rows, empty(projections)) FROM system.parts"
            f" WHERE active AND table = '{EVENTS}'"
        ).result_rows
    return int(rows[0][0]), int(rows[0][1])
