"""The stream: plans day by day, realizes in time order, holds about a day in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

from trailkeeper.demo.actors import Cast, cast
from trailkeeper.demo.automation import PROGRAMS, Program, ProgramPlanner, day_weight, groups
from trailkeeper.demo.incidents import scenes, travel_day
from trailkeeper.demo.people import people
from trailkeeper.demo.planner import DayPlanner, Slot
from trailkeeper.demo.schedule import DAY_US, HOUR_US, MICROSECONDS, Calendar, to_us
from trailkeeper.demo.staffing import Staffing
from trailkeeper.demo.world import World

PROGRAMS_SHARE: Final = 0.54
ON_CALL_SHARE: Final = 0.3
STRANGERS_PER_DAY: Final = 3
# How much a program's days differ: 0.8 is from 60 % to 140 % of the mean.
UNEVENNESS: Final = 0.8
# A local day begins up to 14 hours before the same UTC day.
EARLIEST_ZONE_US: Final = 14 * HOUR_US
REQUEST_ID_SHARE: Final = 1 / 3
CLOCK: Final = tuple(f"T{minute // 60:02}:{minute % 60:02}:" for minute in range(24 * 60))


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to tell: `events` over the `days` (of 24 hours) before `now` (UTC)."""

    now: datetime
    seed: int
    days: int
    people: int
    events: int

    @property
    def starts_us(self) -> int:
        return to_us(self.now) - self.days * DAY_US

    def dates(self) -> list[date]:
        """The days that count: as many as the window has."""
        return [self.now.date() - timedelta(days=n) for n in range(self.days, 0, -1)]


class Director:
    """Lays out a plan's days, one at a time."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.roster = people(plan.seed, plan.people)
        self.cast: Cast = cast(self.roster)
        self.world = World(self.roster, plan.seed)
        self._staffing = Staffing(plan.now, self.cast)
        self._days_off = {travel_day(plan.now, self.cast): self.cast.jumper.index}
        self._calendar = Calendar(plan.seed, self.roster, self.cast.steady())
        # Members whose account may come or go are helped by nobody: see `Staffing`.
        moving = (*self.cast.joiners, *self.cast.leavers)
        self._people = DayPlanner(self.roster, plan.seed, moving)
        self._programs = ProgramPlanner(self._people, self.world.teams, plan.people, plan.seed)
        self._rng = Random(f"director:{plan.seed}")
        self._per_weight = self._measure()
        self._program_units = dict(self._measure_programs())
        for joiner in self.cast.joiners:
            self.world.members.remove(joiner)

    def _weights(self, day: date) -> list[float]:
        weights = self._calendar.weights(day)
        for index in self._staffing.away(day):
            weights[index] = 0.0
        if day in self._days_off:
            weights[self._days_off[day]] = 0.0
        return weights

    def _measure(self) -> float:
        """Events per unit of weight, so that people's days add up to their share."""
        total = sum(sum(self._weights(day)) for day in self.plan.dates())
        return self.plan.events * (1 - PROGRAMS_SHARE) / total if total else 0.0

    def _measure_programs(self) -> Iterator[tuple[Program, float]]:
        """Each program's events per unit of day weight."""
        for program in PROGRAMS:
            total = sum(day_weight(program.rhythm, day) for day in self.plan.dates())
            yield program, self.plan.events * PROGRAMS_SHARE * program.share / total

    def scripted(self) -> list[Slot]:
        """The slots that are written down beforehand: incidents, people joining and leaving."""
        steps = self._staffing.steps()
        for scene in scenes(self.plan.now, self.plan.seed, self.cast, self.world):
            steps.extend(scene.steps)
        return [self._people.slot(step.us, step.session, step.verb) for step in steps]

    def lay_out(self, day: date, slots: list[Slot]) -> None:
        """Adds all that people (local day) and programs (UTC day) mean to do on `day`."""
        random, unit = self._rng.random, self._per_weight
        for person, weight in zip(self.roster, self._weights(day), strict=True):
            events = int(weight * unit + random())
            if events:
                self._people.work(person, day, events, slots)
        on_call = self.cast.on_call[day.toordinal() // 7 % len(self.cast.on_call)]
        if random() < ON_CALL_SHARE:
            self._people.on_call_night(on_call, day, slots)
        self._lay_out_programs(day, slots)

    def _lay_out_programs(self, day: date, slots: list[Slot]) -> None:
        count = groups(self.plan.people)
        for program, unit in self._program_units.items():
            events = unit * day_weight(program.rhythm, day) / count
            for group in range(count):
                busy = UNEVENNESS * (self._rng.random() - 0.5) + 1
                budget = int(events * busy + self._rng.random())
                self._programs.run(program, group, day, budget, slots)
        attempts = int(STRANGERS_PER_DAY * self._rng.random() * 2)
        self._programs.strangers(self.world, day, attempts, slots)


def batches(director: Director) -> Iterator[list[Slot]]:
    """The plan's slots in time order, about a day at a time."""
    plan = director.plan
    pending = director.scripted()
    first, until = plan.starts_us, to_us(plan.now)
    day = plan.dates()[0] - timedelta(days=1)
    while day <= plan.now.date() + timedelta(days=1):
        director.lay_out(day, pending)
        pending.sort()
        day += timedelta(days=1)
        midnight = to_us(datetime(day.year, day.month, day.day, tzinfo=UTC))
        settled = min(midnight - EARLIEST_ZONE_US, until)
        low = bisect_left(pending, first, key=_time)
        high = bisect_left(pending, settled, key=_time)
        yield pending[low:high]
        del pending[:high]
    yield pending[: bisect_left(pending, until, key=_time)]


def _time(slot: Slot) -> int:
    return slot[0]


def tell(plan: Plan) -> Iterator[dict[str, object]]:
    """The plan's events in time order, as `NewEvent`s ready for JSON."""
    director = Director(plan)
    world = director.world
    random, bits = world.random, Random(f"ids:{plan.seed}").getrandbits
    today, today_text = -1, ""
    for batch in batches(director):
        for us, _, session, verb in batch:
            action, kind, resource_id, name, succeeded, details = verb(world, session)
            seconds, fraction = divmod(us, MICROSECONDS)
            day, second = divmod(seconds, 86400)
            if day != today:
                today, today_text = day, date.fromordinal(719163 + day).isoformat()
            if session.requests and random() < REQUEST_ID_SHARE:
                details["request_id"] = f"req_{bits(64):016x}"
            event = session.base.copy()
            event["id"] = event_id(us // 1000, bits(74))
            event["timestamp"] = f"{today_text}{CLOCK[second // 60]}{second % 60:02}.{fraction:06}Z"
            event["action"] = action
            event["resource_type"] = kind
            if resource_id is not None:
                event["resource_id"] = resource_id
            if name is not None:
                event["resource_name"] = name
            event["status"] = "SUCCESS" if succeeded else "FAILED"
            event["details"] = details
            yield event


def event_id(milliseconds: int, chance: int) -> str:
    """A UUIDv7 (RFC 9562, section 5.7) of a Unix time and 74 random bits."""
    time = f"{milliseconds:012x}"
    high, low = chance >> 62, chance & 0x3FFF_FFFF_FFFF_FFFF
    tail = f"{low | 0x8000_0000_0000_0000:016x}"
    return f"{time[:8]}-{time[8:]}-7{high:03x}-{tail[:4]}-{tail[4:]}"
