"""A provider that is slow, down, too talkative, or somewhere that nobody may be sent to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.access.oidc.hostile import HostileProvider
from tests.access.oidc.real import PUBLIC_URL
from tests.access.oidc.room import ACME, OidcRoom, begin, failed, query_of
from tests.outbound.far_http import FakeDns
from trailkeeper.access.signin import oidc_discovery, oidc_tokens
from trailkeeper.outbound.http import CallLimits
from trailkeeper.store.metadata import Metadata

TEST = "/organization/single-sign-on/test"

# Which database it is makes no difference to a far end.
pytestmark = pytest.mark.parametrize("metadata_url", ["sqlite"], indirect=True)


async def start(room: OidcRoom) -> str:
    """Where a sign-in ends that cannot begin."""
    async with room.client() as browser:
        location = await begin(browser)
    assert location.startswith(PUBLIC_URL)
    return location.removeprefix(PUBLIC_URL)


async def test_a_provider_that_is_down(room: OidcRoom, hostile: HostileProvider) -> None:
    await room.configure("http://127.0.0.1:9")
    # The discard port is refused before anything is sent: it belongs to another protocol.
    assert await start(room) == failed("OIDC_ADDRESS_REFUSED")
    await room.configure(f"http://127.0.0.1:{await unused_port()}")
    assert await start(room) == failed("OIDC_PROVIDER_UNAVAILABLE")
    await room.configure(hostile.issuer)
    hostile.answers("/.well-known/openid-configuration", {}, status=502)
    assert await start(room) == failed("OIDC_PROVIDER_UNAVAILABLE")
    # Nothing of a failure is kept: it works as soon as the provider does.
    hostile.describe()
    async with room.client() as browser:
        assert (await begin(browser)).startswith(hostile.issuer)


async def test_a_provider_that_is_slow(
    room: OidcRoom, hostile: HostileProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (oidc_discovery, oidc_tokens):
        monkeypatch.setattr(module, "LIMITS", CallLimits(total_seconds=0.2))
    await room.configure(hostile.issuer)

    async def for_ever(_: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    hostile.far.answers["/token"] = for_ever
    async with room.client() as browser:
        asked = query_of(await begin(browser))
        end = await hostile.comes_back(browser, asked["state"])
        assert end == failed("OIDC_PROVIDER_UNAVAILABLE")
    assert (await room.last_failure())["details"]["explanation"] == (
        "the token endpoint: OUTBOUND_TIMEOUT"
    )
    room.providers.forget(hostile.issuer)
    hostile.far.answers["/.well-known/openid-configuration"] = for_ever
    assert await start(room) == failed("OIDC_PROVIDER_UNAVAILABLE")


async def test_a_provider_that_is_down_keeps_nobody_waiting_afterwards(
    room: OidcRoom, hostile: HostileProvider
) -> None:
    await room.configure(hostile.issuer)
    hostile.answers("/token", {}, status=503)
    async with room.client() as browser:
        for _ in range(35):
            asked = query_of(await begin(browser))
            end = await hostile.comes_back(browser, asked["state"])
            assert end == failed("OIDC_PROVIDER_UNAVAILABLE")
        assert await hostile.sign_in(browser) == "/"


async def test_documents_without_end(room: OidcRoom, hostile: HostileProvider) -> None:
    await room.configure(hostile.issuer)
    hostile.describe(padding="x" * 300_000)
    assert await start(room) == failed("OIDC_ANSWER_INVALID")
    hostile.describe()
    hostile.answers("/jwks", {"keys": [{"kty": "RSA"}] * 101})
    async with room.client() as browser:
        assert await hostile.sign_in(browser) == failed("OIDC_ANSWER_INVALID")
    hostile.far.answers_with("/jwks", body=b"[" * 200_000)
    async with room.client() as browser:
        assert await hostile.sign_in(browser) == failed("OIDC_ANSWER_INVALID")


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"issuer": "https://evil.test"}, "the discovery document is of another issuer"),
        ({"issuer": "trailing slash"}, "the discovery document is of another issuer"),
        (
            {"token_endpoint": "http://evil.test/token"},
            "token_endpoint is neither https nor opened",
        ),
        (
            {"authorization_endpoint": "javascript:alert(1)"},
            "authorization_endpoint is neither https nor opened",
        ),
        (
            {"jwks_uri": "http://169.254.169.254/latest"},
            "jwks_uri is neither https nor opened",
        ),
        (
            {"userinfo_endpoint": "file:///etc/passwd"},
            "userinfo_endpoint is neither https nor opened",
        ),
        ({"jwks_uri": None}, "the discovery document is not JSON of the right shape"),
    ],
)
async def test_a_discovery_document_that_lies(
    room: OidcRoom, hostile: HostileProvider, changes: dict[str, Any], detail: str
) -> None:
    if changes.get("issuer") == "trailing slash":
        changes = {"issuer": f"{hostile.issuer}/"}
    await room.configure(hostile.issuer)
    hostile.describe(**changes)
    assert await start(room) == failed("OIDC_ANSWER_INVALID")
    async with room.client(room.tokens[ACME]) as client:
        told = (await client.post(TEST)).json()
    assert (told["is_working"], told["code"]) == (False, "OIDC_ANSWER_INVALID")
    assert told["detail"] == detail


async def test_a_redirect_of_the_provider_is_not_followed(
    room: OidcRoom, hostile: HostileProvider
) -> None:
    await room.configure(hostile.issuer)
    hostile.far.redirects("/.well-known/openid-configuration", f"{hostile.issuer}/elsewhere")
    assert await start(room) == failed("OIDC_ANSWER_INVALID")
    assert "/elsewhere" not in [seen.path for seen in hostile.far.seen]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("metadata.evil.test", "169.254.169.254"),
        ("loop.evil.test", "127.0.0.1"),
        ("inside.evil.test", "10.0.0.5"),
        ("mapped.evil.test", "::ffff:10.0.0.5"),
        ("six.evil.test", "fd00::1"),
    ],
)
async def test_ssrf_through_the_issuer(metadata: Metadata, name: str, address: str) -> None:
    """A public name that leads inward: nothing is sent, and the address is not told."""
    dns = FakeDns()
    dns.add(name, [address])
    room = OidcRoom(metadata, allowed="", resolver=dns)
    await room.open()
    assert (await room.configure(f"https://{name}")).status_code == 200
    assert await start(room) == failed("OIDC_ADDRESS_REFUSED")
    async with room.client(room.tokens[ACME]) as client:
        answer = await client.post(TEST)
    assert answer.json()["code"] == "OIDC_ADDRESS_REFUSED"
    assert address not in answer.text
    assert dns.asked == [name, name]


@pytest.mark.parametrize(
    "issuer",
    ["https://127.0.0.1", "https://[::1]", "https://169.254.169.254", "https://2130706433"],
)
async def test_ssrf_by_an_address_as_issuer(metadata: Metadata, issuer: str) -> None:
    room = OidcRoom(metadata, allowed="")
    await room.open()
    await room.configure(issuer)
    assert await start(room) == failed("OIDC_ADDRESS_REFUSED")


async def test_plain_http_needs_the_operators_word(
    metadata: Metadata, hostile: HostileProvider
) -> None:
    for allowed, status in (("", 400), ("10.0.0.0/8", 400), ("127.0.0.0/8", 200)):
        room = OidcRoom(metadata, allowed=allowed)
        if not allowed:
            await room.open()
            tokens = room.tokens
        room.tokens = tokens
        answer = await room.configure(hostile.issuer)
        assert answer.status_code == status


async def unused_port() -> int:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port
