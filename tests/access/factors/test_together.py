"""What holds between the parts: the last factor, the record, single sign-on."""

from __future__ import annotations

import asyncio

from sqlalchemy import text, update

from tests.access.factors.authenticator import Authenticator
from tests.access.factors.conftest import (
    LATER,
    add_passkey,
    enrol_totp,
    ok,
    passkey_sign_in,
    second_step,
    ticket_for,
)
from tests.access.signin.conftest import ACME, Door, code_of
from trailkeeper.access.signin.factors import ENROLLED, second_factors_of
from trailkeeper.access.signin.tables import OidcProviderRow
from trailkeeper.access.tables import OrganizationRow


async def test_of_the_last_two_factors_one_stays(
    door: Door, ada: str, laptop: Authenticator
) -> None:
    """Removed at the same moment, each while the other is still there."""
    async with door.browser() as browser:
        await browser.sign_in()
        await enrol_totp(door, browser)
        passkey = (await add_passkey(browser, laptop))["passkey"]
        async with door.metadata.transaction() as session:
            await session.execute(
                update(OrganizationRow).values(second_factor_required_from=door.clock() + LATER)
            )
        answers = await asyncio.gather(
            browser.delete("/me/totp"), browser.delete(f"/me/passkeys/{passkey['id']}")
        )
    assert sorted(each.status_code for each in answers) == [204, 409]
    async with door.metadata.reading() as session:
        assert len(await second_factors_of(session, ada) & ENROLLED) == 1


async def test_a_sign_in_that_cannot_be_recorded_does_not_happen(door: Door, ada: str) -> None:
    """Nor is the code used up, nor the ticket."""
    async with door.browser() as browser:
        await browser.sign_in()
        app, codes = await enrol_totp(door, browser)
        await ok(browser.post("/sign-out"), 204)
        ticket = await ticket_for(browser)
        for method, code in (("totp", app.code()), ("recovery_code", codes[0])):
            await rename(door, "jobs", "jobs_elsewhere")
            answer = await second_step(browser, ticket, method, code)
            assert answer.status_code >= 500
            assert not browser.token
            await rename(door, "jobs_elsewhere", "jobs")
        assert (await second_step(browser, ticket, "recovery_code", codes[0])).is_success
        factors = await ok(browser.get("/me/second-factors"))
        assert factors["recovery_codes_left"] == 9
        ticket = await ticket_for(browser)
        assert (await second_step(browser, ticket, "totp", app.code())).is_success


async def rename(door: Door, old: str, new: str) -> None:
    async with door.metadata.transaction() as session:
        await session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


async def test_a_passkey_does_not_go_round_single_sign_on(
    door: Door, ada: str, laptop: Authenticator
) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        await add_passkey(browser, laptop)
        async with door.metadata.transaction() as session:
            session.add(required_single_sign_on(door))
        answer = await passkey_sign_in(browser, laptop)
        assert code_of(answer) == (403, "SINGLE_SIGN_ON_REQUIRED")
        [failed] = await door.events("LOGIN_FAILED")
        assert failed["details"]["reason"] == "single_sign_on_required"
        assert failed["details"]["method"] == "passkey"

        # The one user who is let in when the provider is down.
        async with door.metadata.transaction() as session:
            await session.execute(update(OidcProviderRow).values(break_glass_user="ada"))
        assert (await passkey_sign_in(browser, laptop)).status_code == 200


def required_single_sign_on(door: Door) -> OidcProviderRow:
    return OidcProviderRow(
        organization=ACME,
        issuer="https://id.example.com",
        client_id="trailkeeper",
        sealed_secret="",
        domains=["example.com"],
        role_claim="",
        role_mapping={},
        default_role=None,
        is_required=True,
        break_glass_user=None,
        created_at=door.clock(),
        updated_at=door.clock(),
    )
