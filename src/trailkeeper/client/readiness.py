"""Whether a server can do its work: what /readyz says, for checks and for waiting on a start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import msgspec


@dataclass(frozen=True, slots=True)
class Readiness:
    """`server_time` is the server's clock to the second; `document` is its own account."""

    is_ready: bool
    status: int
    document: dict[str, Any]
    server_time: datetime | None


def to_readiness(response: httpx2.Response) -> Readiness:
    return Readiness(
        is_ready=response.is_success,
        status=response.status_code,
        document=_document(response.content),
        server_time=_server_time(response.headers.get("Date")),
    )


def _document(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _server_time(date: str | None) -> datetime | None:
    if date is None:
        return None
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
