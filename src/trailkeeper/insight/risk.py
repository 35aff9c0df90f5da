"""Risk: what speaks for a second look at a person, added up. Pure: facts in, a score out.

A signal is a fact with a weight, not a verdict; the score is what a reader sorts by. Each
signal's rule stands in its function, and docs/insight.md lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from trailkeeper.insight.person import Country, FailedSignIns, RoleChanges
from trailkeeper.insight.schema import Compared, Risk, RiskCode, RiskLevel, RiskSignal

MAX_SCORE: Final = 100
MEDIUM_FROM: Final = 25
HIGH_FROM: Final = 60

SEVERITY_WEIGHTS: Final = {
    "informational": 5,
    "low": 15,
    "medium": 30,
    "high": 50,
    "critical": 70,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted of a person. `off_hours` of `succeeded` events lie outside of the
    organization's working hours; `severities` are of active detections, the newest first."""

    failed_sign_ins: FailedSignIns
    new_countries: Sequence[Country]
    known_countries: Sequence[Country]
    off_hours: int
    succeeded: int
    deleted: Compared
    refused: int
    total: int
    role_changes: RoleChanges
    severities: Sequence[str]


def assess(facts: Facts) -> Risk:
    """The signals that there are, the heaviest first, and their sum."""
    found = [signal for look in _LOOKS if (signal := look(facts)) is not None]
    signals = sorted(found, key=lambda signal: -signal.weight)
    score = min(MAX_SCORE, sum(signal.weight for signal in signals))
    return Risk(score=score, level=level_of(score), signals=signals)


def level_of(score: int) -> RiskLevel:
    if score >= HIGH_FROM:
        return RiskLevel.HIGH
    return RiskLevel.MEDIUM if score >= MEDIUM_FROM else RiskLevel.LOW


def _step(count: int, *steps: tuple[int, int]) -> int:
    """The weight of the last step that the count reaches, 0 below the first."""
    return max((weight for least, weight in steps if count >= least), default=0)


def _failed_sign_ins(facts: Facts) -> RiskSignal | None:
    failed = facts.failed_sign_ins
    weight = _step(failed.compared.count, (3, 10), (10, 25), (20, 40))
    if not weight or failed.last_at is None:
        return None
    return RiskSignal(
        code=RiskCode.FAILED_SIGN_INS,
        weight=weight,
        count=failed.compared.count,
        facts={"addresses": failed.addresses, "last_at": failed.last_at.isoformat()},
    )


def _new_country(facts: Facts) -> RiskSignal | None:
    """Only against a history: whoever has none is new everywhere."""
    count = len(facts.new_countries)
    if not count or not facts.known_countries:
        return None
    return RiskSignal(
        code=RiskCode.NEW_COUNTRY,
        weight=_step(count, (1, 25), (2, 35), (3, 45)),
        count=count,
        facts={
            "countries": [each.country for each in facts.new_countries],
            "known": [each.country for each in facts.known_countries],
        },
    )


def _off_hours(facts: Facts) -> RiskSignal | None:
    if facts.succeeded < 20 or facts.off_hours * 5 < facts.succeeded:
        return None
    share = facts.off_hours / facts.succeeded
    return RiskSignal(
        code=RiskCode.OFF_HOURS,
        weight=20 if share >= 0.5 else 10,
        count=facts.off_hours,
        facts={"share": round(share, 4), "total": facts.succeeded},
    )


def _many_deletions(facts: Facts) -> RiskSignal | None:
    """At least ten that succeeded, and more than three times as many as before."""
    deleted = facts.deleted
    if deleted.count < 10 or deleted.count <= 3 * deleted.before:
        return None
    return RiskSignal(
        code=RiskCode.MANY_DELETIONS,
        weight=20,
        count=deleted.count,
        facts={"before": deleted.before},
    )


def _refused_actions(facts: Facts) -> RiskSignal | None:
    weight = _step(facts.refused, (5, 10), (20, 20))
    if not weight:
        return None
    return RiskSignal(
        code=RiskCode.REFUSED_ACTIONS,
        weight=weight,
        count=facts.refused,
        facts={"total": facts.total},
    )


def _role_changed(facts: Facts) -> RiskSignal | None:
    changes = facts.role_changes
    if not changes.count or changes.last_at is None:
        return None
    return RiskSignal(
        code=RiskCode.ROLE_CHANGED,
        weight=15,
        count=changes.count,
        facts={"last_at": changes.last_at.isoformat()},
    )


def _open_detections(facts: Facts) -> RiskSignal | None:
    if not facts.severities:
        return None
    worst = max(facts.severities, key=SEVERITY_WEIGHTS.__getitem__)
    return RiskSignal(
        code=RiskCode.OPEN_DETECTIONS,
        weight=SEVERITY_WEIGHTS[worst],
        count=len(facts.severities),
        facts={"severity": worst},
    )


_LOOKS: Final[tuple[Callable[[Facts], RiskSignal | None], ...]] = (
    _failed_sign_ins,
    _new_country,
    _off_hours,
    _many_deletions,
    _refused_actions,
    _role_changed,
    _open_detections,
)
