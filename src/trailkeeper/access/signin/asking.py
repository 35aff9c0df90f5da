"""What the routes of getting in share: the parts in the application's state, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from litestar import Request
from litestar.datastructures import State

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
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from trailkeeper.principal import Principal
from trailkeeper.store.metadata import Metadata

PersonRequest = Request[Principal, Any, State]
PublicRequest = Request[Any, Any, State]

DENIED: Final = (Unauthenticated, Forbidden, Unavailable)
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


def metadata_of(request: PublicRequest) -> Metadata:
    metadata: Metadata = request.app.state["metadata"]
    return metadata


def sessions_of(request: PublicRequest) -> Sessions:
    sessions: Sessions = request.app.state["sessions"]
    return sessions


def now_of(request: PublicRequest) -> datetime:
    return clock_of(request)()


def clock_of(request: PublicRequest) -> Callable[[], datetime]:
    clock: Callable[[], datetime] = request.app.state["clock"]
    return clock


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
