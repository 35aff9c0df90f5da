"""What can go wrong on the way out: one question matters, whether a retry can help.

    OutboundError               code, detail, is_permanent
    ├── OutboundRefused         permanent: the same call is refused again
    └── OutboundFailed          temporary: connection, time, TLS, size, a far end that is busy
        └── MailServerAway      no mail can be handed over at present, whatever its content

`detail` is for an operator. It names host and port of the far end, never a path, a query, a
header or a body: those may hold secrets.
"""

from __future__ import annotations

from typing import ClassVar

from trailkeeper.errors import TrailkeeperError


class OutboundError(TrailkeeperError):
    """Base of both kinds."""

    is_permanent: ClassVar[bool]


class OutboundRefused(OutboundError):
    """This call must not be made, or the far end will never take it."""

    status = 422
    title = "The call is not allowed"
    is_permanent = True


class OutboundFailed(OutboundError):
    """It did not work this time."""

    status = 502
    title = "The far end did not answer as it should"
    is_permanent = False


class MailServerAway(OutboundFailed):
    """The mail server takes nothing now: not reached, no TLS, or the sign-in is refused."""
