"""Step 1, parse: bytes become events, one judgement each.

A body is one JSON object, a JSON array, or newline-delimited JSON. Each event is cut out
first and decoded alone, so that a bad one refuses itself and not its neighbours.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from trailkeeper.capture.rejection import Reason, Rejected
from trailkeeper.errors import BadRequest
from trailkeeper.event import MAX_BATCH_EVENTS, MAX_EVENT_BYTES, NewEvent

_EVENT: Final = msgspec.json.Decoder(NewEvent)
_ITEMS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_NO_ITEM: Final = msgspec.Raw(b"")
_BOUNDED_ITEMS: Final = msgspec.json.Decoder(
    msgspec.defstruct(
        "BoundedItems",
        [(f"item_{index}", msgspec.Raw, _NO_ITEM) for index in range(MAX_BATCH_EVENTS)],
        array_like=True,
        forbid_unknown_fields=True,
    )
)
"""Stops at the first item too many. A list would hold all 16 million items of `[1,1,…]` first."""
_TOO_MANY_ITEMS: Final = "of at most length"
_BLANK_LINES: Final = re.compile(rb"\n\s+")
_FIELD: Final = re.compile(r"at `\$\.(\w+)")
_QUOTED: Final = re.compile(r"field `(.+)`", re.DOTALL)
_SHOWN_LENGTH: Final = 80


def split_array(body: bytes) -> list[bytes]:
    """The elements of a JSON array, undecoded.

    Raises BadRequest: MALFORMED_JSON where the body is no JSON array, TOO_MANY_EVENTS.
    """
    try:
        if body.count(b",") < MAX_BATCH_EVENTS:
            return [bytes(item) for item in _ITEMS.decode(body)]
        bounded = msgspec.structs.astuple(_BOUNDED_ITEMS.decode(body))
        return [bytes(item) for item in bounded if item is not _NO_ITEM]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        if _TOO_MANY_ITEMS in str(error):
            raise _too_many_events() from None
        raise BadRequest(
            "MALFORMED_JSON",
            f"The body is not a JSON array of events: {error}",
            hint="Send [{…}, {…}], or one event per line as application/x-ndjson.",
        ) from None


def split_lines(body: bytes) -> list[bytes]:
    """The lines of an NDJSON body that hold anything. Raises BadRequest(TOO_MANY_EVENTS)."""
    if body.count(b"\n") > MAX_BATCH_EVENTS:
        body = _BLANK_LINES.sub(b"\n", body.strip())
        if body.count(b"\n") >= MAX_BATCH_EVENTS:
            raise _too_many_events()
    return [line for line in body.split(b"\n") if line and not line.isspace()]


def check_batch_size(count: int) -> None:
    """Raises BadRequest, EMPTY_BATCH or TOO_MANY_EVENTS."""
    if count == 0:
        raise BadRequest("EMPTY_BATCH", "The batch holds no event.", hint="Send at least one.")
    if count > MAX_BATCH_EVENTS:
        raise _too_many_events()


def _too_many_events() -> BadRequest:
    return BadRequest(
        "TOO_MANY_EVENTS",
        f"The batch holds more than {MAX_BATCH_EVENTS:,} events.",
        hint="Split it. Nothing of it was committed.",
    )


def parse_event(raw: bytes) -> NewEvent:
    """Decodes one event. Raises Rejected."""
    if len(raw) > MAX_EVENT_BYTES:
        raise Rejected(
            Reason.EVENT_TOO_LARGE,
            f"The event takes {len(raw):,} bytes; {MAX_EVENT_BYTES:,} are allowed.",
        )
    try:
        return _EVENT.decode(raw)
    except msgspec.ValidationError as error:
        raise _refused(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Rejected(Reason.MALFORMED_JSON, f"The event is not valid JSON: {error}") from None
    except RecursionError:
        raise Rejected(
            Reason.DETAILS_TOO_DEEP, "The event is nested too deeply.", "details"
        ) from None


def _refused(message: str) -> Rejected:
    located = _FIELD.search(message)
    quoted = _QUOTED.search(message)
    name = located.group(1) if located else quoted.group(1)[:_SHOWN_LENGTH] if quoted else None
    if message.startswith("Object missing required field"):
        return Rejected(Reason.MISSING_FIELD, f"`{name}` is required.", name)
    if message.startswith("Object contains unknown field"):
        known = ", ".join(NewEvent.__struct_fields__)
        return Rejected(
            Reason.UNKNOWN_FIELD,
            f"`{name}` is not a field of an event. Put it under `details`; the fields are: {known}",
            name,
        )
    if "RFC3339" in message:
        return Rejected(
            Reason.INVALID_TIMESTAMP, "Not an RFC 3339 time, e.g. 2025-01-15T14:30:00Z.", name
        )
    if "out of range" in message:
        return Rejected(Reason.NUMBER_OUT_OF_RANGE, "A number is out of range.", name)
    return Rejected(Reason.WRONG_TYPE, message, name)
