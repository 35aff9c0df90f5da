"""Reads what the log and the organization's records say, for access at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import Organization, get_organization
from trailkeeper.access.people.members import find_member
from trailkeeper.access.people.roles import permissions_of
from trailkeeper.event import StoredEvent
from trailkeeper.principal import Tenant
from trailkeeper.search.access_at.shapes import Change, changes_on_resource, changes_on_user
from trailkeeper.search.access_at.user import (
    Fact,
    FieldChange,
    KeyAt,
    fact_at,
    keys_at,
    role_permissions,
    user_changes,
)
from trailkeeper.search.ast import DetailsMatch, Filter, Match, Not, all_of, any_of
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.pages import Order, page_statement
from trailkeeper.search.params import TimeRange
from trailkeeper.search.question import Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.metadata import Metadata

MAX_EVENTS: Final = 5_000
MAX_KEYS: Final = 500
MAX_EMAILS: Final = 20
USER: Final = "USER"
ROLE: Final = "ROLE"
API_KEY: Final = "API_KEY"
NO_CHANGE: Final = ("LOGIN", "LOGIN_FAILED", "LOGOUT", "SEARCH", "VIEW", "EXPORT", "ACCESS_DENIED")


@dataclass(frozen=True)
class Stores:
    """Where to read, and what time it is."""

    engine: EventsEngine
    metadata: Metadata
    now: datetime


@dataclass(frozen=True)
class Reach:
    """How far back the log tells. `is_cut`: there was more than is looked at at once."""

    reaches_back_to: datetime
    is_cut: bool = False

    def covers(self, at: datetime) -> bool:
        return not self.is_cut and at >= self.reaches_back_to


@dataclass(frozen=True)
class UserAccess:
    """What the log tells of a user at a moment. `is_known`: there is such a user at all."""

    role: Fact | None
    status: Fact | None
    permissions: Fact | None
    keys: Sequence[KeyAt]
    changes: Sequence[FieldChange]
    reach: Reach
    is_known: bool


@dataclass(frozen=True)
class ResourceLog:
    """All changes of access to a resource that the log tells, and what it is called."""

    changes: Sequence[Change]
    name: str
    has_events: bool
    reach: Reach


class _Email(msgspec.Struct, frozen=True, array_like=True):
    email: str


async def read_user_access(
    stores: Stores, tenant: Tenant, user_id: str, at: datetime
) -> UserAccess:
    """Raises Unavailable."""
    engine = stores.engine
    about = await _events(engine, tenant, _about(USER, user_id))
    changes = user_changes(about)
    async with stores.metadata.reading() as session:
        organization = await get_organization(session, tenant.organization)
        member = await find_member(session, tenant, user_id)
        reach = reach_of(organization, USER, stores.now, is_cut=len(about) >= MAX_EVENTS)
        covers = reach.covers(at)
        role_now = member.role if member is not None else None
        status_now = str(member.status) if member is not None else None
        role = fact_at(changes, "role", at, present=role_now, reaches_back=covers)
        status = fact_at(changes, "status", at, present=status_now, reaches_back=covers)
        held_now = await _role_now(session, tenant, role)
    permissions = None
    if role is not None and isinstance(role.value, str):
        defined = await _events(engine, tenant, _about(ROLE, role.value))
        permissions = role_permissions(role.value, defined, at, held_now)
    return UserAccess(
        role=role,
        status=status,
        permissions=permissions,
        keys=keys_at(await _key_events(engine, tenant, user_id), user_id, at),
        changes=changes,
        reach=reach,
        is_known=bool(about) or member is not None or await _has_acted(engine, tenant, user_id),
    )


async def read_resource_log(
    stores: Stores, tenant: Tenant, resource_type: str, resource_id: str
) -> ResourceLog:
    """Events about the resource, and those about users that name it. Raises Unavailable."""
    engine = stores.engine
    own = await _events(engine, tenant, _about(resource_type, resource_id))
    naming = await _events(engine, tenant, _users_naming(resource_type, resource_id))
    async with stores.metadata.reading() as session:
        organization = await get_organization(session, tenant.organization)
    changes = [change for event in own for change in changes_on_resource(event)]
    changes += [change for event in naming for change in changes_on_user(event)]
    is_cut = max(len(own), len(naming)) >= MAX_EVENTS
    return ResourceLog(
        changes=changes,
        name=next((event.resource_name for event in own if event.resource_name), ""),
        has_events=bool(own or naming),
        reach=reach_of(organization, resource_type, stores.now, is_cut=is_cut),
    )


async def read_emails(engine: EventsEngine, tenant: Tenant, user_id: str) -> frozenset[str]:
    """E-mail addresses, in lower case, that the user's own events carry."""
    binder = Binder()
    binder.parameters.update(tenant.parameters())
    user_sql = binder.bind(user_id, "String")
    limit_sql = binder.bind(MAX_EMAILS, "UInt64")
    statement = Statement(
        f"SELECT DISTINCT lower(user_email) AS email FROM events WHERE {tenant.sql()}"
        f" AND user_id = {user_sql} AND user_email != '' LIMIT {limit_sql}",
        binder.parameters,
    )
    return frozenset(row.email for row in await engine.rows(statement, _Email))


