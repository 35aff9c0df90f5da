"""The live feed as the client reads it: frames of `text/event-stream`, and what they hold.

Source of the format: WHATWG HTML, "Server-sent events".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import httpx2
import msgspec

from trailkeeper.client.errors import ClientError, Unavailable, local_problem
from trailkeeper.client.model import Event
from trailkeeper.errors import Problem

QUIET_SECONDS: Final = 45.0
"""The server says something every 15 s or so: after this, the connection is taken for dead."""


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """Events that the server passed over: this client, or the feed, was too far behind.

    `count` events that match lie after `cursor`, which `Client.search` takes with
    `order="committed"` and the same filters; `others` counts frames of other kinds.
    """

    count: int
    cursor: str
    url: str = ""
    others: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame: its kind, its JSON, and the cursor with which the feed goes on after it.

    `cursor` is None before the first place is known.
    """

    kind: str
    data: bytes
    cursor: str | None

    @property
    def event(self) -> Event | None:
        """The event, where the frame is one."""
        return msgspec.json.decode(self.data, type=Event) if self.kind == "event" else None

    @property
    def missed(self) -> Missed | None:
        """What was passed over, where the frame says so."""
        return msgspec.json.decode(self.data, type=Missed) if self.kind == "missed" else None


def read_frames(lines: Iterable[str], cursor: str | None) -> Iterator[LiveFrame]:
    """The frames of a stream that went on from `cursor`. Comments and `retry:` are passed over.

    A frame that the connection's end cut short is none.
    """
    kind, data = "message", list[str]()
    for line in lines:
        if not line:
            if data:
                yield LiveFrame(kind, "\n".join(data).encode(), cursor)
            kind, data = "message", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id":
            cursor = value


def frames_of(response: httpx2.Response, url: str, cursor: str | None) -> Iterator[LiveFrame]:
    """The frames of an answer, until the stream ends, which is an error.

    Raises Unavailable where connecting again helps, else the ClientError that ended it.
    """
    try:
        for frame in read_frames(lines_of(response), cursor):
            if frame.kind == "end":
                problem = msgspec.json.decode(frame.data, type=Problem)
                raise Unavailable(problem) if problem.status >= 500 else ClientError(problem)
            yield frame
    except httpx2.RequestError as error:
        raise _broken(url, str(error) or type(error).__name__) from error
    raise _broken(url, "the server closed it")


def lines_of(response: httpx2.Response) -> Iterator[str]:
    """Lines as the format has them: other characters that Unicode breaks lines at are text."""
    rest = b""
    for chunk in response.iter_bytes():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r").decode(errors="replace")


def _broken(url: str, reason: str) -> Unavailable:
    return Unavailable(
        local_problem(
            "LIVE_FEED_BROKEN",
            f"the live feed of {url} broke off: {reason}",
            status=503,
            hint="Connect again with the last cursor; nothing is missed.",
        )
    )
