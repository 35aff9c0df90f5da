"""Cursors: where a page ended, opaque and signed.

A cursor belongs to one question: used with another filter, order or organization it is
refused, because the pages would not fit together. It carries the total that the first page
counted, so that later pages need not count again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from trailkeeper.errors import BadRequest
from trailkeeper.principal import Tenant
from trailkeeper.search.times import TimeRange

_SIGNATURE_BYTES: Final = 16
_FINGERPRINT_BYTES: Final = 9


class TimeCursor(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    """After the event `(timestamp, id)`, in either direction."""

    fingerprint: bytes
    timestamp: datetime
    id: str
    total: int | None


class CommitCursor(msgspec.Struct, frozen=True, array_like=True, tag="c"):
    """After `places[node]` of each node; nodes up to and including `floor` are done with."""

    fingerprint: bytes
    floor: int
    places: dict[int, int]


Cursor = TimeCursor | CommitCursor

_TEXT: Final = msgspec.json.Encoder()
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Cursor)


def question_fingerprint(
    tenant: Tenant, range_: TimeRange, filters: Sequence[tuple[str, str]], order: str
) -> bytes:
    """Names a question by what was asked, not by how it was understood: a cursor that is
    polled with for ever outlives many versions of this program."""
    asked = (
        tenant.organization,
        [None if end is None else end.isoformat() for end in (range_.start, range_.end)],
        filters,
        order,
    )
    return hashlib.sha256(_TEXT.encode(asked)).digest()[:_FINGERPRINT_BYTES]


class CursorSigner:
    """Turns cursors into opaque text and back, under the server's secret."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"trailkeeper cursor v1", "sha256")

    def to_text(self, cursor: Cursor) -> str:
        payload = _ENCODER.encode(cursor)
        return _to_base64(self._sign(payload) + payload)

    def from_text(self, text: str, fingerprint: bytes) -> Cursor:
        """Raises BadRequest (INVALID_CURSOR, CURSOR_MISMATCH)."""
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            raise _invalid() from None
        signature, payload = packed[:_SIGNATURE_BYTES], packed[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(payload)) or text != _to_base64(packed):
            raise _invalid()
        cursor: Cursor = _DECODER.decode(payload)
        if cursor.fingerprint != fingerprint:
            raise BadRequest(
                "CURSOR_MISMATCH",
                "This cursor came from another search.",
                hint="Send the same filters and order as for the page before, or no cursor.",
                field="cursor",
            )
        return cursor

    def _sign(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, "sha256")[:_SIGNATURE_BYTES]


def _to_base64(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _invalid() -> BadRequest:
    return BadRequest(
        "INVALID_CURSOR",
        "This is not a cursor that this server made.",
        hint="Pass `next_cursor` of the page before, unchanged.",
        field="cursor",
    )
