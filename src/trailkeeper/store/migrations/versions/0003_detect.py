"""Rules, detections and their history, suppressions, late days, rehearsals."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003_detect"
down_revision = "0002_access"
branch_labels = None
depends_on = None

MOMENT: Final = sa.DateTime(timezone=True)
BIG_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_rules()
    create_rule_sets()
    create_detections()
    create_detection_history()
    create_suppressions()
    create_late_days()
    create_rehearsals()


def create_rules() -> None:
    op.create_table(
        "rules",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("is_built_in", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.String(256), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.String(16)),
        sa.Column("created_by", sa.String(600), nullable=False),
        sa.Column("updated_by", sa.String(600), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_rules_organization_organizations"
        ),
        sa.PrimaryKeyConstraint("organization", "id", name="pk_rules"),
    )


def create_rule_sets() -> None:
    op.create_table(
        "rule_sets",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_rule_sets_organization_organizations"
        ),
        sa.PrimaryKeyConstraint("organization", name="pk_rule_sets"),
    )


def create_detections() -> None:
    op.create_table(
        "detections",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("rule_id", sa.String(36), nullable=False),
        sa.Column("rule_version", sa.String(16), nullable=False),
        sa.Column("rule_title", sa.String(256), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("grouped", sa.JSON(), nullable=False),
        sa.Column("group_key", sa.String(32), nullable=False),
        sa.Column("window_start", MOMENT, nullable=False),
        sa.Column("hot_at", MOMENT, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("measured", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("search_link", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("assignee", sa.String(600)),
        sa.Column("suppressed_by", sa.String(64)),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_detections_organization_organizations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_detections"),
        sa.UniqueConstraint("organization", "key", name="uq_detections_organization_key"),
    )
    op.create_index(
        "ix_detections_organization_opened_at_id", "detections", ["organization", "opened_at", "id"]
    )
    op.create_index(
        "ix_detections_organization_rule_id_group_key_hot_at",
        "detections",
        ["organization", "rule_id", "group_key", "hot_at"],
    )
    op.create_index(
        "ix_detections_organization_rule_id_hot_at",
        "detections",
        ["organization", "rule_id", "hot_at"],
    )
    op.create_index(
        "ix_detections_organization_state_opened_at",
        "detections",
        ["organization", "state", "opened_at"],
    )


def create_detection_history() -> None:
    op.create_table(
        "detection_history",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("detection", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(600), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_detection_history_organization_organizations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_detection_history"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_detection_history_organization_detection_id",
        "detection_history",
        ["organization", "detection", "id"],
    )


def create_suppressions() -> None:
    op.create_table(
        "suppressions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("rule_id", sa.String(36)),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(600), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_suppressions_organization_organizations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suppressions"),
    )
    op.create_index(
        "ix_suppressions_organization_ends_at", "suppressions", ["organization", "ends_at"]
    )


def create_late_days() -> None:
    op.create_table(
        "late_days",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("day", MOMENT, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_late_days_organization_organizations"
        ),
        sa.PrimaryKeyConstraint("organization", "day", name="pk_late_days"),
    )


def create_rehearsals() -> None:
    op.create_table(
        "rehearsals",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON()),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(600), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_rehearsals_organization_organizations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rehearsals"),
    )
    op.create_index("ix_rehearsals_created_at", "rehearsals", ["created_at"])
    op.create_index(
        "ix_rehearsals_organization_created_at", "rehearsals", ["organization", "created_at"]
    )
