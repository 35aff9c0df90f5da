"""Sources that have gone silent: the one thing that no event tells, so it is looked for by clock.

A source is a program: a user whose events the rule's condition meets. It is known by when it
sent in the last two weeks, hour by hour; silent is what has sent nothing for much longer than
its longest pause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec

from trailkeeper.access.organizations import list_organizations
from trailkeeper.detect.condition import Always
from trailkeeper.detect.condition_sql import rule_condition
from trailkeeper.detect.detection import key_of, to_micros
from trailkeeper.detect.found import Found
from trailkeeper.detect.history_plan import SilentSource
from trailkeeper.detect.keeping import keep_found
from trailkeeper.detect.reasons import link_to, shown_time
from trailkeeper.detect.stored_rules import enabled_rules
from trailkeeper.detect.suppress import list_suppressions
from trailkeeper.detect.watch import expected
from trailkeeper.detect.watched import WatchedRule
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.search.scan import show_quoted
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement, engine_time
from trailkeeper.store.metadata import Metadata

LOOKS_BACK: Final = timedelta(days=14)
HOUR_SECONDS: Final = 3600
DAY_SECONDS: Final = 86_400


class Source(msgspec.Struct, frozen=True, array_like=True):
    """`hours` are the starts of hours (Unix time) in which it sent."""

    user_id: str
    user_email: str
    events: int
    last_at: datetime
    last_id: str
    hours: list[int]

    @property
    def active_days(self) -> int:
        return len({hour // DAY_SECONDS for hour in self.hours})

    @property
    def longest_pause(self) -> timedelta:
        """Between two hours in which it sent, in whole hours."""
        hours = sorted(self.hours)
        pauses = (later - earlier for earlier, later in pairwise(hours))
        return timedelta(seconds=max(pauses, default=0))


async def look_for_silence(
    engine: EventsEngine, metadata: Metadata, clock: Callable[[], datetime]
) -> None:
    """Opens a detection for each source that is silent now, once for each silence.

    Raises Unavailable.
    """
    now = clock()
    async with metadata.reading() as session:
        organizations = await list_organizations(session)
    for organization in organizations:
        tenant = system_tenant(organization.id)
        async with metadata.reading() as session:
            rules = await enabled_rules(session, tenant)
            suppressions = await list_suppressions(session, tenant, now - LOOKS_BACK)
        found = [
            await expected(engine, tenant, suppressions, each)
            for watched in rules
            if isinstance(watched.history, SilentSource)
            for each in await silent_sources(engine, tenant, watched, watched.history, now)
        ]
        if found:
            async with metadata.transaction() as session:
                await keep_found(session, tenant, found, now)


async def silent_sources(
    engine: EventsEngine, tenant: Tenant, watched: WatchedRule, plan: SilentSource, now: datetime
) -> list[Found]:
    """What is silent at this moment."""
    sources: Sequence[Source] = await engine.rows(_statement(tenant, watched, now), Source)
    found = []
    for source in sources:
        silent = now - source.last_at
        allowed = max(timedelta(hours=plan.min_hours), plan.factor * source.longest_pause)
        if source.active_days >= plan.min_days and silent > allowed:
            found.append(_to_found(watched, source, silent, now))
    return found


def _statement(tenant: Tenant, watched: WatchedRule, now: datetime) -> Statement:
    binder = Binder()
    from_sql = binder.bind(engine_time(now - LOOKS_BACK), "DateTime64(6, 'UTC')")
    to_sql = binder.bind(engine_time(now), "DateTime64(6, 'UTC')")
    sent_condition = rule_condition(watched.rule.condition or Always(), binder)
    return Statement(
        "SELECT user_id, argMax(user_email, timestamp), count(), max(timestamp),"
        " argMax(id, timestamp), groupUniqArray(toUnixTimestamp(toStartOfHour(timestamp)))"
        f" FROM events WHERE {tenant.sql()} AND timestamp >= {from_sql}"
        f" AND timestamp <= {to_sql} AND user_id != '' AND ({sent_condition}) GROUP BY user_id",
        {**binder.parameters, **tenant.parameters()},
    )


def _to_found(watched: WatchedRule, source: Source, silent: timedelta, now: datetime) -> Found:
    hours = silent.total_seconds() / HOUR_SECONDS
    longest = source.longest_pause.total_seconds() / HOUR_SECONDS
    person = (("user_email", source.user_email),) if source.user_email else ()
    return Found(
        watched=watched,
        key=key_of(watched.rule.id, (source.user_id,), to_micros(source.last_at)),
        grouped=(("user_id", source.user_id), *person),
        window_start=source.last_at,
        hot_at=now,
        first_at=source.last_at,
        last_at=source.last_at,
        count=1,
        measured=hours,
        evidence=(source.last_id,),
        reasons=(
            f"Nothing for {hours:,.1f} h: the last event was at {shown_time(source.last_at)} UTC.",
            f"Before, the longest pause in 14 days was {longest:,.0f} h, with {source.events:,}"
            f" events on {source.active_days} days.",
        ),
        search_link=link_to(
            f"user_id:{show_quoted(source.user_id)}", source.last_at - timedelta(days=1), now
        ),
    )
