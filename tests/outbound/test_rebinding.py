"""A name that changes its mind between check and use reaches nothing that was not checked."""

from __future__ import annotations

import pytest

from tests.outbound.conftest import NewClient
from tests.outbound.far_http import FakeDns, FarEnd, far_end
from trailkeeper.outbound.errors import OutboundRefused
from trailkeeper.outbound.http import CallLimits


async def test_the_name_is_resolved_once_and_its_address_used(
    new_client: NewClient, dns: FakeDns, far: FarEnd
) -> None:
    far.answers_with("/", body=b"checked")
    async with far_end(host="127.0.0.2", port=far.port) as inner:
        inner.answers_with("/", body=b"inner")
        dns.add("rebind.test", ["127.0.0.1"], ["127.0.0.2"])
        client = new_client("127.0.0.1")

        answer = await client.get(f"http://rebind.test:{far.port}/")
        assert (answer.body, dns.asked) == (b"checked", ["rebind.test"])

        with pytest.raises(OutboundRefused) as raised:
            await client.get(f"http://rebind.test:{far.port}/")
        assert raised.value.code == "OUTBOUND_ADDRESS_REFUSED"
        assert inner.connections == 0


async def test_the_systems_own_idea_of_the_name_plays_no_part(
    new_client: NewClient, dns: FakeDns, far: FarEnd
) -> None:
    """The system says 127.0.0.1 for localhost: whoever asked it would land at `far`."""
    async with far_end(host="127.0.0.2", port=far.port) as checked:
        checked.answers_with("/", body=b"checked")
        dns.add("localhost", ["127.0.0.2"])

        answer = await new_client("127.0.0.2").get(f"http://localhost:{far.port}/")

        assert (answer.body, far.connections) == (b"checked", 0)
        assert checked.seen[0].headers["host"] == f"localhost:{far.port}"


async def test_each_hop_of_a_redirect_is_resolved_and_checked_again(
    new_client: NewClient, dns: FakeDns, far: FarEnd
) -> None:
    from_here = f"http://rebind.test:{far.port}"
    far.redirects("/", f"{from_here}/secret")
    far.answers_with("/secret", body=b"inner")
    dns.add("rebind.test", ["127.0.0.1"], ["169.254.169.254"])

    with pytest.raises(OutboundRefused) as raised:
        await new_client("127.0.0.1").get(f"{from_here}/", limits=CallLimits(redirects=5))
    assert raised.value.code == "OUTBOUND_ADDRESS_REFUSED"
    assert [seen.path for seen in far.seen] == ["/"]
