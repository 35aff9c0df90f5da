"""Access to one resource at a moment, from the changes that the log tells. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trailkeeper.event import StoredEvent
from trailkeeper.search.access_at.shapes import EVERYONE, Change, Kind, Value


class Basis(StrEnum):
    """Where a fact comes from."""

    EVENT = "event"
    """An event up to the moment said so."""
    NEXT_CHANGE = "next_change"
    """The first change after the moment says that it was so until then."""
    PRESENT = "present"
    """It is so now, and the log, which reaches back to the moment, tells of no change since."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one subject had."""

    subject: str
    field: str
    value: Value
    basis: Basis
    event: StoredEvent


@dataclass(frozen=True, slots=True)
class ResourceAccess:
    """Access at a moment. `exists` is None where the log does not tell.

    `changes` are those up to the moment, newest first; `next_change` is the first after it.
    """

    exists: bool | None
    held: tuple[Held, ...]
    changes: tuple[Change, ...]
    next_change: Change | None


def access_at(changes: Iterable[Change], at: datetime, subjects: frozenset[str]) -> ResourceAccess:
    """`changes` in any order. With `subjects` (ids and e-mails of one user) for those alone:
    their own changes, and those of the resource as a whole.
    """
    ordered = sorted(
        (each for each in changes if _concerns(each, subjects)),
        key=lambda each: (each.event.timestamp, each.event.id),
    )
    before = [each for each in ordered if each.event.timestamp <= at]
    after = ordered[len(before) :]
    exists = _exists(before, after)
    held = _held(before)
    if exists is not False:
        held.update(_inferred(held, before, after))
    return ResourceAccess(
        exists=exists,
        held=tuple(held[key] for key in sorted(held)),
        changes=tuple(reversed(before)),
        next_change=after[0] if after else None,
    )


def lost_by(access: ResourceAccess, subjects: frozenset[str]) -> Change | None:
    """The change that took away what the subjects had; None where they have something now."""
    if any(each.subject.lower() in subjects for each in access.held):
        return None
    return next((each for each in access.changes if each.kind in (Kind.REVOKED, Kind.ENDED)), None)


def _concerns(change: Change, subjects: frozenset[str]) -> bool:
    return not subjects or change.subject == EVERYONE or change.subject.lower() in subjects


def _exists(before: Sequence[Change], after: Sequence[Change]) -> bool | None:
    for change in reversed(before):
        if change.kind is Kind.ENDED:
            return False
        if change.kind is Kind.BEGAN:
            return True
    first = next((each for each in after if each.kind in (Kind.BEGAN, Kind.ENDED)), None)
    if first is None:
        return True if before else None
    return first.kind is Kind.ENDED


def _held(before: Sequence[Change]) -> dict[tuple[str, str], Held]:
    held: dict[tuple[str, str], Held] = {}
    for change in before:
        key = (change.subject, change.field)
        if change.kind is Kind.ENDED:
            held.clear()
        elif change.kind is Kind.REVOKED:
            _revoke(held, change)
        elif change.kind is not Kind.BEGAN:
            earlier = held.get(key)
            value = change.new if change.knows_old else _joined(earlier, change.new)
            held[key] = Held(*key, value, Basis.EVENT, change.event)
    return held


def _revoke(held: dict[tuple[str, str], Held], change: Change) -> None:
    """Takes away what is named; where nothing is, all that the subject had."""
    named = None if change.knows_old else change.old
    keys = [
        key
        for key in held
        if key[0] == change.subject and (named is None or key[1] == change.field)
    ]
    if change.knows_old:
        keys = [key for key in keys if key[1] == change.field]
    for key in keys:
        left = set(_several(held[key].value)) - set(_several(named)) if named is not None else set()
        if left and left != set(_several(held[key].value)):
            held[key] = Held(*key, sorted(left), Basis.EVENT, change.event)
        else:
            del held[key]


def _inferred(
    held: dict[tuple[str, str], Held], before: Sequence[Change], after: Sequence[Change]
) -> dict[tuple[str, str], Held]:
    """What the first later change says that there was, where no earlier one says anything."""
    told = {(each.subject, each.field) for each in before}
    found: dict[tuple[str, str], Held] = {}
    for change in after:
        key = (change.subject, change.field)
        if key in told:
            continue
        told.add(key)
        if change.knows_old and change.old is not None:
            found[key] = Held(*key, change.old, Basis.NEXT_CHANGE, change.event)
    return found


def _joined(earlier: Held | None, new: Value) -> Value:
    """Permissions granted one by one add up; of a role the last one counts."""
    if earlier is None or not earlier.field.startswith("permission"):
        return new
    joined = sorted({*_several(earlier.value), *_several(new)})
    return joined if len(joined) > 1 else joined[0]


def _several(value: Value) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value
