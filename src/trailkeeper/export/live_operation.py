"""What OpenAPI says of the live feed: its parameters, and the frames of its stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Schema,
)
from litestar.openapi.spec import Parameter as ParameterSpec

from trailkeeper.export.live_frames import (
    HEARTBEAT,
    Missed,
    event_frame,
    missed_frame,
    opening_frames,
)
from trailkeeper.search.examples import EVENT, PAGE
from trailkeeper.search.operation import reading, text

_CURSOR: Final = str(PAGE["next_cursor"])

_MISSED: Final = Missed(
    count=1250,
    cursor=_CURSOR,
    url=f"/audit-logs/?order=committed&cursor={_CURSOR}&action=CREATE",
    others={},
)

_EXAMPLE: Final = b"".join(
    (
        opening_frames(_CURSOR),
        event_frame(_CURSOR, msgspec.json.encode(EVENT)),
        HEARTBEAT,
        missed_frame(_CURSOR, _MISSED),
    )
).decode()

_DESCRIPTION: Final = (
    "A stream of frames. `event`: an event, as the search shows it. `position`: a place in the "
    "log, so that a quiet filter moves on too. `missed`: how many events were passed over for "
    "a reader that is too slow, and the search that finds them. `end`: a problem document that "
    "says why the stream ends. Other kinds may follow."
)


def following() -> type[Operation]:
    """An operation class that documents the feed's parameters and its stream."""

    @dataclass
    class LiveOperation(reading(lambda: [_last_event_id(), _cursor()])):  # type: ignore[misc]
        def __post_init__(self) -> None:
            super().__post_init__()
            self.responses["200"] = _response()

    return LiveOperation


def _cursor() -> ParameterSpec:
    return text(
        "cursor",
        "Go on after this place: an `id` of this stream, or a `next_cursor` of the search with "
        "order=committed and the same filters. `latest`, as without it: from now on.",
    )


def _last_event_id() -> ParameterSpec:
    return ParameterSpec(
        name="Last-Event-ID",
        param_in="header",
        description="The same as `cursor`, and before it; browsers send it by themselves.",
        required=False,
        schema=Schema(type=OpenAPIType.STRING),
    )


def _response() -> OpenAPIResponse:
    return OpenAPIResponse(
        description=_DESCRIPTION,
        content={
            "text/event-stream": OpenAPIMediaType(
                schema=Schema(type=OpenAPIType.STRING),
                examples={"answer": Example(value=_EXAMPLE)},
            )
        },
    )
