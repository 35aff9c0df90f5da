from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.capture.rejection import Reason, Rejected, Rejection
from trailkeeper.capture.validate import stored_address, validate
from trailkeeper.event import MAX_FUTURE, NewEvent, Status, StoredEvent, displayed_address

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def stored(**fields: Any) -> StoredEvent:
    given_fields = {"action": "LOGIN", "resource_type": "USER", **fields}
    return validate(NewEvent(**given_fields), "acme", NOW)


def refusal(**fields: Any) -> Rejection:
    with pytest.raises(Rejected) as refused:
        stored(**fields)
    return refused.value.rejection


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"action": ""}, Reason.INVALID_ACTION, "action"),
        ({"action": "LOG IN"}, Reason.INVALID_ACTION, "action"),
        ({"action": "1LOGIN"}, Reason.INVALID_ACTION, "action"),
        ({"action": "L" * 65}, Reason.INVALID_ACTION, "action"),
        ({"action": "LOGIN\n"[:-1] + "\0"}, Reason.INVALID_ACTION, "action"),
        ({"resource_type": "API-KEY"}, Reason.INVALID_RESOURCE_TYPE, "resource_type"),
        ({"id": ""}, Reason.INVALID_ID, "id"),
        ({"id": "x" * 129}, Reason.INVALID_ID, "id"),
        ({"id": "a\nb"}, Reason.INVALID_ID, "id"),
        ({"id": "a\0b"}, Reason.INVALID_ID, "id"),
        ({"resource_id": "x" * 513}, Reason.TEXT_TOO_LONG, "resource_id"),
        ({"resource_name": "x" * 1025}, Reason.TEXT_TOO_LONG, "resource_name"),
        ({"user_id": "x" * 513}, Reason.TEXT_TOO_LONG, "user_id"),
        ({"user_email": "x" * 513}, Reason.TEXT_TOO_LONG, "user_email"),
        ({"on_behalf_of": "x" * 513}, Reason.TEXT_TOO_LONG, "on_behalf_of"),
        ({"user_agent": "x" * 4097}, Reason.TEXT_TOO_LONG, "user_agent"),
        ({"status": "OK"}, Reason.INVALID_STATUS, "status"),
        ({"status": ""}, Reason.INVALID_STATUS, "status"),
        ({"source": "WEB"}, Reason.INVALID_SOURCE, "source"),
        ({"ip_address": "300.1.1.1"}, Reason.INVALID_IP_ADDRESS, "ip_address"),
        ({"ip_address": "10.0.0.0/8"}, Reason.INVALID_IP_ADDRESS, "ip_address"),
        ({"ip_address": "fe80::1%eth0"}, Reason.INVALID_IP_ADDRESS, "ip_address"),
        ({"ip_address": "::"}, Reason.INVALID_IP_ADDRESS, "ip_address"),
        ({"timestamp": datetime(2026, 1, 1)}, Reason.INVALID_TIMESTAMP, "timestamp"),
        (
            {"timestamp": NOW + MAX_FUTURE + TICK},
            Reason.TIMESTAMP_IN_FUTURE,
            "timestamp",
        ),
        (
            {"timestamp": datetime.max.replace(tzinfo=timezone(timedelta(hours=-23)))},
            Reason.TIMESTAMP_IN_FUTURE,
            "timestamp",
        ),
        (
            {"timestamp": datetime(1970, 1, 1, tzinfo=UTC) - TICK},
            Reason.TIMESTAMP_TOO_OLD,
            "timestamp",
        ),
        (
            {"timestamp": datetime.min.replace(tzinfo=timezone(timedelta(hours=23)))},
            Reason.TIMESTAMP_TOO_OLD,
            "timestamp",
        ),
    ],
)
def test_each_fault_has_its_code_and_field(
    fields: dict[str, Any], code: Reason, field: str
) -> None:
    found = refusal(**fields)

    assert (found.code, found.field) == (code, field)
    assert found.reason


def test_the_bounds_themselves_are_allowed() -> None:
    event = stored(
        action="L" * 64,
        id="x" * 128,
        resource_id="x" * 512,
        resource_name="x" * 1024,
        user_agent="x" * 4096,
        timestamp=NOW + MAX_FUTURE,
    )

    assert event.timestamp == NOW + MAX_FUTURE
    assert stored(timestamp=datetime(1970, 1, 1, tzinfo=UTC)).timestamp.year == 1970


def test_what_is_left_out_gets_its_default() -> None:
    event = stored()

    assert (event.organization, event.timestamp, event.received_at) == ("acme", NOW, NOW)
    assert (event.status, event.source, event.ip_address) == ("SUCCESS", "API", "::")
    assert (event.id, event.user_id, event.user_email, event.resource_id) == ("", "", "", "")


def test_words_fold_their_case() -> None:
    event = stored(action=" login_failed ", resource_type="api_Key", status="failed", source="ui")

    assert (event.action, event.resource_type) == ("LOGIN_FAILED", "API_KEY")
    assert (event.status, event.source) == ("FAILED", "UI")


def test_an_action_that_failed_by_name_has_failed() -> None:
    assert stored(action="login_failed").status == Status.FAILED
    assert stored(action="LOGIN_FAILED", status="SUCCESS").status == Status.SUCCESS
    assert stored(action="FAILED").status == Status.SUCCESS


@given(
    st.datetimes(
        min_value=datetime(1971, 1, 1),
        max_value=datetime(2026, 3, 4),
        timezones=st.timezones(),
    )
)
def test_a_time_in_any_zone_is_stored_as_the_same_moment_in_utc(moment: datetime) -> None:
    event = stored(timestamp=moment)

    assert event.timestamp == moment.astimezone(UTC)
    assert event.timestamp.utcoffset() == timedelta(0)


@given(st.ip_addresses())
def test_an_address_comes_back_as_people_write_it(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    kept = stored_address(f" {address} ")

    if isinstance(address, ipaddress.IPv6Address) and address.is_unspecified:
        assert kept is None
        return
    assert kept is not None
    assert str(ipaddress.IPv6Address(kept))
    shown = ipaddress.ip_address(displayed_address(kept) or "")
    assert shown == getattr(address, "ipv4_mapped", None) or shown == address
