"""What opens a session, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from trailkeeper.access.signin.cookies import NO_BROWSER, Browser
from trailkeeper.access.trail import Requester
from trailkeeper.event import OrganizationId


class SignInMethod(StrEnum):
    """How a session began."""

    PASSWORD = "password"
    PASSKEY = "passkey"
    OIDC = "oidc"
    SETUP = "setup"
    INVITATION = "invitation"


FIRST_TIME: Final = frozenset({SignInMethod.SETUP, SignInMethod.INVITATION})
"""Nothing was seen before these, so nothing about them is news to the person."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Who signs in where, and how.

    `requester` needs only address and user agent: who it is, is said here. `browser` is what
    the request's cookies hold (`browser_of`): a session in it is replaced. `details` are more
    to say of it on the record. `expires_at` is the end at the latest, where it goes on from
    another session: no session renews itself for ever.
    """

    person_id: str
    organization: OrganizationId
    user_id: str
    method: SignInMethod
    has_second_factor: bool
    requester: Requester
    browser: Browser = NO_BROWSER
    details: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session. Its token goes into the cookie and is nowhere else.

    `replaced` are sessions that ended for it, to be forgotten after the commit.
    """

    id: str
    token: str
    device_token: str
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """How long sessions last. `public_url` is the base of links in mails."""

    idle: timedelta = timedelta(hours=12)
    lifetime: timedelta = timedelta(days=30)
    public_url: str = "http://127.0.0.1:8080"
