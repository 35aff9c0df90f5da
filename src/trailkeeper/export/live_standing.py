"""Whether who follows the feed still may: asked again and again while the stream is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from trailkeeper.access.address import client_address
from trailkeeper.access.allow_list import AllowLists
from trailkeeper.access.guard import bearer_token, permission_missing
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.signin.sessions import SESSION_COOKIE, Sessions
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.errors import Forbidden, Unauthenticated
from trailkeeper.principal import Permission, Principal
from trailkeeper.search.request import ReadRequest
from trailkeeper.store.metadata import Metadata

NEEDED: Final = Permission.USER_VIEW


class Standing:
    """What a request was let in by, to be looked at again.

    An open stream is no sign of a person at the screen: it does not keep a session from
    expiring unused.
    """

    def __init__(self, request: ReadRequest, expires_at: datetime | None) -> None:
        state = request.app.state
        self._keys: KeyRing = state["keys"]
        self._sessions: Sessions = state["sessions"]
        self._allow_lists: AllowLists = state["allow_lists"]
        self._clock: Callable[[], datetime] = state["clock"]
        self._address = client_address(request.scope, state["settings"].trusted_proxies)
        self._bearer = bearer_token(request.scope)
        self._cookie = request.cookies.get(SESSION_COOKIE, "")
        self._admitted: Principal = request.user
        self._expires_at = expires_at
        self._used_at = self._clock()

    @classmethod
    async def of(cls, request: ReadRequest) -> Standing:
        """The standing of an admitted request. Raises Unavailable."""
        session_id = request.user.session_id
        if session_id is None:
            return cls(request, None)
        metadata: Metadata = request.app.state["metadata"]
        async with metadata.reading() as session:
            expires_at = await session.scalar(
                select(SessionRow.expires_at).where(
                    request.user.tenant.owns(SessionRow.organization), SessionRow.id == session_id
                )
            )
        return cls(request, expires_at)

    async def confirmed(self) -> Principal:
        """The principal as it is now.

        Raises Unauthenticated, Forbidden where it may not read the log any more, and
        Unavailable where that cannot be told.
        """
        principal = await self._identified()
        if principal.organization != self._admitted.organization:
            raise _over()
        await self._allow_lists.check(principal, self._address)
        if principal.must_enroll:
            raise Forbidden(
                "SECOND_FACTOR_REQUIRED", "Your organization requires a second factor by now."
            )
        if not principal.may(NEEDED):
            raise permission_missing(NEEDED)
        return principal

    async def _identified(self) -> Principal:
        if self._admitted.session_id is None:
            return await self._keys.authenticate(self._bearer, self._clock(), self._address)
        seen_at = self._sessions.last_seen_at(self._admitted.session_id)
        self._used_at = max(self._used_at, seen_at or self._used_at)
        principal = await self._sessions.authenticate(self._cookie, self._used_at)
        if self._is_over(self._clock(), self._sessions.policy.idle):
            raise _over()
        return principal

    def _is_over(self, now: datetime, idle: timedelta) -> bool:
        expired = self._expires_at is not None and self._expires_at <= now
        return expired or self._used_at + idle <= now


def _over() -> Unauthenticated:
    return Unauthenticated("SESSION_EXPIRED", "Your session has expired.", hint="Sign in again.")
