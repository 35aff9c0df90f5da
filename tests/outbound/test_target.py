"""What a URL must not be."""

from __future__ import annotations

import pytest

from tests.outbound.conftest import NewClient
from tests.outbound.far_http import FakeDns
from trailkeeper.outbound.errors import OutboundFailed, OutboundRefused
from trailkeeper.outbound.target import to_target

INVALID = [
    "",
    "far.test",
    "https://",
    "https://:443/",
    "https://far.test:0/",
    "https://far.test:99999/",
    "https://far.test:http/",
    "https://far.test/\r\nX: y",
    "https://far\x00.test/",
    "https://[::1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.0x1/",
    "https://far.test/" + "a" * 9000,
]


async def code_of(new_client: NewClient, url: str, allowed: str = "") -> str:
    with pytest.raises(OutboundRefused) as raised:
        await new_client(allowed).get(url)
    assert raised.value.is_permanent
    return raised.value.code


@pytest.mark.parametrize("url", INVALID, ids=range(len(INVALID)))
async def test_an_invalid_url_is_refused(new_client: NewClient, url: str) -> None:
    assert await code_of(new_client, url) in ("OUTBOUND_URL_INVALID", "OUTBOUND_SCHEME_REFUSED")


@pytest.mark.parametrize(
    "url", ["ftp://far.test/", "file:///etc/passwd", "gopher://far.test/", "ws://far.test/"]
)
async def test_another_scheme_is_refused(new_client: NewClient, url: str) -> None:
    assert await code_of(new_client, url) == "OUTBOUND_SCHEME_REFUSED"


@pytest.mark.parametrize("url", ["https://ada:hunter2@far.test/", "https://ada@far.test/"])
async def test_a_user_in_the_url_is_refused(new_client: NewClient, url: str) -> None:
    assert await code_of(new_client, url, "far.test") == "OUTBOUND_USERINFO_REFUSED"


@pytest.mark.parametrize("port", [22, 25, 110, 389, 1023, 2049, 6000, 6667])
async def test_a_port_of_another_protocol_is_refused(
    new_client: NewClient, dns: FakeDns, port: int
) -> None:
    dns.add("public.test", ["8.8.8.8"])
    url = f"http://public.test:{port}/"
    assert await code_of(new_client, url) == "OUTBOUND_PORT_REFUSED"
    assert await code_of(new_client, url, "public.test") == "OUTBOUND_PORT_REFUSED"


async def test_a_port_of_another_protocol_is_opened_by_naming_it(
    new_client: NewClient, dns: FakeDns
) -> None:
    dns.add("far.test", ["127.0.0.1"])
    with pytest.raises(OutboundFailed) as raised:
        await new_client("far.test:1").get("http://far.test:1/")
    assert raised.value.code == "OUTBOUND_CONNECT_FAILED"


@pytest.mark.parametrize(
    ("url", "host", "port", "host_header"),
    [
        ("https://Far.Test./a", "far.test", 443, "far.test"),
        ("http://far.test:80/", "far.test", 80, "far.test"),
        ("http://far.test:8080/", "far.test", 8080, "far.test:8080"),
        ("https://[2606:4700::1]:8443/", "2606:4700::1", 8443, "[2606:4700::1]:8443"),
        ("https://bücher.example/", "xn--bcher-kva.example", 443, "xn--bcher-kva.example"),
    ],
)
def test_a_url_is_taken_apart(url: str, host: str, port: int, host_header: str) -> None:
    target = to_target(url)
    assert (target.host, target.port, target.host_header) == (host, port, host_header)
