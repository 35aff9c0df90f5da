"""Reading request bodies: bounded in size one by one, and all together.

Bytes are counted against a budget shared by all requests in flight: when it is spent, the
answer is 503 and nothing is kept, so memory stays flat under overload. A request that says
how long it is gets its whole share at once, or is refused at once: counted as they arrive,
many large bodies would spend the budget together, and none of them come to its end.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, Protocol

from backports import zstd

from trailkeeper import telemetry
from trailkeeper.errors import BadRequest, TooLarge, Unavailable, UnsupportedMedia
from trailkeeper.event import MAX_BATCH_BYTES, MAX_EVENT_BYTES

OFF_LOOP_BYTES: Final = 256 * 1024
"""Bodies above this are unpacked in a thread, so that other requests are not held up."""
PIECE_BYTES: Final = 64 * 1024
MAX_MEMBERS: Final = 4096
"""A gzip or zstd body may be several in a row (bgzip: one per 64 KiB), but each costs a set-up."""


class BodyLimit(NamedTuple):
    """How many bytes a body may have, packed or not, and what is said of a larger one."""

    max_bytes: int
    code: str
    hint: str


BATCH_BODY: Final = BodyLimit(
    MAX_BATCH_BYTES, "BODY_TOO_LARGE", "Split it into smaller batches. Nothing of it was committed."
)
EVENT_BODY: Final = BodyLimit(
    MAX_EVENT_BYTES, "EVENT_TOO_LARGE", "Keep what is large elsewhere, and only name it in details."
)


class Allowance:
    """One request's share of the budget; grows as its bytes arrive."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self._arrived_bytes = 0
        self.held_bytes = 0

    def reserve(self, size: int) -> None:
        """Takes the share of bytes to come. Raises Unavailable(OVERLOADED)."""
        self._budget.take(size, self.held_bytes)
        self.held_bytes += size

    def grow(self, size: int) -> None:
        """Raises Unavailable(OVERLOADED) where the budget is spent."""
        self._arrived_bytes += size
        if self._arrived_bytes > self.held_bytes:
            self.reserve(self._arrived_bytes - self.held_bytes)


class ByteBudget:
    """How many bytes of request bodies may be in memory at once."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._used_bytes = 0

    def take(self, size: int, held_bytes: int) -> None:
        """Takes `size` more bytes for a request that holds some already."""
        # A lone request may always proceed: its own size limit bounds it.
        is_alone = self._used_bytes == held_bytes
        if not is_alone and self._used_bytes + size > self._limit_bytes:
            telemetry.REQUESTS_REFUSED.inc()
            raise Unavailable(
                "OVERLOADED",
                "Too many requests are in flight; nothing of this one was kept.",
                hint="Send it again after the time in Retry-After.",
            )
        self._used_bytes += size
        telemetry.QUEUE_BYTES.set(self._used_bytes)

    @contextmanager
    def allowance(self) -> Iterator[Allowance]:
        """An allowance that is given back at the end."""
        allowance = Allowance(self)
        try:
            yield allowance
        finally:
            self._used_bytes -= allowance.held_bytes
            telemetry.QUEUE_BYTES.set(self._used_bytes)


async def read_body(
    stream: AsyncIterator[bytes],
    encoding: str,
    allowance: Allowance,
    limit: BodyLimit,
    declared_bytes: int = 0,
) -> bytes:
    """The whole body, unpacked.

    `encoding` is the Content-Encoding header, empty for none; `declared_bytes` is
    Content-Length, 0 for none. Raises TooLarge with the limit's code,
    UnsupportedMedia(UNSUPPORTED_ENCODING), BadRequest(MALFORMED_ENCODING) or Unavailable.
    """
    unpack = _unpacker(encoding)
    if declared_bytes > limit.max_bytes:
        raise _too_large(limit)
    allowance.reserve(declared_bytes)
    chunks: list[bytes] = []
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size > limit.max_bytes:
            raise _too_large(limit)
        allowance.grow(len(chunk))
        chunks.append(chunk)
    body = b"".join(chunks)
    if unpack is None:
        return body
    if len(body) > OFF_LOOP_BYTES:
        unpacked = await asyncio.to_thread(unpack, body, limit)
    else:
        unpacked = unpack(body, limit)
    allowance.grow(len(unpacked))
    return unpacked


def _unpacker(encoding: str) -> _Unpack | None:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in _UNPACKERS:
        return _UNPACKERS[name]
    raise UnsupportedMedia(
        "UNSUPPORTED_ENCODING",
        f"Content-Encoding {encoding[:40]!r} is not supported.",
        hint="Use gzip, zstd or none.",
        field="Content-Encoding",
    )


def _too_large(limit: BodyLimit) -> TooLarge:
    return TooLarge(
        limit.code, f"The body takes more than {limit.max_bytes:,} bytes.", hint=limit.hint
    )


class _Member(Protocol):
    """What the decompressors of zlib and zstd have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _unpack_members(
    name: str, new_member: Callable[[], _Member], body: bytes, limit: BodyLimit
) -> Iterator[bytes]:
    """Unpacks one member after another, a piece at a time.

    A piece is small because what it holds of the next member is copied.
    """
    remaining = limit.max_bytes
    position = 0
    for _ in range(MAX_MEMBERS):
        member = new_member()
        while not member.eof:
            piece = body[position : position + PIECE_BYTES]
            if not piece:
                raise _malformed(name, "it ends too early")
            # One byte more than is left, so that a body of just the limit can end.
            unpacked = member.decompress(piece, remaining + 1)
            if len(unpacked) > remaining:
                raise _too_large(limit)
            remaining -= len(unpacked)
            position += len(piece) - len(member.unused_data)
            yield unpacked
        if position == len(body):
            return
    raise _malformed(name, f"it has more than {MAX_MEMBERS:,} parts")


def _malformed(name: str, why: str) -> BadRequest:
    return BadRequest(
        "MALFORMED_ENCODING", f"The body is not valid {name}: {why}.", field="Content-Encoding"
    )


class _Unpack:
    """An unpacking function whose library's own error is told as ours."""

    def __init__(self, name: str, new_member: Callable[[], _Member]) -> None:
        self._name = name
        self._new_member = new_member

    def __call__(self, body: bytes, limit: BodyLimit) -> bytes:
        try:
            return b"".join(_unpack_members(self._name, self._new_member, body, limit))
        except (zlib.error, zstd.ZstdError) as error:
            raise _malformed(self._name, str(error)) from None


def _new_gzip_member() -> _Member:
    return zlib.decompressobj(wbits=31)


_UNPACKERS: Final = {
    "gzip": _Unpack("gzip", _new_gzip_member),
    "zstd": _Unpack("zstd", zstd.ZstdDecompressor),
}
