from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.capture.geo import write_city_database
from tests.engine import an_event
from trailkeeper.capture.enrich import Agent, Enricher, GeoDatabase, read_agent
from trailkeeper.errors import ConfigurationError
from trailkeeper.event import StoredEvent

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:126.0) Gecko/20100101 Firefox/126.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def enricher(tmp_path_factory: pytest.TempPathFactory) -> Enricher:
    path = write_city_database(tmp_path_factory.mktemp("geo") / "city.mmdb")
    return Enricher(GeoDatabase(path))


def enriched(enricher: Enricher, **fields: object) -> StoredEvent:
    event = an_event(**fields)
    enricher.enrich(event, BERLIN)
    return event


@pytest.mark.parametrize(
    ("address", "country", "city", "coordinates"),
    [
        ("::ffff:192.0.2.7", "DE", "Berlin", (52.52, 13.405)),
        ("2001:db8:8::1", "JP", "Tokyo", (35.69, 139.69)),
        ("::ffff:198.51.100.1", "US", "", (None, None)),
        ("::ffff:203.0.113.1", "", "", (None, None)),
        ("::ffff:192.0.2.200", "", "", (None, None)),
        ("2001:db8:9::1", "", "", (None, None)),
        ("::", "", "", (None, None)),
    ],
)
def test_an_address_becomes_a_place(
    enricher: Enricher, address: str, country: str, city: str, coordinates: tuple[float, float]
) -> None:
    event = enriched(enricher, ip_address=address)

    assert (event.country, event.city) == (country, city)
    assert (event.latitude, event.longitude) == coordinates


def test_a_database_of_ipv4_only_says_nothing_of_ipv6(tmp_path: Path) -> None:
    path = write_city_database(tmp_path / "four.mmdb", ip_version=4)
    enricher = Enricher(GeoDatabase(path))

    assert enriched(enricher, ip_address="::ffff:192.0.2.7").city == "Berlin"
    assert enriched(enricher, ip_address="2001:db8:8::1").country == ""


def test_without_a_database_places_stay_empty() -> None:
    event = enriched(Enricher(None), ip_address="::ffff:192.0.2.7")

    assert (event.country, event.city, event.latitude) == ("", "", None)


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "city.mmdb"
    path.write_bytes(b"not a database")

    with pytest.raises(ConfigurationError, match=r"city\.mmdb") as refused:
        GeoDatabase(path)
    assert (refused.value.code, refused.value.field) == ("INVALID_MMDB", "TRAILKEEPER_MMDB")


@pytest.mark.parametrize(
    ("user_agent", "agent"),
    [
        (FIREFOX, Agent("Firefox", "Windows", "")),
        (IPHONE, Agent("Mobile Safari", "iOS", "iPhone")),
        ("what is this", Agent()),
    ],
)
def test_a_user_agent_becomes_browser_system_and_device(user_agent: str, agent: Agent) -> None:
    event = enriched(Enricher(None), user_agent=user_agent)

    assert (event.browser, event.os, event.device) == agent
    assert event.user_agent == user_agent


def test_an_absurd_user_agent_is_read_in_no_time() -> None:
    assert read_agent("Mozilla/5.0 (" * 300) is not None


def test_only_derived_fields_are_filled(enricher: Enricher) -> None:
    before = an_event(id="1", ip_address="::ffff:192.0.2.7", user_agent=FIREFOX)
    after = enriched(enricher, id="1", ip_address="::ffff:192.0.2.7", user_agent=FIREFOX)
    derived = {"country", "city", "latitude", "longitude", "browser", "os", "device"}
    derived |= {"local_hour", "local_weekday"}

    changed = {
        name
        for name in StoredEvent.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    }

    assert changed <= derived
    assert {"country", "browser", "local_hour"} <= changed


@pytest.mark.parametrize(
    ("moment", "zone", "hour", "weekday"),
    [
        (datetime(2026, 3, 4, 12, 30, tzinfo=UTC), "Europe/Berlin", 13, 3),
        (datetime(2026, 3, 8, 23, 30, tzinfo=UTC), "Europe/Berlin", 0, 1),
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "Europe/Berlin", 1, 7),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Berlin", 3, 7),
        (datetime(2026, 3, 1, 18, 20, tzinfo=UTC), "Asia/Kathmandu", 0, 1),
        # Newfoundland changed its clocks at a minute past midnight.
        (datetime(2008, 3, 9, 3, 30, 30, tzinfo=UTC), "America/St_Johns", 0, 7),
        (datetime(2008, 3, 9, 3, 31, tzinfo=UTC), "America/St_Johns", 1, 7),
    ],
)
def test_hour_and_weekday_are_the_organizations_own(
    moment: datetime, zone: str, hour: int, weekday: int
) -> None:
    event = an_event(timestamp=moment)
    Enricher(None).enrich(event, ZoneInfo(zone))

    assert (event.local_hour, event.local_weekday) == (hour, weekday)


@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2100, 1, 1)),
    st.timezone_keys(),
)
def test_the_local_hour_is_that_of_any_zone_at_any_time(moment: datetime, key: str) -> None:
    event = an_event(timestamp=moment.replace(tzinfo=UTC))
    Enricher(None).enrich(event, ZoneInfo(key))

    local = datetime.fromtimestamp(event.timestamp.timestamp(), ZoneInfo(key))
    assert (event.local_hour, event.local_weekday) == (local.hour, local.isoweekday())
