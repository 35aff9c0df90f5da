"""Brings an events table that an earlier version made up to date, in place.

Events stay as they are; what is found through them is built anew in the background, and until
it is there, the search reads more.
"""

from __future__ import annotations

from typing import Final

NEWEST_COLUMN: Final = "id_hash_high"
"""A table that has it needs no upgrade."""

UPGRADES: Final = (
    """
    ALTER TABLE events
      ADD COLUMN IF NOT EXISTS id_hash_high UInt16
        MATERIALIZED toUInt16(bitShiftRight(xxh3(id), 8)),
      ADD COLUMN IF NOT EXISTS id_hash_low UInt8 MATERIALIZED toUInt8(xxh3(id)),
      DROP PROJECTION IF EXISTS by_id,
      ADD PROJECTION IF NOT EXISTS by_id_hash
        (SELECT _part_offset ORDER BY id_hash_high, id_hash_low)
    """,
    "ALTER TABLE events MODIFY SETTING default_compression_codec = 'ZSTD(3)'",
    # Without waiting: this goes through all events.
    "ALTER TABLE events MATERIALIZE PROJECTION by_id_hash SETTINGS mutations_sync = 0",
)
