"""Detections and suppressions on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec

from trailkeeper.detect.detections import DetectionState, Happened, HistoryLine, StoredDetection
from trailkeeper.detect.found import group_text
from trailkeeper.detect.rule import Level
from trailkeeper.detect.suppress import Subject, Suppression

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=4000, pattern=r"\A[^\x00]*\Z")]
Actor = Annotated[str, msgspec.Meta(max_length=600, pattern=r"\A[^\x00]*\Z")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class GroupPart(msgspec.Struct, kw_only=True):
    field: str
    value: str


class DetectionView(msgspec.Struct, kw_only=True):
    """A detection. `first_at`, `last_at` are times of events, `opened_at`, `updated_at` and
    `closed_at` of the service. `evidence` are ids of its first events, at most 100;
    `search_link` is a path that shows all. `suppressed_by` is what kept it from being told: a
    suppression's id, or `quiet:` and the id of the detection before."""

    id: str
    rule_id: str
    rule_version: str
    rule_title: str
    severity: Level
    tags: list[str]
    group: list[GroupPart]
    group_text: str
    first_at: datetime
    last_at: datetime
    count: int
    reasons: list[str]
    evidence: list[str]
    search_link: str
    state: DetectionState
    assignee: str | None
    suppressed_by: str | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None


class HistoryView(msgspec.Struct, kw_only=True):
    """`actor` is null for the service itself. `content` has `from` and `to` of a change, `text`
    of a note, `count` of what was detected."""

    at: datetime
    actor: str | None
    what: Happened
    content: dict[str, Any]


class DetectionDetails(DetectionView, kw_only=True):
    """One detection with what happened to it, the oldest first."""

    history: list[HistoryView]


class DetectionCounts(msgspec.Struct, kw_only=True):
    """How many detections there are by each; what there is none of is left out."""

    by_state: dict[str, int]
    by_severity: dict[str, int]
    by_rule: dict[str, int]


class DetectionList(msgspec.Struct, kw_only=True):
    items: list[DetectionView]
    next_cursor: str | None


class DetectionChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to do; what is left out stays. An `assignee` of "" is nobody."""

    state: DetectionState | None = None
    assignee: Actor | None = None
    note: Note | None = None


class BulkTriage(DetectionChanges, forbid_unknown_fields=True, kw_only=True):
    """The same for many: all of them, or none where one is not there."""

    ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=200)]


class BulkOutcome(msgspec.Struct, kw_only=True):
    changed: int


class NewSuppression(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is expected until `ends_at`, and why. Without `rule_id` all rules are meant; a `group`
    is written as a detection's `group_text`."""

    subject: Subject
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    ends_at: Moment
    rule_id: Annotated[str, msgspec.Meta(max_length=36)] | None = None


class SuppressionView(msgspec.Struct, kw_only=True):
    id: str
    rule_id: str | None
    subject: Subject
    value: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    created_by: str
    created_at: datetime


class SuppressionList(msgspec.Struct, kw_only=True):
    items: list[SuppressionView]


def to_detection_view(stored: StoredDetection) -> DetectionView:
    return DetectionView(**_fields(stored))


def to_details(stored: StoredDetection, history: Sequence[HistoryLine]) -> DetectionDetails:
    lines = [
        HistoryView(at=line.at, actor=line.actor or None, what=line.what, content=line.content)
        for line in history
    ]
    return DetectionDetails(**_fields(stored), history=lines)


def to_suppression_view(suppression: Suppression) -> SuppressionView:
    return SuppressionView(
        id=suppression.id,
        rule_id=suppression.rule_id,
        subject=suppression.subject,
        value=suppression.value,
        reason=suppression.reason,
        starts_at=suppression.starts_at,
        ends_at=suppression.ends_at,
        created_by=suppression.created_by,
        created_at=suppression.created_at,
    )


def _fields(stored: StoredDetection) -> dict[str, Any]:
    return {
        "id": stored.id,
        "rule_id": stored.rule_id,
        "rule_version": stored.rule_version,
        "rule_title": stored.rule_title,
        "severity": stored.severity,
        "tags": list(stored.tags),
        "group": [GroupPart(field=field, value=value) for field, value in stored.grouped],
        "group_text": group_text(stored.grouped),
        "first_at": stored.first_at,
        "last_at": stored.last_at,
        "count": stored.count,
        "reasons": list(stored.reasons),
        "evidence": list(stored.evidence),
        "search_link": stored.search_link,
        "state": stored.state,
        "assignee": stored.assignee,
        "suppressed_by": stored.suppressed_by,
        "opened_at": stored.opened_at,
        "updated_at": stored.updated_at,
        "closed_at": stored.closed_at,
    }
