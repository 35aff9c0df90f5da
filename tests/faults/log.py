"""The whole log as the API shows it, and what must always hold of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import httpx2

StoredJson = dict[str, Any]
Receipt = tuple[int, int, str]
"""`(node, node_seq, received_at)`"""


def read_log(client: httpx2.Client) -> list[StoredJson]:
    """Every event of the client's organization, page by page in commit order."""
    events: list[StoredJson] = []
    parameters = {"order": "committed", "limit": "1000"}
    while True:
        page = client.get("/audit-logs/", params=parameters).raise_for_status().json()
        events += page["items"]
        if not page["has_more"]:
            return events
        parameters["cursor"] = page["next_cursor"]


def sent(events: Iterable[StoredJson]) -> list[StoredJson]:
    """Those of the events that a sender's user did; not what the service records of itself."""
    return [
        event
        for event in events
        if event["user_id"] is not None and not event["user_id"].startswith("api-key:")
    ]


def receipt_of(event: Mapping[str, Any]) -> Receipt:
    return event["node"], event["node_seq"], event["received_at"]


def check_once_each(events: Iterable[StoredJson], acknowledged: Mapping[str, Receipt]) -> None:
    """Every acknowledged event is there once, where and when it was said to be."""
    found: dict[str, list[Receipt]] = defaultdict(list)
    for event in events:
        found[event["id"]].append(receipt_of(event))
    twice = {event_id: receipts for event_id, receipts in found.items() if len(receipts) > 1}
    assert not twice, f"{len(twice)} events are there more than once: {sample(twice)}"
    lost = [event_id for event_id in acknowledged if event_id not in found]
    assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged events are lost: {lost[:5]}"
    moved = {
        event_id: (receipt, found[event_id][0])
        for event_id, receipt in acknowledged.items()
        if found[event_id][0] != receipt
    }
    assert not moved, f"{len(moved)} receipts do not tell the truth: {sample(moved)}"


def check_streams_whole(events: Iterable[StoredJson]) -> dict[int, int]:
    """Each node's stream is 1, 2, 3, … without holes. Returns each one's length.

    `events` must be all that the nodes committed: of a server with one organization.
    """
    streams: dict[int, list[int]] = defaultdict(list)
    for event in events:
        streams[event["node"]].append(event["node_seq"])
    for node, numbers in streams.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), f"node {node} has holes"
    return {node: len(numbers) for node, numbers in streams.items()}


def sample(found: Mapping[str, object]) -> dict[str, object]:
    return dict(list(found.items())[:3])
