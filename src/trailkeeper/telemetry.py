"""What the service says about itself: Prometheus metrics, one name each."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

EVENTS_COMMITTED = Counter("trailkeeper_events_committed", "Events that became durable.")
EVENTS_DUPLICATE = Counter("trailkeeper_events_duplicate", "Events sent again and stored once.")
EVENTS_REJECTED = Counter(
    "trailkeeper_events_rejected", "Events that were refused, by reason.", ["code"]
)
VALUES_REDACTED = Counter("trailkeeper_values_redacted", "Secrets removed before storing.")
REQUESTS_REFUSED = Counter(
    "trailkeeper_capture_overload", "Capture requests answered 503 because the queue was full."
)
SIGN_INS_SHED = Counter(
    "trailkeeper_sign_ins_shed", "Sign-ins answered 503 because too many came at once."
)
COMMIT_SECONDS = Histogram(
    "trailkeeper_commit_seconds",
    "From an event's arrival in the queue to its durability.",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
COMMIT_EVENTS = Histogram(
    "trailkeeper_commit_events",
    "Events in one durable insert.",
    buckets=(1, 10, 50, 100, 500, 1000, 5000, 10_000, 20_000),
)
COMMIT_FAILURES = Counter("trailkeeper_commit_failures", "Inserts that failed; senders got a 503.")
QUEUE_EVENTS = Gauge("trailkeeper_queue_events", "Events that wait for their commit.")
QUEUE_BYTES = Gauge("trailkeeper_queue_bytes", "Bytes of capture requests in flight.")
FOLLOWER_LAG = Gauge(
    "trailkeeper_follower_lag_events", "Committed events a follower has yet to see.", ["follower"]
)
FOLLOWER_FAILURES = Counter(
    "trailkeeper_follower_failures", "Spans that a follower failed on and will retry.", ["follower"]
)
RETENTION_LAST_RUN = Gauge(
    "trailkeeper_retention_last_run_timestamp_seconds", "When retention last ended well."
)
RETENTION_NEXT_RUN = Gauge(
    "trailkeeper_retention_next_run_timestamp_seconds", "When retention is due again."
)
RETENTION_WOULD_REMOVE = Gauge(
    "trailkeeper_retention_would_remove_events", "Events the next run would remove."
)
OLDEST_EVENT = Gauge(
    "trailkeeper_oldest_event_timestamp_seconds", "When the oldest event was received."
)
HELD_EVENTS = Gauge("trailkeeper_held_events", "Events in the log, by action.", ["action"])
HELD_BYTES = Gauge(
    "trailkeeper_held_bytes", "An action's share of the store, by its events.", ["action"]
)
RETENTION_REMOVED = Counter("trailkeeper_retention_removed_events", "Events purged by retention.")
READ_SECONDS = Histogram(
    "trailkeeper_read_seconds",
    "Time a search, count or facet took.",
    ["kind"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
DETECTIONS_RAISED = Counter(
    "trailkeeper_detections_raised",
    "Detections that were opened and told, by severity.",
    ["severity"],
)
DELIVERIES = Counter(
    "trailkeeper_deliveries",
    "Tries to hand a message to a channel, by the channel's kind and what became of it.",
    ["kind", "outcome"],
)
DELIVERIES_DEAD = Gauge(
    "trailkeeper_deliveries_dead", "Dead letters that nobody has retried, by kind.", ["kind"]
)
DELIVERY_SECONDS = Histogram(
    "trailkeeper_delivery_seconds",
    "From a delivery's writing to the far end's word for it; digests are left out.",
    ["kind"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)


def count_when_committed(session: AsyncSession, counter: Counter) -> None:
    """Counts one more once the session's transaction is committed; never where it is not."""
    event.listen(session.sync_session, "after_commit", lambda _: counter.inc(), once=True)
