"""The classic attacks on a sign-in in flight, each by name."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx2
import pytest

from tests.access.oidc.hostile import HostileProvider
from tests.access.oidc.real import CALLBACK, PUBLIC_URL, RealProviders
from tests.access.oidc.room import (
    OTHER,
    SESSION,
    OidcRoom,
    begin,
    failed,
    finish,
    query_of,
    sign_in,
)
from trailkeeper.access.signin.oidc_return import checked_return_path

BOB = {"email": "bob@acme.test", "email_verified": True}


@pytest.fixture
async def ready(room: OidcRoom, providers: RealProviders) -> OidcRoom:
    """Single sign-on of acme at the first provider, which knows Bob."""
    providers.set_account("s-bob", **BOB)
    await room.configure(providers.issuer)
    return room


async def reason(room: OidcRoom) -> tuple[str, str]:
    details = (await room.last_failure())["details"]
    return details["reason"], details["explanation"]


async def test_state_replay(ready: OidcRoom, providers: RealProviders) -> None:
    async with ready.client() as browser:
        back = await providers.sign_in(await begin(browser), "s-bob")
        assert await finish(browser, back) == "/"
        assert await finish(browser, back) == failed("OIDC_STATE_INVALID")
    assert len(await ready.events("LOGIN")) == 1


async def test_of_two_who_come_with_the_same_state_one_gets_in(
    ready: OidcRoom, providers: RealProviders
) -> None:
    async with ready.client() as browser:
        back = await providers.sign_in(await begin(browser), "s-bob")
        ends = await asyncio.gather(*(finish(browser, back) for _ in range(4)))
    assert sorted(ends) == ["/", *[failed("OIDC_STATE_INVALID")] * 3]


async def test_state_of_another_browser(ready: OidcRoom, providers: RealProviders) -> None:
    """Sign-in forgery: the attacker's own answer, brought by the victim's browser."""
    async with ready.client() as attacker, ready.client() as victim:
        back = await providers.sign_in(await begin(attacker), "s-bob")
        await begin(victim)
        assert await finish(victim, back) == failed("OIDC_STATE_INVALID")
        assert await reason(ready) == (
            "OIDC_STATE_INVALID",
            "another browser began this sign-in",
        )
        assert SESSION not in victim.cookies
        # And nobody gets a second try with it.
        assert await finish(attacker, back) == failed("OIDC_STATE_INVALID")


async def test_a_browser_that_began_nothing(ready: OidcRoom, providers: RealProviders) -> None:
    async with ready.client() as attacker, ready.client() as victim:
        back = await providers.sign_in(await begin(attacker), "s-bob")
        assert await finish(victim, back) == failed("OIDC_STATE_INVALID")


async def test_state_made_up_missing_or_twice(ready: OidcRoom) -> None:
    async with ready.client() as browser:
        state = query_of(await begin(browser))["state"]
        for query in ("state=made-up&code=x", "code=x", f"state={state}&state={state}&code=x", ""):
            assert await finish(browser, f"{CALLBACK}?{query}") == failed("OIDC_STATE_INVALID")


async def test_a_state_is_good_for_ten_minutes(ready: OidcRoom, providers: RealProviders) -> None:
    async with ready.client() as browser:
        back = await providers.sign_in(await begin(browser), "s-bob")
        ready.clock.ahead = timedelta(minutes=10, seconds=1)
        assert await finish(browser, back) == failed("OIDC_STATE_INVALID")


async def test_two_tabs_of_one_browser_do_not_undo_each_other(
    ready: OidcRoom, providers: RealProviders
) -> None:
    async with ready.client() as browser:
        backs = [await providers.sign_in(await begin(browser), "s-bob") for _ in range(2)]
        assert [await finish(browser, back) for back in backs] == ["/", "/"]


async def test_mix_up_of_two_providers(ready: OidcRoom, providers: RealProviders) -> None:
    """The user believes to sign in at one provider, and the answer comes from the other."""
    providers.set_account("s-eve", email="eve@acme.test", email_verified=True)
    await ready.configure(providers.other_issuer, OTHER)
    async with ready.client() as browser:
        to_first = query_of(await begin(browser))
        at_other = await providers.sign_in(await begin(browser, "other"), "s-eve")
        answer = query_of(at_other)
        assert answer["iss"] == providers.other_issuer
        mixed = {**answer, "state": to_first["state"]}
        assert await finish(browser, f"{CALLBACK}?{httpx2.QueryParams(mixed)}") == failed(
            "OIDC_ISSUER_MISMATCH"
        )
    assert await reason(ready) == ("OIDC_ISSUER_MISMATCH", "the answer is another provider's")


@pytest.mark.parametrize("iss", [None, "", "https://evil.test", "trailing slash"])
async def test_mix_up_by_wrong_or_missing_iss(
    ready: OidcRoom, providers: RealProviders, iss: str | None
) -> None:
    async with ready.client() as browser:
        answer = query_of(await providers.sign_in(await begin(browser), "s-bob"))
        del answer["iss"]
        if iss is not None:
            answer["iss"] = f"{providers.issuer}/" if iss == "trailing slash" else iss
        back = f"{CALLBACK}?{httpx2.QueryParams(answer)}"
        assert await finish(browser, back) == failed("OIDC_ISSUER_MISMATCH")


async def test_an_error_of_another_provider_is_not_believed(
    ready: OidcRoom, providers: RealProviders
) -> None:
    async with ready.client() as browser:
        state = query_of(await begin(browser))["state"]
        query = {"state": state, "error": "access_denied", "iss": providers.other_issuer}
        back = f"{CALLBACK}?{httpx2.QueryParams(query)}"
        assert await finish(browser, back) == failed("OIDC_ISSUER_MISMATCH")


async def test_code_injection_without_the_verifier(
    ready: OidcRoom, providers: RealProviders
) -> None:
    """A code that was stolen from the victim, in a flow of the attacker's own browser."""
    async with ready.client() as victim, ready.client() as attacker:
        stolen = query_of(await providers.sign_in(await begin(victim), "s-bob"))
        own = query_of(await begin(attacker))
        injected = {**stolen, "state": own["state"]}
        back = f"{CALLBACK}?{httpx2.QueryParams(injected)}"
        assert await finish(attacker, back) == failed("OIDC_CODE_REFUSED")
        assert SESSION not in attacker.cookies


