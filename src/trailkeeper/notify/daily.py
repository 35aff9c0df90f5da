"""Alerts that are told once a day: in an inbox, all of one day and rule are one line."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Final
from urllib.parse import quote

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.lock import lock_people
from trailkeeper.notify.alert import Alert, Severity
from trailkeeper.notify.channels.in_app import put_content, to_content
from trailkeeper.notify.inbox import Content
from trailkeeper.notify.tables import NotificationRow
from trailkeeper.notify.text import clean
from trailkeeper.principal import Tenant

LINK: Final = "/security?rule="
MAX_LINES: Final = 20


async def fold_into_inboxes(
    session: AsyncSession,
    tenant: Tenant,
    alert: Alert,
    user_ids: Collection[str],
    day: datetime,
    now: datetime,
) -> None:
    """Joins the alert to the line of its rule and `day`, which is unread and on top again.

    `day` is the moment that ends it. In the caller's transaction.
    """
    await lock_people(session, tenant)
    key = hashlib.sha256(f"{alert.rule_id} {day.isoformat()}".encode()).hexdigest()[:36]
    for user_id in sorted(set(user_ids)):
        row = await session.scalar(
            select(NotificationRow).where(
                tenant.owns(NotificationRow.organization),
                NotificationRow.user_id == user_id,
                NotificationRow.alert == key,
            )
        )
        content = to_content(alert)
        line = _line(content)
        content = msgspec.structs.replace(content, folded={alert.detection_id: line})
        if row is not None:
            content = _joined(msgspec.convert(row.content, Content), content)
            await session.delete(row)
            await session.flush()
        await put_content(session, tenant, key, content, [user_id], now)


def _joined(before: Content, after: Content) -> Content:
    folded = {**before.folded, **after.folded}
    if len(folded) == 1:
        return after
    severity = max(before.severity, after.severity, key=lambda each: Severity(each).rank)
    title = clean(f"{severity.capitalize()}: {after.rule_title}: {len(folded)} detections")
    return msgspec.structs.replace(
        after,
        title=title,
        severity=severity,
        detection_id="",
        group="",
        count=0,
        reasons=list(folded.values())[:MAX_LINES],
        link=LINK + quote(after.rule_id),
        folded=folded,
    )


def _line(content: Content) -> str:
    first = content.reasons[0] if content.reasons else ""
    return clean(f"{content.group}: {first}" if content.group else first)
