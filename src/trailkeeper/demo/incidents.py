"""The trouble that is hidden in the demo, and where.

Each incident happens once, in the last 30 days before `now`, and trips one alarm alone:
the brute force comes from the victim's country, the bulk deletion happens by day, the far
login is in a country that the person is known in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from random import Random
from typing import Final

from trailkeeper.demo import agents
from trailkeeper.demo import member_verbs as member
from trailkeeper.demo.actors import Cast, saturday_before, workday_before
from trailkeeper.demo.geo import ABROAD, FAR_COAST, HOSTING, host
from trailkeeper.demo.people import ORGANIZATION, Person, Role
from trailkeeper.demo.planner import person_session, unproven
from trailkeeper.demo.schedule import MICROSECONDS, at_local, to_datetime
from trailkeeper.demo.verbs import VIEWS, Details, Outcome, Verb, created, export, removed
from trailkeeper.demo.words import API_KEY, BENCHMARK, ENDPOINT, MODEL, PROJECT, SETTINGS
from trailkeeper.demo.world import Resource, Session, World

BRUTE_FORCE_ATTEMPTS: Final = 28


class IncidentKind(StrEnum):
    BRUTE_FORCE = "BRUTE_FORCE"
    NEW_COUNTRY = "NEW_COUNTRY"
    IMPOSSIBLE_TRAVEL = "IMPOSSIBLE_TRAVEL"
    AFTER_HOURS_DELETION = "AFTER_HOURS_DELETION"
    BULK_DELETION = "BULK_DELETION"
    PERMISSION_ESCALATION = "PERMISSION_ESCALATION"


@dataclass(frozen=True, slots=True)
class IncidentNote:
    """What was hidden where.

    `starts` and `ends` are the times (UTC, inclusive) of the first and last event that
    belong to it, `count` is the number of events that an alarm would count, `accounts` the
    e-mails involved, `resources` the ids touched.
    """

    kind: IncidentKind
    user_id: str
    user_email: str
    starts: datetime
    ends: datetime
    addresses: tuple[str, ...]
    count: int
    accounts: tuple[str, ...]
    resources: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Step:
    """Who does what at which time (microseconds since the epoch)."""

    us: int
    session: Session
    verb: Verb


@dataclass(frozen=True, slots=True)
class Scene:
    """An incident's note, and the steps that play it."""

    note: IncidentNote
    steps: tuple[Step, ...]


def fixed(outcome: Outcome) -> Verb:
    """A verb whose outcome is written down beforehand."""
    return lambda world, session: outcome


def removal(resource: Resource, reason: str) -> Verb:
    return lambda world, session: removed(world, resource, reason)


def new_key(world: World, session: Session) -> Outcome:
    return created(world, session, API_KEY)


def timed(
    start: int, rng: Random, gap_seconds: float, acts: Iterable[tuple[Session, Verb]]
) -> tuple[Step, ...]:
    """The acts one after the other, around `gap_seconds` apart (half to one and a half)."""
    steps = []
    for session, verb in acts:
        steps.append(Step(start, session, verb))
        start += int(gap_seconds * (0.5 + rng.random()) * MICROSECONDS)
    return tuple(steps)


def _note(
    kind: IncidentKind,
    person: Person,
    steps: tuple[Step, ...],
    count: int,
    summary: str,
    resources: tuple[str, ...] = (),
    accounts: tuple[str, ...] = (),
) -> IncidentNote:
    addresses = dict.fromkeys(str(step.session.base["ip_address"]) for step in steps)
    return IncidentNote(
        kind=kind,
        user_id=person.id,
        user_email=person.email,
        starts=to_datetime(steps[0].us),
        ends=to_datetime(steps[-1].us),
        addresses=tuple(addresses),
        count=count,
        accounts=accounts or (person.email,),
        resources=resources,
        summary=summary,
    )


def _signed_in(session: Session, method: str = "email_password") -> tuple[Session, Verb]:
    person = member.self_of(session)
    return session, fixed(member.account(person, "LOGIN", member.login_details(method)))


def brute_force(now: datetime, cast: Cast, world: World, rng: Random) -> Scene:
    """28 failed logins on five accounts from one hosted machine, then one that succeeds."""
    address, victim = host(HOSTING, 7), cast.breached
    day = workday_before(now, 19, victim.country)
    acts: list[tuple[Session, Verb]] = []
    for attempt in range(BRUTE_FORCE_ATTEMPTS):
        target = cast.guessed[attempt % len(cast.guessed)]
        stranger = unproven(person_session(target, address, agents.SCRIPTED_ATTACK))
        details: Details = {"reason": "Invalid credentials", "attempted_email": target.email}
        acts.append((stranger, fixed(member.account(target, "LOGIN_FAILED", details, ok=False))))
    inside = person_session(victim, address, agents.SCRIPTED_ATTACK)
    acts += [
        _signed_in(inside),
        (inside, VIEWS[PROJECT]),
        (inside, VIEWS[API_KEY]),
        (inside, export),
    ]
    steps = timed(at_local(victim.time_zone, day, 3.2), rng, 11, acts)
    summary = (
        f"{BRUTE_FORCE_ATTEMPTS} failed logins on {len(cast.guessed)} accounts from {address}, "
        f"then a successful one as {victim.email}"
    )
    accounts = tuple(person.email for person in cast.guessed)
    kind = IncidentKind.BRUTE_FORCE
    note = _note(kind, victim, steps, BRUTE_FORCE_ATTEMPTS, summary, accounts=accounts)
    return Scene(note, steps)


