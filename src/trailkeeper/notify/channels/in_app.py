"""The inbox of each person: told in the transaction of the fan-out, so nothing is on its way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.notify.alert import Alert
from trailkeeper.notify.inbox import Content, Notification, to_notification
from trailkeeper.notify.tables import NotificationRow
from trailkeeper.notify.text import headline
from trailkeeper.principal import Tenant
from trailkeeper.store.base import insert_into


async def put_in_inboxes(
    session: AsyncSession,
    tenant: Tenant,
    alert_id: str,
    alert: Alert,
    user_ids: Collection[str],
    now: datetime,
) -> list[Notification]:
    """One for each person, in the caller's transaction; who has this alert already gets none."""
    content = Content(
        title=headline(alert),
        what=alert.what,
        severity=alert.severity,
        detection_id=alert.detection_id,
        rule_id=alert.rule_id,
        rule_title=alert.rule_title,
        group=alert.group,
        count=alert.count,
        reasons=alert.reasons,
        link=alert.search_link,
    )
    kept = {"organization": tenant.organization, "alert": alert_id, "is_read": False}
    rows: list[dict[str, Any]] = [
        {**kept, "user_id": each, "content": msgspec.to_builtins(content), "created_at": now}
        for each in sorted(set(user_ids))
    ]
    if not rows:
        return []
    added = await session.scalars(
        insert_into(session, NotificationRow)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(NotificationRow)
    )
    return sorted((to_notification(row) for row in added), key=lambda each: each.id)
