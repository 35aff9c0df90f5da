"""Programs at work: service accounts on UTC schedules, and the system without a user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from random import Random
from typing import Final

from trailkeeper.demo import agents
from trailkeeper.demo.geo import DATA_CENTER, STRANGERS, host
from trailkeeper.demo.holidays import is_workday
from trailkeeper.demo.member_verbs import guest_address, stray_attempt
from trailkeeper.demo.people import DOMAIN
from trailkeeper.demo.planner import DayPlanner, Shares, Slot, weighted
from trailkeeper.demo.schedule import DAY_US, HOUR_US, MICROSECONDS, MINUTE_US, local_midnight_us
from trailkeeper.demo.verbs import (
    CREATES,
    DELETES,
    UPDATES,
    VIEWS,
    Details,
    Outcome,
    Verb,
    call_endpoint,
    deploy,
    export,
    next_value,
    release,
    run_benchmark,
)
from trailkeeper.demo.words import API_KEY, BENCHMARK, CLUSTER, ENDPOINT, MODEL, PROJECT
from trailkeeper.demo.world import Session, World

PEOPLE_PER_GROUP: Final = 60


class Rhythm(StrEnum):
    """When a program runs, in UTC."""

    PUSH = "PUSH"  # while people commit code
    TRAFFIC = "TRAFFIC"  # always, more by day
    HOURLY = "HOURLY"
    NIGHTLY = "NIGHTLY"


# Hours of a day as often as they should be chosen.
PUSH_HOURS: Final[tuple[int, ...]] = (*range(6, 20), *range(7, 16), *range(8, 11), *range(13, 16))
TRAFFIC_HOURS: Final[tuple[int, ...]] = (*range(24), *range(5, 22), *range(7, 18), *range(7, 16))


def autoscale(world: World, session: Session) -> Outcome:
    endpoint = world.pick(ENDPOINT, session)
    old, new = next_value(world, endpoint, "replicas", (2, 1, 3, 4, 6, 8, 12))
    details: Details = {
        "changed_fields": ["replicas"],
        "old_value": old,
        "new_value": new,
        "reason": "autoscaling",
        "queue_depth": int(world.random() * 60),
    }
    return "UPDATE", ENDPOINT, endpoint.id, endpoint.name, True, details


def check_health(world: World, session: Session) -> Outcome:
    endpoint = world.pick(ENDPOINT, session)
    old, new = next_value(world, endpoint, "health", ("healthy", "degraded"))
    details: Details = {
        "changed_fields": ["health"],
        "old_value": old,
        "new_value": new,
        "latency_p95_ms": world.duration() * 3,
    }
    return "UPDATE", ENDPOINT, endpoint.id, endpoint.name, True, details


def renew_certificate(world: World, session: Session) -> Outcome:
    cluster = world.pick(CLUSTER, session)
    details: Details = {
        "changed_fields": ["certificate"],
        "new_value": f"serial {world.bits(64):016X}",
        "reason": "Expires within 21 days",
    }
    return "UPDATE", CLUSTER, cluster.id, cluster.name, True, details


PIPELINE: Final[Shares] = {
    run_benchmark: 5,
    release: 3,
    deploy: 2,
    CREATES[MODEL]: 0.4,
    VIEWS[MODEL]: 2,
}
SYSTEM: Final[Shares] = {
    autoscale: 8,
    check_health: 4,
    renew_certificate: 0.3,
    UPDATES[BENCHMARK]: 1.5,
    run_benchmark: 1,
}


@dataclass(frozen=True, eq=False)
class Program:
    """A service account, or the system itself where `source` is SYSTEM.

    `share` is its part of all events of programs; `burst` is how many it does in one go.
    """

    name: str
    source: str
    agent: str | None
    rhythm: Rhythm
    share: float
    burst: int
    does: Shares

    @cached_property
    def table(self) -> tuple[Verb, ...]:
        return weighted(self.does)


PROGRAMS: Final = (
    Program("gateway", "API", "acme-gateway/5.2.0", Rhythm.TRAFFIC, 0.42, 2, {call_endpoint: 1}),
    Program("ci-bot", "API", "GitLab-Runner/17.4.0", Rhythm.PUSH, 0.22, 7, PIPELINE),
    Program(
        "nightly-eval",
        "SDK",
        agents.SDK[0],
        Rhythm.NIGHTLY,
        0.12,
        9,
        {run_benchmark: 12, VIEWS[BENCHMARK]: 2, UPDATES[BENCHMARK]: 1},
    ),
    Program(
        "registry-sync",
        "SDK",
        agents.SDK[1],
        Rhythm.HOURLY,
        0.07,
        4,
        {VIEWS[MODEL]: 5, release: 1, UPDATES[MODEL]: 0.5},
    ),
    Program(
        "terraform",
        "CLI",
        "Terraform/1.9.8 acme-provider/0.14.2",
        Rhythm.PUSH,
        0.03,
        5,
        {VIEWS[CLUSTER]: 4, VIEWS[ENDPOINT]: 3, UPDATES[CLUSTER]: 2, UPDATES[API_KEY]: 1},
    ),
    Program("backup", "CLI", agents.COMMAND_LINE[0], Rhythm.HOURLY, 0.02, 3, {export: 1}),
    Program(
        "cleanup",
        "API",
        "acme-cleanup/1.1.0",
        Rhythm.NIGHTLY,
        0.007,
        2,
        {DELETES[BENCHMARK]: 5, DELETES[MODEL]: 1, VIEWS[PROJECT]: 1},
    ),
    Program("system", "SYSTEM", None, Rhythm.TRAFFIC, 0.113, 1, SYSTEM),
)
RHYTHM_WEEKEND: Final[Mapping[Rhythm, float]] = {
    Rhythm.PUSH: 0.12,
    Rhythm.TRAFFIC: 0.55,
    Rhythm.HOURLY: 1.0,
    Rhythm.NIGHTLY: 0.8,
}


def groups(people: int) -> int:
    """How many sets of programs an organization of `people` runs."""
    return max(1, people // PEOPLE_PER_GROUP)


def day_weight(rhythm: Rhythm, day: date) -> float:
    return 1.0 if is_workday("DE", day) else RHYTHM_WEEKEND[rhythm]


class ProgramPlanner:
    """Turns a program's day and a number of events into slots."""

    def __init__(self, planner: DayPlanner, teams: int, people: int, seed: int) -> None:
        self.rng = Random(f"programs:{seed}")
        self.random = self.rng.random
        self._planner = planner
        self._teams = teams
        self._bases = {
            (group, program.name): _base(program, group, self.rng)
            for group in range(groups(people))
            for program in PROGRAMS
        }

    def run(self, program: Program, group: int, day: date, events: int, slots: list[Slot]) -> None:
        """`events` slots in bursts over `day` (UTC); each burst is about one team."""
        midnight = local_midnight_us("UTC", day)
        base = self._bases[group, program.name]
        random, serial, table = self.random, self._planner.serial, program.table
        length = len(table)
        while events > 0:
            us = midnight + self._moment(program.rhythm)
            session = Session(base, int(random() * self._teams))
            for _ in range(min(events, 1 + int(random() * (2 * program.burst - 1)))):
                slots.append((us, next(serial), session, table[int(random() * length)]))
                us += 400_000 + int(random() * 9 * MICROSECONDS)
                events -= 1

    def _moment(self, rhythm: Rhythm) -> int:
        """Microseconds into the UTC day."""
        chance = self.random()
        if rhythm is Rhythm.HOURLY:
            return int(self.random() * 24) * HOUR_US + int(chance * 40 * MICROSECONDS)
        if rhythm is Rhythm.NIGHTLY:
            return HOUR_US + int(chance * 100) * MINUTE_US + int(chance * 997_000) % 60_000_000
        hours = PUSH_HOURS if rhythm is Rhythm.PUSH else TRAFFIC_HOURS
        return hours[int(self.random() * len(hours))] * HOUR_US + int(chance * HOUR_US)

    def strangers(self, world: World, day: date, attempts: int, slots: list[Slot]) -> None:
        """Background noise of the internet: single failed logins on guessed accounts."""
        midnight = local_midnight_us("UTC", day)
        for _ in range(attempts):
            network = STRANGERS[int(self.random() * len(STRANGERS))]
            base: dict[str, object] = {
                "user_email": guest_address(world),
                "ip_address": host(network, 1 + int(self.random() * 14)),
                "user_agent": agents.STRANGER,
                "source": "UI",
            }
            us = midnight + int(self.random() * DAY_US)
            slots.append(self._planner.slot(us, Session(base, 0), stray_attempt))


def _base(program: Program, group: int, rng: Random) -> dict[str, object]:
    if program.agent is None:
        return {"source": program.source}
    name = program.name if group == 0 else f"{program.name}-{group + 1}"
    return {
        "user_id": f"service-{name}",
        "user_email": f"{name}@services.{DOMAIN}",
        "ip_address": host(DATA_CENTER, 256 * (group + 1) + rng.randrange(10, 250)),
        "user_agent": program.agent,
        "source": program.source,
    }
