"""Calls over HTTP to a real far end: what goes out, what comes back, and every bound."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
from typing import Any

import pytest

from tests.outbound.conftest import NewClient
from tests.outbound.far_http import FakeDns, FarEnd
from trailkeeper import __version__
from trailkeeper.outbound.errors import OutboundError, OutboundFailed, OutboundRefused
from trailkeeper.outbound.http import CallLimits, OutboundClient
from trailkeeper.outbound.resolve import resolve_by_system


def url(far: FarEnd, path: str = "/") -> str:
    return f"http://far.test:{far.port}{path}"


async def failing(client: OutboundClient, url: str, **options: Any) -> OutboundError:
    with pytest.raises(OutboundError) as raised:
        await client.get(url, **options)
    return raised.value


async def test_a_get_and_its_answer(client: OutboundClient, far: FarEnd) -> None:
    far.answers_with("/a?b=c", 201, b"hello", [("X-Kind", "test")])

    answer = await client.get(url(far, "/a?b=c#part"), headers={"Authorization": "Bearer t"})

    assert (answer.status, answer.body, answer.headers["x-kind"]) == (201, b"hello", "test")
    assert 0 < answer.elapsed < 5
    [seen] = far.seen
    assert (seen.method, seen.path, seen.body) == ("GET", "/a?b=c", b"")
    assert seen.headers["host"] == f"far.test:{far.port}"
    assert seen.headers["authorization"] == "Bearer t"
    assert seen.headers["user-agent"] == f"Trailkeeper/{__version__}"
    assert seen.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("options", "kind", "body"),
    [
        ({"json": {"a": "ü"}}, "application/json", '{"a":"ü"}'.encode()),
        ({"form": {"a": "b c", "d": "&"}}, "application/x-www-form-urlencoded", b"a=b+c&d=%26"),
        ({"body": b"\x00\xff"}, None, b"\x00\xff"),
        ({}, None, b""),
    ],
)
async def test_a_post_with_its_body(
    client: OutboundClient, far: FarEnd, options: dict[str, Any], kind: str | None, body: bytes
) -> None:
    far.answers_with("/", 204)
    assert (await client.post(url(far), **options)).status == 204
    [seen] = far.seen
    assert (seen.method, seen.headers.get("content-type"), seen.body) == ("POST", kind, body)


async def test_an_answer_of_any_status_is_no_error(client: OutboundClient, far: FarEnd) -> None:
    far.answers_with("/", 503, b"busy")
    assert (await client.get(url(far))).status == 503


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "b\r\nX-C: d"},
        {"X-A\r\nX-C": "d"},
        {"X A": "b"},
        {"": "b"},
        {"X-A": "ü"},
        {"Host": "other.test"},
        {"Content-Length": "0"},
        {"Transfer-Encoding": "chunked"},
        {"X-A": "1", "x-a": "2"},
    ],
)
async def test_a_header_that_would_smuggle_is_refused(
    client: OutboundClient, far: FarEnd, headers: dict[str, str]
) -> None:
    error = await failing(client, url(far), headers=headers)
    assert (error.code, error.is_permanent) == ("OUTBOUND_REQUEST_INVALID", True)
    assert far.connections == 0


async def test_nothing_goes_to_a_private_address(
    new_client: NewClient, dns: FakeDns, far: FarEnd
) -> None:
    for address in ("127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1", "0.0.0.0"):
        dns.add("far.test", [address])
        error = await failing(new_client(""), url(far))
        assert error.code == "OUTBOUND_ADDRESS_REFUSED"
        assert error.hint is not None
    for literal in ("127.0.0.1", "[::1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]"):
        error = await failing(new_client(""), f"http://{literal}:{far.port}/")
        assert (error.code, error.is_permanent) == ("OUTBOUND_ADDRESS_REFUSED", True)
    assert far.connections == 0


async def test_a_name_with_one_inward_address_is_refused_as_a_whole(
    new_client: NewClient, dns: FakeDns
) -> None:
    dns.add("mixed.test", ["8.8.8.8", "10.0.0.1"])
    error = await failing(new_client(""), "https://mixed.test/")
    assert error.code == "OUTBOUND_ADDRESS_REFUSED"


async def test_the_next_address_is_tried_where_one_takes_no_connection(
    new_client: NewClient, dns: FakeDns, far: FarEnd
) -> None:
    far.answers_with("/")
    dns.add("far.test", ["127.0.0.9", "127.0.0.1"])
    assert (await new_client("far.test").get(url(far))).status == 200


async def test_a_name_without_an_address_fails_for_now(client: OutboundClient) -> None:
    error = await failing(client, "https://nowhere.test/")
    assert (error.code, error.is_permanent) == ("OUTBOUND_NAME_UNKNOWN", False)


async def test_the_systems_resolver_is_asked_for_names(far: FarEnd) -> None:
    assert "127.0.0.1" in {str(each) for each in await resolve_by_system("localhost", far.port)}
    with pytest.raises(OutboundFailed):
        await resolve_by_system("no-such-host.invalid", 443)


async def test_a_closed_port_fails_for_now(client: OutboundClient) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = await failing(client, f"http://far.test:{taken.getsockname()[1]}/")
    assert (error.code, error.is_permanent) == ("OUTBOUND_CONNECT_FAILED", False)


@pytest.mark.parametrize("part", ["head", "body"])
async def test_a_slow_answer_is_given_up(client: OutboundClient, far: FarEnd, part: str) -> None:
    async def trickle(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 X\r\n" + (b"\r\n" if part == "body" else b""))
        for _ in range(100):
            writer.write(b"x" if part == "body" else b"x: y\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    far.answers["/"] = trickle
    error = await failing(client, url(far), limits=CallLimits(total_seconds=0.3))
    assert (error.code, error.is_permanent) == ("OUTBOUND_TIMEOUT", False)


async def test_a_slow_resolver_is_given_up(
    client: OutboundClient, far: FarEnd, dns: FakeDns
) -> None:
    dns.delay_seconds = 5
    error = await failing(client, url(far), limits=CallLimits(total_seconds=0.2))
    assert error.code == "OUTBOUND_TIMEOUT"


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_too_large_a_body_is_cut_with_an_error(
    client: OutboundClient, far: FarEnd, is_chunked: bool
) -> None:
    sent = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        framing = b"transfer-encoding: chunked" if is_chunked else b"content-length: 1000000000"
        writer.write(b"HTTP/1.1 200 X\r\n" + framing + b"\r\n\r\n")
        block = b"x" * 65536
        for _ in range(2000):
            writer.write(b"10000\r\n" + block + b"\r\n" if is_chunked else block)
            await writer.drain()
            sent += len(block)

    far.answers["/"] = flood
    error = await failing(client, url(far), limits=CallLimits(body_bytes=100_000))
    assert (error.code, error.is_permanent) == ("OUTBOUND_ANSWER_TOO_LARGE", False)
    # What both sides' sockets hold, and no more: it was not read to its end.
    assert sent < 64 * 1024 * 1024


async def test_a_body_of_exactly_the_limit_is_taken(client: OutboundClient, far: FarEnd) -> None:
    far.answers_with("/", body=b"x" * 1000)
    assert len((await client.get(url(far), limits=CallLimits(body_bytes=1000))).body) == 1000
    error = await failing(client, url(far), limits=CallLimits(body_bytes=999))
    assert error.code == "OUTBOUND_ANSWER_TOO_LARGE"


@pytest.mark.parametrize(
    ("size", "code"), [(40_000, "OUTBOUND_ANSWER_TOO_LARGE"), (400_000, "OUTBOUND_ANSWER_INVALID")]
)
async def test_too_large_headers_are_refused(
    client: OutboundClient, far: FarEnd, size: int, code: str
) -> None:
    far.answers_with("/", headers=[("X-Big", "x" * size)])
    assert (await failing(client, url(far))).code == code


async def test_a_packed_answer_is_refused_unread(client: OutboundClient, far: FarEnd) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    far.answers_with("/", body=bomb, headers=[("Content-Encoding", "gzip")])
    assert (await failing(client, url(far))).code == "OUTBOUND_ANSWER_INVALID"


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nshort"]
)
async def test_what_is_no_whole_http_answer_fails_for_now(
    client: OutboundClient, far: FarEnd, answer: bytes
) -> None:
    far.answers["/"] = answer
    error = await failing(client, url(far))
    assert (error.code, error.is_permanent) == ("OUTBOUND_ANSWER_INVALID", False)


async def test_errors_tell_no_secret(
    client: OutboundClient, far: FarEnd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    far.answers_with("/services/T0/hunter2?token=hunter2", body=b"hunter2" * 1000)
    error = await failing(
        client,
        url(far, "/services/T0/hunter2?token=hunter2"),
        headers={"X-Secret": "hunter2"},
        limits=CallLimits(body_bytes=10),
    )
    told = f"{error} {error.detail} {error.hint} {error!r} {caplog.text}"
    assert "hunter2" not in told
    assert f"far.test:{far.port}" in error.detail


async def test_proxies_of_the_environment_are_not_used(
    client: OutboundClient, far: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    far.answers_with("/")
    assert (await client.get(url(far))).status == 200


async def test_a_call_has_one_body(client: OutboundClient, far: FarEnd) -> None:
    with pytest.raises(ValueError, match="one body"):
        await client.post(url(far), body=b"a", json={})


async def test_an_invalid_url_is_refused_before_anything_else(client: OutboundClient) -> None:
    with pytest.raises(OutboundRefused):
        await client.post("nonsense", body=b"a")
