"""The inbox of each person: told in the transaction of the fan-out, so nothing is on its way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.notify.alert import Alert
from trailkeeper.notify.inbox import Content
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
) -> None:
    """One for each person, in the caller's transaction; who has this alert already gets none."""
    await put_content(session, tenant, alert_id, to_content(alert), user_ids, now)


def to_content(alert: Alert) -> Content:
    return Content(
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


async def put_content(
    session: AsyncSession,
    tenant: Tenant,
    key: str,
    content: Content,
    user_ids: Collection[str],
    now: datetime,
) -> None:
    """A line for each person who has none of this key yet, in the caller's transaction."""
    kept = {"organization": tenant.organization, "alert": key, "is_read": False}
    rows: list[dict[str, Any]] = [
        {**kept, "user_id": each, "content": msgspec.to_builtins(content), "created_at": now}
        for each in sorted(set(user_ids))
    ]
    if rows:
        await session.execute(
            insert_into(session, NotificationRow).values(rows).on_conflict_do_nothing()
        )
