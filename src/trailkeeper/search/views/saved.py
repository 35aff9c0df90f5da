"""Saved views: kept, listed, changed; by their author alone, but for the star.

A change of a view and its event are one transaction. A star is a person's own bookmark: it
changes nothing for others, and nothing is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.trail import Changes, Requester, record
from trailkeeper.errors import BadRequest, Conflict, Forbidden, NotFound
from trailkeeper.ids import new_event_id
from trailkeeper.principal import Tenant
from trailkeeper.search.views.tables import SavedViewRow, StarredViewRow
from trailkeeper.store.base import by_id, insert_into

SAVED_VIEW: Final = "SAVED_VIEW"
MAX_NAME_LENGTH: Final = 100
MAX_QUERY_LENGTH: Final = 8000
MAX_VIEWS: Final = 500
"""Of one author."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view as one person sees it. `author` is who made it: a user id, or `api-key:<id>`."""

    id: str
    name: str
    query: str
    is_shared: bool
    is_starred: bool
    author: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ViewChanges:
    """What to change; None stays."""

    name: str | None = None
    query: str | None = None
    is_shared: bool | None = None

    @property
    def is_empty(self) -> bool:
        return self.name is None and self.query is None and self.is_shared is None


async def list_views(session: AsyncSession, tenant: Tenant, who: str) -> list[SavedView]:
    """Somebody's own views and those that are shared: the starred first, then by name."""
    rows = await session.scalars(
        select(SavedViewRow).where(
            tenant.owns(SavedViewRow.organization),
            or_(SavedViewRow.author == who, SavedViewRow.is_shared.is_(True)),
        )
    )
    starred = await _starred(session, tenant, who)
    views = [_to_view(row, row.id in starred) for row in rows]
    return sorted(views, key=lambda view: (not view.is_starred, view.name.casefold(), view.id))


async def add_view(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    *,
    name: str,
    query: str,
    is_shared: bool,
    now: datetime,
) -> SavedView:
    """Raises BadRequest(INVALID_NAME, INVALID_VALUE), Conflict(TOO_MANY_VIEWS)."""
    row = SavedViewRow(
        id=new_event_id(),
        organization=tenant.organization,
        author=requester.user_id,
        name=_checked_name(name),
        query=_checked_query(query),
        is_shared=is_shared,
        created_at=now,
        updated_at=now,
    )
    await _check_room(session, tenant, requester.user_id)
    session.add(row)
    details = {"query": row.query, "is_shared": row.is_shared}
    await record(
        session,
        tenant,
        requester,
        "CREATE",
        now=now,
        resource_type=SAVED_VIEW,
        resource_id=row.id,
        resource_name=row.name,
        details=details,
    )
    return _to_view(row, is_starred=False)


async def change_view(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    view_id: str,
    changes: ViewChanges,
    now: datetime,
) -> SavedView:
    """Changes what is given, and records what differs.

    Raises NotFound(VIEW_NOT_FOUND), Forbidden(NOT_THE_AUTHOR), BadRequest as `add_view`.
    """
    row = await _visible_row(session, tenant, requester.user_id, view_id)
    starred = await _starred(session, tenant, requester.user_id)
    if changes.is_empty:
        return _to_view(row, row.id in starred)
    _check_author(row, requester)
    before = _contents(row)
    if changes.name is not None:
        row.name = _checked_name(changes.name)
    if changes.query is not None:
        row.query = _checked_query(changes.query)
    if changes.is_shared is not None:
        row.is_shared = changes.is_shared
    after = _contents(row)
    if before != after:
        row.updated_at = now
        await _record_update(
            session,
            tenant,
            requester,
            row,
            {name: (before[name], after[name]) for name in after},
            now,
        )
    return _to_view(row, row.id in starred)


