"""Fixtures: the door with second factors, and how its people use them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from tests.access.factors.authenticator import Authenticator
from tests.access.signin import conftest as signin
from tests.access.signin.conftest import PASSWORD, SECRET_KEY, URL, Browser, Door
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.factor_policy_routes import ROUTES as POLICY_ROUTES
from trailkeeper.access.signin.factor_routes import ROUTES as FACTOR_ROUTES
from trailkeeper.access.signin.passkey_routes import ROUTES as PASSKEY_ROUTES

Json = dict[str, Any]

STEP = timedelta(seconds=30)
LATER = timedelta(minutes=11)
"""When a sign-in is no recent one any more."""

ada = signin.ada
passwords = signin.passwords
password_hash = signin.password_hash
plain_door = signin.door


@dataclass
class App:
    """An authenticator app that runs on the service's own clock."""

    secret: str
    door: Door

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.door.clock(), counter_offset=steps)


@pytest.fixture
def door(plain_door: Door) -> Door:
    """A service with the organizations `acme` and `other`, and nobody in them."""
    return with_factors(plain_door)


def with_factors(door: Door) -> Door:
    for handler in [*FACTOR_ROUTES, *PASSKEY_ROUTES, *POLICY_ROUTES]:
        door.app.register(handler)
    door.app.state["sealer"] = Sealer.from_secret_key(SECRET_KEY)
    return door


def at_address(door: Door, public_url: str) -> Door:
    """The same service under another public address."""
    settings = replace(door.settings, public_url=public_url)
    return with_factors(Door(door.metadata, door.clock, door.passwords, settings, door.place))


@pytest.fixture
def laptop() -> Authenticator:
    """A browser at the service's address, with an authenticator in it."""
    return Authenticator(URL)


async def enrol_totp(door: Door, browser: Browser) -> tuple[App, list[str]]:
    """Sets an app up in a signed-in browser; returns it and the recovery codes, if any.

    The clock is one step further then, so that the app's next code is a fresh one.
    """
    started = await ok(browser.post("/me/totp", {"current_password": PASSWORD}), 201)
    app = App(started["secret"], door)
    enrolled = await ok(browser.post("/me/totp/confirm", {"code": app.code()}))
    door.clock.advance(STEP)
    return app, enrolled["recovery_codes"]


async def add_passkey(browser: Browser, authenticator: Authenticator, name: str = "laptop") -> Json:
    """Registers a passkey in a signed-in browser."""
    begun = await ok(browser.post("/me/passkeys/options", {"current_password": PASSWORD}))
    credential = authenticator.create(begun["public_key"])
    body = {"ticket": begun["ticket"], "name": name, "credential": credential}
    added: Json = await ok(browser.post("/me/passkeys", body), 201)
    return added


async def passkey_sign_in(browser: Browser, authenticator: Authenticator, **more: Any) -> Any:
    """Signs in with a passkey alone; the answer, whatever it is."""
    begun = await ok(browser.post("/sign-in/passkey/options", {}))
    credential = authenticator.get(begun["public_key"])
    body = {"ticket": begun["ticket"], "credential": credential, **more}
    return await browser.post("/sign-in/passkey", body)


async def ticket_for(browser: Browser, **more: Any) -> str:
    """The ticket of a first step."""
    view = await browser.sign_in(**more)
    assert view["status"] == "second_factor_needed"
    return str(view["ticket"])


async def second_step(browser: Browser, ticket: str, method: str, code: str) -> Any:
    answer = await browser.post(
        "/sign-in/second-factor", {"ticket": ticket, "method": method, "code": code}
    )
    if answer.status_code == 200:
        browser.csrf_token = answer.json()["me"]["csrf_token"]
    return answer


async def ok(answer: Any, status: int = 200) -> Any:
    """The decoded answer; it has to have this status."""
    answered = await answer
    assert answered.status_code == status, answered.text
    return answered.json() if answered.content else None
