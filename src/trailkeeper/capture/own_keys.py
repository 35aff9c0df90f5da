"""Takes Trailkeeper's own API keys out of an event, wherever in it they stand.

A key of this service in somebody's event has leaked to whatever wrote it there. It is removed
before the event is judged, also where an organization's rules would leave it, and handed on,
so that a true one can be reported (`access.leaks`). Nearly no event even looks like it holds
one; those cost one look at their bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from trailkeeper.access.keys import KEY_START, TOKEN
from trailkeeper.capture.redact import MARK
from trailkeeper.capture.rejection import Reason, Rejected
from trailkeeper.event import MAX_DETAILS_DEPTH, NewEvent

HINT: Final = f"{KEY_START}_"
TEXT_FIELDS: Final = (
    "resource_id",
    "resource_name",
    "user_id",
    "user_email",
    "on_behalf_of",
    "user_agent",
)

_HINT_BYTES: Final = HINT.encode()
_ESCAPE: Final = b"\\u00"
_HIDDEN_HINT: Final = re.compile(rb"\\u00(?:74|6[bB]|5[fF])")
"""`t`, `k` or `_` written as an escape: decoded, it may be the hint."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Text in the shape of a key, and the path of where it stood: `details.note`, `user_agent`."""

    token: str = field(repr=False)
    path: str


def may_hold_key(raw: bytes) -> bool:
    """Whether an event as it was sent is worth `take_out_keys`."""
    if _HINT_BYTES in raw:
        return True
    return _ESCAPE in raw and _HIDDEN_HINT.search(raw) is not None


def take_out_keys(new: NewEvent) -> list[Suspect]:
    """Replaces each key in the event's texts and details; returns what was there, by place.

    Raises Rejected where it stands in the event's id, which cannot be another one.
    """
    if new.id is not None and TOKEN.search(new.id):
        raise Rejected(Reason.INVALID_ID, "An API key cannot be an event's id.", "id")
    suspects: list[Suspect] = []
    for name in TEXT_FIELDS:
        text = getattr(new, name)
        if text is not None and HINT in text:
            setattr(new, name, _cleaned(text, name, suspects))
    if new.details:
        new.details = _cleaned_object(new.details, "details", suspects, MAX_DETAILS_DEPTH)
    return suspects


def _cleaned(text: str, path: str, suspects: list[Suspect]) -> str:
    suspects += [Suspect(match[0], path) for match in TOKEN.finditer(text)]
    return TOKEN.sub(MARK, text)


def _cleaned_object(
    value: dict[str, Any], path: str, suspects: list[Suspect], depth: int
) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for key, inner in value.items():
        name = key
        if HINT in key:
            # Keeps the id, which is no secret: two keys of one object must not become one.
            name = TOKEN.sub(rf"{HINT}\1_{MARK}", key)
            _cleaned(key, f"{path}.{name}", suspects)
        cleaned[name] = _cleaned_value(inner, f"{path}.{name}", suspects, depth - 1)
    return cleaned


def _cleaned_value(value: Any, path: str, suspects: list[Suspect], depth: int) -> Any:
    if isinstance(value, str):
        return _cleaned(value, path, suspects) if HINT in value else value
    if depth < 0:
        # Too deep: the next step refuses the event.
        return value
    if isinstance(value, dict):
        return _cleaned_object(value, path, suspects, depth)
    if isinstance(value, list):
        return [
            _cleaned_value(inner, f"{path}.{index}", suspects, depth - 1)
            for index, inner in enumerate(value)
        ]
    return value
