"""Sign-ins that an attack brings beyond the gate's bound: answered before anything is done.

The gate would refuse them too, but only after routing, guards and the reading of the form;
a hundred a second of that take a noticeable part of the processor from ingest.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
import structlog

from trailkeeper import telemetry
from trailkeeper.access.signin.cookies import DEVICE_COOKIE
from trailkeeper.access.signin.gate import Gate, busy
from trailkeeper.problem import PROBLEM_JSON, REQUEST_ID, REQUEST_ID_HEADER

PATH: Final = "/sign-in"
BODY_CHUNKS: Final = 4
"""A form comes in one; who sends more is cut off."""
LOG_SECONDS: Final = 10.0

_DEVICE: Final = DEVICE_COOKIE.encode()
_REQUEST_ID: Final = REQUEST_ID_HEADER.lower().encode()

log = structlog.get_logger(__name__)


class Shed:
    """Refuses guesses while the gate is shut; devices that may be known pass on to it."""

    def __init__(self, gate: Gate, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._gate = gate
        self._monotonic = monotonic
        self._unsaid = 0
        self._said_at = -LOG_SECONDS

    def refuses(self, scope: Any) -> bool:
        """Whether this request is a sign-in that the gate would not let in."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            return False
        if any(name == b"cookie" and _DEVICE in value for name, value in scope["headers"]):
            return False
        return not self._gate.is_open

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        """The same answer as the gate's own."""
        identifier = _request_id(scope)
        error = busy()
        headers = [
            (b"content-type", PROBLEM_JSON.encode()),
            (b"retry-after", str(error.retry_after_seconds).encode()),
            (_REQUEST_ID, identifier.encode()),
        ]
        if not await _read(receive):
            headers.append((b"connection", b"close"))
        self._count()
        body = msgspec.json.encode(error.to_problem(identifier))
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": error.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _count(self) -> None:
        telemetry.SIGN_INS_SHED.inc()
        self._unsaid += 1
        if self._monotonic() - self._said_at >= LOG_SECONDS:
            log.warning("sign_ins_refused_as_too_many", count=self._unsaid)
            self._unsaid, self._said_at = 0, self._monotonic()


def _request_id(scope: Any) -> str:
    given = next((value for name, value in scope["headers"] if name == _REQUEST_ID), b"")
    text = given.decode("latin-1")
    return text if REQUEST_ID.fullmatch(text) else secrets.token_hex(8)


async def _read(receive: Any) -> bool:
    """Takes the body off the connection, so that it can be used again."""
    for _ in range(BODY_CHUNKS):
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return True
    return False
