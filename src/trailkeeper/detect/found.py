"""What evaluators hand to whoever keeps detections: one shape, whichever of them found it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

import msgspec

from trailkeeper.detect.detection import MAX_EVIDENCE, Change, ChangeKind, Detection, DetectionKey
from trailkeeper.detect.names import our_name
from trailkeeper.detect.reasons import reasons_of, search_link
from trailkeeper.detect.watched import WatchedRule

Grouped: TypeAlias = tuple[tuple[str, str], ...]
"""Field and value of each part of the group."""


@dataclass(frozen=True, slots=True)
class Found:
    """A detection as it is known now, or with `is_addition` what joins it.

    With `is_withdrawn` there is none any more. What it `supersedes` are earlier identities of it.
    """

    watched: WatchedRule
    key: DetectionKey
    grouped: Grouped
    window_start: datetime
    hot_at: datetime
    first_at: datetime
    last_at: datetime
    count: int
    measured: float
    evidence: tuple[str, ...]
    reasons: tuple[str, ...]
    search_link: str
    supersedes: tuple[DetectionKey, ...] = ()
    is_addition: bool = False
    is_withdrawn: bool = False
    expected_by: str | None = None
    """The expectation that covers all of its events."""

    @property
    def group_key(self) -> str:
        named = msgspec.json.encode(self.grouped)
        return hashlib.sha256(named).hexdigest()[:32]

    def expected(self, suppression_id: str) -> Found:
        return replace(self, expected_by=suppression_id)

    def superseding(self, keys: tuple[DetectionKey, ...]) -> Found:
        return replace(self, supersedes=(*self.supersedes, *keys))


def group_text(grouped: Grouped) -> str:
    """The group in words: `ip_address 203.0.113.7`."""
    return ", ".join(f"{field} {value}" for field, value in grouped)


def to_found(watched: WatchedRule, change: Change) -> Found:
    """What a change of the evaluators means for whoever keeps the detections."""
    return found_of(
        watched,
        change.detection,
        supersedes=change.supersedes,
        is_withdrawn=change.kind is ChangeKind.WITHDRAWN,
    )


def found_of(
    watched: WatchedRule,
    detection: Detection,
    *,
    supersedes: tuple[DetectionKey, ...] = (),
    is_withdrawn: bool = False,
) -> Found:
    rule = watched.rule
    names = [our_name(named.name) for named in rule.watched.parts[0].group_by]
    grouped = tuple(
        (name, value) for name, value in zip(names, detection.group, strict=True) if value
    )
    return Found(
        watched=watched,
        key=detection.key,
        grouped=grouped,
        window_start=detection.window_start,
        hot_at=detection.opened_at,
        first_at=detection.first_at,
        last_at=detection.last_at,
        count=detection.count,
        measured=float(detection.measured),
        evidence=detection.evidence,
        reasons=reasons_of(rule, detection, grouped),
        search_link=search_link(rule, grouped, detection.first_at, detection.last_at),
        supersedes=supersedes,
        is_withdrawn=is_withdrawn,
    )


def merged(found: Iterable[Found]) -> list[Found]:
    """The same as fewer: of each detection's changes the last, of what joins it the sum."""
    by_key: dict[DetectionKey, Found] = {}
    done: list[Found] = []
    for each in found:
        before = by_key.get(each.key)
        if before is None or before.is_withdrawn or each.is_withdrawn:
            if before is not None:
                done.append(before)
            by_key[each.key] = each
        else:
            by_key[each.key] = _together(before, each)
    return [*done, *by_key.values()]


def _together(before: Found, after: Found) -> Found:
    if not after.is_addition:
        return replace(after, supersedes=(*before.supersedes, *after.supersedes))
    return replace(
        before,
        first_at=min(before.first_at, after.first_at),
        last_at=max(before.last_at, after.last_at),
        count=before.count + after.count,
        evidence=(*before.evidence, *after.evidence)[:MAX_EVIDENCE],
    )
