"""Frames of the live feed as the client reads them, and how a stream may end."""

from __future__ import annotations

import httpx2
import msgspec
import pytest

from trailkeeper.client import ClientError, LiveFrame, Unavailable
from trailkeeper.client.errors import local_problem
from trailkeeper.client.live import frames_of, read_frames

URL = "http://127.0.0.1:1"


def an_answer(*frames: bytes) -> httpx2.Response:
    return httpx2.Response(200, content=b"".join(frames))


def test_frames_keep_the_last_place() -> None:
    text = "retry: 5\n\n: heartbeat\n\nid: a\ndata: 1\n\nevent: x\ndata:2\ndata: 3\n\nevent: cut"
    assert list(read_frames(text.split("\n"), None)) == [
        LiveFrame("message", b"1", "a"),
        LiveFrame("x", b"2\n3", "a"),
    ]


def test_what_was_missed_is_told() -> None:
    data = {"count": 3, "cursor": "c", "url": "/audit-logs/?cursor=c", "others": {"x": 1}}
    frames = frames_of(an_answer(b"event: missed\ndata: ", msgspec.json.encode(data), b"\n\n"),
                       URL, None)  # fmt: skip
    frame = next(frames)
    assert frame.event is None
    assert frame.missed is not None
    assert (frame.missed.count, frame.missed.cursor) == (3, "c")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(503, "SHUTTING_DOWN", Unavailable), (401, "REVOKED_KEY", ClientError)],
)
def test_an_end_is_an_error_of_its_kind(status: int, code: str, kind: type[ClientError]) -> None:
    problem = msgspec.json.encode(local_problem(code, "why", status=status))
    with pytest.raises(ClientError) as ended:
        list(frames_of(an_answer(b"event: end\ndata: ", problem, b"\n\n"), URL, None))
    assert type(ended.value) is kind
    assert ended.value.code == code


def test_a_stream_that_just_stops_is_worth_another_try() -> None:
    with pytest.raises(Unavailable, match="LIVE_FEED_BROKEN"):
        list(frames_of(an_answer(b"data: 1\n\n"), URL, None))
