"""Recovery codes: shown once, used once, counted down."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.access.factors.authenticator import Authenticator
from tests.access.factors.conftest import (
    LATER,
    add_passkey,
    enrol_totp,
    ok,
    second_step,
    ticket_for,
)
from tests.access.signin.conftest import ADA, PASSWORD, Door, code_of
from trailkeeper.access.signin.recovery import ALPHABET, hash_code, new_code
from trailkeeper.access.signin.tables import RecoveryCodeRow


async def test_a_code_stands_in_for_the_app_once(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        _, codes = await enrol_totp(door, browser)
    async with door.browser() as browser:
        answer = await second_step(browser, await ticket_for(browser), "recovery_code", codes[3])
        assert answer.status_code == 200, answer.text
        factors = await ok(browser.get("/me/second-factors"))
    assert factors["recovery_codes_left"] == 9
    [used] = await door.events("UPDATE")
    assert used["details"] == {"method": "recovery_code", "recovery_codes_left": 9}
    mail = next(each for each in await door.mails() if "recovery code" in each["subject"])
    assert mail["to"] == ADA
    assert "9 are left" in mail["text"]
    assert "Make new ones" not in mail["text"]


async def test_with_few_left_the_owner_is_told_to_make_new_ones(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        _, codes = await enrol_totp(door, browser)
        for code in codes[:7]:
            answer = await second_step(browser, await ticket_for(browser), "recovery_code", code)
            assert answer.status_code == 200
    mail = [each for each in await door.mails() if "recovery code" in each["subject"]][-1]
    assert "3 are left. Make new ones" in mail["text"]


async def test_new_codes_make_the_old_ones_void(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        _, old = await enrol_totp(door, browser)
        door.clock.advance(LATER)
        answer = await browser.post("/me/recovery-codes", {})
        assert code_of(answer) == (403, "RECENT_SIGN_IN_NEEDED")
        proof = {"current_password": PASSWORD}
        new = (await ok(browser.post("/me/recovery-codes", proof), 201))["recovery_codes"]
        assert not set(old) & set(new)
        ticket = await ticket_for(browser)
        assert (await second_step(browser, ticket, "recovery_code", old[0])).status_code == 401
        assert (await second_step(browser, ticket, "recovery_code", new[0])).status_code == 200
    [rotated] = await door.events("ROTATE")
    assert rotated["details"] == {"method": "recovery_code"}


async def test_without_a_factor_there_are_none(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        answer = await browser.post("/me/recovery-codes", {})
        assert code_of(answer) == (409, "NO_SECOND_FACTOR")


async def test_only_the_first_factor_brings_codes(
    door: Door, ada: str, laptop: Authenticator
) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        _, codes = await enrol_totp(door, browser)
        assert (await add_passkey(browser, laptop))["recovery_codes"] == []
        assert (await ok(browser.get("/me/second-factors")))["recovery_codes_left"] == len(codes)


async def test_only_hashes_are_kept(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        _, codes = await enrol_totp(door, browser)
    async with door.metadata.reading() as session:
        kept = set(await session.scalars(select(RecoveryCodeRow.code_hash)))
    assert kept == {hash_code(ada, code) for code in codes}
    assert hash_code("another person", codes[0]) not in kept


@pytest.mark.parametrize("typed", ["{}", " {} ", "{upper}", "{plain}", "{spaced}"])
def test_a_code_may_be_typed_in_several_ways(typed: str) -> None:
    code = "0o1l-3f9k-0v2m-x7qa"
    given = typed.format(
        code, upper=code.upper(), plain=code.replace("-", ""), spaced=code.replace("-", " ")
    )
    assert hash_code("p", given) == hash_code("p", "0011-3f9k-0v2m-x7qa")


def test_a_code_has_80_bits() -> None:
    code = new_code().replace("-", "")
    assert len(set(ALPHABET)) == 32
    assert len(code) == 16
    assert set(code) <= set(ALPHABET)
