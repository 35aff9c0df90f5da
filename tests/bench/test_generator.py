"""The load generator against a real socket: what it sends, and what it takes for accepted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.generator import MARKER, Job, run

HEAD = re.compile(rb"Content-Length: (\d+)\r\n")
Answer = Callable[[bytes], bytes]


def answer(body: bytes, status: str = "201 Created") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


@asynccontextmanager
async def far_end(answers: Answer) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that keeps the bodies it got; yields its port and them."""
    bodies: list[bytes] = []

    handlers: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.append(asyncio.current_task())
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                found = HEAD.search(head)
                assert found is not None
                body = await reader.readexactly(int(found[1]))
                bodies.append(body)
                writer.write(answers(body))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], bodies
        await asyncio.gather(*filter(None, handlers))


def job(
    port: int,
    bodies: list[Path],
    *,
    seconds: float | None = None,
    expected: str = "",
    connections: int = 3,
) -> Job:
    return Job(
        port=port,
        path="/",
        headers={},
        bodies=[str(body) for body in bodies],
        events_per_body=2,
        connections=connections,
        seconds=seconds,
        expected=expected,
    )


async def test_every_timed_request_carries_new_ids(tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_bytes(b'{"id":"' + MARKER + b'-7000"}')
    async with far_end(lambda _: answer(b"{}")) as (port, bodies):
        load = await run(job(port, [body], seconds=0.1))
    assert load.requests == len(bodies) == len(set(bodies)) > 3
    assert load.events == 2 * load.requests
    assert load.refused == 0
    assert not any(MARKER in sent for sent in bodies)


async def test_without_seconds_each_body_is_sent_once(tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(7)]
    for path in paths:
        path.write_text(path.name)
    async with far_end(lambda _: answer(b"{}")) as (port, bodies):
        load = await run(job(port, paths))
    assert sorted(bodies) == [path.name.encode() for path in paths]
    assert load.requests == 7


async def test_only_a_2xx_with_the_expected_words_is_accepted(tmp_path: Path) -> None:
    replies = {
        b"0": answer(b'{"committed":2}'),
        b"1": answer(b'{"committed":1}'),
        b"2": answer(b'{"committed":2}', "503 Busy"),
    }
    paths = [tmp_path / name.decode() for name in replies]
    for path in paths:
        path.write_text(path.name)
    async with far_end(replies.__getitem__) as (port, _):
        load = await run(job(port, paths, expected='"committed":2', connections=1))
    assert (load.events, load.refused) == (2, 2)
    assert '"committed":1' in load.first_refusal


async def test_an_answer_in_pieces_is_read_whole(tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_text("x")
    async with far_end(lambda _: answer(b"y" * 300_000)) as (port, _):
        load = await run(job(port, [body] * 5, connections=1))
    assert (load.requests, load.refused) == (5, 0)


async def test_a_closed_connection_is_an_error(tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_text("x")

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionError):
            await run(job(port, [body], connections=1))


async def test_an_answer_of_unknown_length_is_an_error(tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_text("x")
    async with far_end(lambda _: b"HTTP/1.1 200 OK\r\n\r\n{}") as (port, _):
        with pytest.raises(ValueError, match="without a Content-Length"):
            await run(job(port, [body], connections=1))