async def remove_view(
    session: AsyncSession, tenant: Tenant, requester: Requester, view_id: str, now: datetime
) -> None:
    """Raises NotFound(VIEW_NOT_FOUND), Forbidden(NOT_THE_AUTHOR)."""
    row = await _visible_row(session, tenant, requester.user_id, view_id)
    _check_author(row, requester)
    await session.execute(
        delete(StarredViewRow).where(
            tenant.owns(StarredViewRow.organization), StarredViewRow.view == row.id
        )
    )
    await session.delete(row)
    details = {"query": row.query, "is_shared": row.is_shared}
    await record(
        session,
        tenant,
        requester,
        "DELETE",
        now=now,
        resource_type=SAVED_VIEW,
        resource_id=row.id,
        resource_name=row.name,
        details=details,
    )


async def star_view(
    session: AsyncSession, tenant: Tenant, who: str, view_id: str, *, is_starred: bool
) -> None:
    """Raises NotFound(VIEW_NOT_FOUND)."""
    row = await _visible_row(session, tenant, who, view_id)
    if not is_starred:
        await session.execute(
            delete(StarredViewRow).where(
                tenant.owns(StarredViewRow.organization),
                StarredViewRow.user_id == who,
                StarredViewRow.view == row.id,
            )
        )
        return
    await session.execute(
        insert_into(session, StarredViewRow)
        .values(organization=tenant.organization, user_id=who, view=row.id)
        .on_conflict_do_nothing()
    )


async def _record_update(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    row: SavedViewRow,
    changes: Changes,
    now: datetime,
) -> None:
    await record(
        session,
        tenant,
        requester,
        "UPDATE",
        now=now,
        resource_type=SAVED_VIEW,
        resource_id=row.id,
        resource_name=row.name,
        changes=changes,
    )


async def _visible_row(
    session: AsyncSession, tenant: Tenant, who: str, view_id: str
) -> SavedViewRow:
    """Somebody else's private view is not there for others."""
    rows = select(SavedViewRow).where(tenant.owns(SavedViewRow.organization))
    row = await by_id(session, rows, SavedViewRow.id, view_id)
    if row is None or not (row.is_shared or row.author == who):
        raise NotFound("VIEW_NOT_FOUND", "There is no such view.")
    return row


def _check_author(row: SavedViewRow, requester: Requester) -> None:
    if row.author != requester.user_id:
        raise Forbidden(
            "NOT_THE_AUTHOR",
            "Only its author changes a view.",
            hint="Save a view of your own with the same search.",
        )


async def _check_room(session: AsyncSession, tenant: Tenant, author: str) -> None:
    count = await session.scalar(
        select(func.count())
        .select_from(SavedViewRow)
        .where(tenant.owns(SavedViewRow.organization), SavedViewRow.author == author)
    )
    if (count or 0) >= MAX_VIEWS:
        raise Conflict(
            "TOO_MANY_VIEWS",
            f"One author has at most {MAX_VIEWS} views.",
            hint="Delete some that you no longer use.",
        )


async def _starred(session: AsyncSession, tenant: Tenant, who: str) -> set[str]:
    rows = await session.scalars(
        select(StarredViewRow.view).where(
            tenant.owns(StarredViewRow.organization), StarredViewRow.user_id == who
        )
    )
    return set(rows)


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise BadRequest(
            "INVALID_NAME",
            f"A name has 1 to {MAX_NAME_LENGTH} printable characters.",
            field="name",
        )
    return name


def _checked_query(query: str) -> str:
    query = query.removeprefix("?")
    if len(query) > MAX_QUERY_LENGTH or not all(each.isprintable() for each in query):
        raise BadRequest(
            "INVALID_VALUE",
            f"A query is a URL's search: at most {MAX_QUERY_LENGTH:,} printable characters.",
            field="query",
        )
    return query


def _contents(row: SavedViewRow) -> dict[str, str | bool]:
    return {"name": row.name, "query": row.query, "is_shared": row.is_shared}


def _to_view(row: SavedViewRow, is_starred: bool) -> SavedView:
    return SavedView(
        id=row.id,
        name=row.name,
        query=row.query,
        is_shared=row.is_shared,
        is_starred=is_starred,
        author=row.author,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
