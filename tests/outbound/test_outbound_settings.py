"""What an operator may write, and how it is understood."""

from __future__ import annotations

import ipaddress

import pytest

from trailkeeper.outbound_settings import (
    AllowedHost,
    AllowedNetwork,
    Mailbox,
    SmtpServer,
    default_public_url,
    is_loopback,
    read_allowed,
    read_mailbox,
    read_public_url,
    read_smtp_url,
    to_mail_address,
)


def test_hosts_ports_and_networks_are_told_apart() -> None:
    assert read_allowed(" Hooks.LAN., vault.lan:8200,10.0.0.0/8,[fd00::1]:8443, 10.1.2.3 ,") == (
        AllowedHost("hooks.lan"),
        AllowedHost("vault.lan", 8200),
        AllowedNetwork(ipaddress.ip_network("10.0.0.0/8")),
        AllowedNetwork(ipaddress.ip_network("fd00::1/128"), 8443),
        AllowedNetwork(ipaddress.ip_network("10.1.2.3/32")),
    )
    assert read_allowed("") == ()


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", SmtpServer("mail.example.com", 587, False, True)),
        ("smtp://mail.lan:25/?starttls=off", SmtpServer("mail.lan", 25, False, False)),
        ("smtp://[::1]:2525?starttls=required", SmtpServer("::1", 2525, False, True)),
        (
            "smtps://ada%40x:p%40ss%2F@mail.example.com",
            SmtpServer("mail.example.com", 465, True, False, "ada@x", "p@ss/"),
        ),
    ],
)
def test_a_mail_server_is_read(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server
    assert server.is_plain is ("off" in url)


@pytest.mark.parametrize("url", ["smtp://ada:hunter2@[::1", "smtp://ada:hunter2@ma\u2100il.com"])
def test_a_mail_servers_password_is_in_no_error(url: str) -> None:
    with pytest.raises(ValueError) as raised:
        read_smtp_url(url)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("audit@example.com", Mailbox("audit@example.com")),
        ("Trail Keeper <audit@Example.COM>", Mailbox("audit@example.com", "Trail Keeper")),
        ('"Keeper, Trail" <audit@example.com>', Mailbox("audit@example.com", "Keeper, Trail")),
        ("a.b+c@bücher.example", Mailbox("a.b+c@xn--bcher-kva.example")),
    ],
)
def test_a_sender_is_read(text: str, mailbox: Mailbox) -> None:
    assert read_mailbox(text) == mailbox
    assert mailbox.domain == mailbox.address.split("@")[1]


@pytest.mark.parametrize("address", ["ada@localhost", "o'brien@example.com", "ünï@example.com"])
def test_a_usual_address_is_kept(address: str) -> None:
    assert to_mail_address(address) == address


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://audit.example.com", "https://audit.example.com"),
        ("https://Audit.example.com/", "https://audit.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_a_public_url_is_read(given: str, read: str) -> None:
    assert read_public_url(given) == read


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("fd00::1", "http://[fd00::1]:80"),
        ("audit.lan", "http://audit.lan:80"),
    ],
)
def test_the_default_public_url_can_be_opened(host: str, url: str) -> None:
    assert default_public_url(host, 80) == url


def test_loopback_is_known_by_name_and_address() -> None:
    assert all(is_loopback(each) for each in ("localhost", "127.0.0.1", "127.9.9.9", "::1"))
    assert not any(is_loopback(each) for each in ("10.0.0.1", "example.com", "localhost.evil.test"))
