"""Alerts by detection: what a pager was told of is looked up when the detection is closed."""

from __future__ import annotations

from alembic import op

revision = "0007_incidents"
down_revision = "0006_console"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_alerts_organization_detection_id", "alerts", ["organization", "detection_id"]
    )
