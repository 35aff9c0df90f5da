"""TLS is for the name, whatever the address, and there is no way around it."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from tests.outbound.certificates import Authority
from tests.outbound.conftest import NewClient
from tests.outbound.far_http import FakeDns, FarEnd, far_end
from trailkeeper.errors import ConfigurationError
from trailkeeper.outbound.errors import OutboundFailed
from trailkeeper.outbound.http import CallLimits, OutboundClient
from trailkeeper.outbound.tls import client_context


async def tls_fault(client: OutboundClient, context: ssl.SSLContext, host: str = "far.test") -> str:
    async with far_end(context) as far:
        far.answers_with("/")
        with pytest.raises(OutboundFailed) as raised:
            await client.get(f"https://{host}:{far.port}/")
        assert raised.value.code == "OUTBOUND_TLS_FAILED"
        assert far.seen == []
    return raised.value.detail


async def test_name_certificate_and_host_are_for_the_name(
    client: OutboundClient, authority: Authority
) -> None:
    async with far_end(authority.server("far.test")) as far:
        far.answers_with("/", body=b"hello")
        answer = await client.get(f"https://far.test:{far.port}/")
    assert answer.body == b"hello"
    [seen] = far.seen
    assert (seen.server_name, seen.headers["host"]) == ("far.test", f"far.test:{far.port}")


async def test_an_address_is_checked_as_an_address(
    new_client: NewClient, authority: Authority
) -> None:
    client = new_client("127.0.0.1")
    async with far_end(authority.server("127.0.0.1")) as far:
        far.answers_with("/")
        assert (await client.get(f"https://127.0.0.1:{far.port}/")).status == 200
    await tls_fault(client, authority.server("far.test"), host="127.0.0.1")


async def test_a_certificate_for_another_name_is_refused(
    client: OutboundClient, authority: Authority
) -> None:
    # Also one for the address that the name leads to.
    told = await tls_fault(client, authority.server("other.test", "127.0.0.1"))
    assert "far.test" in told


async def test_an_expired_certificate_is_refused(
    client: OutboundClient, authority: Authority
) -> None:
    told = await tls_fault(client, authority.server("far.test", is_expired=True))
    assert "expired" in told


async def test_an_authority_that_is_not_trusted_is_refused(
    client: OutboundClient, stranger: Authority
) -> None:
    await tls_fault(client, stranger.server("far.test"))


async def test_the_extra_authority_is_trusted_only_where_it_is_named(
    authority: Authority, dns: FakeDns, client: OutboundClient
) -> None:
    without = OutboundClient(client._allow, client_context(), dns)
    await tls_fault(without, authority.server("far.test"))


async def test_old_tls_is_refused(client: OutboundClient, authority: Authority) -> None:
    context = authority.server("far.test")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    # A version before 1.2 can only be asked for under a warning of its own.
    with pytest.warns(DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    await tls_fault(client, context)


async def test_plain_http_on_a_tls_port_is_no_answer(
    client: OutboundClient, authority: Authority
) -> None:
    async with far_end(authority.server("far.test")) as far:
        with pytest.raises(OutboundFailed):
            await client.get(f"http://far.test:{far.port}/")
    assert far.seen == []


async def test_tls_to_a_plain_port_fails(client: OutboundClient, far: FarEnd) -> None:
    far.answers_with("/")
    with pytest.raises(OutboundFailed):
        limits = CallLimits(connect_seconds=0.3)
        await client.get(f"https://far.test:{far.port}/", limits=limits)
    assert far.seen == []


def test_an_authority_file_without_certificates_is_told_at_start(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("no certificate")
    with pytest.raises(ConfigurationError) as raised:
        client_context(path)
    assert (raised.value.code, raised.value.field) == (
        "OUTBOUND_CA_UNUSABLE",
        "TRAILKEEPER_OUTBOUND_CA",
    )


def test_certificates_are_always_checked() -> None:
    context = client_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
