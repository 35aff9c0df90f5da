"""The weekly review: who wants it, and which weeks were sent. And addresses that are blocked."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0005_review"
down_revision = "0004_notify"
branch_labels = None
depends_on = None

MOMENT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "review_readers",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(600), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization", "user_id", name="pk_review_readers"),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_review_readers_organization_organizations",
        ),
    )
    op.create_table(
        "reviews",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization", "monday", name="pk_reviews"),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_reviews_organization_organizations"
        ),
    )
    op.create_table(
        "denied_networks",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization", "network", name="pk_denied_networks"),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_denied_networks_organization_organizations",
        ),
    )
