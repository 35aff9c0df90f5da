"""The answers: each puts together what the modules beside it read, at once where it can."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.directory import stored_id
from trailkeeper.access.organization_settings import WorkingHours
from trailkeeper.access.organizations import Organization
from trailkeeper.access.people.listing import DirectoryUser, directory_user
from trailkeeper.errors import NotFound
from trailkeeper.event import Status
from trailkeeper.insight.active import count_active, read_active
from trailkeeper.insight.counting import CHANGES
from trailkeeper.insight.features import read_features
from trailkeeper.insight.people import name_users, read_busiest, read_inactive, to_power_user
from trailkeeper.insight.period import EVERYTHING, Period
from trailkeeper.insight.person import Country, Story, read_story
from trailkeeper.insight.resources import (
    CLUSTER,
    ENDPOINT,
    MODEL,
    PROJECT,
    read_top_resources,
)
from trailkeeper.insight.rhythm import (
    Slot,
    is_off_hours,
    minutes_of,
    read_slots,
    usual_hours,
    week_of,
)
from trailkeeper.insight.risk import Facts, assess
from trailkeeper.insight.schema import (
    CountCoverage,
    Dashboard,
    ResourceChanges,
    Risk,
    Team,
    UserInsight,
)
from trailkeeper.insight.timeline import read_timeline
from trailkeeper.insight.totals import (
    CHANGED,
    DELETED,
    FAILED,
    FAILED_SIGN_INS,
    TOTAL,
    Totals,
    read_totals,
)
from trailkeeper.principal import Tenant
from trailkeeper.search.ast import Filter, Match
from trailkeeper.search.fields import FIELDS
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.metadata import Metadata

LISTED_VALUES: Final = 50
TIMELINE_ACTIONS: Final = 12
LISTED_FEATURES: Final = 20
LISTED_USERS: Final = 20
LISTED_INACTIVE: Final = 100
LISTED_RESOURCES: Final = 10
LISTED_OF_USER: Final = 20

Severities = Callable[[AsyncSession, Tenant, str, str], Awaitable[list[str]]]
"""Severities of the active detections about a user, given by id and e-mail."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is about, and where to read it."""

    engine: EventsEngine
    metadata: Metadata
    organization: Organization
    period: Period
    coverage: CountCoverage
    now: datetime


async def answer_dashboard(asked: Asked, wanted: Filter) -> Dashboard:
    """Raises Unavailable."""
    totals, active = await asyncio.gather(
        read_totals(asked.engine, asked.period, wanted, LISTED_VALUES),
        count_active(asked.engine, asked.period, wanted),
    )
    told = [each.value for each in totals.actions.values if each.count][:TIMELINE_ACTIONS]
    timeline = await read_timeline(asked.engine, asked.period, wanted, told)
    return Dashboard(
        time_zone=asked.period.zone.key,
        total=totals.sum_of(TOTAL),
        active_users=active,
        resource_changes=totals.sum_of(CHANGED),
        failed_sign_ins=totals.sum_of(FAILED_SIGN_INS),
        timeline=timeline,
        actions=totals.actions.values,
        distinct_actions=totals.actions.distinct,
        resource_types=totals.resource_types.values,
        distinct_resource_types=totals.resource_types.distinct,
        coverage=asked.coverage,
    )


async def answer_team(asked: Asked, inactive_days: int) -> Team:
    """Raises Unavailable."""
    engine, period, tenant = asked.engine, asked.period, asked.period.tenant
    totals, active, slots, busiest, resources = await asyncio.gather(
        read_totals(engine, period, EVERYTHING, LISTED_FEATURES),
        read_active(engine, period, EVERYTHING),
        read_slots(engine, period, EVERYTHING),
        read_busiest(engine, period, EVERYTHING, LISTED_USERS),
        read_top_resources(engine, period, LISTED_RESOURCES),
    )
    features = await read_features(engine, period, totals.features.values)
    async with asked.metadata.reading() as session:
        known = await name_users(session, tenant, [each.user_id for each in busiest])
        inactive = await read_inactive(session, tenant, inactive_days, asked.now, LISTED_INACTIVE)
    return Team(
        time_zone=period.zone.key,
        active_users=active,
        total_actions=totals.sum_of(TOTAL),
        resource_changes=ResourceChanges(*(totals.sum_of(each) for each in CHANGES)),
        peak_times=week_of(slots, period.zone),
        days=period.dates(),
        features=features,
        power_users=[to_power_user(each, known.get(each.user_id)) for each in busiest],
        inactive_days=inactive_days,
        inactive_users=inactive.users,
        inactive_count=inactive.count,
        never_signed_in_count=inactive.never_count,
        most_changed_projects=resources[PROJECT],
        most_accessed_models=resources[MODEL],
        most_used_endpoints=resources[ENDPOINT],
        active_clusters=resources[CLUSTER],
        coverage=asked.coverage,
    )


