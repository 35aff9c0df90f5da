"""The comparisons with history: one function for each kind, one event at a time.

Each takes what is looked for, the event, and the person's history before it, and answers what
stands out, or None. None of them does I/O.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from trailkeeper.access.networks import parse_network, to_text
from trailkeeper.access.organization_settings import WorkingHours
from trailkeeper.detect.detection import MICROSECOND, from_micros, to_micros
from trailkeeper.detect.history_plan import (
    AfterHours,
    DisabledPerson,
    Dormant,
    FirstUse,
    HistoryPlan,
    ImpossibleTravel,
    NewCountry,
    SuccessAfterFailures,
    UnusualSize,
    WidenedNetworks,
)
from trailkeeper.detect.keys import shown_address
from trailkeeper.detect.profile_failures import Failures
from trailkeeper.detect.profiles import (
    DAY_MICROS,
    HOURS_PER_WEEK,
    Exports,
    Person,
    network_of,
    whereabouts,
)
from trailkeeper.detect.reasons import shown_time
from trailkeeper.event import StoredEvent
from trailkeeper.settings import Network

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius, IUGG."""
HOUR_MICROS: Final = 3_600_000_000
MINUTE_MICROS: Final = 60_000_000
MAX_ROWS: Final = 2**63
NEWS_MICROS: Final = DAY_MICROS
"""For how long what is new stays so: later events join the first one's detection."""
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Departed:
    """Who is kept out, since when, and as what: a member, or a key that they made."""

    since: datetime
    words: str


@dataclass(slots=True)
class Surroundings:
    """What is usual beyond one person."""

    hours: WorkingHours = field(default_factory=WorkingHours)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    departed: Mapping[str, Departed] = field(default_factory=dict)
    exports: Exports = field(default_factory=Exports)
    failures: Failures = field(default_factory=Failures)


class Sight(NamedTuple):
    """What stands out. `more` are parts of the group beside the person; events of one
    `window_start` (microseconds) are one detection. `evidence` are events before this one."""

    window_start: int
    reasons: tuple[str, ...]
    measured: float = 1.0
    more: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()
    before: timedelta = timedelta()
    """How long before the event the first evidence lies."""


Look = Callable[[Any, StoredEvent, int, Person, Surroundings], Sight | None]


