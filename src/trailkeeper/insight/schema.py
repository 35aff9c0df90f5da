"""The wire of what is counted: the dashboard, the team, one person, resources, places."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec


class CountCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer was counted from.

    `start` up to `end` is the period, `before_start` up to `start` the one before it. Every
    event received up to `committed_upto` was there to be counted. Events of before `kept_from`
    may have been let go by retention (null: none of them), so a period that begins earlier
    `is_partial`; `is_before_partial` says it of the one before.
    """

    start: datetime
    end: datetime
    before_start: datetime
    committed_upto: datetime
    kept_from: datetime | None
    is_partial: bool
    is_before_partial: bool


class Compared(msgspec.Struct, frozen=True):
    """A count of the period, and of the one of equal length just before it."""

    count: int
    before: int


class ValueCount(msgspec.Struct, frozen=True):
    """How many events had a field's value, now and before."""

    value: str
    count: int
    before: int


class TimelineBucket(msgspec.Struct, frozen=True):
    """Events from `start` up to the next bucket; `others` are of actions not in `counts`."""

    start: datetime
    counts: dict[str, int]
    others: int


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Buckets on calendar boundaries of the time zone, the empty ones included.

    `step_seconds` is a bucket's usual length: days on which clocks change and months differ.
    """

    interval: str
    step_seconds: int
    buckets: list[TimelineBucket]


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in a period. Lists hold the most frequent values; the `distinct_` numbers
    say how many there are."""

    time_zone: str
    total: Compared
    active_users: Compared
    resource_changes: Compared
    failed_sign_ins: Compared
    timeline: Timeline
    actions: list[ValueCount]
    distinct_actions: int
    resource_types: list[ValueCount]
    distinct_resource_types: int
    coverage: CountCoverage


class DateCount(msgspec.Struct, frozen=True):
    """A count from a local date on: that day, the week (from Monday) or month it begins."""

    date: date
    count: int


class ActiveUsers(msgspec.Struct, frozen=True, kw_only=True):
    """Different users with a successful LOGIN: each day, week, month, and in all.

    The first and the last entry of a list cover what lies within the period.
    """

    daily: list[DateCount]
    weekly: list[DateCount]
    monthly: list[DateCount]
    count: int
    before: int


class ResourceChanges(msgspec.Struct, frozen=True):
    """CREATE, UPDATE and DELETE operations, whether or not they succeeded."""

    CREATE: Compared
    UPDATE: Compared
    DELETE: Compared


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """An action on a type of resource; `trend` has a count for each local day of the period."""

    action: str
    resource_type: str
    count: int
    before: int
    trend: list[int]


class PowerUser(msgspec.Struct, frozen=True, kw_only=True):
    user_id: str
    name: str | None
    email: str | None
    count: int
    before: int


class InactiveUser(msgspec.Struct, frozen=True, kw_only=True):
    """A member without a recent sign-in; both are null for whoever never signed in.

    `days` are whole days from the last sign-in to now.
    """

    user_id: str
    name: str | None
    email: str | None
    status: str
    last_sign_in: datetime | None
    days: int | None


class ResourceCount(msgspec.Struct, frozen=True, kw_only=True):
    """A resource by its events (or changes), and how many different users they are of."""

    resource_type: str
    resource_id: str
    resource_name: str | None
    count: int
    before: int
    users: int


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """How a team works. `peak_times` are events by local weekday (Monday first) and hour.

    `inactive_users` are those without a sign-in for `inactive_days` before now, whatever the
    period: the longest first, after them those who never did; `inactive_count` counts both.
    """

    time_zone: str
    active_users: ActiveUsers
    total_actions: Compared
    resource_changes: ResourceChanges
    peak_times: list[list[int]]
    days: list[date]
    features: list[Feature]
    power_users: list[PowerUser]
    inactive_days: int
    inactive_users: list[InactiveUser]
    inactive_count: int
    never_signed_in_count: int
    most_changed_projects: list[ResourceCount]
    most_accessed_models: list[ResourceCount]
    most_used_endpoints: list[ResourceCount]
    active_clusters: list[ResourceCount]
    coverage: CountCoverage


