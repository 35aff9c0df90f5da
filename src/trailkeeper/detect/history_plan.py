"""Rules that compare with history: the `history` part of a rule's `trailkeeper` section.

    trailkeeper:
      history:
        kind: new_country
        min_days: 7

The rule's `detection` says which events are looked at; `kind` what each is compared with, and
the other keys are that kind's settings, all of which have defaults.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import msgspec

from trailkeeper.detect.document import Entry, Table, to_plain
from trailkeeper.detect.faults import FaultCode, Faults
from trailkeeper.detect.header import OWN_KEY

HISTORY_KEY: Final = "history"
KIND_KEY: Final = "kind"

Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Days = Annotated[int, msgspec.Meta(ge=0, le=3650)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Kilometres = Annotated[float, msgspec.Meta(ge=0, le=21_000)]
Speed = Annotated[float, msgspec.Meta(gt=0, le=1_000_000)]
Factor = Annotated[float, msgspec.Meta(ge=1, le=1_000_000)]


class HistoryKind(StrEnum):
    NEW_COUNTRY = "new_country"
    IMPOSSIBLE_TRAVEL = "impossible_travel"
    AFTER_HOURS = "after_hours"
    DORMANT = "dormant"
    FIRST_USE = "first_use"
    UNUSUAL_SIZE = "unusual_size"
    DISABLED_PERSON = "disabled_person"
    SILENT_SOURCE = "silent_source"
    SUCCESS_AFTER_FAILURES = "success_after_failures"
    WIDENED_NETWORKS = "widened_networks"


class NewCountry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A country where the person was never seen, after `min_days` and `min_events` of them."""

    min_days: Days = 7
    min_events: Count = 20


class ImpossibleTravel(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Two places further apart than `min_km`, faster than `max_km_per_hour`."""

    min_km: Kilometres = 500.0
    max_km_per_hour: Speed = 1000.0


class AfterHours(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Outside of the organization's hours, at an hour around which less than `usual_share` of
    the person's events lie; not told of a person with less history than this."""

    min_days: Days = 10
    min_events: Count = 100
    usual_share: Share = 0.02


class Dormant(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The first sign of a person after `silent_days` without any."""

    silent_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 45


class FirstUse(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An action on a type of resource that the person never took in `min_days` of history."""

    min_days: Days = 30
    min_events: Count = 200


class UnusualSize(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`details.rows` of at least `min_rows`, and `factor` times the largest one before, where
    there were `min_exports` before."""

    min_rows: Count = 25_000
    factor: Factor = 3.0
    min_exports: Count = 5


class DisabledPerson(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Anything done as a member, or with a key made by one, who is disabled or deleted."""


class SilentSource(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A program that sent on `min_days` of the last 14 days, and now has been silent for
    `factor` times its longest pause and `min_hours`."""

    min_days: Annotated[int, msgspec.Meta(ge=2, le=14)] = 7
    min_hours: Annotated[int, msgspec.Meta(ge=1, le=336)] = 6
    factor: Factor = 2.0


class SuccessAfterFailures(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A sign-in after `min_failures` failed ones in `within_minutes`, of its address or of its
    account."""

    min_failures: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 5
    within_minutes: Annotated[int, msgspec.Meta(ge=1, le=60)] = 30


class WidenedNetworks(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A change of an allow-list that lets in addresses which the old one kept out."""


HistoryPlan = (
    NewCountry
    | ImpossibleTravel
    | AfterHours
    | Dormant
    | FirstUse
    | UnusualSize
    | DisabledPerson
    | SilentSource
    | SuccessAfterFailures
    | WidenedNetworks
)

PLANS: Final[dict[HistoryKind, type[HistoryPlan]]] = {
    HistoryKind.NEW_COUNTRY: NewCountry,
    HistoryKind.IMPOSSIBLE_TRAVEL: ImpossibleTravel,
    HistoryKind.AFTER_HOURS: AfterHours,
    HistoryKind.DORMANT: Dormant,
    HistoryKind.FIRST_USE: FirstUse,
    HistoryKind.UNUSUAL_SIZE: UnusualSize,
    HistoryKind.DISABLED_PERSON: DisabledPerson,
    HistoryKind.SILENT_SOURCE: SilentSource,
    HistoryKind.SUCCESS_AFTER_FAILURES: SuccessAfterFailures,
    HistoryKind.WIDENED_NETWORKS: WidenedNetworks,
}


def read_history(document: Table, faults: Faults) -> HistoryPlan | None:
    """The document's history section; None where it has none, or it is wrong and told."""
    own = document.get(OWN_KEY)
    entry = own.node.get(HISTORY_KEY) if own is not None and isinstance(own.node, Table) else None
    if entry is None:
        return None
    written = to_plain(entry.node)
    if not isinstance(written, dict):
        faults.add(FaultCode.BAD_VALUE, entry.node.place, "Here keys with values are meant.")
        return None
    kind = written.pop(KIND_KEY, None)
    if kind not in list(HistoryKind):
        _bad(entry, faults, f"{kind!r} is no kind of history.", f"There are {_names()}.")
        return None
    try:
        return msgspec.convert(written, PLANS[HistoryKind(kind)])
    except msgspec.ValidationError as error:
        _bad(entry, faults, f"{error}.", None)
        return None


def _names() -> str:
    return ", ".join(HistoryKind)


def _bad(entry: Entry, faults: Faults, detail: str, hint: str | None) -> None:
    faults.add(FaultCode.BAD_VALUE, entry.node.place, detail, hint)
