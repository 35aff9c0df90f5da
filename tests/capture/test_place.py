from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.capture.place import derived_event_id
from trailkeeper.event import OrganizationId
from trailkeeper.ids import new_event_id

ACME = OrganizationId("acme")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1), max_value=datetime(2199, 1, 1), timezones=st.just(UTC)
)


def test_a_new_id_is_a_uuid_of_version_7_with_the_time_in_front() -> None:
    before = time.time_ns() // 1_000_000
    parsed = uuid.UUID(new_event_id())
    after = time.time_ns() // 1_000_000

    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert before <= parsed.int >> 80 <= after


def test_new_ids_differ_and_sort_by_time() -> None:
    first = [new_event_id() for _ in range(2000)]
    time.sleep(0.002)
    second = [new_event_id() for _ in range(2000)]

    assert len({*first, *second}) == 4000
    assert max(first) < min(second)


@given(st.text(min_size=1, max_size=255), MOMENTS, st.integers(0, 9_999))
def test_a_derived_id_is_a_uuid_of_version_8_and_repeats(
    key: str, first_used: datetime, index: int
) -> None:
    derived = derived_event_id(ACME, key, first_used, index)
    parsed = uuid.UUID(derived)

    assert (parsed.version, parsed.variant) == (8, uuid.RFC_4122)
    assert abs((parsed.int >> 80) / 1000 - first_used.timestamp()) < 0.002
    assert derived == derived_event_id(ACME, key, first_used, index)


def test_a_derived_id_depends_on_each_part() -> None:
    ids = {
        derived_event_id(organization, key, first_used, index)
        for organization in (ACME, OrganizationId("other"))
        for key in ("a", "b")
        for first_used in (NOON, NOON + timedelta(microseconds=1))
        for index in range(500)
    }

    assert len(ids) == 4000
