"""The people's days: sessions and their actions, as slots on the time line.

A slot is (microseconds since the epoch, serial number, session, verb): it says when who
means to do what. What exactly that does to the world is decided when the stream gets there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from math import log
from random import Random
from typing import Final, TypeAlias

from trailkeeper.demo import member_verbs as member
from trailkeeper.demo.people import Person, Role
from trailkeeper.demo.schedule import (
    HOUR_US,
    MICROSECONDS,
    QUANTILES,
    at_local,
    day_curve,
    local_midnight_us,
)
from trailkeeper.demo.verbs import (
    CREATES,
    DELETES,
    UPDATES,
    VIEWS,
    Verb,
    call_endpoint,
    deploy,
    export,
    release,
    run_benchmark,
)
from trailkeeper.demo.words import API_KEY, BENCHMARK, CLUSTER, ENDPOINT, MODEL, PROJECT
from trailkeeper.demo.world import Session

Slot: TypeAlias = tuple[int, int, Session, Verb]
Shares: TypeAlias = Mapping[Verb, float]

ACTIONS_PER_SESSION: Final = 11
MAX_SESSIONS: Final = 6
USUAL_GAP_SECONDS: Final = 75.0
MISTYPE_SHARE: Final = 0.05
LOGOUT_SHARE: Final = 0.4
COMMAND_LINE_SHARE: Final = 0.28
PHONE_SHARE: Final = 0.06
ON_BEHALF_SHARE: Final = 0.06

EVERYONE: Final[Shares] = {
    VIEWS[PROJECT]: 9,
    VIEWS[MODEL]: 12,
    VIEWS[ENDPOINT]: 12,
    VIEWS[CLUSTER]: 3,
    VIEWS[BENCHMARK]: 10,
    call_endpoint: 6,
    member.update_profile: 0.3,
}
BUILDING: Final[Shares] = {
    **EVERYONE,
    run_benchmark: 9,
    deploy: 4,
    export: 1.5,
    release: 5,
    UPDATES[PROJECT]: 2,
    UPDATES[MODEL]: 5,
    UPDATES[ENDPOINT]: 6,
    UPDATES[BENCHMARK]: 2,
    CREATES[PROJECT]: 0.25,
    CREATES[MODEL]: 1.6,
    CREATES[ENDPOINT]: 0.9,
    CREATES[BENCHMARK]: 2.2,
    CREATES[API_KEY]: 0.4,
    DELETES[PROJECT]: 0.2,
    DELETES[MODEL]: 1.1,
    DELETES[ENDPOINT]: 0.8,
    DELETES[BENCHMARK]: 1.2,
    DELETES[API_KEY]: 0.35,
}
BY_ROLE: Final[Mapping[Role, Shares]] = {
    Role.DEVELOPER: BUILDING,
    Role.TESTER: {
        **EVERYONE,
        run_benchmark: 18,
        export: 2,
        UPDATES[BENCHMARK]: 6,
        CREATES[BENCHMARK]: 3,
        DELETES[BENCHMARK]: 2,
    },
    Role.DEVOPS: {
        **BUILDING,
        deploy: 9,
        UPDATES[ENDPOINT]: 12,
        UPDATES[CLUSTER]: 5,
        VIEWS[CLUSTER]: 12,
        CREATES[CLUSTER]: 0.2,
        DELETES[CLUSTER]: 0.15,
    },
}
ADMINISTERING: Final[Shares] = {
    **EVERYONE,
    member.view_member: 18,
    member.grant_project: 5,
    member.invite: 0.8,
    member.reset_password: 0.8,
    member.update_settings: 1.2,
    member.export_log: 2,
    UPDATES[PROJECT]: 3,
    UPDATES[API_KEY]: 1,
    CREATES[PROJECT]: 0.4,
    CREATES[API_KEY]: 0.5,
    DELETES[API_KEY]: 0.5,
}
ON_CALL: Final[Shares] = {
    VIEWS[ENDPOINT]: 6,
    VIEWS[CLUSTER]: 4,
    UPDATES[ENDPOINT]: 3,
    UPDATES[CLUSTER]: 1,
    deploy: 1,
}


def weighted(shares: Shares, length: int = 1024) -> tuple[Verb, ...]:
    """A table in which each verb has its share: choosing is then one index."""
    unit = sum(shares.values()) / length
    table: list[Verb] = []
    reached = 0.0
    for verb, share in shares.items():
        reached += share / unit
        table.extend([verb] * (round(reached) - len(table)))
    return tuple(table)


class DayPlanner:
    """Turns a person's day and a number of events into slots."""

    def __init__(self, roster: Sequence[Person], seed: int, moving: Sequence[Person]) -> None:
        self.rng = Random(f"planner:{seed}")
        self.random = self.rng.random
        self.serial = count()
        self._helped = [person for person in roster if person not in moving]
        self._curves = [day_curve(person) for person in roster]
        self._tables = {role: weighted(shares) for role, shares in BY_ROLE.items()}
        administering = weighted(ADMINISTERING)
        self._tables[Role.ADMIN] = self._tables[Role.SUPER_ADMIN] = administering
        self._on_call = weighted(ON_CALL)

    def slot(self, us: int, session: Session, verb: Verb) -> Slot:
        return us, next(self.serial), session, verb

    def work(self, person: Person, day: date, events: int, slots: list[Slot]) -> None:
        """About `events` slots in sessions over `person`'s working hours of `day`."""
        sessions = min(MAX_SESSIONS, 1 + events // ACTIONS_PER_SESSION)
        address, browser = self._place(person)
        midnight = local_midnight_us(person.time_zone, day)
        curve = self._curves[person.index]
        latest = person.ends - 0.4
        for number in range(sessions):
            size = events // sessions + (number < events % sessions)
            if size == 0:
                continue
            hour = curve[int(self.random() * QUANTILES)] + self.random() * 0.1
            if number == 0 and self.random() < 0.6:
                hour = person.starts + self.random() * 0.4
            start = midnight + int(min(hour, latest) * HOUR_US)
            self._run(person, start, size, (address, browser), slots)

    def _place(self, person: Person) -> tuple[str, str]:
        """Where a person works that day: one place, so that nobody seems to jump about."""
        chance = self.random()
        if person.office is not None and chance < person.office_share:
            return person.office, person.browser
        if person.vpn is not None and chance > 0.85:
            return person.vpn, person.browser
        return person.home, person.browser

    def _run(
        self, person: Person, start: int, size: int, where: tuple[str, str], slots: list[Slot]
    ) -> None:
        address, agent = where
        technical = person.role in (Role.DEVELOPER, Role.DEVOPS)
        gap = min(USUAL_GAP_SECONDS, 3600 / size)
        if technical and self.random() < COMMAND_LINE_SHARE:
            source = "CLI" if "cli" in person.command_line else "SDK"
            session = person_session(person, address, person.command_line, source)
            self._fill(session, self._tables[person.role], start, (size, gap), slots)
            return
        if self.random() < PHONE_SHARE:
            address, agent = person.mobile, person.phone
        session = person_session(person, address, agent)
        start, extra = self.sign_in(session, start, slots)
        table = self._tables[person.role]
        acting = session
        if person.role in (Role.ADMIN, Role.SUPER_ADMIN) and self.random() < ON_BEHALF_SHARE:
            acting, table = self._on_behalf(person, session)
        end = self._fill(acting, table, start, (max(0, size - extra), gap), slots)
        if self.random() < LOGOUT_SHARE:
            slots.append(self.slot(end + 5 * MICROSECONDS, session, member.logout))

    def sign_in(self, session: Session, start: int, slots: list[Slot]) -> tuple[int, int]:
        """LOGIN, at times after typos; answers when work starts and how many slots it took."""
        extra = 1
        if self.random() < MISTYPE_SHARE:
            stranger = unproven(session)
            mistakes = 1 if self.random() < 0.75 else 3
            for _ in range(mistakes):
                slots.append(self.slot(start, stranger, member.mistype))
                start += int((4 + self.random() * 14) * MICROSECONDS)
            extra += mistakes
            if mistakes == 3:
                slots.append(self.slot(start, stranger, member.reset_own_password))
                start += int((40 + self.random() * 50) * MICROSECONDS)
                extra += 1
        slots.append(self.slot(start, session, member.login))
        return start + int((2 + self.random() * 6) * MICROSECONDS), extra

    def _on_behalf(self, admin: Person, session: Session) -> tuple[Session, tuple[Verb, ...]]:
        helped = self._helped[int(self.random() * len(self._helped))]
        if helped.role in (Role.ADMIN, Role.SUPER_ADMIN):
            return session, self._tables[admin.role]
        acting = Session(
            {**session.base, "on_behalf_of": helped.id}, helped.team_index, person=admin
        )
        return acting, self._on_call

    def _fill(
        self,
        session: Session,
        table: tuple[Verb, ...],
        us: int,
        size_and_gap: tuple[int, float],
        slots: list[Slot],
    ) -> int:
        size, gap = size_and_gap
        random, serial, length = self.random, self.serial, len(table)
        scale = -gap * MICROSECONDS
        for _ in range(size):
            us += int(log(1.0 - random()) * scale) + 700_000
            slots.append((us, next(serial), session, table[int(random() * length)]))
        return us

    def on_call_night(self, person: Person, day: date, slots: list[Slot]) -> None:
        """A page at night: a short, legitimate session that deletes nothing."""
        start = at_local(person.time_zone, day, 22.5 + self.random() * 6)
        session = person_session(person, person.home, person.browser)
        start, _ = self.sign_in(session, start, slots)
        self._fill(session, self._on_call, start, (4 + int(self.random() * 8), 60.0), slots)


def person_session(person: Person, address: str, agent: str, source: str = "UI") -> Session:
    base: dict[str, object] = {
        "user_id": person.id,
        "user_email": person.email,
        "ip_address": address,
        "user_agent": agent,
        "source": source,
    }
    return Session(base, person.team_index, person=person)


def unproven(session: Session) -> Session:
    """The same browser before it has proved who it is: a claimed e-mail, no user id."""
    base = {field: value for field, value in session.base.items() if field != "user_id"}
    return Session(base, session.team, person=session.person)
