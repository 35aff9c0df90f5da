"""Step 2, validate: values are checked, folded and given their defaults."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from trailkeeper.capture.rejection import Reason, Rejected
from trailkeeper.event import (
    IPV4_MAPPED_PREFIX,
    MAX_FUTURE,
    MAX_TEXT_LENGTH,
    NO_ADDRESS,
    NewEvent,
    Source,
    Status,
    StoredEvent,
)

MAX_ID_LENGTH: Final = 128
MAX_REFERENCE_LENGTH: Final = 512
MAX_USER_AGENT_LENGTH: Final = 4096
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)

_WORD: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_ID: Final = re.compile(r"[^\x00-\x1f\x7f]{1,128}")
_STATUSES: Final = {status.value: status.value for status in Status}
_SOURCES: Final = {source.value: source.value for source in Source}
_FAILED_SUFFIX: Final = "_FAILED"
_TEXT_LIMITS: Final = {
    "resource_id": MAX_REFERENCE_LENGTH,
    "resource_name": MAX_TEXT_LENGTH,
    "user_id": MAX_REFERENCE_LENGTH,
    "user_email": MAX_REFERENCE_LENGTH,
    "on_behalf_of": MAX_REFERENCE_LENGTH,
    "user_agent": MAX_USER_AGENT_LENGTH,
}


def validate(new: NewEvent, organization: str, now: datetime) -> StoredEvent:
    """The event as a row, not yet redacted, enriched or placed.

    `now` is UTC; an event without a timestamp happened now. Raises Rejected.
    """
    action = _word(new.action)
    if action is None:
        raise _not_a_word(Reason.INVALID_ACTION, "action", new.action)
    resource_type = _word(new.resource_type)
    if resource_type is None:
        raise _not_a_word(Reason.INVALID_RESOURCE_TYPE, "resource_type", new.resource_type)
    event = StoredEvent(
        organization=organization,
        timestamp=now if new.timestamp is None else _timestamp(new.timestamp, now),
        id="" if new.id is None else _id(new.id),
        action=action,
        resource_type=resource_type,
        resource_id=new.resource_id or "",
        resource_name=new.resource_name or "",
        user_id=new.user_id or "",
        user_email=new.user_email or "",
        on_behalf_of=new.on_behalf_of or "",
        ip_address=_address(new.ip_address),
        user_agent=new.user_agent or "",
        status=_status(new.status, action),
        source=_source(new.source),
        received_at=now,
    )
    # Hardly any event is over: one look at the sum spares a look at each.
    if _text_length(event) > MAX_REFERENCE_LENGTH:
        _check_lengths(new)
    return event


@lru_cache(maxsize=4096)
def _word(text: str) -> str | None:
    folded = text.strip().upper()
    return folded if _WORD.fullmatch(folded) else None


def _not_a_word(code: Reason, field: str, text: str) -> Rejected:
    return Rejected(
        code,
        f"{text[:80]!r} is not a name: use letters, digits and underscores, e.g. LOGIN_FAILED.",
        field,
    )


def _check_lengths(new: NewEvent) -> None:
    for field, limit in _TEXT_LIMITS.items():
        text = getattr(new, field)
        if text is not None and len(text) > limit:
            raise Rejected(
                Reason.TEXT_TOO_LONG, f"{len(text):,} characters; {limit:,} are allowed.", field
            )


def _text_length(event: StoredEvent) -> int:
    return (
        len(event.resource_id)
        + len(event.resource_name)
        + len(event.user_id)
        + len(event.user_email)
        + len(event.on_behalf_of)
        + len(event.user_agent)
    )


def _id(text: str) -> str:
    is_plain = text.isascii() and text.isprintable() and 0 < len(text) <= MAX_ID_LENGTH
    if not is_plain and not _ID.fullmatch(text):
        raise Rejected(
            Reason.INVALID_ID,
            f"An id has 1 to {MAX_ID_LENGTH} characters and no control characters.",
            "id",
        )
    return text


def _timestamp(given: datetime, now: datetime) -> datetime:
    if given.tzinfo is None:
        raise Rejected(
            Reason.INVALID_TIMESTAMP,
            "The time has no zone: end it with Z or an offset such as +02:00.",
            "timestamp",
        )
    if given > now + MAX_FUTURE:
        raise Rejected(
            Reason.TIMESTAMP_IN_FUTURE,
            "The time is more than 24 hours ahead of the server's clock.",
            "timestamp",
        )
    if given < EARLIEST:
        raise Rejected(Reason.TIMESTAMP_TOO_OLD, "The time is before 1970.", "timestamp")
    return given if given.tzinfo is UTC else given.astimezone(UTC)


@lru_cache(maxsize=65_536)
def stored_address(text: str) -> str | None:
    """The address in the store's notation (IPv6, IPv4 mapped); None where it is none."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None or address.is_unspecified:
            return None
        if address.ipv4_mapped is None:
            return str(address)
        address = address.ipv4_mapped
    return f"{IPV4_MAPPED_PREFIX}{address}"


def _address(given: str | None) -> str:
    if not given:
        return NO_ADDRESS
    address = stored_address(given)
    if address is None:
        raise Rejected(
            Reason.INVALID_IP_ADDRESS, f"{given[:80]!r} is not an IP address.", "ip_address"
        )
    return address


def _status(given: str | None, action: str) -> str:
    if given is None:
        return Status.FAILED.value if action.endswith(_FAILED_SUFFIX) else Status.SUCCESS.value
    status = _STATUSES.get(given) or _STATUSES.get(given.strip().upper())
    if status is None:
        raise Rejected(Reason.INVALID_STATUS, f"{given[:80]!r}: use SUCCESS or FAILED.", "status")
    return status


def _source(given: str | None) -> str:
    if given is None:
        return Source.API.value
    source = _SOURCES.get(given) or _SOURCES.get(given.strip().upper())
    if source is None:
        raise Rejected(
            Reason.INVALID_SOURCE, f"{given[:80]!r}: use one of {', '.join(_SOURCES)}.", "source"
        )
    return source
