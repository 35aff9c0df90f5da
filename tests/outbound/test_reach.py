"""Each class of address that a call must not reach, by its own name."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.outbound.reach import (
    METADATA,
    AllowList,
    IpAddress,
    Unreachable,
    embedded_ipv4,
    why_unreachable,
)
from trailkeeper.outbound_settings import read_allowed

REFUSED = {
    Unreachable.UNSPECIFIED: ["0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"],
    Unreachable.LOOPBACK: ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"],
    Unreachable.PRIVATE: [
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "::ffff:10.0.0.1",
        "64:ff9b::192.168.0.1",
        "2002:c0a8:101::1",
    ],
    Unreachable.CARRIER_NAT: ["100.64.0.1", "100.127.255.255", "::ffff:100.64.0.1"],
    Unreachable.LINK_LOCAL: ["169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1"],
    Unreachable.MULTICAST: ["224.0.0.1", "239.255.255.250", "ff02::1", "64:ff9b::224.0.0.1"],
    Unreachable.RESERVED: [
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "240.0.0.1",
        "255.255.255.255",
        "::127.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
    ],
    Unreachable.METADATA: [
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
    ],
}

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "169.253.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]


@pytest.mark.parametrize(
    ("why", "text"), [(why, text) for why, texts in REFUSED.items() for text in texts]
)
def test_an_address_of_this_class_is_refused(why: Unreachable, text: str) -> None:
    assert why_unreachable(ipaddress.ip_address(text)) is why


def test_every_class_is_shown() -> None:
    assert REFUSED.keys() == set(Unreachable)


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_not_refused(text: str) -> None:
    assert why_unreachable(ipaddress.ip_address(text)) is None


@given(st.ip_addresses())
def test_whatever_is_let_through_is_public_for_the_standard_library_too(address: IpAddress) -> None:
    if why_unreachable(address) is None:
        reached = embedded_ipv4(address) or address
        assert reached.is_global
        assert not reached.is_multicast


@given(st.ip_addresses(v=4))
def test_every_wrapping_of_an_ipv4_address_is_judged_like_it(
    address: ipaddress.IPv4Address,
) -> None:
    number = int(address)
    for wrapped in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert why_unreachable(ipaddress.IPv6Address(wrapped)) is why_unreachable(address)


def allowed(text: str, address: str, host: str = "far.test", port: int = 443) -> bool:
    reached = ipaddress.ip_address(address)
    return AllowList(read_allowed(text)).why_unreachable(host, reached, port) is None


def test_a_named_host_may_be_private() -> None:
    assert not allowed("", "10.0.0.1")
    assert allowed("far.test", "10.0.0.1")
    assert allowed("far.test", "127.0.0.1")
    assert not allowed("far.test", "10.0.0.1", host="sub.far.test")
    assert not allowed("far.test", "10.0.0.1", host="notfar.test")


def test_a_host_named_with_its_port_is_open_on_that_port_alone() -> None:
    assert allowed("far.test:8200", "10.0.0.1", port=8200)
    assert not allowed("far.test:8200", "10.0.0.1", port=443)


def test_a_named_network_opens_its_addresses() -> None:
    assert allowed("10.1.0.0/16", "10.1.2.3")
    assert not allowed("10.1.0.0/16", "10.2.0.1")
    assert allowed("10.1.0.0/16", "::ffff:10.1.2.3")
    assert allowed("fd00::/8", "fd12::1")
    assert allowed("[fd12::1]:8443", "fd12::1", port=8443)
    assert not allowed("10.0.0.1:8443", "10.0.0.1", port=443)


@pytest.mark.parametrize("address", sorted(str(each) for each in METADATA))
def test_only_its_very_address_opens_a_metadata_service(address: str) -> None:
    everything = "0.0.0.0/0,::/0,far.test"
    assert not allowed(everything, address)
    assert allowed(f"{everything},{address}", address)
