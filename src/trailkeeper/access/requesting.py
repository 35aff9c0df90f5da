"""What routes share: who asks, of what, and at which moment; the parts of the service by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

from litestar import Request
from litestar.datastructures import State
from litestar.params import PathParameter

from trailkeeper.access.people.editor import Editor
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import Forbidden, Unauthenticated, Unavailable
from trailkeeper.principal import Principal
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.metadata import Metadata

PeopleRequest = Request[Principal, Any, State]
AnyRequest = Request[Any, Any, State]

DENIED: Final = (Unauthenticated, Forbidden, Unavailable)

UserId = Annotated[
    str, PathParameter(description="The user's id, as events have it; a `/` in it as `%2F`.")
]


def metadata_of(request: AnyRequest) -> Metadata:
    metadata: Metadata = request.app.state["metadata"]
    return metadata


def engine_of(request: AnyRequest) -> EventsEngine:
    engine: EventsEngine = request.app.state["engine"]
    return engine


def clock_of(request: AnyRequest) -> Callable[[], datetime]:
    clock: Callable[[], datetime] = request.app.state["clock"]
    return clock


def now_of(request: AnyRequest) -> datetime:
    return clock_of(request)()


def editor_of(request: PeopleRequest) -> Editor:
    return Editor(requester_of(request, request.user), request.user)