async def answer_user(asked: Asked, user_id: str, severities_of: Severities | None) -> UserInsight:
    """`severities_of` is None where the asker may not see detections.

    Raises NotFound(USER_NOT_FOUND), Unavailable.
    """
    engine, period = asked.engine, asked.period
    wanted = Match(FIELDS["user_id"], user_id)
    known, severities = await _known(asked, user_id, severities_of)
    email = known.user_email if known is not None else ""
    office = _office(asked)
    totals, slots, office_slots, story = await asyncio.gather(
        read_totals(engine, period, wanted, LISTED_OF_USER),
        read_slots(engine, period, wanted),
        read_slots(engine, office, wanted, *minutes_of(asked.organization.working_hours)),
        read_story(engine, period, user_id, email, LISTED_OF_USER),
    )
    if known is None and not totals.sum_of(TOTAL).count:
        raise NotFound("USER_NOT_FOUND", "Neither the directory nor the period knows this user.")
    succeeded = [slot for slot in slots if slot.status == Status.SUCCESS]
    return UserInsight(
        user_id=user_id,
        time_zone=period.zone.key,
        total=totals.sum_of(TOTAL),
        failed_sign_ins=story.failed_sign_ins.compared,
        hours=week_of(slots, period.zone),
        usual_hours=usual_hours(week_of(succeeded, period.zone)),
        places=story.places,
        resources=story.resources,
        actions=totals.actions.values,
        sparkline=story.sparkline,
        addresses=story.addresses,
        risk=_risk(asked, totals, office_slots, story, severities),
        coverage=asked.coverage,
    )


async def _known(
    asked: Asked, user_id: str, severities_of: Severities | None
) -> tuple[DirectoryUser | None, list[str]]:
    tenant = asked.period.tenant
    async with asked.metadata.reading() as session:
        known = await directory_user(session, tenant, stored_id(user_id))
        if severities_of is None:
            return known, []
        email = known.user_email if known is not None else ""
        return known, await severities_of(session, tenant, user_id, email)


def _office(asked: Asked) -> Period:
    """The same period by the organization's own clock: working hours are told in it."""
    period = asked.period
    return Period(period.tenant, ZoneInfo(asked.organization.time_zone), period.start, period.end)


def _risk(
    asked: Asked, totals: Totals, slots: list[Slot], story: Story, severities: list[str]
) -> Risk:
    zone = ZoneInfo(asked.organization.time_zone)
    hours = asked.organization.working_hours
    succeeded = [slot for slot in slots if slot.status == Status.SUCCESS]
    refused = totals.sum_of(FAILED).count - totals.sum_of(FAILED_SIGN_INS).count
    return assess(
        Facts(
            failed_sign_ins=story.failed_sign_ins,
            new_countries=[each for each in story.countries if _is_new(each, asked.period)],
            known_countries=[each for each in story.countries if not _is_new(each, asked.period)],
            off_hours=_off_hours(succeeded, zone, hours),
            succeeded=sum(slot.events for slot in succeeded),
            deleted=totals.sum_of(DELETED),
            refused=max(0, refused),
            total=totals.sum_of(TOTAL).count,
            role_changes=story.role_changes,
            severities=severities,
        )
    )


def _is_new(country: Country, period: Period) -> bool:
    return country.first_at >= period.start


def _off_hours(slots: list[Slot], zone: ZoneInfo, hours: WorkingHours) -> int:
    return sum(slot.events for slot in slots if is_off_hours(slot.start.astimezone(zone), hours))
