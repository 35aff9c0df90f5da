"""Liveness, readiness and metrics: without a key, and saying nothing of any event."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.api.tenant import Tenant, at, event
from tests.live import LiveServer
from trailkeeper import __version__

METRICS = [
    "trailkeeper_events_committed_total",
    "trailkeeper_events_duplicate_total",
    "trailkeeper_events_rejected_total",
    "trailkeeper_values_redacted_total",
    "trailkeeper_capture_overload_total",
    "trailkeeper_commit_seconds_bucket",
    "trailkeeper_commit_events_bucket",
    "trailkeeper_commit_failures_total",
    "trailkeeper_queue_events",
    "trailkeeper_queue_bytes",
    "trailkeeper_follower_lag_events",
    "trailkeeper_retention_last_run_timestamp_seconds",
    "trailkeeper_retention_removed_events_total",
    "trailkeeper_read_seconds_bucket",
]


def metrics(server: LiveServer) -> str:
    answer = httpx2.get(f"{server.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


def value_of(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found is not None, name
    return float(found.group(1))


def test_it_is_alive(live_server: LiveServer) -> None:
    answer = httpx2.get(f"{live_server.url}/healthz")
    assert answer.json() == {"status": "alive", "version": __version__}


def test_it_is_ready_and_says_how_far_it_is(live_server: LiveServer, tenant: Tenant) -> None:
    [receipt] = tenant.record([event()])
    readiness = httpx2.get(f"{live_server.url}/readyz").json()
    assert readiness["status"] == "ready"
    assert readiness["node"] == receipt["node"]
    assert at(readiness["committed_upto"]) >= at(receipt["received_at"])


@pytest.mark.parametrize("name", METRICS)
def test_each_promised_metric_is_there(live_server: LiveServer, tenant: Tenant, name: str) -> None:
    tenant.record([event(details={"password": "x"})])
    tenant.client.post("/audit-logs/", json={"action": "LOGIN"})
    tenant.search()
    assert re.search(rf"^{name}(\{{| )", metrics(live_server), re.MULTILINE)


def test_what_happens_is_counted(live_server: LiveServer, tenant: Tenant) -> None:
    names = [
        "trailkeeper_events_committed_total",
        "trailkeeper_events_duplicate_total",
        'trailkeeper_events_rejected_total{code="MISSING_FIELD"}',
        'trailkeeper_read_seconds_count{kind="facets"}',
    ]
    own = event()
    tenant.client.post("/audit-logs/", json={"action": "LOGIN"})
    tenant.get("/audit-logs/facets")
    before = metrics(live_server)
    tenant.record([own, own, event()])
    tenant.client.post("/audit-logs/", json={"action": "LOGIN"})
    tenant.get("/audit-logs/facets")
    after = metrics(live_server)
    grown = [value_of(after, name) - value_of(before, name) for name in names]
    committed, *others = grown
    # The service's own events, of other tests' reads too, are committed and counted as well.
    assert committed >= 2
    assert others == [1, 1, 1]


def test_metrics_name_no_organization_user_or_event(
    live_server: LiveServer, tenant: Tenant
) -> None:
    own = event(user_id="someone-special", action="VERY_SPECIAL")
    tenant.record([own])
    text = metrics(live_server)
    for word in (tenant.organization, own["id"], own["user_id"], own["action"]):
        assert word not in text
