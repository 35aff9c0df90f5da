from __future__ import annotations

import asyncio
import os
import threading

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select

from tests.access.signin.conftest import ADA, PASSWORD, Door
from trailkeeper.access.people.tables import PersonRow
from trailkeeper.access.signin.passwords import Passwords
from trailkeeper.errors import BadRequest, Unavailable


async def test_hashes_are_argon2id_of_19_mib(passwords: Passwords) -> None:
    parameters = extract_parameters(await passwords.hash(PASSWORD))
    assert (parameters.type.name, parameters.time_cost, parameters.parallelism) == ("ID", 2, 1)
    assert parameters.memory_cost == 19 * 1024


async def test_a_hash_with_old_parameters_is_renewed_at_sign_in(door: Door) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    await door.add_person(password_hash=old)
    async with door.browser() as browser:
        await browser.sign_in()
    async with door.metadata.reading() as session:
        new = await session.scalar(select(PersonRow.password_hash).where(PersonRow.email == ADA))
    assert new is not None
    assert extract_parameters(new).memory_cost == 19 * 1024
    async with door.browser() as browser:
        await browser.sign_in()


async def test_without_a_hash_nothing_is_right(passwords: Passwords) -> None:
    assert not (await passwords.check(PASSWORD, None)).is_right
    assert not (await passwords.check(PASSWORD, "no hash")).is_right


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "PASSWORD_TOO_SHORT"),
        ("\N{LATIN SMALL LIGATURE FFI}" * 3, "PASSWORD_TOO_SHORT"),
        ("x" * 257, "PASSWORD_TOO_LONG"),
        ("password1234", "WEAK_PASSWORD"),
        ("aaaaaaaaaaaaaaaa", "WEAK_PASSWORD"),
        ("qwertyuiop[]asdf", "WEAK_PASSWORD"),
        ("ada@example.com", "WEAK_PASSWORD"),
        ("lovelace.acme", "WEAK_PASSWORD"),
        ("trailkeepertrailkeeper", "WEAK_PASSWORD"),
    ],
)
async def test_weak_passwords(passwords: Passwords, password: str, code: str) -> None:
    with pytest.raises(BadRequest) as raised:
        await passwords.check_strength(password, [ADA, "Ada Lovelace", "Acme"])
    assert (raised.value.code, raised.value.field) == (code, "password")
    if code == "WEAK_PASSWORD":
        assert raised.value.hint


@pytest.mark.parametrize(
    "password",
    [
        "four unlikely words here",
        PASSWORD,
        "nur kleine buchstaben ohne alles",
        "日本語のパスワードは長いです",
    ],
)
async def test_no_composition_rules(passwords: Passwords, password: str) -> None:
    await passwords.check_strength(password, [ADA])


async def test_one_at_a_time_and_few_waiting() -> None:
    few = Passwords(queue=2)
    try:
        waiting = [asyncio.create_task(few.check(PASSWORD, None)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as raised:
            await few.check(PASSWORD, None)
        assert raised.value.code == "SIGN_IN_BUSY"
        waiting[2].cancel()
        await asyncio.gather(*waiting[:2])
        assert few.checks <= 3
        await few.check(PASSWORD, None)
    finally:
        few.close()


async def test_a_request_that_gave_up_holds_its_place_until_the_hash_is_done() -> None:
    few = Passwords(queue=0)
    try:
        given_up = asyncio.create_task(few.check(PASSWORD, None))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await few.check(PASSWORD, None)
    finally:
        few.close()


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="priority is each thread's own on Linux")
async def test_hashing_takes_what_the_others_leave(passwords: Passwords) -> None:
    """The hashing thread has the lowest priority, and the process keeps its own."""
    await passwords.check(PASSWORD, None)
    hashing = {each.native_id for each in threading.enumerate() if each.name == "passwords_0"}
    assert hashing
    for thread in hashing:
        assert os.getpriority(os.PRIO_PROCESS, thread or 0) == 10
    assert os.getpriority(os.PRIO_PROCESS, os.getpid()) < 10
