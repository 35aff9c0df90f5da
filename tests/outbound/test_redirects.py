"""A redirect is a new call: checked again, and without what belongs to the old origin."""

from __future__ import annotations

import pytest

from tests.outbound.certificates import Authority
from tests.outbound.conftest import NewClient
from tests.outbound.far_http import FakeDns, FarEnd, far_end
from trailkeeper.outbound.errors import OutboundError
from trailkeeper.outbound.http import CallLimits, OutboundClient

FOLLOW = CallLimits(redirects=3)
SECRETS = {"Authorization": "Bearer hunter2", "Cookie": "a=hunter2", "X-Api-Key": "hunter2"}


def url(far: FarEnd, path: str = "/") -> str:
    return f"http://far.test:{far.port}{path}"


async def test_a_redirect_is_not_followed_unless_asked(client: OutboundClient, far: FarEnd) -> None:
    far.redirects("/", url(far, "/next"))
    answer = await client.get(url(far))
    assert (answer.status, answer.headers["location"]) == (302, url(far, "/next"))
    assert [seen.path for seen in far.seen] == ["/"]


@pytest.mark.parametrize("location", ["/next", "next", "//far.test:{port}/next"])
async def test_a_redirect_within_the_origin_keeps_the_headers(
    client: OutboundClient, far: FarEnd, location: str
) -> None:
    far.redirects("/", location.format(port=far.port))
    far.answers_with("/next", body=b"there")
    assert (await client.get(url(far), headers=SECRETS, limits=FOLLOW)).body == b"there"
    assert far.seen[1].headers["authorization"] == "Bearer hunter2"
    assert far.seen[1].headers["x-api-key"] == "hunter2"


async def test_credentials_do_not_go_to_another_origin(
    new_client: NewClient, dns: FakeDns, far: FarEnd
) -> None:
    dns.add("other.test", ["127.0.0.1"])
    far.redirects("/", f"http://other.test:{far.port}/next")
    far.answers_with("/next")
    client = new_client("far.test,other.test")
    await client.get(url(far), headers={**SECRETS, "Accept": "text/plain"}, limits=FOLLOW)
    last = far.seen[1].headers
    assert "hunter2" not in str(last)
    assert (last["accept"], last["host"]) == ("text/plain", f"other.test:{far.port}")


async def test_another_port_is_another_origin(client: OutboundClient, far: FarEnd) -> None:
    async with far_end() as other:
        far.redirects("/", url(other))
        other.answers_with("/")
        await client.get(url(far), headers=SECRETS, limits=FOLLOW)
    assert "hunter2" not in str(other.seen[0].headers)


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:{port}/", "OUTBOUND_ADDRESS_REFUSED"),
        ("http://169.254.169.254/latest/meta-data/", "OUTBOUND_ADDRESS_REFUSED"),
        ("http://[::1]:{port}/", "OUTBOUND_ADDRESS_REFUSED"),
        ("http://[::ffff:10.0.0.1]/", "OUTBOUND_ADDRESS_REFUSED"),
        ("http://inner.test:{port}/", "OUTBOUND_ADDRESS_REFUSED"),
        ("http://2130706433:{port}/", "OUTBOUND_URL_INVALID"),
        ("http://ada:hunter2@far.test:{port}/", "OUTBOUND_USERINFO_REFUSED"),
        ("file:///etc/passwd", "OUTBOUND_SCHEME_REFUSED"),
        ("gopher://far.test/", "OUTBOUND_SCHEME_REFUSED"),
        ("http://far.test:22/", "OUTBOUND_PORT_REFUSED"),
    ],
)
async def test_a_redirect_inward_is_refused(
    client: OutboundClient, dns: FakeDns, far: FarEnd, location: str, code: str
) -> None:
    dns.add("inner.test", ["127.0.0.1"])
    far.redirects("/", location.format(port=far.port))
    with pytest.raises(OutboundError) as raised:
        await client.get(url(far), limits=FOLLOW)
    assert raised.value.code == code
    assert len(far.seen) == 1


async def test_https_never_becomes_http(
    client: OutboundClient, authority: Authority, far: FarEnd
) -> None:
    async with far_end(authority.server("far.test")) as secure:
        secure.redirects("/", url(far))
        with pytest.raises(OutboundError) as raised:
            await client.get(f"https://far.test:{secure.port}/", limits=FOLLOW)
    assert raised.value.code == "OUTBOUND_REDIRECT_REFUSED"
    assert far.connections == 0


async def test_http_may_become_https(
    client: OutboundClient, authority: Authority, far: FarEnd
) -> None:
    async with far_end(authority.server("far.test")) as secure:
        far.redirects("/", f"https://far.test:{secure.port}/")
        secure.answers_with("/", body=b"there")
        assert (await client.get(url(far), limits=FOLLOW)).body == b"there"


@pytest.mark.parametrize(("redirects", "is_followed"), [(3, True), (2, False)])
async def test_redirects_have_an_end(
    client: OutboundClient, far: FarEnd, redirects: int, is_followed: bool
) -> None:
    for number in range(3):
        far.redirects(f"/{number}", f"/{number + 1}")
    far.answers_with("/3")
    limits = CallLimits(redirects=redirects)
    if is_followed:
        assert (await client.get(url(far, "/0"), limits=limits)).status == 200
        return
    with pytest.raises(OutboundError) as raised:
        await client.get(url(far, "/0"), limits=limits)
    assert (raised.value.code, raised.value.is_permanent) == ("OUTBOUND_REDIRECTS", False)


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [
        (301, "GET", b""),
        (302, "GET", b""),
        (303, "GET", b""),
        (307, "POST", b"a"),
        (308, "POST", b"a"),
    ],
)
async def test_a_posts_redirect_keeps_or_drops_its_body(
    client: OutboundClient, far: FarEnd, status: int, method: str, body: bytes
) -> None:
    far.redirects("/", "/next", status)
    far.answers_with("/next")
    await client.post(url(far), body=b"a", headers={"Content-Type": "text/x"}, limits=FOLLOW)
    assert (far.seen[1].method, far.seen[1].body) == (method, body)
    assert ("content-type" in far.seen[1].headers) is (method == "POST")


async def test_a_body_does_not_go_to_another_origin(client: OutboundClient, far: FarEnd) -> None:
    async with far_end() as other:
        far.redirects("/", url(other), 307)
        with pytest.raises(OutboundError) as raised:
            await client.post(url(far), form={"client_secret": "hunter2"}, limits=FOLLOW)
    assert (raised.value.code, raised.value.is_permanent) == ("OUTBOUND_REDIRECT_REFUSED", True)
    assert other.connections == 0
