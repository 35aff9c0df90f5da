"""What an answer was counted from: how far the log was committed, and what it still keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

from trailkeeper.access.organizations import Organization
from trailkeeper.insight.period import Period
from trailkeeper.insight.schema import CountCoverage
from trailkeeper.store.heads import CommittedHeads


def to_coverage(
    period: Period, organization: Organization, heads: CommittedHeads, now: datetime
) -> CountCoverage:
    """To be made before the store is read: what was committed by then is in the answer."""
    kept_from = kept_since(organization, now)
    return CountCoverage(
        start=period.start,
        end=period.end,
        before_start=period.before_start,
        committed_upto=heads.last_received_at,
        kept_from=kept_from,
        is_partial=kept_from is not None and period.start < kept_from,
        is_before_partial=kept_from is not None and period.before_start < kept_from,
    )


def kept_since(organization: Organization, now: datetime) -> datetime | None:
    """From when on events of every kind are kept; None where nothing can have been let go yet.

    By the retention that is set now, whose shortest rule counts. Age counts from receipt, and
    nothing was received before the organization was made.
    """
    days = [rule.days for rule in organization.retention_rules]
    kept_from = now - timedelta(days=min([organization.retention_days, *days]))
    return kept_from if organization.created_at < kept_from else None
