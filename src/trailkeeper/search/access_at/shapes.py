"""What an event says about access: the recognised shapes, and nothing beyond them.

Pure: an event in, changes out. A failed event changes nothing. The shapes are listed in
`docs/own-trail.md`:

- `changed_fields` with `old_value` and `new_value`, the values alone where one field changed,
  else objects by field (the product text's UPDATE);
- a named member (`member`, `user_id`, `grantee`, …) with a level (`role`, `permission`, …) under
  an action that says which way it goes: GRANT, SHARE, ADD_…, ASSIGN, or REVOKE, REMOVE_…, UNSHARE;
- lists or objects of members in `old_value` and `new_value`: their difference;
- CREATE, RESTORE and DELETE of the resource itself;
- an UPDATE of a USER that names the resource (`project_id` and the like).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec

from trailkeeper.event import Status, StoredEvent

EVERYONE: Final = "*"
"""Stands for whoever has access through the resource itself."""

Value = str | list[str] | None
"""A level as text, or several; None is no access."""


class Kind(StrEnum):
    GRANTED = "granted"
    REVOKED = "revoked"
    CHANGED = "changed"
    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of access by an event. `knows_old` is false where the event does not tell."""

    event: StoredEvent
    kind: Kind
    subject: str
    field: str
    old: Value
    new: Value
    knows_old: bool = False


SUBJECT_KEYS: Final = (
    "member", "member_id", "target_user_id", "target_user", "user_id", "user", "grantee",
    "grantee_id", "principal", "subject", "collaborator", "invited_email", "user_email", "email",
    "team", "group",
)  # fmt: skip
LEVEL_KEYS: Final = ("role", "permission", "permissions", "access_level", "access", "level")
LEVEL_ENDINGS: Final = ("_role", "_access", "_permission", "_permissions")
MEMBER_FIELDS: Final = frozenset({"members", "collaborators", "users", "grantees", "shared_with"})
OWNER_FIELDS: Final = frozenset({"owner", "owner_id"})
OPENNESS_FIELDS: Final = frozenset({"visibility", "is_public", "public", "archived", "status"})

GRANTS: Final = frozenset(
    {"GRANT", "GRANTED", "SHARE", "SHARED", "ADD", "ADDED", "ASSIGN", "ASSIGNED", "INVITE", "JOIN"}
)
REVOKES: Final = frozenset(
    {"REVOKE", "REVOKED", "UNSHARE", "REMOVE", "REMOVED", "UNASSIGN", "LEAVE", "DENY"}
)
BEGINNINGS: Final = frozenset({"CREATE", "RESTORE"})
NOTHING: Final = frozenset({"", "none", "no_access", "no access", "false", "null"})


def details_of(event: StoredEvent) -> dict[str, Any]:
    decoded = msgspec.json.decode(event.details)
    return decoded if isinstance(decoded, dict) else {}


