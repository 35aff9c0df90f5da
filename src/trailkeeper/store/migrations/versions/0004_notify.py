"""Channels, alert settings, alerts, deliveries, escalations, notifications."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0004_notify"
down_revision = "0003_detect"
branch_labels = None
depends_on = None

MOMENT: Final = sa.DateTime(timezone=True)
BIG_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_channels()
    create_alert_settings()
    create_alerts()
    create_deliveries()
    create_notifications()


def create_channels() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("sealed_target", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("tokens_at", MOMENT, nullable=False),
        sa.Column("held_until", MOMENT),
        sa.Column("created_by", sa.String(600), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_channels_organization_organizations"
        ),
    )
    op.create_index(
        "ix_channels_organization_created_at", "channels", ["organization", "created_at"]
    )


def create_alert_settings() -> None:
    op.create_table(
        "alert_settings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_settings"),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_alert_settings_organization_organizations",
        ),
    )
    op.create_index(
        "ix_alert_settings_organization_created_at",
        "alert_settings",
        ["organization", "created_at"],
    )


def create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("detection_id", sa.String(200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_created_at", "alerts", ["created_at"])
    op.create_table(
        "escalations",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("detection_id", sa.String(200), nullable=False),
        sa.Column("setting", sa.String(32), nullable=False),
        sa.Column("alert", sa.String(36), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("organization", "detection_id", "setting", name="pk_escalations"),
    )
    op.create_index("ix_escalations_due_at", "escalations", ["due_at"])


def create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("setting", sa.String(32), nullable=False),
        sa.Column("alert", sa.String(36), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("message", sa.String(36)),
        sa.Column("is_digest", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("lease_expires_at", MOMENT),
        sa.Column("response_code", sa.Integer()),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint(
            "alert", "channel", "recipient", name="uq_deliveries_alert_channel_recipient"
        ),
    )
    for columns in (
        ["channel", "state", "next_at"],
        ["state", "next_at"],
        ["organization", "state", "id"],
        ["message"],
        ["created_at"],
    ):
        op.create_index(f"ix_deliveries_{'_'.join(columns)}", "deliveries", columns)


def create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(600), nullable=False),
        sa.Column("alert", sa.String(36), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("read_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint(
            "organization", "user_id", "alert", name="uq_notifications_organization_user_id_alert"
        ),
        sqlite_autoincrement=True,
    )
    for columns in (["organization", "user_id", "is_read", "id"], ["created_at"]):
        op.create_index(f"ix_notifications_{'_'.join(columns)}", "notifications", columns)
