from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.types import HTTPScope
from litestar.types.asgi_types import RawHeaders

from trailkeeper.access.address import client_address, parse_address, walk

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def scope(peer: str | None, *forwarded: str) -> HTTPScope:
    headers: RawHeaders = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    client = None if peer is None else (peer, 40_000)
    return {"type": "http", "client": client, "headers": headers}  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["1.1.1.1", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.9, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["203.0.113.9,"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9:5678"], "203.0.113.9"),
        ("10.0.0.1", ["[2001:db8::1]:443"], "2001:db8::1"),
        ("10.0.0.1", ["2001:DB8:0:0::1"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
        ("fd00::5", ["203.0.113.9"], "203.0.113.9"),
        ("fe80::1%eth0", [], "fe80::1"),
        ("a.socket", ["203.0.113.9"], None),
        (None, ["203.0.113.9"], None),
    ],
)
def test_the_client_behind_proxies(peer: str, forwarded: list[str], expected: str | None) -> None:
    assert client_address(scope(peer, *forwarded), PROXIES) == expected


def test_without_proxies_only_the_connection_counts() -> None:
    assert client_address(scope("10.0.0.1", "203.0.113.9"), ()) == "10.0.0.1"
    assert client_address(scope("::ffff:10.0.0.1"), ()) == "10.0.0.1"


trusted = st.ip_addresses(network="10.0.0.0/8").map(str)
foreign = st.ip_addresses(network="203.0.0.0/8").map(str)
garbage = st.text(alphabet=st.characters(exclude_characters=",", exclude_categories=["Cs"]))


@given(st.lists(trusted | foreign | garbage), foreign, st.lists(trusted))
def test_what_stands_left_of_the_first_foreign_hop_is_never_believed(
    written: list[str], client: str, proxies: list[str]
) -> None:
    forwarded = [*written, client, *proxies]

    assert walk(ip_address("10.9.9.9"), forwarded, PROXIES) == ip_address(client)


@given(st.lists(trusted | foreign | garbage))
def test_an_untrusted_peer_is_the_client_whatever_it_says(written: list[str]) -> None:
    peer = ip_address("203.0.113.9")

    assert walk(peer, written, PROXIES) == peer


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    address = parse_address(text)

    assert address is None or parse_address(str(address)) == address
