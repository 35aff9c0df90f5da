"""Saved views, and who starred which."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0006_console"
down_revision = "0005_review"
branch_labels = None
depends_on = None

MOMENT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("author", sa.String(600), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_saved_views_organization_organizations",
        ),
    )
    op.create_index("ix_saved_views_organization_author", "saved_views", ["organization", "author"])
    op.create_table(
        "starred_views",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(600), nullable=False),
        sa.Column("view", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("organization", "user_id", "view", name="pk_starred_views"),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_starred_views_organization_organizations",
        ),
    )