async def test_nothing_of_the_provider_is_repeated(
    room: OidcRoom, hostile: HostileProvider
) -> None:
    await room.configure(hostile.issuer)
    markup = "<script>alert(1)</script>"
    async with room.client() as browser:
        for error, code in (
            (markup, "OIDC_PROVIDER_ERROR"),
            ("temporarily_unavailable", "OIDC_PROVIDER_UNAVAILABLE"),
            ("access_denied", "OIDC_DENIED"),
        ):
            state = query_of(await begin(browser))["state"]
            end = await hostile.comes_back(
                browser, state, error=error, error_description=markup, error_uri="https://evil.test"
            )
            assert end == failed(code)
    assert "script" not in str(await room.events("LOGIN_FAILED"))


async def test_a_code_is_not_sent_to_a_provider_set_up_meanwhile(
    room: OidcRoom, hostile: HostileProvider, providers: RealProviders
) -> None:
    await room.configure(providers.issuer)
    async with room.client() as browser:
        back = await providers.sign_in(await begin(browser), "s-bob")
        await room.configure(hostile.issuer)
        assert await finish(browser, back) == failed("OIDC_STATE_INVALID")
    assert [seen.path for seen in hostile.far.seen if seen.method == "POST"] == []


async def test_session_fixation(ready: OidcRoom, providers: RealProviders) -> None:
    """Whatever session the browser holds before, the sign-in opens another and ends that."""
    async with ready.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"
        planted = browser.cookies[SESSION]
        assert await sign_in(browser, providers, "s-bob") == "/"
        assert browser.cookies[SESSION] != planted
    async with ready.client(Cookie=f"{SESSION}={planted}") as attacker:
        assert (await attacker.get("/whoami")).status_code == 401


async def test_failures_of_one_address_have_to_wait(ready: OidcRoom) -> None:
    async with ready.client() as browser:
        ends = [await finish(browser, f"{CALLBACK}?state=guess-{each}") for each in range(32)]
    assert ends[0] == failed("OIDC_STATE_INVALID")
    assert ends[-1] == failed("TOO_MANY_TRIES")


OPEN_REDIRECTS = [
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "/%5Cevil.test",
    "/%5cevil.test",
    "/%2Fevil.test",
    "/%252Fevil.test",
    "/%25255cevil.test",
    "%2F%2Fevil.test",
    "/.//evil.test",
    "/a/..//evil.test",
    "/\t/evil.test",
    "/%09/evil.test",
    "/%0a/evil.test",
    "/\n/evil.test",
    " /evil.test",
    "/ /evil.test",
    "https://evil.test",
    "https:evil.test",
    "http:/\\evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.test",
    "@evil.test",
    "/%0d%0aSet-Cookie:x=y",
    "/\u2044evil.test",
    "/" + "a" * 2000,
    "/%" + "25" * 20 + "2Fevil.test",
]


async def test_open_redirect(room: OidcRoom) -> None:
    async with room.client() as browser:
        for return_to in OPEN_REDIRECTS:
            location = await begin(browser, return_to=return_to)
            assert location == PUBLIC_URL + failed("RETURN_TO_INVALID"), return_to


@pytest.mark.parametrize(
    "path",
    ["", "/", "/activity", "/activity?user=a%20b&next=https%3A%2F%2Fx.test#top", "/users/a%2Fb"],
)
def test_a_path_of_this_service_is_kept(path: str) -> None:
    assert checked_return_path(path) == (path or "/")
