"""Reads of the log go on the record: who read, what they asked for, how much they were given.

A search that names users by id or e-mail says so in `subjects`, and one that names a single
user is about that USER: so that "who looked at me" can be answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from trailkeeper.access.recorder import AUDIT_LOG, Recorder
from trailkeeper.access.trail import requester_of
from trailkeeper.event import StoredEvent
from trailkeeper.search.ast import And, Filter, Match, Or
from trailkeeper.search.request import ReadRequest

SEARCH: Final = "SEARCH"
VIEW: Final = "VIEW"
USER: Final = "USER"

MAX_FILTER_BYTES: Final = 8 * 1024
MAX_CUT_VALUES: Final = 40
MAX_CUT_LENGTH: Final = 150
MAX_SUBJECTS: Final = 50

_IDS: Final = ("user_id", "on_behalf_of")
_EMAIL: Final = "user_email"

Filters = Mapping[str, Sequence[str]]


def note_search(
    request: ReadRequest,
    found: Filter,
    *,
    of: str,
    own_names: Sequence[str],
    fixed: Mapping[str, str] | None = None,
    rows: int,
    total: int | None = None,
) -> None:
    """Notes a search for `of` (events, facets, …). `own_names` do not select and are left out.

    Raises Unavailable(RECORD_BACKLOG_FULL): the answer MUST not be given then.
    """
    filters = asked_filters(request, own_names, fixed)
    details = {"of": of, **search_details(found, filters), "rows": rows}
    if total is not None:
        details["total"] = total
    _note(request, SEARCH, *about(found), details)


def note_event_view(request: ReadRequest, event: StoredEvent, *, of: str, rows: int = 1) -> None:
    """Notes that somebody read one event, or with `of="context"` those around it."""
    subjects = sorted({each for each in (event.user_id, event.on_behalf_of) if each})
    _note(request, VIEW, AUDIT_LOG, event.id, {"of": of, "subjects": subjects, "rows": rows})


def note_view(
    request: ReadRequest, resource_type: str, resource_id: str, details: Mapping[str, Any]
) -> None:
    """Notes that somebody read what the log says of one user or resource."""
    subjects = [resource_id] if resource_type == USER else []
    _note(request, VIEW, resource_type, resource_id, {"subjects": subjects, **details})


def asked_filters(
    request: ReadRequest, own_names: Sequence[str], fixed: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """The parameters that select, as they were asked for."""
    filters: dict[str, list[str]] = {name: [value] for name, value in (fixed or {}).items()}
    for name, value in request.query_params.items():
        if name not in own_names:
            filters.setdefault(name, []).append(str(value))
    if request.user.confined_to:
        filters["embedded"] = [f"{name}={value}" for name, value in request.user.confined_to]
    return filters


def search_details(found: Filter, filters: Filters) -> dict[str, Any]:
    """`filter` and `subjects` of a search, small enough for an event."""
    details: dict[str, Any] = {"subjects": subjects_of(found)}
    encoded = msgspec.json.encode(filters)
    if len(encoded) <= MAX_FILTER_BYTES:
        return {**details, "filter": dict(filters)}
    return {
        **details,
        "filter": _cut(filters),
        "filter_cut": True,
        "filter_sha256": hashlib.sha256(encoded).hexdigest(),
    }


def about(found: Filter) -> tuple[str, str]:
    """Type and id of what a search is about: the one user it names by id, else the log."""
    subjects = _named(found, _IDS)
    return (USER, subjects[0]) if len(subjects) == 1 else (AUDIT_LOG, "")


def subjects_of(found: Filter) -> list[str]:
    """Ids and e-mails (in lower case) of the users that a filter asks for by name."""
    emails = [each.lower() for each in _named(found, (_EMAIL,))]
    return sorted({*_named(found, _IDS), *emails})[:MAX_SUBJECTS]


def _named(found: Filter, columns: Sequence[str]) -> list[str]:
    values = {
        leaf.value
        for leaf in _wanted_leaves(found)
        if isinstance(leaf, Match) and leaf.field.column in columns and leaf.value
    }
    if set(columns) == set(_IDS):
        values |= _user_resource(found)
    return sorted(values)


def _user_resource(found: Filter) -> set[str]:
    """The USER whose own resource is asked for."""
    matches = [leaf for leaf in _wanted_leaves(found) if isinstance(leaf, Match)]
    if not any(each.field.column == "resource_type" and each.value == USER for each in matches):
        return set()
    return {each.value for each in matches if each.field.column == "resource_id" and each.value}


def _wanted_leaves(found: Filter) -> Iterator[Filter]:
    """Leaves that are asked for; what is excluded by Not is not looked at."""
    if isinstance(found, And | Or):
        for part in found.parts:
            yield from _wanted_leaves(part)
    else:
        yield found


def _cut(filters: Filters) -> dict[str, list[str]]:
    shortened: dict[str, list[str]] = {}
    pairs = ((name, value) for name, values in filters.items() for value in values)
    for _, (name, value) in zip(range(MAX_CUT_VALUES), pairs, strict=False):
        shortened.setdefault(name[:MAX_CUT_LENGTH], []).append(value[:MAX_CUT_LENGTH])
    return shortened


def _note(
    request: ReadRequest,
    action: str,
    resource_type: str,
    resource_id: str,
    details: Mapping[str, Any],
) -> None:
    recorder: Recorder = request.app.state["recorder"]
    recorder.read(
        request.user.tenant,
        requester_of(request, request.user),
        action,
        resource_type=resource_type,
        resource_id=resource_id,
        details=details,
    )
