"""`GET /retention` and `POST /retention/run`: the figures are those of counting by hand."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tests.engine import NOON, Service, an_event
from tests.keep.conftest import DAY, Keeper
from trailkeeper.access.keys import create_key
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, system_tenant


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def ask(service: Service, token: str) -> dict[str, Any]:
    async with service.client(token) as client:
        answer = await client.get("/retention")
    assert answer.status_code == 200, answer.text
    status: dict[str, Any] = answer.json()
    return status


async def order(service: Service, token: str, body: object) -> Any:
    async with service.client(token) as client:
        return await client.post("/retention/run", json=body)


async def test_an_empty_log_has_nothing_to_let_go(service: Service) -> None:
    _, token = await service.new_organization()

    assert await ask(service, token) == {
        "days": 90,
        "rules": [],
        "oldest_received_at": None,
        "oldest_timestamp": None,
        "events": 0,
        "bytes": 0,
        "holdings": [],
        "would_remove": {},
        "last_run_at": None,
        "next_run_at": None,
        "runs": [],
    }


async def test_its_figures_equal_counting_by_hand(keeper: Keeper) -> None:
    service = keeper.service
    rules = [{"days": 20, "action": "LOGIN"}, {"days": 300, "resource_type": "MODEL"}]
    acme, token = await service.new_organization(retention_days=60, retention_rules=rules)
    chance = random.Random(1)
    events = [
        an_event(
            organization=chance.choice((acme, acme, "other")),
            action=chance.choice(("LOGIN", "CREATE", "DELETE")),
            resource_type=chance.choice(("USER", "MODEL")),
            timestamp=NOON - chance.randrange(400) * DAY,
            received_at=NOON - chance.choice((5, 25, 70, 150, 350)) * DAY,
        )
        for _ in range(400)
    ]
    await keeper.insert(events)
    own = [event for event in events if event.organization == acme]

    def days(action: str, resource_type: str) -> int:
        return 20 if action == "LOGIN" else 300 if resource_type == "MODEL" else 60

    expired = Counter(
        event.action
        for event in own
        if NOON - event.received_at > timedelta(days=days(event.action, event.resource_type))
    )
    status = await ask(service, token)

    assert status["events"] == len(own)
    assert {each["action"]: each["events"] for each in status["holdings"]} == Counter(
        event.action for event in own
    )
    assert moment(status["oldest_received_at"]) == min(event.received_at for event in own)
    assert moment(status["oldest_timestamp"]) == min(event.timestamp for event in own)
    assert status["would_remove"] == expired
    assert (status["days"], status["rules"]) == (
        60,
        [
            {"days": 20, "action": "LOGIN", "resource_type": None},
            {"days": 300, "action": None, "resource_type": "MODEL"},
        ],
    )
    assert status["bytes"] > 0
    assert abs(sum(each["bytes"] for each in status["holdings"]) - status["bytes"]) <= 3
    removed = (await order(service, token, {"dry_run": False})).json()["removed"]
    assert removed == expired
    after = await ask(service, token)
    assert after["events"] == len(own) - sum(expired.values())
    assert after["would_remove"] == {}


async def test_last_and_next_run_are_told(keeper: Keeper) -> None:
    service = keeper.service
    acme, token = await service.new_organization()
    await keeper.hold(system_tenant(OrganizationId(acme)), 2, age=100 * DAY)
    await keeper.retention.run_all()
    service.clock.advance(timedelta(hours=3))
    await keeper.retention.run_all()

    status = await ask(service, token)

    assert moment(status["last_run_at"]) == NOON + timedelta(hours=3)
    assert moment(status["next_run_at"]) == NOON + timedelta(hours=27)
    assert [run["removed"] for run in status["runs"]] == [{}, {"LOGIN": 2}]
    assert [moment(run["started_at"]) for run in status["runs"]] == [
        NOON + timedelta(hours=3),
        NOON,
    ]


async def test_a_dry_run_is_the_default_and_touches_nothing(keeper: Keeper) -> None:
    service = keeper.service
    organization, token = await service.new_organization()
    acme = system_tenant(OrganizationId(organization))
    await keeper.hold(acme, 2, age=100 * DAY)

    for body in ({}, {"dry_run": True}):
        answer = await order(service, token, body)
        assert answer.status_code == 200
        assert answer.json() == {"dry_run": True, "removed": {"LOGIN": 2}, "run": None}
    assert await keeper.held(acme) == 2
    assert await keeper.runs() == []
    assert await keeper.own_events() == []


async def test_a_run_says_how_it_went_and_is_listed(keeper: Keeper) -> None:
    service = keeper.service
    organization, token = await service.new_organization()
    acme = system_tenant(OrganizationId(organization))
    await keeper.hold(acme, 2, age=100 * DAY)

    outcome = (await order(service, token, {"dry_run": False})).json()

    assert (outcome["dry_run"], outcome["removed"]) == (False, {"LOGIN": 2})
    run = outcome["run"]
    assert (moment(run["started_at"]), moment(run["finished_at"])) == (NOON, NOON)
    assert run["error"] is None
    assert (await ask(service, token))["runs"] == [run]
    assert await keeper.held(acme) == 0


async def test_another_organizations_runs_and_events_are_not_shown(keeper: Keeper) -> None:
    service = keeper.service
    organization, _ = await service.new_organization()
    await keeper.hold(system_tenant(OrganizationId(organization)), 2, age=100 * DAY)
    await keeper.retention.run(system_tenant(OrganizationId(organization)))
    _, token = await service.new_organization()

    status = await ask(service, token)

    assert (status["events"], status["runs"], status["would_remove"]) == (0, [], {})


async def test_looking_and_running_need_their_permissions(service: Service) -> None:
    organization, _ = await service.new_organization()
    tokens = {}
    async with service.services.metadata.transaction() as session:
        for permission in (Permission.USER_MANAGE, Permission.SETTINGS_VIEW):
            issued = await create_key(
                session,
                service.services.keys.hasher,
                system_tenant(OrganizationId(organization)),
                "test",
                [permission],
                now=NOON,
            )
            tokens[permission] = issued.token

    assert (await order(service, tokens[Permission.SETTINGS_VIEW], {})).status_code == 403
    assert await ask(service, tokens[Permission.SETTINGS_VIEW])
    async with service.client(tokens[Permission.USER_MANAGE]) as client:
        assert (await client.get("/retention")).status_code == 403


async def test_an_order_that_is_not_understood_removes_nothing(keeper: Keeper) -> None:
    service = keeper.service
    organization, token = await service.new_organization()
    acme = system_tenant(OrganizationId(organization))
    await keeper.hold(acme, 2, age=100 * DAY)

    bodies: list[object] = [{"dryrun": False}, {"dry_run": "no"}, [], "run"]
    for body in bodies:
        assert (await order(service, token, body)).status_code == 400
    assert await keeper.held(acme) == 2