def look_for_country(
    plan: NewCountry, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    if not event.country or person.located < plan.min_events:
        return None
    seen = person.countries.get(event.country)
    new_since = at if seen is None else seen[0]
    if seen is not None and at - seen[0] >= NEWS_MICROS:
        return None
    others = sorted(
        (span for name, span in person.countries.items() if name != event.country),
        key=lambda span: span[0],
    )
    if not others or (new_since - others[0][0]) < plan.min_days * DAY_MICROS:
        return None
    known = sorted(name for name in person.countries if name != event.country)
    where = f"{event.city}, {event.country}" if event.city else event.country
    return Sight(
        _day_of(new_since),
        (
            f"First sign of this person from {where}.",
            f"Before: {', '.join(known)}, in {person.located:,} located events since"
            f" {_shown(others[0][0])} UTC.",
        ),
        more=(("country", event.country),),
    )


def look_for_travel(
    plan: ImpossibleTravel, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    before, now = person.visit, whereabouts(event, at)
    if before is None or now is None or at <= before.at:
        return None
    if network_of(before.address) == network_of(now.address):
        return None
    km = distance_km((before.latitude, before.longitude), (now.latitude, now.longitude))
    hours = (at - before.at) / HOUR_MICROS
    if km < plan.min_km or km / hours <= plan.max_km_per_hour:
        return None
    return Sight(
        _day_of(at),
        (
            f"Signed in from {before.name} ({before.address}) at {_shown(before.at)} UTC, then"
            f" from {now.name} ({now.address}) at {_shown(at)} UTC.",
            f"{km:,.0f} km in {_shown_hours(hours)}: {km / hours:,.0f} km/h"
            f" (the rule allows {plan.max_km_per_hour:,.0f} km/h).",
        ),
        measured=km / hours,
    )


def look_after_hours(
    plan: AfterHours, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    local = event.timestamp.astimezone(around.zone)
    if not is_after_hours(local, around.hours):
        return None
    if person.events < plan.min_events or person.active_days < plan.min_days:
        return None
    share = usual_share(person, event, around.hours)
    if share >= plan.usual_share:
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Sight(
        to_micros(midnight),
        (
            f"Activity at {local:%H:%M} on {local:%A, %Y-%m-%d} ({around.zone.key}), outside of"
            f" {around.hours.start}-{around.hours.end} on {_days(around.hours)}.",
            f"{share:.1%} of this person's {person.events:,} events on {person.active_days} days"
            f" lie within an hour of that; usual is {usual_hours(person, plan.usual_share)}.",
        ),
        measured=share,
    )


def look_for_dormant(
    plan: Dormant, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    silent = at - person.last_at
    if not person.events or silent < plan.silent_days * DAY_MICROS:
        return None
    return Sight(
        _day_of(at),
        (
            f"First sign of this person after {silent // DAY_MICROS} days of silence"
            f" (the rule asks for {plan.silent_days}).",
            f"Last seen {_shown(person.last_at)} UTC, with {person.events:,} events before.",
        ),
        measured=silent / DAY_MICROS,
    )


def look_for_first_use(
    plan: FirstUse, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    first = person.actions.get((event.action, event.resource_type), at)
    is_known = person.days_known(first) >= plan.min_days and person.events >= plan.min_events
    if at - first >= NEWS_MICROS or not is_known:
        return None
    return Sight(
        _day_of(first),
        (
            f"First {event.action} of a {event.resource_type} by this person.",
            f"Before: {person.events:,} events on {person.active_days} days since"
            f" {_shown(person.first_at)} UTC, of {len(person.actions):,} kinds.",
        ),
        more=(("action", event.action), ("resource_type", event.resource_type)),
    )


def look_for_size(
    plan: UnusualSize, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    rows, before = rows_of(event), around.exports
    if before.count < plan.min_exports or rows < plan.min_rows:
        return None
    if rows < plan.factor * before.largest:
        return None
    past = f"The largest of {before.count:,} exports before had {before.largest:,} rows."
    return Sight(_day_of(at), (f"{rows:,} rows were exported.", past), measured=rows)


def look_for_departed(
    plan: DisabledPerson, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    departed = around.departed.get(event.user_id)
    if departed is None or event.timestamp <= departed.since:
        return None
    return Sight(
        _day_of(at),
        (
            f"{departed.words} since {shown_time(departed.since)} UTC;"
            f" the event is of {_shown(at)} UTC.",
        ),
    )


def look_after_failures(
    plan: SuccessAfterFailures, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    start = at - plan.within_minutes * MINUTE_MICROS
    address = shown_address(event.ip_address)
    of_address = around.failures.of_address(address, start, at)
    of_account = around.failures.of_account(event.user_email, start, at)
    failures, whose = max(
        (of_address, f"from {address}"),
        (of_account, f"on {event.user_email}"),
        key=lambda pair: len(pair[0]),
    )
    if len(failures) < plan.min_failures:
        return None
    accounts = {failure.account for failure in failures if failure.account}
    addresses = {failure.address for failure in failures if failure.address}
    return Sight(
        at,
        (
            f"{len(failures)} failed sign-ins {whose} in the"
            f" {_shown_hours((at - failures[0].at) / HOUR_MICROS)} before this one succeeded, at"
            f" {_shown(at)} UTC from {address or 'an unknown address'}.",
            f"They were on {len(accounts)} account{'s' if len(accounts) != 1 else ''}, from"
            f" {len(addresses)} address{'es' if len(addresses) != 1 else ''}.",
        ),
        measured=len(failures),
        evidence=tuple(failure.id for failure in failures),
        before=(at - failures[0].at) * MICROSECOND,
    )


def look_for_wider_networks(
    plan: WidenedNetworks, event: StoredEvent, at: int, person: Person, around: Surroundings
) -> Sight | None:
    old, new = networks_of(event, "old_value"), networks_of(event, "new_value")
    if not old:
        # Without a list everyone was let in: any list is narrower.
        return None
    wider = [network for network in new if not _is_within(network, old)]
    if new and not wider:
        return None
    what = ", ".join(map(to_text, wider[:10])) if new else "every address: the list is empty now"
    before = ", ".join(map(to_text, old[:10]))
    return Sight(_day_of(at), (f"Let in from now on: {what}.", f"Let in before: {before}."))


LOOKS: Final[dict[type[HistoryPlan], Look]] = {
    NewCountry: look_for_country,
    ImpossibleTravel: look_for_travel,
    AfterHours: look_after_hours,
    Dormant: look_for_dormant,
    FirstUse: look_for_first_use,
    UnusualSize: look_for_size,
    DisabledPerson: look_for_departed,
    SuccessAfterFailures: look_after_failures,
    WidenedNetworks: look_for_wider_networks,
}


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two places in degrees (haversine formula)."""
    (lat1, lon1), (lat2, lon2) = (
        (math.radians(latitude), math.radians(longitude)) for latitude, longitude in (one, other)
    )
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def is_after_hours(local: datetime, hours: WorkingHours) -> bool:
    """Whether a local moment lies outside of the working hours, which may end past midnight."""
    clock = f"{local:%H:%M}"
    if hours.start < hours.end:
        return not (_is_workday(local, hours) and hours.start <= clock < hours.end)
    if clock >= hours.start:
        return not _is_workday(local, hours)
    return not (clock < hours.end and _is_workday(local - timedelta(days=1), hours))


def usual_share(person: Person, event: StoredEvent, hours: WorkingHours) -> float:
    """Which part of the person's events lie within one hour of this hour, on days alike."""
    local_day, hour = event.local_weekday, event.local_hour
    alike = _days_like(local_day, hours)
    near = sum(
        person.hours[((day - 1) * 24 + hour + step) % HOURS_PER_WEEK]
        for day in alike
        for step in (-1, 0, 1)
    )
    return near / person.events if person.events else 0.0


def usual_hours(person: Person, share: float) -> str:
    """The hours of the day that hold most events, as `07-19 h`: those with `share` of them."""
    by_hour = [sum(person.hours[hour::24]) for hour in range(24)]
    busy = [hour for hour, count in enumerate(by_hour) if count >= share * person.events]
    if not busy:
        return "spread over the day"
    spans: list[list[int]] = []
    for hour in busy:
        if spans and spans[-1][1] == hour:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    return " and ".join(f"{start:02}-{end:02} h" for start, end in spans)


def rows_of(event: StoredEvent) -> int:
    """The number of rows that an export says it handed out, 0 where it says none."""
    if '"rows"' not in event.details:
        return 0
    rows = msgspec.json.decode(event.details).get("rows")
    is_whole = isinstance(rows, int) and not isinstance(rows, bool)
    return rows if is_whole and 0 < rows < MAX_ROWS else 0


def networks_of(event: StoredEvent, key: str) -> list[Network]:
    """The networks that a change names, whose entries may have a note behind them."""
    entries = msgspec.json.decode(event.details).get(key)
    found = []
    for entry in entries if isinstance(entries, list) else ():
        try:
            found.append(parse_network(str(entry).partition(" ")[0]))
        except ValueError:
            continue
    return found


def _is_within(network: Network, others: list[Network]) -> bool:
    return any(
        network.version == other.version
        and network.prefixlen >= other.prefixlen
        and network.network_address in other
        for other in others
    )


def _is_workday(local: datetime, hours: WorkingHours) -> bool:
    return local.isoweekday() in hours.days and local.date().isoformat() not in hours.holidays


def _days_like(weekday: int, hours: WorkingHours) -> list[int]:
    is_workday = weekday in hours.days
    return [day for day in range(1, 8) if (day in hours.days) is is_workday]


def _days(hours: WorkingHours) -> str:
    return ", ".join(WEEKDAYS[day - 1] for day in hours.days) or "no day"


def _day_of(at: int) -> int:
    return at - at % DAY_MICROS


def _shown(at: int) -> str:
    return shown_time(from_micros(at))


def _shown_hours(hours: float) -> str:
    minutes = round(hours * 60)
    return f"{minutes} min" if minutes < 120 else f"{hours:,.1f} h"