class UsualHours(msgspec.Struct, frozen=True):
    """From the beginning of one local hour up to that of another (1 to 24)."""

    from_hour: int
    to_hour: int


class UserPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person acted from. Coordinates are those of the newest event there, in degrees."""

    country: str
    city: str | None
    latitude: float | None
    longitude: float | None
    count: int
    first_seen: datetime
    last_seen: datetime


class UserResource(msgspec.Struct, frozen=True, kw_only=True):
    """What a person worked with, in how many events."""

    resource_type: str
    resource_id: str
    resource_name: str | None
    count: int
    last_seen: datetime


class UserAddress(msgspec.Struct, frozen=True, kw_only=True):
    ip_address: str
    count: int
    last_seen: datetime


class RiskCode(StrEnum):
    """What speaks for a second look at a person."""

    FAILED_SIGN_INS = "FAILED_SIGN_INS"
    NEW_COUNTRY = "NEW_COUNTRY"
    OFF_HOURS = "OFF_HOURS"
    MANY_DELETIONS = "MANY_DELETIONS"
    REFUSED_ACTIONS = "REFUSED_ACTIONS"
    ROLE_CHANGED = "ROLE_CHANGED"
    OPEN_DETECTIONS = "OPEN_DETECTIONS"


class RiskLevel(StrEnum):
    """Of the score: high from 60 on, medium from 25 on."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class RiskSignal(msgspec.Struct, frozen=True, kw_only=True):
    """One reason, with its share of the score and the facts behind it (numbers and names)."""

    code: RiskCode
    weight: int
    count: int
    facts: dict[str, Any]


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """The weights of all signals together, at most 100; the heaviest signal first."""

    score: int
    level: RiskLevel
    signals: list[RiskSignal]


class UserInsight(msgspec.Struct, frozen=True, kw_only=True):
    """One person's period. `hours` are events by local weekday (Monday first) and hour.

    `usual_hours` has an entry for each weekday, null where too little happened. `sparkline`
    counts the 30 local days that end with the period's last one.
    """

    user_id: str
    time_zone: str
    total: Compared
    failed_sign_ins: Compared
    hours: list[list[int]]
    usual_hours: list[UsualHours | None]
    places: list[UserPlace]
    resources: list[UserResource]
    actions: list[ValueCount]
    sparkline: list[int]
    addresses: list[UserAddress]
    risk: Risk
    coverage: CountCoverage


class ResourceSort(StrEnum):
    """What resources are sorted by, the most or the latest first."""

    CHANGES = "changes"
    EVENTS = "events"
    LAST_SEEN = "last_seen"


class ResourceView(msgspec.Struct, frozen=True, kw_only=True):
    """A resource in the period: its events, how many were changes, and of how many users.

    `resource_name` is the newest it had. `is_deleted`: its last successful CREATE or DELETE
    up to the period's end was a DELETE.
    """

    resource_type: str
    resource_id: str
    resource_name: str | None
    events: int
    changes: int
    users: int
    first_seen: datetime
    last_seen: datetime
    is_deleted: bool


class ResourcePage(msgspec.Struct, frozen=True, kw_only=True):
    """Resources with an event in the period. `next_cursor` is null on the last page."""

    items: list[ResourceView]
    next_cursor: str | None
    coverage: CountCoverage


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Sign-ins from one place, and of how many different users (those that are known)."""

    country: str
    city: str | None
    latitude: float | None
    longitude: float | None
    succeeded: int
    failed: int
    users: int


class Unplaced(msgspec.Struct, frozen=True, kw_only=True):
    """Sign-ins whose address is not known to be anywhere."""

    succeeded: int
    failed: int


class PlaceList(msgspec.Struct, frozen=True, kw_only=True):
    """Places by their sign-ins, the most first; `distinct` says how many there are."""

    items: list[Place]
    distinct: int
    without_place: Unplaced
    coverage: CountCoverage
