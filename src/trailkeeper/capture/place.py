"""Step 5, place: every event gets the id under which it is stored once.

The sender's own id is the idempotency key. Without one, an event of a request with an
`Idempotency-Key` gets an id derived from that key and its index, so that the same request
sent again names the same events; any other event gets a fresh UUIDv7.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from trailkeeper.event import OrganizationId
from trailkeeper.ids import uuid_text

MAX_KEY_LENGTH: Final = 255


def derived_event_id(
    organization: OrganizationId, key: str, first_used: datetime, index: int
) -> str:
    """A UUIDv8 (RFC 9562) that is the same whenever the same request is sent again.

    `first_used` is when the key was first seen: a key that is used anew after it expired
    names new events.
    """
    text = f"{organization}\0{key}\0{first_used.isoformat()}\0{index}"
    return uuid_text(
        int(first_used.timestamp() * 1000), hashlib.sha256(text.encode()).digest()[:10], version="8"
    )