def changed_values(details: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field -> (old, new), of a details object in the product text's shape."""
    fields = details.get("changed_fields")
    if not isinstance(fields, list) or not ({"old_value", "new_value"} & details.keys()):
        return {}
    names = [str(each) for each in fields]
    old, new = details.get("old_value"), details.get("new_value")
    if len(names) == 1 and not (_is_by_field(old, names) or _is_by_field(new, names)):
        return {names[0]: (old, new)}
    return {name: (_at(old, name), _at(new, name)) for name in names}


def changes_on_resource(event: StoredEvent) -> list[Change]:
    """What an event about the resource itself changes."""
    if event.status != Status.SUCCESS:
        return []
    details = details_of(event)
    if event.action == "DELETE":
        return [Change(event, Kind.ENDED, EVERYONE, "resource", None, None)]
    found = [
        change
        for field, (old, new) in changed_values(details).items()
        for change in _changed_field(event, field, old, new, details)
    ]
    if not found:
        found = list(_by_action(event, details))
    if event.action in BEGINNINGS:
        return [Change(event, Kind.BEGAN, EVERYONE, "resource", None, None), *found]
    return found


def changes_on_user(event: StoredEvent) -> list[Change]:
    """What an event about a USER, which names the resource, changes for that user there."""
    if event.status != Status.SUCCESS or not event.resource_id:
        return []
    details = details_of(event)
    found = [
        _level_change(event, event.resource_id, field, old, new)
        for field, (old, new) in changed_values(details).items()
        if _is_level(field)
    ]
    if found:
        return found
    return list(_by_action(event, {**details, SUBJECT_KEYS[0]: event.resource_id}))


def subjects_in(details: Mapping[str, Any]) -> list[str]:
    """Whom the details name, by the first key that names anybody."""
    for key in SUBJECT_KEYS:
        names = _names(details.get(key))
        if names:
            return names
    return []


def to_value(value: Any) -> Value:
    """A level as it is shown: text or several texts; None where it says that there is none."""
    if isinstance(value, list):
        return sorted({_text(each) for each in value}) or None
    if value is None or _text(value).strip().lower() in NOTHING:
        return None
    return _text(value)


def _changed_field(
    event: StoredEvent, field: str, old: Any, new: Any, details: Mapping[str, Any]
) -> Iterator[Change]:
    if field in MEMBER_FIELDS:
        yield from _changed_members(event, old, new)
    elif field in OWNER_FIELDS:
        for name in _names(old):
            yield Change(event, Kind.REVOKED, name, "owner", "owner", None, knows_old=True)
        for name in _names(new):
            yield Change(event, Kind.GRANTED, name, "owner", None, "owner", knows_old=True)
    elif _is_level(field):
        for subject in subjects_in(details) or [EVERYONE]:
            yield _level_change(event, subject, field, old, new)
    elif field in OPENNESS_FIELDS:
        old_value, new_value = _text(old), _text(new)
        yield Change(event, Kind.CHANGED, EVERYONE, field, old_value, new_value, knows_old=True)


def _changed_members(event: StoredEvent, old: Any, new: Any) -> Iterator[Change]:
    before, after = _members(old), _members(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield _level_change(event, name, "role", before.get(name), after.get(name))


def _members(value: Any) -> dict[str, str]:
    """Name -> level, of a list of names or objects, or of an object of levels by name."""
    if isinstance(value, dict):
        return {str(name): _text(level) for name, level in value.items()}
    if not isinstance(value, list):
        return {}
    return {
        name: _level_in(each) if isinstance(each, dict) else "member"
        for each in value
        for name in _names(each)
    }


def _level_in(member: Mapping[str, Any]) -> str:
    return next((_text(member[key]) for key in LEVEL_KEYS if key in member), "member")


def _level_change(event: StoredEvent, subject: str, field: str, old: Any, new: Any) -> Change:
    before, after = to_value(old), to_value(new)
    kind = Kind.CHANGED
    if after is None:
        kind = Kind.REVOKED
    elif before is None:
        kind = Kind.GRANTED
    return Change(event, kind, subject, field, before, after, knows_old=True)


def _by_action(event: StoredEvent, details: Mapping[str, Any]) -> Iterator[Change]:
    words = set(event.action.split("_"))
    kind = Kind.REVOKED if words & REVOKES else Kind.GRANTED if words & GRANTS else None
    if kind is None:
        return
    field = next((key for key in LEVEL_KEYS if to_value(details.get(key)) is not None), "access")
    level = to_value(details.get(field)) or "granted"
    for subject in subjects_in(details):
        if kind is Kind.GRANTED:
            yield Change(event, kind, subject, field, None, level)
        else:
            named = level if field in details else None
            yield Change(event, kind, subject, field, named, None)


def _is_level(field: str) -> bool:
    return field in LEVEL_KEYS or field.endswith(LEVEL_ENDINGS)


def _is_by_field(value: Any, names: list[str]) -> bool:
    return isinstance(value, dict) and value.keys() == set(names)


def _at(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _names(value: Any) -> list[str]:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return [str(value)] if str(value) else []
    if isinstance(value, dict):
        keys = ("id", *SUBJECT_KEYS, "name")
        return next((names for key in keys if (names := _names(value.get(key)))), [])
    if isinstance(value, list):
        return [name for each in value for name in _names(each)]
    return []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
