"""Every event is a strict `NewEvent`; decoding in the `told` fixture already proves that."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network
from itertools import islice
from uuid import UUID

from tests.demo.story import NOW, Told
from trailkeeper.demo import GEO, Person, generate
from trailkeeper.event import Source, Status

RFC_3339_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")


def test_events_come_in_time_order_within_the_window(told: list[Told]) -> None:
    moments = [entry.at for entry in told]
    assert moments == sorted(moments)
    assert NOW - timedelta(days=90) <= moments[0] < NOW - timedelta(days=89)
    assert NOW - timedelta(days=1) < moments[-1] < NOW


def test_ids_are_unique_uuid7_of_their_own_timestamp(told: list[Told]) -> None:
    ids = [UUID(entry.event.id or "") for entry in told]
    assert len(set(ids)) == len(told)
    for id, entry in zip(ids, told, strict=True):
        assert (id.version, id.variant) == (7, "specified in RFC 4122")
        milliseconds = id.int >> 80
        since = entry.at - entry.at.fromtimestamp(0, tz=entry.at.tzinfo)
        assert milliseconds == since // timedelta(milliseconds=1)


def test_timestamps_are_utc_with_microseconds(told: list[Told]) -> None:
    for event in islice(generate(NOW, target_events=5_000), 1_000):
        assert RFC_3339_UTC.fullmatch(str(event["timestamp"]))
    assert sum(entry.at.microsecond % 1000 != 0 for entry in told) > 0.9 * len(told)


def test_closed_vocabularies_hold(told: list[Told]) -> None:
    assert {entry.event.status for entry in told} == set(Status)
    assert {entry.event.source for entry in told} == set(Source)


def test_only_documentation_and_private_addresses_occur(told: list[Told]) -> None:
    allowed = [ip_network(text) for text in (*DOCUMENTATION, "10.0.0.0/8")]
    for text in {entry.event.ip_address for entry in told} - {None}:
        address = ip_address(text or "")
        assert any(address in network for network in allowed), text


def test_every_address_has_exactly_one_place(told: list[Told]) -> None:
    networks = [ip_network(text) for text in GEO]
    for text in {entry.event.ip_address for entry in told} - {None}:
        address = ip_address(text or "")
        assert sum(address in network for network in networks) == 1, text


def test_a_failed_login_names_the_account_and_no_actor(told: list[Told]) -> None:
    failures = [entry for entry in told if entry.event.action == "LOGIN_FAILED"]
    assert len(failures) > 100
    for entry in failures:
        assert entry.event.user_id is None
        assert entry.event.status == Status.FAILED
        assert entry.details["attempted_email"] == entry.event.user_email


def test_the_system_acts_without_a_user(told: list[Told]) -> None:
    system = [entry.event for entry in told if entry.event.source == Source.SYSTEM]
    assert system
    assert all(event.user_id is None and event.ip_address is None for event in system)


def test_admins_act_for_others_only(told: list[Told], by_id: dict[str, Person]) -> None:
    acted = [entry.event for entry in told if entry.event.on_behalf_of is not None]
    assert acted
    for event in acted:
        assert "ADMIN" in by_id[event.user_id or ""].role
        assert by_id[event.on_behalf_of or ""].role in ("DEVELOPER", "DEVOPS", "TESTER")


def test_a_third_of_api_events_has_a_request_id(told: list[Told]) -> None:
    calls = [entry for entry in told if entry.event.source in (Source.API, Source.SDK)]
    ids = [entry.details["request_id"] for entry in calls if "request_id" in entry.details]
    assert 0.3 < len(ids) / len(calls) < 0.37
    assert len(set(ids)) == len(ids)
