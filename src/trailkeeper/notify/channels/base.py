"""What channels share: a receipt, an error with the one bit that matters, one POST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol

from trailkeeper.notify.message import Message
from trailkeeper.notify.text import clean
from trailkeeper.outbound.errors import OutboundError
from trailkeeper.outbound.http import CallLimits, OutboundAnswer, OutboundClient

LIMITS: Final = CallLimits(total_seconds=10.0, body_bytes=64 * 1024)
MAX_SAID: Final = 300
LONGEST_RETRY_AFTER: Final = timedelta(hours=6)
LATER: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Receipt:
    """The far end took it: its status where it has one, and what it said."""

    code: int | None
    said: str = ""


class ChannelError(Exception):
    """It was not taken. `is_permanent`: the same message will never be.

    `holds` says that others of the channel would fare alike now: they wait, too.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        is_permanent: bool,
        status: int | None = None,
        retry_after: timedelta | None = None,
        holds: bool = True,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.is_permanent = is_permanent
        self.status = status
        self.retry_after = retry_after
        self.holds = holds and not is_permanent


class Transport(Protocol):
    """An opened channel."""

    async def send(self, message: Message) -> Receipt:
        """Hands the message over once. Raises ChannelError."""


async def post(
    outbound: OutboundClient,
    url: str,
    now: datetime,
    *,
    json: Any = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Receipt:
    """One POST; redirects are not followed, wherever they lead. Raises ChannelError."""
    try:
        answer = await outbound.post(url, json=json, body=body, headers=headers, limits=LIMITS)
    except OutboundError as error:
        raise ChannelError(error.code, error.detail, is_permanent=error.is_permanent) from None
    return to_receipt(answer, now)


def to_receipt(answer: OutboundAnswer, now: datetime) -> Receipt:
    """Raises ChannelError for every status but 2xx."""
    said = clean(answer.body.decode("utf-8", "replace"), MAX_SAID)
    status = answer.status
    if 200 <= status < 300:
        return Receipt(status, said)
    told = f"The far end answered {status}" + (f": {said}" if said else ".")
    if 300 <= status < 400:
        told = f"The far end answered {status}: a redirect, which is not followed."
    is_permanent = status < 500 and status not in LATER
    raise ChannelError(
        "FAR_END_REFUSED" if is_permanent else "FAR_END_BUSY",
        told,
        is_permanent=is_permanent,
        status=status,
        retry_after=None if is_permanent else retry_after(answer.headers, now),
    )


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """`Retry-After` (RFC 9110, 10.2.3): seconds or a date; None where it is neither."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        return None
    return min(max(until - now, timedelta(0)), LONGEST_RETRY_AFTER)
