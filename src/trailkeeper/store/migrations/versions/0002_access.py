"""People, roles, sign-in, second factors, single sign-on; what keys and organizations gain."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0002_access"
down_revision = "0001_foundation"
branch_labels = None
depends_on = None

MOMENT: Final = sa.DateTime(timezone=True)
WORKING_HOURS: Final = '{"start": "09:00", "end": "18:00", "days": [1, 2, 3, 4, 5], "holidays": []}'

MEMBER_COLUMNS: Final[tuple[tuple[str, Any], ...]] = (
    ("email_seen_at", MOMENT),
    ("name", sa.String(200)),
    ("email", sa.String(320)),
    ("role", sa.String(64)),
    ("status", sa.String(16)),
    ("sort_name", sa.String(200)),
    ("seen_text", sa.Text()),
    ("member_text", sa.Text()),
)


def upgrade() -> None:
    extend_organizations()
    extend_keys()
    extend_directory()
    create_people()
    create_roles_and_links()
    create_sign_in()
    create_second_factors()
    create_single_sign_on()


def extend_organizations() -> None:
    op.add_column("organizations", sa.Column("working_hours", sa.JSON()))
    op.add_column("organizations", sa.Column("allow_list", sa.JSON()))
    op.add_column("organizations", sa.Column("second_factor_required_from", MOMENT))
    fill("organizations", "working_hours", WORKING_HOURS)
    fill("organizations", "allow_list", "[]")


def extend_keys() -> None:
    op.add_column("api_keys", sa.Column("allow_list", sa.JSON()))
    op.add_column("api_keys", sa.Column("created_by", sa.String(600)))
    op.add_column("api_keys", sa.Column("replaced_by", sa.String(32)))
    op.add_column("api_keys", sa.Column("leaked_at", MOMENT))
    fill("api_keys", "allow_list", "[]")


def extend_directory() -> None:
    """What members know of a user stands beside what events showed; nothing is null."""
    for name, kind in MEMBER_COLUMNS:
        op.add_column("directory", sa.Column(name, kind))
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    line_break_sql, zone_sql = ("chr(10)", "+00:00") if is_postgresql else ("char(10)", "")
    never_sql = f"'0001-01-01 00:00:00.000000{zone_sql}'"
    op.execute(
        "UPDATE directory SET email_seen_at = last_seen_at, name = '', email = '',"
        " status = 'observed', member_text = '',"
        f" seen_text = lower(user_id) || {line_break_sql} || lower(user_email),"
        " sort_name ="
        " substr(lower(CASE user_email WHEN '' THEN user_id ELSE user_email END), 1, 200)"
    )
    op.execute(f"UPDATE directory SET last_login_at = {never_sql} WHERE last_login_at IS NULL")
    with op.batch_alter_table("directory") as batch:
        batch.alter_column("last_login_at", existing_type=MOMENT, nullable=False)
        for name, kind in MEMBER_COLUMNS:
            if name != "role":
                batch.alter_column(name, existing_type=kind, nullable=False)
    for name in ("last_login_at", "sort_name"):
        op.create_index(
            f"ix_directory_organization_{name}_user_id",
            "directory",
            ["organization", name, "user_id"],
        )


def fill(table: str, column: str, json_text: str) -> None:
    """Gives every row a value, then lets none be without: a default would outlive its use."""
    values: dict[str, Any] = {column: sa.cast(sa.literal(json_text, sa.Text()), sa.JSON())}
    if op.get_bind().dialect.name == "sqlite":
        values = {column: sa.literal(json_text, sa.Text())}
    rows = sa.table(table, sa.column(column, sa.JSON()))
    op.execute(rows.update().values(values))
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=sa.JSON(), nullable=False)


def create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("password_changed_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
    )
    op.create_table(
        "members",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(600), nullable=False),
        sa.Column("person", sa.String(32)),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(64)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("last_sign_in_at", MOMENT),
        sa.PrimaryKeyConstraint("organization", "user_id", name="pk_members"),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_members_organization_organizations"
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_members_person_people"),
        sa.UniqueConstraint("organization", "person", name="uq_members_organization_person"),
    )
    op.create_index("ix_members_organization_email", "members", ["organization", "email"])
    op.create_index("ix_members_person", "members", ["person"])


def create_roles_and_links() -> None:
    op.create_table(
        "roles",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization", "name", name="pk_roles"),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_roles_organization_organizations"
        ),
    )
    op.create_table(
        "links",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("organization", sa.String(64)),
        sa.Column("user_id", sa.String(600)),
        sa.Column("person", sa.String(32)),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.PrimaryKeyConstraint("token_hash", name="pk_links"),
    )
    op.create_index("ix_links_expires_at", "links", ["expires_at"])
    op.create_index("ix_links_organization_purpose", "links", ["organization", "purpose"])
    op.create_index("ix_links_person", "links", ["person"])


def create_sign_in() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(600), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("has_second_factor", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("country", sa.String(64), nullable=False),
        sa.Column("city", sa.String(200), nullable=False),
        sa.Column("user_agent", sa.String(512), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name="fk_sessions_organization_organizations"
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sessions_person_people"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
    )
    op.create_index("ix_sessions_organization_user_id", "sessions", ["organization", "user_id"])
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", MOMENT, nullable=False),
        sa.Column("blocked_until", MOMENT),
        sa.PrimaryKeyConstraint("subject", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_last_failed_at", "sign_in_attempts", ["last_failed_at"])
    op.create_table(
        "known_devices",
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "fingerprint", name="pk_known_devices"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_known_devices_person_people"),
    )
    op.create_table(
        "tickets",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32)),
        sa.Column("organization", sa.String(64)),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_tickets"),
    )
    op.create_index("ix_tickets_expires_at", "tickets", ["expires_at"])


def create_second_factors() -> None:
    op.create_table(
        "totp",
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("last_time_code", sa.BigInteger()),
        sa.PrimaryKeyConstraint("person", name="pk_totp"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_totp_person_people"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("person", "code_hash", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_recovery_codes_person_people"),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("is_backed_up", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_passkeys_person_people"),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
    )
    op.create_index("ix_passkeys_person", "passkeys", ["person"])


def create_single_sign_on() -> None:
    op.create_table(
        "oidc_providers",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("client_id", sa.String(500), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("role_claim", sa.String(200), nullable=False),
        sa.Column("role_mapping", sa.JSON(), nullable=False),
        sa.Column("default_role", sa.String(64)),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("break_glass_user", sa.String(600)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization", name="pk_oidc_providers"),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_oidc_providers_organization_organizations",
        ),
    )
    op.create_table(
        "oidc_identities",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(600), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization", "issuer", "subject", name="pk_oidc_identities"),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["organizations.id"],
            name="fk_oidc_identities_organization_organizations",
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_oidc_identities_person_people"),
    )
