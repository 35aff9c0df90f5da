"""Brings an events table that an earlier version made up to date, in place.

Events stay as they are; what is found through them is built anew in the background, and until
it is there, the search reads more.
"""

from __future__ import annotations

from typing import Final

from trailkeeper.store.schema import BY_ID_HASH, COMPRESSION, EVENTS, ID_HASH_HIGH, ID_HASH_LOW

NEWEST_COLUMN: Final = "id_hash_high"
"""A table that has it needs no upgrade."""

UPGRADES: Final = (
    f"""
    ALTER TABLE {EVENTS}
      ADD COLUMN IF NOT EXISTS id_hash_high UInt16 MATERIALIZED {ID_HASH_HIGH},
      ADD COLUMN IF NOT EXISTS id_hash_low UInt8 MATERIALIZED {ID_HASH_LOW},
      DROP PROJECTION IF EXISTS by_id,
      ADD PROJECTION IF NOT EXISTS {BY_ID_HASH}
    """,
    f"ALTER TABLE {EVENTS} MODIFY SETTING {COMPRESSION}",
    # Without waiting: this goes through all events.
    f"ALTER TABLE {EVENTS} MATERIALIZE PROJECTION by_id_hash SETTINGS mutations_sync = 0",
)
