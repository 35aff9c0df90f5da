"""From bytes to committed: the named steps in order, for one request.

    parse → take out own keys → validate → redact → enrich → place → commit

Each step may refuse an event; a refusal is an answer with a stable code, counted by
reason, and never touches the event's neighbours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from trailkeeper import telemetry
from trailkeeper.access.leaks import LeakReports, Sighting
from trailkeeper.capture.commit import Committer, Outcome
from trailkeeper.capture.enrich import Enricher
from trailkeeper.capture.own_keys import Suspect, may_hold_key, take_out_keys
from trailkeeper.capture.parse import parse_event
from trailkeeper.capture.place import derived_event_id
from trailkeeper.capture.profile import Profile, Profiles
from trailkeeper.capture.rejection import Rejected, Rejection
from trailkeeper.capture.validate import validate
from trailkeeper.event import NO_ADDRESS, StoredEvent
from trailkeeper.ids import new_event_id
from trailkeeper.principal import Tenant

EVENTS_PER_TURN: Final = 50
"""Events prepared before other requests get a turn on the loop."""


class ResultStatus(StrEnum):
    COMMITTED = "committed"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class Result(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """What became of one event of a request."""

    index: int
    status: ResultStatus
    id: str | None = None
    received_at: datetime | None = None
    node: int | None = None
    node_seq: int | None = None
    code: str | None = None
    field: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where a request came from and how its events may be told apart.

    `address` (store notation) stands in for an event's missing address; None leaves it empty.
    `idempotency_key` and `key_first_used` belong to a request sent with that header. `is_own`
    marks the service's own events, which an organization's redaction rules cannot touch.
    `sent_by` is the actor behind the request, empty for the service itself.
    """

    tenant: Tenant
    address: str | None = None
    idempotency_key: str | None = None
    key_first_used: datetime | None = None
    is_own: bool = False
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    """One request on its way: what is the same for all its events, and the keys found in them, by
    the event's index."""

    profile: Profile
    origin: Origin
    now: datetime
    suspects: dict[int, list[Suspect]]


@dataclass(frozen=True)
class Pipeline:
    """The capture steps and what they need."""

    profiles: Profiles
    enricher: Enricher
    committer: Committer
    leaks: LeakReports
    clock: Callable[[], datetime]

    async def capture(self, raws: Sequence[bytes], origin: Origin) -> list[Result]:
        """Judges and commits the events; answers one result each, in order.

        Raises Unavailable where nothing was committed, or where an API key in it could not be
        reported: sent again, the events are known and the report is made up for.
        """
        self.committer.check_room(len(raws))
        work = _Work(await self.profiles.of(origin.tenant), origin, self.clock(), {})
        prepared: list[StoredEvent | Rejection] = []
        for index, raw in enumerate(raws):
            if index and index % EVENTS_PER_TURN == 0:
                await asyncio.sleep(0)
            prepared.append(self._prepare(raw, index, work))
        outcomes = await self.committer.commit(
            [event for event in prepared if isinstance(event, StoredEvent)]
        )
        if work.suspects:
            await self.leaks.report(_sightings(prepared, work))
        return _results(prepared, outcomes)

    def _prepare(self, raw: bytes, index: int, work: _Work) -> StoredEvent | Rejection:
        profile, origin = work.profile, work.origin
        try:
            new = parse_event(raw)
            suspects = take_out_keys(new) if may_hold_key(raw) else None
            event = validate(new, profile.organization, work.now)
            redact = profile.redact_own if origin.is_own else profile.redactor.redact
            event.details, event.redacted = redact(new.details)
        except Rejected as refused:
            telemetry.EVENTS_REJECTED.labels(code=refused.rejection.code).inc()
            return refused.rejection
        if suspects:
            work.suspects[index] = suspects
            event.redacted = sorted({*event.redacted, *(each.path for each in suspects)})
        if event.redacted:
            telemetry.VALUES_REDACTED.inc(len(event.redacted))
        if event.ip_address == NO_ADDRESS and origin.address is not None:
            event.ip_address = origin.address
        self.enricher.enrich(event, profile.zone)
        if not event.id:
            event.id = _assign_id(origin, index)
        return event


def _sightings(prepared: Sequence[StoredEvent | Rejection], work: _Work) -> Iterator[Sighting]:
    for index, suspects in work.suspects.items():
        event = prepared[index]
        if isinstance(event, Rejection):
            continue
        for suspect in suspects:
            yield Sighting(
                token=suspect.token,
                path=suspect.path,
                tenant=work.origin.tenant,
                event_id=event.id,
                action=event.action,
                sent_by=work.origin.sent_by,
            )


def _assign_id(origin: Origin, index: int) -> str:
    if origin.idempotency_key is None or origin.key_first_used is None:
        return new_event_id()
    return derived_event_id(
        origin.tenant.organization, origin.idempotency_key, origin.key_first_used, index
    )


def _results(
    prepared: Sequence[StoredEvent | Rejection], outcomes: Sequence[Outcome]
) -> list[Result]:
    committed = iter(outcomes)
    return [
        _rejected(index, each) if isinstance(each, Rejection) else _stored(index, next(committed))
        for index, each in enumerate(prepared)
    ]


def _rejected(index: int, rejection: Rejection) -> Result:
    return Result(
        index=index,
        status=ResultStatus.REJECTED,
        code=rejection.code,
        field=rejection.field,
        reason=rejection.reason,
    )


def _stored(index: int, outcome: Outcome) -> Result:
    receipt = outcome.receipt
    return Result(
        index=index,
        status=ResultStatus.DUPLICATE if outcome.is_duplicate else ResultStatus.COMMITTED,
        id=receipt.id,
        received_at=receipt.received_at,
        node=receipt.node,
        node_seq=receipt.node_seq,
    )