def reach_of(
    organization: Organization, resource_type: str, now: datetime, *, is_cut: bool = False
) -> Reach:
    """From when on no event of this type was let go by retention: the shortest rule counts."""
    days = [
        rule.days
        for rule in organization.retention_rules
        if rule.resource_type in (None, resource_type)
    ]
    kept_from = now - timedelta(days=min([organization.retention_days, *days]))
    return Reach(max(kept_from, organization.created_at), is_cut)


async def _events(engine: EventsEngine, tenant: Tenant, wanted: Filter) -> list[StoredEvent]:
    """The newest MAX_EVENTS that match, failed ones and mere looks left out."""
    looks = any_of(Match(FIELDS["action"], each) for each in NO_CHANGE)
    question = Question(tenant, all_of((wanted, Not(looks))), TimeRange(None, None))
    return await engine.rows(page_statement(question, Order.DESC, MAX_EVENTS, 0, None), StoredEvent)


async def _key_events(engine: EventsEngine, tenant: Tenant, user_id: str) -> list[StoredEvent]:
    made = all_of(
        (
            Match(FIELDS["user_id"], user_id),
            Match(FIELDS["resource_type"], API_KEY),
            Match(FIELDS["action"], "CREATE"),
        )
    )
    ids = list(dict.fromkeys(each.resource_id for each in await _events(engine, tenant, made)))
    if not ids:
        return []
    one_of_them = any_of(Match(FIELDS["resource_id"], each) for each in ids[:MAX_KEYS])
    wanted = all_of((Match(FIELDS["resource_type"], API_KEY), one_of_them))
    return await _events(engine, tenant, wanted)


async def _role_now(
    session: AsyncSession, tenant: Tenant, role: Fact | None
) -> frozenset[str] | None:
    if role is None or not isinstance(role.value, str):
        return None
    return frozenset(map(str, await permissions_of(session, tenant, role.value))) or None


async def _has_acted(engine: EventsEngine, tenant: Tenant, user_id: str) -> bool:
    question = Question(tenant, Match(FIELDS["user_id"], user_id), TimeRange(None, None))
    return bool(await engine.rows(page_statement(question, Order.DESC, 1, 0, None), StoredEvent))


def _about(resource_type: str, resource_id: str) -> Filter:
    return all_of(
        (Match(FIELDS["resource_type"], resource_type), Match(FIELDS["resource_id"], resource_id))
    )


def _users_naming(resource_type: str, resource_id: str) -> Filter:
    """Events about users whose details name the resource, as platforms write it."""
    kind = resource_type.lower()
    paths = ((f"{kind}_id",), (kind,), (kind, "id"), ("resource_id",), ("resource", "id"))
    named = any_of(DetailsMatch(path, resource_id) for path in paths)
    return all_of((Match(FIELDS["resource_type"], USER), named))
