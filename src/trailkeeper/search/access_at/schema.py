"""The wire of access at a moment, and of who looked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from trailkeeper.event import StoredEvent
from trailkeeper.search.access_at.read import Reach, UserAccess
from trailkeeper.search.access_at.resource import Basis, Held
from trailkeeper.search.access_at.shapes import Change, Kind
from trailkeeper.search.access_at.user import Fact, FieldChange, KeyAt

MAX_CHANGES = 50


class EventRef(msgspec.Struct, frozen=True, kw_only=True):
    """The event that led to a fact: which, when, by whom."""

    id: str
    timestamp: datetime
    action: str
    resource_type: str
    user_id: str | None
    user_email: str | None
    on_behalf_of: str | None
    source: str


class FactView(msgspec.Struct, frozen=True, kw_only=True):
    """A value at the moment. `basis`: `event`, an event up to then said so; `next_change`, the
    first change after it says that it was so; `present`, it is so now and the log, which
    reaches back to the moment, tells of no change (`event` is null then).
    """

    value: str | list[str] | None
    basis: Basis
    event: EventRef | None


class LogReach(msgspec.Struct, frozen=True, kw_only=True):
    """How far back the log tells. `is_complete` is false where the moment lies before that, or
    where there is more than can be looked at: what is missing is then unknown, not absent.
    """

    reaches_back_to: datetime
    is_complete: bool
    told: str


class UserChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One change of role or status. `old` is null where the event does not tell it."""

    field: str
    old: str | list[str] | None
    new: str | list[str] | None
    event: EventRef


class KeyAtView(msgspec.Struct, frozen=True, kw_only=True):
    """An API key that the user had made: `status` is active, expired or revoked."""

    id: str
    name: str | None
    permissions: list[str]
    expires_at: datetime | None
    status: str
    created: EventRef
    last_change: EventRef


class UserAccessView(msgspec.Struct, frozen=True, kw_only=True):
    """What a user could do at a moment. A fact is null where the log does not tell."""

    user_id: str
    at: datetime
    role: FactView | None
    status: FactView | None
    permissions: FactView | None
    keys: list[KeyAtView]
    changes: list[UserChangeView]
    next_change: UserChangeView | None
    log: LogReach


class AccessChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One change of access to a resource. `subject` is a user, a team, or `*`: everyone."""

    kind: Kind
    subject: str
    field: str
    old: str | list[str] | None
    new: str | list[str] | None
    event: EventRef


class HeldView(msgspec.Struct, frozen=True, kw_only=True):
    """What a subject had; `basis` as for a user's facts."""

    subject: str
    field: str
    value: str | list[str] | None
    basis: Basis
    event: EventRef


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """The asked user's own role and status at the moment."""

    role: FactView | None
    status: FactView | None
    changes: list[UserChangeView]


class ResourceAccessView(msgspec.Struct, frozen=True, kw_only=True):
    """Who had which access to a resource at a moment, and what led there, newest change first.

    `exists` is null where the log does not tell. With `user_id`, `account` is that user's, and
    `lost_by` the change that took their access away: what changed, when, and by whom.
    """

    resource_type: str
    resource_id: str
    resource_name: str | None
    at: datetime
    user_id: str | None
    exists: bool | None
    access: list[HeldView]
    lost_by: AccessChangeView | None
    changes: list[AccessChangeView]
    next_change: AccessChangeView | None
    account: AccountView | None
    log: LogReach


def to_event_ref(event: StoredEvent) -> EventRef:
    return EventRef(
        id=event.id,
        timestamp=event.timestamp,
        action=event.action,
        resource_type=event.resource_type,
        user_id=event.user_id or None,
        user_email=event.user_email or None,
        on_behalf_of=event.on_behalf_of or None,
        source=event.source,
    )


def to_fact_view(fact: Fact | None) -> FactView | None:
    if fact is None:
        return None
    event = to_event_ref(fact.event) if fact.event is not None else None
    return FactView(value=fact.value, basis=fact.basis, event=event)


def to_held_view(held: Held) -> HeldView:
    return HeldView(
        subject=held.subject,
        field=held.field,
        value=held.value,
        basis=held.basis,
        event=to_event_ref(held.event),
    )


def to_change_view(change: Change) -> AccessChangeView:
    return AccessChangeView(
        kind=change.kind,
        subject=change.subject,
        field=change.field,
        old=change.old,
        new=change.new,
        event=to_event_ref(change.event),
    )


def to_log_reach(reach: Reach, at: datetime, *, is_told: bool) -> LogReach:
    """`is_told`: the log says something about what was asked."""
    day = f"{reach.reaches_back_to:%Y-%m-%d}"
    if reach.is_cut:
        told = "There are more changes than are looked at at once; only the newest were."
    elif not reach.covers(at):
        told = f"The log reaches back to {day} only: changes before that were let go."
    elif not is_told:
        told = f"The log, which reaches back to {day}, tells of no change of access."
    else:
        told = f"The log reaches back to {day}; nothing since is missing."
    return LogReach(reaches_back_to=reach.reaches_back_to, is_complete=reach.covers(at), told=told)


def to_user_view(user_id: str, at: datetime, found: UserAccess) -> UserAccessView:
    after = [each for each in found.changes if each.event.timestamp > at]
    facts = (found.role, found.status)
    return UserAccessView(
        user_id=user_id,
        at=at,
        role=to_fact_view(found.role),
        status=to_fact_view(found.status),
        permissions=to_fact_view(found.permissions),
        keys=[_to_key_view(key) for key in found.keys],
        changes=to_user_changes(found.changes, at),
        next_change=_to_user_change(after[0]) if after else None,
        log=to_log_reach(found.reach, at, is_told=any(each is not None for each in facts)),
    )


def to_account_view(found: UserAccess, at: datetime) -> AccountView:
    return AccountView(
        role=to_fact_view(found.role),
        status=to_fact_view(found.status),
        changes=to_user_changes(found.changes, at),
    )


def to_user_changes(changes: Iterable[FieldChange], at: datetime) -> list[UserChangeView]:
    """Those up to the moment, newest first."""
    before = [_to_user_change(each) for each in changes if each.event.timestamp <= at]
    return before[::-1][:MAX_CHANGES]


def _to_user_change(change: FieldChange) -> UserChangeView:
    return UserChangeView(
        field=change.field, old=change.old, new=change.new, event=to_event_ref(change.event)
    )


def _to_key_view(key: KeyAt) -> KeyAtView:
    return KeyAtView(
        id=key.id,
        name=key.name or None,
        permissions=list(key.permissions),
        expires_at=key.expires_at,
        status=key.status,
        created=to_event_ref(key.created),
        last_change=to_event_ref(key.last_change),
    )
