from __future__ import annotations

import ipaddress
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.access.networks import (
    MAX_NETWORKS,
    NetworkSet,
    checked_networks,
    network_set,
    parse_network,
    to_text,
)
from trailkeeper.errors import BadRequest
from trailkeeper.settings import Network


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7/32", "203.0.113.7"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::/0", "::/0"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107/128", "203.0.113.7"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
    ],
)
def test_networks_have_one_normal_form(text: str, normal: str) -> None:
    assert checked_networks([text]) == (normal,)
    assert checked_networks([normal]) == (normal,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "neither an address"),
        ("office", "neither an address"),
        ("203.0.113", "neither an address"),
        ("203.0.113.07", "neither an address"),
        ("256.0.0.1", "neither an address"),
        ("203.0.113.7:80", "neither an address"),
        ("[2001:db8::1]", "neither an address"),
        ("fe80::1%eth0", "neither an address"),
        ("203.0.113.0/255.255.255.0", "neither an address"),
        ("203.0.113.0/0.0.0.255", "neither an address"),
        ("203.0.113.0/", "neither an address"),
        ("203.0.113.0/33", "longer than /32"),
        ("2001:db8::/129", "longer than /128"),
        ("203.0.113.7/24", "write 203.0.113.0/24"),
        ("2001:db8::1/32", "write 2001:db8::/32"),
        ("1" * 10_000, "neither an address"),
    ],
)
def test_what_is_no_network_is_refused_saying_why(text: str, why: str) -> None:
    with pytest.raises(BadRequest, match=why) as raised:
        checked_networks(["192.0.2.1", text])
    assert (raised.value.code, raised.value.field) == ("INVALID_NETWORK", "allow_list.1")


@pytest.mark.parametrize(
    ("networks", "place", "why"),
    [
        (["192.0.2.1", "192.0.2.1/32"], 1, "192.0.2.1 is there twice"),
        (["192.0.2.1", "::ffff:192.0.2.1"], 1, "192.0.2.1 is there twice"),
        (["10.0.0.0/8", "10.1.0.0/16"], 1, "10.1.0.0/16 lies within 10.0.0.0/8"),
        (["10.1.2.3", "2001:db8::1", "10.0.0.0/8"], 0, "10.1.2.3 lies within 10.0.0.0/8"),
        (["2001:db8::/32", "2001:db8:1::/48"], 1, "lies within 2001:db8::/32"),
    ],
)
def test_a_network_within_another_is_refused(networks: list[str], place: int, why: str) -> None:
    with pytest.raises(BadRequest, match=why) as raised:
        checked_networks(networks, "entries")
    assert (raised.value.code, raised.value.field) == ("NETWORK_COVERED", f"entries.{place}")


def test_neighbours_and_both_kinds_stand_side_by_side() -> None:
    networks = ("10.0.0.0/9", "10.128.0.0/9", "::/0", "192.0.2.1")
    assert checked_networks(networks) == networks


def test_as_many_as_allowed_are_checked_without_delay() -> None:
    networks = [f"2001:db8:{index:x}::1" for index in range(MAX_NETWORKS)]
    began = time.process_time()
    assert len(checked_networks(networks)) == MAX_NETWORKS
    assert time.process_time() - began < 0.5
    with pytest.raises(BadRequest) as raised:
        checked_networks([*networks, "192.0.2.1"])
    assert raised.value.code == "TOO_MANY_NETWORKS"


addresses = st.one_of(
    st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address),
    # Few high bits, so that networks and addresses meet.
    st.integers(0, 2**32 - 1).map(lambda low: ipaddress.IPv6Address((0x20010DB8 << 96) + low)),
)
networks = st.tuples(addresses, st.integers(0, 128)).map(
    lambda pair: ipaddress.ip_network((pair[0], min(pair[1], pair[0].max_prefixlen)), strict=False)
)


@given(networks)
def test_text_and_network_are_each_others_inverse(network: Network) -> None:
    assert parse_network(to_text(network)) == network


@given(st.lists(networks, max_size=8), addresses)
def test_a_set_holds_what_one_of_its_networks_holds(
    some: list[Network], address: ipaddress.IPv4Address | ipaddress.IPv6Address
) -> None:
    held = any(address in each for each in some)
    assert NetworkSet(some).holds(str(address)) is held
    if isinstance(address, ipaddress.IPv4Address):
        assert NetworkSet(some).holds(f"::ffff:{address}") is held


@pytest.mark.parametrize("address", [None, "", "unix", "203.0.113.7.8"])
def test_what_is_no_address_is_in_no_network(address: str | None) -> None:
    assert not network_set(("0.0.0.0/0", "::/0")).holds(address)
