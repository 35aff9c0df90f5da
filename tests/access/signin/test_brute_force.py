from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from ipaddress import ip_network

import pytest
from sqlalchemy import func, select

from tests.access.signin.conftest import ADA, ANOTHER, HOUR, Door, code_of
from trailkeeper.access.signin import attempts
from trailkeeper.access.signin.attempts import (
    LIMITS,
    Attempts,
    Kind,
    address_subject,
    delay_after,
    forget_old_attempts,
)
from trailkeeper.access.signin.tables import AttemptRow
from trailkeeper.errors import TooManyRequests

SECOND = timedelta(seconds=1)


async def test_failures_of_an_account_make_the_next_try_wait(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        for _ in range(5):
            assert (await browser.try_sign_in(password=ANOTHER)).status_code == 401
        before = door.passwords.checks
        refused = await browser.try_sign_in()
        assert code_of(refused) == (429, "TOO_MANY_TRIES")
        assert refused.headers["Retry-After"] == "1"
        assert door.passwords.checks == before
        door.clock.advance(SECOND)
        assert (await browser.try_sign_in(password=ANOTHER)).status_code == 401
        assert (await browser.try_sign_in()).headers["Retry-After"] == "2"
        door.clock.advance(2 * SECOND)
        await browser.sign_in()


async def test_unknown_accounts_wait_as_known_ones_do(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        for email in (ADA, "nobody@example.com"):
            answers = [await browser.try_sign_in(email, ANOTHER) for _ in range(6)]
            assert [each.status_code for each in answers] == [401] * 5 + [429]


def test_the_delay_doubles_up_to_a_quarter_of_an_hour() -> None:
    limit = LIMITS[Kind.ACCOUNT]
    delays = [delay_after(failures, limit).total_seconds() for failures in range(1, 18)]
    assert delays == [0] * 4 + [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert delay_after(10**9, limit) == timedelta(minutes=15)


async def test_a_success_takes_the_count_back(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        for _ in range(3):
            for _ in range(4):
                await browser.try_sign_in(password=ANOTHER)
            await browser.sign_in()
            browser.client.cookies.clear()


async def test_failures_are_forgotten_in_time(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        for _ in range(5):
            await browser.try_sign_in(password=ANOTHER)
        door.clock.advance(timedelta(days=1))
        for _ in range(5):
            assert (await browser.try_sign_in(password=ANOTHER)).status_code == 401


async def test_an_attacker_cannot_lock_the_owner_out(door: Door, ada: str) -> None:
    """Whoever signed in from this browser before is counted apart from everybody else."""
    async with door.browser("203.0.113.7") as owner, door.browser("198.51.100.1") as attacker:
        await owner.sign_in()
        await owner.post("/sign-out")
        for _ in range(6):
            last = await attacker.try_sign_in(password=ANOTHER)
        assert last.status_code == 429
        await owner.sign_in()
        assert (await attacker.try_sign_in(password=ANOTHER)).status_code == 429


async def test_a_known_device_is_no_free_pass(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        await browser.post("/sign-out")
        answers = [await browser.try_sign_in(password=ANOTHER) for _ in range(6)]
    assert [each.status_code for each in answers] == [401] * 5 + [429]


async def test_a_device_is_known_for_its_own_account_alone(
    door: Door, ada: str, password_hash: str
) -> None:
    await door.add_person("bob@example.com", user_id="bob", password_hash=password_hash)
    async with door.browser() as attacker, door.browser("198.51.100.1") as other:
        await attacker.sign_in("bob@example.com")
        for _ in range(5):
            await other.try_sign_in(password=ANOTHER)
        assert (await attacker.try_sign_in(password=ANOTHER)).status_code == 429


async def test_header_forged_client_addresses_count_as_the_real_one(door: Door, ada: str) -> None:
    limit = LIMITS[Kind.ADDRESS].free
    async with door.browser("198.51.100.9") as browser:
        for number in range(limit):
            answer = await browser.post(
                "/sign-in",
                {"email": f"user{number}@example.com", "password": ANOTHER},
                X_Forwarded_For=f"203.0.113.{number}",
                Forwarded=f"for=203.0.113.{number}",
                X_Real_IP=f"203.0.113.{number}",
            )
            assert answer.status_code == 401
        refused = await browser.post(
            "/sign-in",
            {"email": "another@example.com", "password": ANOTHER},
            X_Forwarded_For="192.0.2.200",
        )
    assert code_of(refused) == (429, "TOO_MANY_TRIES")


async def test_behind_a_proxy_clients_are_counted_apart(door: Door, ada: str) -> None:
    limit = LIMITS[Kind.ADDRESS].free
    async with door.behind(ip_network("10.0.0.0/8")).browser("10.0.0.1") as browser:

        async def from_address(address: str, number: int) -> int:
            body = {"email": f"user{number}@example.com", "password": ANOTHER}
            # The forged entry stands left of what the proxy itself appended.
            return (
                await browser.post("/sign-in", body, X_Forwarded_For=f"192.0.2.{number}, {address}")
            ).status_code

        for number in range(limit):
            assert await from_address("203.0.113.1", number) == 401
        assert await from_address("203.0.113.1", 99) == 429
        assert await from_address("203.0.113.2", 98) == 401


@pytest.mark.parametrize(
    ("one", "another", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        (None, "no address", True),
    ],
)
def test_addresses_count_by_customer(one: str | None, another: str, is_same: bool) -> None:
    assert (address_subject(one) == address_subject(another)) is is_same


async def test_a_hundred_tries_at_once_are_a_hundred(door: Door, ada: str) -> None:
    """A try is counted before it is made: those that come together gain nothing."""
    counted = Attempts(door.metadata)
    subject = address_subject("203.0.113.50", Kind.ACCOUNT)

    async def one() -> bool:
        try:
            await counted.charge([subject], door.clock())
        except TooManyRequests:
            return False
        return True

    let_through = await asyncio.gather(*(one() for _ in range(50)))
    assert sum(let_through) == LIMITS[Kind.ACCOUNT].free


async def test_what_was_refused_is_not_counted(door: Door, ada: str) -> None:
    counted = Attempts(door.metadata)
    account = address_subject("192.0.2.1", Kind.ACCOUNT)
    address = address_subject("192.0.2.1")
    for _ in range(5):
        await counted.charge([account, address], door.clock())
    for _ in range(3):
        with pytest.raises(TooManyRequests):
            await counted.charge([account, address], door.clock())
    async with door.metadata.reading() as session:
        found = await session.execute(select(AttemptRow.subject, AttemptRow.failures))
        rows = {row.subject: row.failures for row in found}
    assert rows == {account.text: 5, address.text: 5}


async def test_a_busy_worker_costs_nobody_a_try(door: Door, ada: str) -> None:
    may_end = threading.Event()
    worker = door.passwords._hashing
    async with door.browser() as browser:
        waiting = [
            asyncio.create_task(worker.run(lambda: may_end.wait(60)))
            for _ in range(door.passwords.capacity)
        ]
        await asyncio.sleep(0)
        busy = await browser.try_sign_in()
        may_end.set()
        await asyncio.gather(*waiting)
        assert code_of(busy) == (503, "SIGN_IN_BUSY")
        assert busy.headers["Retry-After"] == "2"
        answers = [await browser.try_sign_in(password=ANOTHER) for _ in range(5)]
    assert [each.status_code for each in answers] == [401] * 5


async def test_counts_are_bounded(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MAX_ROWS", 10)
    counted = Attempts(door.metadata)
    for number in range(15):
        await counted.charge([address_subject(f"192.0.2.{number}")], door.clock())
        door.clock.advance(SECOND)
    async with door.metadata.transaction() as session:
        await forget_old_attempts(session, door.clock())
        left = await session.scalars(select(AttemptRow.subject).order_by(AttemptRow.last_failed_at))
        assert list(left) == [f"address:192.0.2.{number}" for number in range(5, 15)]
        await forget_old_attempts(session, door.clock() + 25 * HOUR)
        assert await session.scalar(select(func.count()).select_from(AttemptRow)) == 0