def new_country(now: datetime, cast: Cast, world: World, rng: Random) -> Scene:
    """A Saturday's login from a country where nobody at Acme AI has ever been."""
    person = cast.abroad
    session = person_session(person, host(ABROAD, 5), person.browser)
    start = at_local(person.time_zone, saturday_before(now, 14), 15.35)
    acts = [
        _signed_in(session),
        (session, VIEWS[PROJECT]),
        (session, VIEWS[MODEL]),
        (session, VIEWS[MODEL]),
        (session, member.logout),
    ]
    steps = timed(start, rng, 70, acts)
    summary = f"{person.email}, always in Germany, logs in from Lisbon, Portugal"
    return Scene(_note(IncidentKind.NEW_COUNTRY, person, steps, 1, summary), steps)


def impossible_travel(now: datetime, cast: Cast, world: World, rng: Random) -> Scene:
    """At work in New York, and 45 minutes later in San Francisco."""
    person, day = cast.jumper, travel_day(now, cast)
    near = person_session(person, person.home, person.browser)
    far = person_session(person, host(FAR_COAST, 9), person.browser)
    start = at_local(person.time_zone, day, 10.2)
    before = [_signed_in(near, "sso"), (near, VIEWS[ENDPOINT]), (near, VIEWS[BENCHMARK])]
    after = [_signed_in(far, "sso"), (far, VIEWS[MODEL]), (far, VIEWS[MODEL]), (far, export)]
    steps = timed(start, rng, 90, before)
    steps += timed(start + 45 * 60 * MICROSECONDS, rng, 60, after)
    summary = f"{person.email} logs in from New York and 45 minutes later from San Francisco"
    return Scene(_note(IncidentKind.IMPOSSIBLE_TRAVEL, person, steps, 2, summary), steps)


def travel_day(now: datetime, cast: Cast) -> date:
    """The day that the scene has to itself: its person does nothing else then."""
    return workday_before(now, 10, cast.jumper.country)


def after_hours_deletion(now: datetime, cast: Cast, world: World, rng: Random) -> Scene:
    """Production endpoints deleted at a quarter to three by someone who works by day."""
    person = cast.night_deleter
    session = person_session(person, person.home, person.browser)
    start = at_local(person.time_zone, workday_before(now, 6, person.country), 2.78)
    acts = [_signed_in(session), (session, VIEWS[ENDPOINT])]
    acts += [(session, removal(endpoint, "Cleanup")) for endpoint in world.production]
    acts.append((session, member.logout))
    steps = timed(start, rng, 35, acts)
    names = ", ".join(endpoint.name for endpoint in world.production)
    summary = f"{person.email} deletes {names} at night"
    ids = tuple(endpoint.id for endpoint in world.production)
    kind = IncidentKind.AFTER_HOURS_DELETION
    return Scene(_note(kind, person, steps, len(ids), summary, ids), steps)


def bulk_deletion(now: datetime, cast: Cast, world: World, rng: Random) -> Scene:
    """All benchmarks of a finished experiment deleted within a few minutes, by day."""
    person = cast.bulk_deleter
    session = person_session(person, person.home, person.browser)
    start = at_local(person.time_zone, workday_before(now, 3, person.country), 14.5)
    acts = [_signed_in(session, "sso"), (session, VIEWS[BENCHMARK])]
    acts += [(session, removal(item, "No longer needed")) for item in world.legacy]
    steps = timed(start, rng, 5.5, acts)
    ids = tuple(item.id for item in world.legacy)
    summary = f"{person.email} deletes {len(ids)} benchmarks within a few minutes"
    return Scene(_note(IncidentKind.BULK_DELETION, person, steps, len(ids), summary, ids), steps)


def permission_escalation(now: datetime, cast: Cast, world: World, rng: Random) -> Scene:
    """A developer takes the ADMIN role late in the evening, and uses it at once."""
    person = cast.climber
    session = person_session(person, person.home, person.browser)
    start = at_local(person.time_zone, workday_before(now, 23, person.country), 22.7)
    step_up: Details = {
        "changed_fields": ["role"],
        "old_value": Role.DEVELOPER,
        "new_value": Role.ADMIN,
    }
    weaken: Details = {
        "changed_fields": ["require_two_factor"],
        "old_value": True,
        "new_value": False,
    }
    organization = (SETTINGS, member.ORGANIZATION_ID, ORGANIZATION)
    policy: Outcome = ("UPDATE", *organization, True, weaken)
    acts = [
        _signed_in(session),
        (session, fixed(member.account(person, "UPDATE", step_up))),
        (session, member.view_member),
        (session, member.view_member),
        (session, fixed(policy)),
        (session, member.invite),
        (session, member.export_log),
        (session, new_key),
        (session, member.logout),
    ]
    steps = timed(start, rng, 50, acts)
    summary = f"{person.email} changes their own role from DEVELOPER to ADMIN late in the evening"
    kind = IncidentKind.PERMISSION_ESCALATION
    return Scene(_note(kind, person, steps, 1, summary, (person.id,)), steps)


Writer = Callable[[datetime, Cast, World, Random], Scene]
WRITERS: Final[tuple[Writer, ...]] = (
    brute_force,
    new_country,
    impossible_travel,
    after_hours_deletion,
    bulk_deletion,
    permission_escalation,
)


def scenes(now: datetime, seed: int, cast: Cast, world: World) -> tuple[Scene, ...]:
    """All incidents, oldest first. `world` MUST be new: its production and legacy live."""
    written = [writer(now, cast, world, Random(f"{writer.__name__}:{seed}")) for writer in WRITERS]
    return tuple(sorted(written, key=lambda scene: scene.note.starts))
