"""A client that costs next to nothing: what an attacker spends is not the service's to pay."""

from __future__ import annotations

import asyncio

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """POSTs over kept connections; knows no more HTTP than the service's answers need."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Connection] = []

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """The status. Raises asyncio.IncompleteReadError where the service hangs up."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Content-Length: {len(body)}\r\n{lines}\r\n"
        )
        connection = self._idle.pop() if self._idle else await self._connect()
        reader, writer = connection
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        if b"connection: close" in answer:
            writer.close()
        else:
            self._idle.append(connection)
        return int(answer.split(b" ", 2)[1])

    async def _connect(self) -> Connection:
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
