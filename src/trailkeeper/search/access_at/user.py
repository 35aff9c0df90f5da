"""A user's role, status, permissions and keys at a moment, from the log's own words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from trailkeeper.access.roles import BUILT_IN_ROLES, with_implied
from trailkeeper.event import Status, StoredEvent
from trailkeeper.principal import Permission
from trailkeeper.search.access_at.resource import Basis
from trailkeeper.search.access_at.shapes import Value, changed_values, details_of, to_value

FIELDS: Final = ("role", "status")
STATUS_AFTER: Final[Mapping[str, str]] = {
    "CREATE": "active",
    "INVITE": "invited",
    "ACCEPT_INVITATION": "active",
    "DELETE": "deleted",
    "DISABLE": "disabled",
    "DEACTIVATE": "disabled",
    "SUSPEND": "disabled",
    "ENABLE": "active",
    "REACTIVATE": "active",
}
"""The status that an action leads to, where the event does not name one."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a user, role or key changed by an event."""

    event: StoredEvent
    field: str
    old: Value
    new: Value
    knows_old: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A value at the moment; `event` led there, or with NEXT_CHANGE led away from it."""

    value: Value
    basis: Basis
    event: StoredEvent | None


@dataclass(frozen=True, slots=True)
class KeyAt:
    """An API key that the user had made, as it was at the moment."""

    id: str
    name: str
    permissions: tuple[str, ...]
    expires_at: datetime | None
    status: str
    created: StoredEvent
    last_change: StoredEvent


def user_changes(events: Iterable[StoredEvent]) -> list[FieldChange]:
    """Changes of role and status by events about the user, oldest first."""
    return [
        change
        for event in sorted(events, key=lambda each: (each.timestamp, each.id))
        if event.status == Status.SUCCESS
        for change in _changes(event)
    ]


def fact_at(
    changes: Sequence[FieldChange],
    field: str,
    at: datetime,
    *,
    present: str | None,
    reaches_back: bool,
) -> Fact | None:
    """The field's value at the moment; None where the log does not tell.

    `present` is what it is now; it counts only if the log `reaches_back` to the moment and
    tells of no change since.
    """
    own = [each for each in changes if each.field == field]
    before = [each for each in own if each.event.timestamp <= at]
    if before:
        return Fact(before[-1].new, Basis.EVENT, before[-1].event)
    if own:
        first = own[0]
        is_told = first.knows_old and reaches_back
        return Fact(first.old, Basis.NEXT_CHANGE, first.event) if is_told else None
    if present is not None and reaches_back:
        return Fact(present, Basis.PRESENT, None)
    return None


def role_permissions(
    role: str, role_events: Iterable[StoredEvent], at: datetime, present: frozenset[str] | None
) -> Fact | None:
    """What a role let its holders do at the moment; None where the log does not tell.

    Built-in roles are the same at all times; their fact has no event.
    """
    if role in BUILT_IN_ROLES:
        return Fact(sorted(with_implied(BUILT_IN_ROLES[role])), Basis.PRESENT, None)
    changes = [
        change
        for event in sorted(role_events, key=lambda each: (each.timestamp, each.id))
        if event.status == Status.SUCCESS
        for change in _permission_changes(event)
    ]
    fact = fact_at(changes, "permissions", at, present=None, reaches_back=True)
    if fact is None and present is not None and not changes:
        fact = Fact(sorted(present), Basis.PRESENT, None)
    if fact is None:
        return None
    return Fact(_implied(fact.value), fact.basis, fact.event)


def keys_at(events: Iterable[StoredEvent], user_id: str, at: datetime) -> list[KeyAt]:
    """Keys that the user had made up to the moment, oldest first; `events` are of all of them."""
    keys: dict[str, KeyAt] = {}
    for event in sorted(events, key=lambda each: (each.timestamp, each.id)):
        if event.timestamp > at or event.status != Status.SUCCESS:
            continue
        known = keys.get(event.resource_id)
        if known is None:
            if event.action == "CREATE" and event.user_id == user_id:
                keys[event.resource_id] = _new_key(event, at)
        else:
            keys[event.resource_id] = _changed_key(known, event, at)
    return list(keys.values())


def _changes(event: StoredEvent) -> list[FieldChange]:
    details = details_of(event)
    found = [
        FieldChange(event, field, to_value(old), to_value(new), knows_old=True)
        for field, (old, new) in changed_values(details).items()
        if field in FIELDS
    ]
    told = {each.field for each in found}
    is_new = event.action in ("CREATE", "INVITE")
    if "role" not in told and "changed_fields" not in details and "role" in details:
        found.append(FieldChange(event, "role", None, to_value(details["role"]), is_new))
    if "status" not in told:
        status = details.get("status") if event.action in STATUS_AFTER else None
        status = status or STATUS_AFTER.get(event.action)
        if status is not None:
            found.append(FieldChange(event, "status", None, to_value(status), is_new))
    return found


def _permission_changes(event: StoredEvent) -> list[FieldChange]:
    details = details_of(event)
    changed = changed_values(details).get("permissions")
    if changed is not None:
        old, new = (to_value(each) for each in changed)
        return [FieldChange(event, "permissions", old or [], new or [], knows_old=True)]
    if event.action == "DELETE":
        old = to_value(details.get("permissions"))
        return [FieldChange(event, "permissions", old, None, old is not None)]
    if "permissions" in details:
        new = to_value(details["permissions"]) or []
        return [FieldChange(event, "permissions", None, new, knows_old=True)]
    return []


def _implied(value: Value) -> list[str]:
    names = [value] if isinstance(value, str) else value or []
    known = {str(each) for each in Permission}
    permissions = frozenset(Permission(each) for each in names if each in known)
    return sorted({*names, *with_implied(permissions)})


def _new_key(event: StoredEvent, at: datetime) -> KeyAt:
    details = details_of(event)
    permissions = to_value(details.get("permissions"))
    names = [permissions] if isinstance(permissions, str) else permissions or []
    expires_at = _moment(details.get("expires_at"))
    return KeyAt(
        id=event.resource_id,
        name=event.resource_name,
        permissions=tuple(names),
        expires_at=expires_at,
        status=_key_status(expires_at, at, is_revoked=False),
        created=event,
        last_change=event,
    )


def _changed_key(key: KeyAt, event: StoredEvent, at: datetime) -> KeyAt:
    changed: dict[str, tuple[Any, Any]] = changed_values(details_of(event))
    expires_at = _moment(changed["expires_at"][1]) if "expires_at" in changed else key.expires_at
    is_revoked = event.action in ("REVOKE", "DELETE") or key.status == "revoked"
    return KeyAt(
        id=key.id,
        name=event.resource_name or key.name,
        permissions=key.permissions,
        expires_at=expires_at,
        status=_key_status(expires_at, at, is_revoked=is_revoked),
        created=key.created,
        last_change=event,
    )


def _key_status(expires_at: datetime | None, at: datetime, *, is_revoked: bool) -> str:
    if is_revoked:
        return "revoked"
    return "expired" if expires_at is not None and expires_at <= at else "active"


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
