"""Random events around days on which clocks change, and periods that cut through them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.engine import an_event
from trailkeeper.event import StoredEvent
from trailkeeper.insight.period import Period
from trailkeeper.principal import Tenant

ZONES: Final = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Havana",
    "Pacific/Apia",
    "America/St_Johns",
)
BUSY: Final = (
    datetime(2024, 3, 31, 1, tzinfo=UTC),
    datetime(2024, 3, 10, 5, tzinfo=UTC),
    datetime(2024, 10, 5, 15, 30, tzinfo=UTC),
    datetime(2024, 6, 15, 18, 30, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),
    datetime(2011, 3, 13, 3, 31, tzinfo=UTC),
)
"""Moments at which clocks somewhere change, or a day begins at half past an hour."""
ACTIONS: Final = ("LOGIN", "LOGIN_FAILED", "CREATE", "UPDATE", "DELETE", "VIEW", "DEPLOY")
TYPES: Final = ("USER", "PROJECT", "MODEL", "ENDPOINT", "CLUSTER")
USERS: Final = ("ann", "bob", "eve", "api-key:k1", "")
PLACES: Final = (
    ("DE", "Berlin", 52.5, 13.5),
    ("DE", "", 51.0, 9.0),
    ("FR", "Paris", None, None),
    ("", "", None, None),
)
ADDRESSES: Final = ("::ffff:203.0.113.7", "2001:db8::7", "::")

moments = st.builds(
    lambda day, seconds, rest: day + timedelta(seconds=seconds, microseconds=rest),
    st.sampled_from(BUSY),
    st.integers(-60 * 3600, 60 * 3600) | st.integers(-120, 120).map(lambda halves: halves * 1800),
    st.sampled_from((0, 0, 1, 999_999)),
)


@st.composite
def events(draw: st.DrawFn, organization: str) -> StoredEvent:
    country, city, latitude, longitude = draw(st.sampled_from(PLACES))
    moment = draw(moments)
    return an_event(
        organization=organization,
        timestamp=moment,
        received_at=moment + timedelta(seconds=1),
        action=draw(st.sampled_from(ACTIONS)),
        resource_type=draw(st.sampled_from(TYPES)),
        resource_id=draw(st.sampled_from(("r1", "r2", "r3", ""))),
        resource_name=draw(st.sampled_from(("One", "Two", ""))),
        user_id=draw(st.sampled_from(USERS)),
        status=draw(st.sampled_from(("SUCCESS", "SUCCESS", "FAILED"))),
        ip_address=draw(st.sampled_from(ADDRESSES)),
        country=country,
        city=city,
        latitude=latitude,
        longitude=longitude,
    )


@st.composite
def periods(draw: st.DrawFn, organization: str) -> Period:
    start, end = sorted((draw(moments), draw(moments)))
    return Period(
        Tenant(organization),  # type: ignore[arg-type]
        ZoneInfo(draw(st.sampled_from(ZONES))),
        start,
        end if end > start else start + timedelta(hours=1),
    )


def many_events(organization: str, count: int, seed: int) -> list[StoredEvent]:
    """As many as a store merges and rolls up, over the whole of a spring."""
    rng = random.Random(seed)
    first = datetime(2024, 2, 1, tzinfo=UTC)
    return [_one(rng, organization, first) for _ in range(count)]


def _one(rng: random.Random, organization: str, first: datetime) -> StoredEvent:
    country, city, latitude, longitude = rng.choice(PLACES)
    moment = first + timedelta(microseconds=rng.randrange(100 * 86_400_000_000))
    if rng.random() < 0.2:
        moment = moment.replace(minute=rng.choice((0, 30)), second=0, microsecond=0)
    fields: dict[str, Any] = {
        "id": f"{rng.getrandbits(64):016x}",
        "timestamp": moment,
        "received_at": moment + timedelta(seconds=1),
        "action": rng.choice(ACTIONS),
        "resource_type": rng.choice(TYPES),
        "resource_id": rng.choice(("r1", "r2", "r3", "")),
        "resource_name": rng.choice(("One", "Two", "")),
        "user_id": rng.choice(USERS),
        "status": rng.choice(("SUCCESS", "SUCCESS", "FAILED")),
        "ip_address": rng.choice(ADDRESSES),
        "country": country,
        "city": city,
        "latitude": latitude,
        "longitude": longitude,
    }
    return an_event(organization=organization, **fields)
