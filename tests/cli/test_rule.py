"""`trailkeeper rule` against a real server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.live import LiveServer
from tests.orgs import new_organization

RULE = """
title: Failures
name: failure
detection:
  it:
    action: LOGIN_FAILED
  condition: it
---
title: Failures in a row
correlation:
  type: event_count
  rules: failure
  group-by: ip_address
  timespan: 10m
  condition:
    gt: 5
"""
FAULTY = "title: Bad\nlevel: huge\ndetection:\n  it:\n    usr_id: x\n  condition: it\n"
USABLE = "title: Agent\ndetection:\n  it:\n    userAgent|contains: sqlmap\n  condition: it\n"
FOREIGN = "title: Kernel\ndetection:\n  it:\n    EventID: 4688\n  condition: it\n"


@pytest.fixture
def own(cli: Cli, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line with a key of an organization of its own."""
    _, token = new_organization(live_server)
    monkeypatch.setenv("TRAILKEEPER_URL", live_server.url)
    monkeypatch.setenv("TRAILKEEPER_API_KEY", token)
    return cli


def test_check_tells_all_faults_and_needs_no_server(cli: Cli, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yml", tmp_path / "bad.yml"
    good.write_text(RULE)
    bad.write_text(FAULTY)

    fine, faulty = cli("rule", "check", good), cli("rule", "check", good, bad)

    assert (fine.code, fine.out) == (0, "")
    assert faulty.code == 1
    assert faulty.lines == [
        f"{bad}:2:8: RULE_BAD_VALUE: 'huge' is no level.",
        f"{bad}:5:5: RULE_UNKNOWN_FIELD: 'usr_id' is not a field.",
    ]
    assert "2 faults" in faulty.err


def test_the_built_in_rules_are_listed(own: Cli) -> None:
    items = own("rule", "list", "--json").json["items"]
    assert len(items) == 15
    assert "Impossible travel" in own("rule", "list").out


def test_rehearse_says_what_would_have_been_raised(own: Cli, tmp_path: Path) -> None:
    rule, events = tmp_path / "rule.yml", tmp_path / "events.ndjson"
    rule.write_text(RULE)
    start = datetime.now(UTC) - timedelta(days=3)
    lines = [
        f'{{"action":"LOGIN_FAILED","resource_type":"USER","ip_address":"203.0.113.7",'
        f'"timestamp":"{(start + timedelta(seconds=each)).isoformat()}"}}'
        for each in range(9)
    ]
    events.write_text("\n".join(lines))
    assert own("import", events).code == 0

    told = own("rule", "rehearse", rule, "--days", 7, "--json").json

    assert told["state"] == "done"
    assert told["result"]["detections"] == 1
    assert told["result"]["by_day"] == [{"day": start.date().isoformat(), "count": 1}]
    assert "ip_address 203.0.113.7" in own("rule", "rehearse", rule, "--days", 7).out


def test_import_reports_and_keeps_what_is_usable(own: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(USABLE)
    (tmp_path / "b.yml").write_text(FOREIGN)

    report = own("rule", "import", tmp_path, "--json").json
    kept = own("rule", "import", tmp_path, "--keep", "--json").json

    assert (report["usable"], report["unusable"], report["kept"]) == (1, 1, [])
    assert len(kept["kept"]) == 1
    rules = {each["id"]: each for each in own("rule", "list", "--json").json["items"]}
    assert rules[kept["kept"][0]]["is_enabled"] is False
