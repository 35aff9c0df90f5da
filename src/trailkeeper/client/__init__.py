"""The thin client: records, finds and exports events over HTTP.

    from trailkeeper.client import Client

    with Client("http://127.0.0.1:8080", "tk_…") as trail:
        trail.record("DELETE", "PROJECT", resource_id="project-abc-123", user_id="u-1")
        for event in trail.events("action:DELETE", start_date="2025-01-01"):
            print(event.timestamp, event.user_email, event.resource_id)

Needs none of the server's dependencies.
"""

from __future__ import annotations

from trailkeeper.client.client import LATEST, Client
from trailkeeper.client.errors import ClientError, IncompleteExport, Unavailable
from trailkeeper.client.export import ExportFormat, ExportResult
from trailkeeper.client.live import LiveFrame, Missed
from trailkeeper.client.model import BatchItem, BatchResult, Coverage, Event, Page, Receipt
from trailkeeper.client.retry import RetryPolicy

__all__ = [
    "LATEST",
    "BatchItem",
    "BatchResult",
    "Client",
    "ClientError",
    "Coverage",
    "Event",
    "ExportFormat",
    "ExportResult",
    "IncompleteExport",
    "LiveFrame",
    "Missed",
    "Page",
    "Receipt",
    "RetryPolicy",
    "Unavailable",
]
