"""The events table: its columns, its orders, its roll-ups.

Why it looks like this, with the measurements: `docs/decisions/0006`. In short:

- Partitioned by the week of *receipt*, because an insert is atomic within one partition
  only, and a commit is one insert. Weeks let retention drop whole partitions.
- Sorted by time; by user, by resource, by id and by commit place through projections that
  are built at merges: a commit stays cheap, small new parts are scanned instead.
- An id is found through 24 bits of its hash: an order by the ids themselves would repeat 16
  random bytes of each. What shares the bits is told apart by the id.
- The table's default codec is ZSTD, because a projection does not inherit its columns' own
  codecs: with them alone the orders took 1.8 times the space.
- Hourly roll-ups are aggregate projections, so they are exact by construction: they live
  and die with the rows they count.
"""

from __future__ import annotations

from typing import Final

from xxhash import xxh3_64_intdigest

EVENTS: Final = "events"

TEXT_EXPRESSION: Final = (
    "lower(concatWithSeparator('\\n', id, resource_id, resource_name, user_id, user_email,"
    " on_behalf_of, action, resource_type, status, source, user_agent, country, city, browser,"
    " os, device, toString(ip_address), details))"
)
"""Everything that free text looks into. Its n-gram index tells which granules cannot match."""

ID_HASH_HIGH: Final = "toUInt16(bitShiftRight(xxh3(id), 8))"
ID_HASH_LOW: Final = "toUInt8(xxh3(id))"
"""24 bits of an id's hash, in two columns: sorted, the first compresses to nothing."""

BY_ID_HASH: Final = "by_id_hash (SELECT _part_offset ORDER BY id_hash_high, id_hash_low)"

COMPRESSION: Final = "default_compression_codec = 'ZSTD(3)'"

CREATE_EVENTS: Final = f"""
CREATE TABLE IF NOT EXISTS {EVENTS} (
  organization LowCardinality(String),
  timestamp DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
  id String,
  action LowCardinality(String),
  resource_type LowCardinality(String),
  resource_id String,
  resource_name String,
  user_id LowCardinality(String),
  user_email LowCardinality(String),
  on_behalf_of LowCardinality(String),
  ip_address IPv6,
  user_agent LowCardinality(String),
  status LowCardinality(String),
  source LowCardinality(String),
  details String,
  redacted Array(String),
  received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
  node UInt32 CODEC(Delta, ZSTD(1)),
  node_seq UInt64 CODEC(Delta, ZSTD(1)),
  country LowCardinality(String),
  city LowCardinality(String),
  latitude Nullable(Float32),
  longitude Nullable(Float32),
  browser LowCardinality(String),
  os LowCardinality(String),
  device LowCardinality(String),
  local_hour UInt8,
  local_weekday UInt8,
  id_hash_high UInt16 MATERIALIZED {ID_HASH_HIGH},
  id_hash_low UInt8 MATERIALIZED {ID_HASH_LOW},
  INDEX text_ngrams {TEXT_EXPRESSION} TYPE ngrambf_v1(4, 32768, 2, 0) GRANULARITY 1,
  PROJECTION by_user (SELECT * ORDER BY organization, user_id, timestamp, id),
  PROJECTION by_resource
    (SELECT * ORDER BY organization, resource_type, resource_id, timestamp, id),
  PROJECTION {BY_ID_HASH},
  PROJECTION by_commit (SELECT _part_offset ORDER BY node, node_seq),
  PROJECTION hourly (
    SELECT organization, toStartOfHour(timestamp), action, resource_type, status, count()
    GROUP BY organization, toStartOfHour(timestamp), action, resource_type, status),
  PROJECTION hourly_by_user (
    SELECT organization, user_id, toStartOfHour(timestamp), action, resource_type, status,
      count()
    GROUP BY organization, user_id, toStartOfHour(timestamp), action, resource_type, status)
)
ENGINE = MergeTree
PARTITION BY toMonday(received_at)
ORDER BY (organization, timestamp, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1,
  {COMPRESSION},
  materialize_projections_on_insert = 0, materialize_projections_on_merge = 1,
  deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild'
"""


def id_condition(id_sql: str) -> str:
    """The condition for the events with an id: `id_sql` is its placeholder."""
    return (
        f"id_hash_high = toUInt16(bitShiftRight(xxh3({id_sql}), 8))"
        f" AND id_hash_low = toUInt8(xxh3({id_sql})) AND id = {id_sql}"
    )


def id_hash(event_id: str) -> tuple[int, int]:
    """An id's (`id_hash_high`, `id_hash_low`), as the store makes them."""
    whole = xxh3_64_intdigest(event_id.encode())
    return whole >> 8 & 0xFFFF, whole & 0xFF


SESSION_SETTINGS: Final[dict[str, str]] = {
    # Answers carry RFC 3339 times; rows are sent with them too.
    "date_time_output_format": "iso",
    "date_time_input_format": "best_effort",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_escape_forward_slashes": "0",
    # One commit is one block of one part, whole or absent; parsing in parallel would split it.
    "input_format_parallel_parsing": "0",
    "max_insert_block_size": "1048576",
    "async_insert": "0",
    "insert_deduplicate": "0",
    # Like the projections: built when parts are merged, so that a commit stays cheap.
    "materialize_skip_indexes_on_insert": "0",
    # What was read lately stays unpacked: pages and timelines are looked at again and again.
    "use_uncompressed_cache": "1",
    # A cached condition answers a repeated query without reading; it would flatter any timing.
    "use_query_condition_cache": "0",
    # Conditions run as written, cheap ones first; the engine would begin with the dearest.
    "allow_reorder_prewhere_conditions": "0",
    # A bound on one query's appetite; the engine's own cap is for all of them together.
    "max_execution_time": "120",
}
