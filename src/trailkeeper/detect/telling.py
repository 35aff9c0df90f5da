"""The job from which people are told of a detection, in the transaction that changes it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.detect.found import Grouped, group_text
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.store.jobs import enqueue

ALERT: Final = "alert"


async def leave_alert(
    session: AsyncSession,
    row: DetectionRow,
    what: str,
    now: datetime,
    *,
    closed_at: datetime | None = None,
    is_daily: bool = False,
) -> None:
    """Leaves the job. `what` is a word of `AlertKind`; of a detection that was closed at
    another moment, the same word tells another thing.
    """
    grouped: Grouped = tuple((each["field"], each["value"]) for each in row.grouped)
    again = f":{closed_at.timestamp()}" if closed_at is not None else ""
    payload = {
        "organization": row.organization,
        "detection_id": row.id,
        "what": what,
        "rule_id": row.rule_id,
        "rule_title": row.rule_title,
        "severity": str(row.severity),
        "tags": row.tags,
        "group": group_text(grouped),
        "count": row.count,
        "first_at": row.first_at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "reasons": row.reasons,
        "evidence_ids": row.evidence,
        "search_link": row.search_link,
        **({"is_daily": True} if is_daily else {}),
    }
    await enqueue(
        session,
        ALERT,
        payload,
        now=now,
        organization=row.organization,
        dedupe_key=f"{ALERT}:{row.organization}:{row.id}:{what}:{row.count}{again}",
    )
