"""What this room's routes share."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request
from litestar.datastructures import State
from litestar.params import PathParameter, QueryParameter

from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.trail import Requester, requester_of
from trailkeeper.principal import Principal
from trailkeeper.search.cursor import CursorSigner

__all__ = ["DENIED", "metadata_of", "now_of"]

DetectRequest = Request[Principal, Any, State]

MAX_LIMIT: Final = 200

RuleIdParameter = Annotated[str, PathParameter(description="The rule's id.")]
DetectionId = Annotated[str, PathParameter(description="The detection's id.")]
SuppressionId = Annotated[str, PathParameter(description="The suppression's id.")]
RehearsalId = Annotated[str, PathParameter(description="The rehearsal's id.")]
Limit = Annotated[int, QueryParameter(description="How many at most.", ge=1, le=MAX_LIMIT)]
Cursor = Annotated[
    str | None, QueryParameter(description="`next_cursor` of the page before.", max_length=400)
]


def asker_of(request: DetectRequest) -> Requester:
    return requester_of(request, request.user)


def signer_of(request: DetectRequest) -> CursorSigner:
    signer: CursorSigner = request.app.state["signer"]
    return signer
