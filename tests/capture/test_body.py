from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.capture.body import (
    BATCH_BODY,
    EVENT_BODY,
    MAX_MEMBERS,
    OFF_LOOP_BYTES,
    BodyLimit,
    ByteBudget,
    read_body,
)
from trailkeeper.errors import TooLarge, TrailkeeperError, Unavailable

Pack = Callable[[bytes], bytes]

PACKERS: dict[str, Pack] = {
    "": lambda body: body,
    "identity": lambda body: body,
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "GZIP": gzip.compress,
}
packed = pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("zstd", zstd.compress)]
)


async def chunks(body: bytes, size: int = 16_384) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(
    body: bytes, encoding: str = "", limit: BodyLimit = BATCH_BODY, budget_bytes: int = 1 << 30
) -> bytes:
    with ByteBudget(budget_bytes).allowance() as allowance:
        return await read_body(chunks(body), encoding, allowance, limit)


async def refusal(*arguments: Any, **options: Any) -> TrailkeeperError:
    with pytest.raises(TrailkeeperError) as refused:
        await read(*arguments, **options)
    return refused.value


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
async def test_a_body_comes_out_as_it_went_in(encoding: str, size: int) -> None:
    body = bytes(index * index % 251 for index in range(size))

    assert await read(PACKERS[encoding](body), encoding) == body


@packed
@given(parts=st.lists(st.binary(max_size=200), min_size=1, max_size=6))
async def test_parts_packed_one_by_one_are_one_body(
    encoding: str, pack: Pack, parts: list[bytes]
) -> None:
    assert await read(b"".join(map(pack, parts)), encoding) == b"".join(parts)


@packed
async def test_many_parts_are_allowed_but_not_any_number(encoding: str, pack: Pack) -> None:
    part = pack(b"x")
    began = time.process_time()

    assert await read(part * MAX_MEMBERS, encoding) == b"x" * MAX_MEMBERS
    assert (await refusal(part * (MAX_MEMBERS + 1), encoding)).code == "MALFORMED_ENCODING"
    # Each part takes a set-up, and once also copied all that followed it.
    assert (await refusal(pack(b"") * 500_000, encoding)).code == "MALFORMED_ENCODING"
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("limit", "code"), [(BATCH_BODY, "BODY_TOO_LARGE"), (EVENT_BODY, "EVENT_TOO_LARGE")]
)
@pytest.mark.parametrize("encoding", ["", "gzip", "zstd"])
async def test_a_body_may_have_exactly_the_largest_size(
    limit: BodyLimit, code: str, encoding: str
) -> None:
    largest = b"x" * limit.max_bytes

    assert await read(PACKERS[encoding](largest), encoding, limit) == largest
    refused = await refusal(PACKERS[encoding](largest + b"x"), encoding, limit)
    assert isinstance(refused, TooLarge)
    assert refused.code == code


async def test_a_large_body_is_refused_before_all_of_it_has_come() -> None:
    read_bytes = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read_bytes
        while True:
            read_bytes += 65_536
            yield b"x" * 65_536

    with ByteBudget(1 << 30).allowance() as allowance, pytest.raises(TooLarge):
        await read_body(endless(), "", allowance, EVENT_BODY)
    assert read_bytes <= EVENT_BODY.max_bytes + 65_536


@packed
async def test_a_bomb_is_defused(encoding: str, pack: Pack) -> None:
    bomb = pack(bytes(256 * 1024 * 1024))
    assert len(bomb) < OFF_LOOP_BYTES * 2
    began = time.process_time()

    assert (await refusal(bomb, encoding)).code == "BODY_TOO_LARGE"
    assert time.process_time() - began < 1


@packed
async def test_bombs_in_a_row_are_defused(encoding: str, pack: Pack) -> None:
    half = pack(bytes(BATCH_BODY.max_bytes // 2))

    assert len(await read(half * 2, encoding)) == BATCH_BODY.max_bytes
    assert (await refusal(half * 2 + pack(b"x"), encoding)).code == "BODY_TOO_LARGE"


@packed
@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:5], lambda b: b + b"x"])
async def test_a_damaged_body_is_refused(encoding: str, pack: Pack, damage: Pack) -> None:
    refused = await refusal(damage(pack(b"some events" * 100)), encoding)

    assert (refused.status, refused.code) == (400, "MALFORMED_ENCODING")
    assert refused.field == "Content-Encoding"


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (b"{}", "gzip", "MALFORMED_ENCODING"),
        (b"{}", "zstd", "MALFORMED_ENCODING"),
        (zlib.compress(b"{}"), "gzip", "MALFORMED_ENCODING"),
        (b"{}", "br", "UNSUPPORTED_ENCODING"),
        (b"{}", "deflate", "UNSUPPORTED_ENCODING"),
        (gzip.compress(gzip.compress(b"{}")), "gzip, gzip", "UNSUPPORTED_ENCODING"),
    ],
)
async def test_another_encoding_than_was_named_is_refused(
    body: bytes, encoding: str, code: str
) -> None:
    assert (await refusal(body, encoding)).code == code


async def test_bytes_in_flight_are_bounded_over_all_requests() -> None:
    budget = ByteBudget(100_000)
    with budget.allowance() as first:
        await read_body(chunks(b"x" * 80_000), "", first, BATCH_BODY)
        with budget.allowance() as second, pytest.raises(Unavailable) as refused:
            await read_body(chunks(b"x" * 30_000), "", second, BATCH_BODY)
        assert refused.value.code == "OVERLOADED"
        # What the refused one had taken is given back: a smaller one fits.
        with budget.allowance() as third:
            await read_body(chunks(b"x" * 20_000), "", third, BATCH_BODY)
    with budget.allowance() as last:
        await read_body(chunks(b"x" * 99_000), "", last, BATCH_BODY)


async def test_what_a_body_unpacks_to_counts_as_well() -> None:
    budget = ByteBudget(100_000)
    with budget.allowance() as first, budget.allowance() as second:
        await read_body(chunks(b"x" * 50_000), "", first, BATCH_BODY)
        with pytest.raises(Unavailable):
            await read_body(chunks(gzip.compress(bytes(60_000))), "gzip", second, BATCH_BODY)


async def test_a_request_alone_may_exceed_the_budget() -> None:
    assert len(await read(b"x" * 50_000, budget_bytes=16_384)) == 50_000
