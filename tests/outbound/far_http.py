"""A web server to call, as well or as badly behaved as a test wants it; and a DNS of our own."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from trailkeeper.outbound.errors import OutboundFailed
from trailkeeper.outbound.reach import IpAddress

Raw = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. `server_name` is what TLS asked for."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    server_name: str | None


@dataclass
class FarEnd:
    """Answers by path; 404 for any other. Remembers what it saw and how often it was reached."""

    host: str = "127.0.0.1"
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    answers: dict[str, bytes | Raw] = field(default_factory=dict)
    server_name: str | None = None
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    def answers_with(
        self,
        path: str,
        status: int = 200,
        body: bytes = b"",
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.answers[path] = "\r\n".join([*lines, "", ""]).encode() + body

    def redirects(self, path: str, location: str, status: int = 302) -> None:
        self.answers_with(path, status, headers=[("Location", location)])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        answering = asyncio.create_task(self._answer(reader, writer))
        self.serving.add(answering)
        await asyncio.wait([answering])
        self.serving.discard(answering)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            answering.result()
        if answering.cancelled():
            writer.transport.abort()
        writer.close()

    async def close(self) -> None:
        """Ends what is still answering: the caller went away long ago."""
        while self.serving:
            for answering in list(self.serving):
                answering.cancel()
            await asyncio.sleep(0)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {}
        for line in filter(None, head[1:]):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.seen.append(Seen(method, path, headers, body, self.server_name))
        answer = self.answers.get(path, b"HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n")
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        else:
            await answer(writer)


@asynccontextmanager
async def far_end(
    context: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[FarEnd]:
    far = FarEnd(host)
    if context is not None:

        def remember(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> None:
            far.server_name = name

        context.sni_callback = remember
    server = await asyncio.start_server(far.serve, host, port, ssl=context)
    far.port = server.sockets[0].getsockname()[1]
    try:
        yield far
    finally:
        server.close()
        await server.wait_closed()
        await far.close()


@dataclass
class FakeDns:
    """Names to the answers that they give, one after the other; the last one for good."""

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    delay_seconds: float = 0.0

    def add(self, name: str, *answers: list[str]) -> None:
        self.names[name] = list(answers)

    async def __call__(self, host: str, port: int) -> list[IpAddress]:
        self.asked.append(host)
        await asyncio.sleep(self.delay_seconds)
        answers = self.names.get(host)
        if not answers:
            raise OutboundFailed("OUTBOUND_NAME_UNKNOWN", f"{host} has no address.")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ipaddress.ip_address(text) for text in answer]
