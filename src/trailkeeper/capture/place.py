"""Step 5, place: every event gets the id under which it is stored once.

The sender's own id is the idempotency key. Without one, an event of a request with an
`Idempotency-Key` gets an id derived from that key and its index, so that the same request
sent again names the same events; any other event gets a fresh UUIDv7.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import datetime
from typing import Final

from trailkeeper.event import OrganizationId

MAX_KEY_LENGTH: Final = 255


def new_event_id() -> str:
    """A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random."""
    return _uuid(time.time_ns() // 1_000_000, secrets.token_bytes(10), version="7")


def derived_event_id(
    organization: OrganizationId, key: str, first_used: datetime, index: int
) -> str:
    """A UUIDv8 (RFC 9562) that is the same whenever the same request is sent again.

    `first_used` is when the key was first seen: a key that is used anew after it expired
    names new events.
    """
    text = f"{organization}\0{key}\0{first_used.isoformat()}\0{index}"
    return _uuid(
        int(first_used.timestamp() * 1000), hashlib.sha256(text.encode()).digest()[:10], version="8"
    )


def _uuid(milliseconds: int, tail: bytes, version: str) -> str:
    head = f"{milliseconds:012x}"
    rest = tail.hex()
    variant = "89ab"[tail[2] & 3]
    return f"{head[:8]}-{head[8:]}-{version}{rest[1:4]}-{variant}{rest[5:8]}-{rest[8:20]}"
