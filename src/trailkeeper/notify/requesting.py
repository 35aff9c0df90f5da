"""What this room's routes share."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request
from litestar.datastructures import State
from litestar.params import PathParameter, QueryParameter

from trailkeeper.access.trail import Requester, requester_of
from trailkeeper.notify.notifier import Notifier
from trailkeeper.principal import Principal

NotifyRequest = Request[Principal, Any, State]

MAX_LIMIT: Final = 200

ChannelId = Annotated[str, PathParameter(description="The channel's id.")]
Limit = Annotated[int, QueryParameter(description="How many at most.", ge=1, le=MAX_LIMIT)]
Cursor = Annotated[
    str | None, QueryParameter(description="`next_cursor` of the page before.", max_length=400)
]


def notifier_of(request: NotifyRequest) -> Notifier:
    notifier: Notifier = request.app.state["notifier"]
    return notifier


def asker_of(request: NotifyRequest) -> Requester:
    return requester_of(request, request.user)
