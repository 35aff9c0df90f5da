"""What the routes of getting in share: the parts in the application's state, by name."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request
from litestar.datastructures import State

from trailkeeper.access.requesting import clock_of, metadata_of
from trailkeeper.access.signin.attempts import Attempts
from trailkeeper.access.signin.reset import PasswordResets
from trailkeeper.access.signin.sessions import Sessions
from trailkeeper.access.signin.setup import FirstRun
from trailkeeper.access.signin.sign_in import PasswordSignIn
from trailkeeper.errors import (
    BadRequest,
    Forbidden,
    StorageFull,
    TooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedMedia,
)
from trailkeeper.principal import Principal

PersonRequest = Request[Principal, Any, State]
PublicRequest = Request[Any, Any, State]

BY_ANYONE: Final = (
    BadRequest,
    Forbidden,
    TooLarge,
    UnsupportedMedia,
    TooManyRequests,
    Unavailable,
    StorageFull,
)
"""What a public route that takes a form may answer with."""


def sessions_of(request: PublicRequest) -> Sessions:
    sessions: Sessions = request.app.state["sessions"]
    return sessions


def password_sign_in(request: PublicRequest) -> PasswordSignIn:
    state = request.app.state
    metadata = metadata_of(request)
    return PasswordSignIn(
        metadata, state["passwords"], Attempts(metadata), sessions_of(request), clock_of(request)
    )


def first_run(request: PublicRequest) -> FirstRun:
    state = request.app.state
    metadata = metadata_of(request)
    return FirstRun(
        metadata, state["passwords"], Attempts(metadata), sessions_of(request), clock_of(request)
    )


def resets_of(request: PublicRequest) -> PasswordResets:
    resets: PasswordResets = request.app.state["resets"]
    return resets
