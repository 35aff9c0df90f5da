"""Invitations: a mailed link that makes an account, or takes an existing one in.

An invitation belongs to one user, under the id that events name; there is at most one that
works. Sent again, the earlier link is void.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import get_organization
from trailkeeper.access.people.checks import checked_email, checked_person_name, checked_user_id
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.links import LinkPurpose, issue_link, revoke_links
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import (
    Member,
    MemberStatus,
    add_member,
    check_may_change,
    check_may_give,
    find_member,
    find_person,
    member_of_person,
    member_row,
    members_with_email,
    record_member,
    save_changes,
    to_member,
)
from trailkeeper.access.people.tables import LinkRow, MemberRow
from trailkeeper.errors import Conflict, NotFound
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.outbound.links import link_to
from trailkeeper.outbound.templates import Invitation as Letter
from trailkeeper.outbound.templates import invitation_mail
from trailkeeper.principal import Tenant

LIFETIME: Final = timedelta(days=7)
PAGE: Final = "/invitation"
FREE: Final = frozenset({MemberStatus.OBSERVED, MemberStatus.DELETED})
"""Who can be invited. All others are in already, on the way in, or kept out on purpose."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who shall come in, and as what. Without `user_id`, whom the organization knows by this
    e-mail, else somebody new."""

    email: str
    name: str
    role: str
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invited member and their latest link. It is void where their e-mail was changed since."""

    member: Member
    invited_at: datetime
    expires_at: datetime
    is_void: bool = False


async def invite(
    session: AsyncSession,
    tenant: Tenant,
    invitee: Invitee,
    *,
    editor: Editor,
    public_url: str,
    now: datetime,
) -> Invitation:
    """Invites someone by mail, who has a week to accept.

    Raises BadRequest (INVALID_EMAIL, INVALID_NAME, INVALID_USER_ID, ROLE_UNKNOWN),
    Forbidden(PERMISSIONS_TOO_WIDE), or Conflict: ALREADY_MEMBER, ALREADY_INVITED,
    USER_DISABLED, SEVERAL_USERS.
    """
    await lock_people(session, tenant)
    email, name = checked_email(invitee.email), checked_person_name(invitee.name)
    await check_may_give(session, tenant, invitee.role, editor)
    known = await _known(session, tenant, email, invitee.user_id)
    before = known.status if known is not None else MemberStatus.DELETED
    if known is None:
        member = await add_member(
            session,
            tenant,
            user_id=checked_user_id(invitee.user_id or str(uuid4())),
            editor=editor,
            now=now,
            status=MemberStatus.INVITED,
            name=name,
            email=email,
            role=invitee.role,
            action="INVITE",
        )
    else:
        row = await member_row(session, tenant, known.user_id)
        row.email, row.name, row.role = email, name, invitee.role
        row.status, row.person = MemberStatus.INVITED, None
        member = await save_changes(
            session,
            tenant,
            row,
            known,
            editor=editor,
            now=now,
            action="INVITE",
            details={"email": email, "role": invitee.role},
        )
    return await _send(session, tenant, member, before, editor, public_url, now)


async def resend(
    session: AsyncSession,
    tenant: Tenant,
    user_id: str,
    *,
    editor: Editor,
    public_url: str,
    now: datetime,
) -> Invitation:
    """A new link for who has not accepted yet; the old one is void.

    Whoever sends it hands the role out, so it may not be wider than their own. Raises
    NotFound(INVITATION_NOT_FOUND) or Forbidden(PERMISSIONS_TOO_WIDE).
    """
    await lock_people(session, tenant)
    member = to_member(await _invited_row(session, tenant, user_id))
    await check_may_change(session, tenant, member, editor)
    before = await _status_before(session, tenant, user_id)
    await record_member(
        session,
        tenant,
        editor,
        "INVITE",
        member,
        now=now,
        details={"email": member.email, "role": member.role, "is_resent": True},
    )
    return await _send(session, tenant, member, before, editor, public_url, now)


async def revoke(
    session: AsyncSession, tenant: Tenant, user_id: str, *, editor: Editor, now: datetime
) -> None:
    """Takes an invitation back. The user is again what they were: observed, or not there.

    Raises NotFound(INVITATION_NOT_FOUND) or Forbidden(PERMISSIONS_TOO_WIDE).
    """
    await lock_people(session, tenant)
    row = await _invited_row(session, tenant, user_id)
    invited = to_member(row)
    row.status = await _status_before(session, tenant, user_id)
    await save_changes(session, tenant, row, invited, editor=editor, now=now, action="REVOKE")
    await _void_links(session, tenant, user_id, now)


async def list_invitations(session: AsyncSession, tenant: Tenant) -> list[Invitation]:
    """All that were neither accepted nor revoked, expired ones too, the newest first."""
    rows = await session.execute(
        select(MemberRow, LinkRow)
        .join(
            LinkRow,
            (LinkRow.organization == MemberRow.organization)
            & (LinkRow.user_id == MemberRow.user_id),
        )
        .where(
            tenant.owns(MemberRow.organization),
            MemberRow.status == MemberStatus.INVITED,
            LinkRow.purpose == LinkPurpose.INVITATION,
        )
        .order_by(LinkRow.created_at.desc(), MemberRow.user_id, LinkRow.revoked_at.is_not(None))
    )
    latest: dict[str, Invitation] = {}
    for row, link in rows:
        is_void = link.revoked_at is not None
        invitation = Invitation(to_member(row), link.created_at, link.expires_at, is_void)
        latest.setdefault(row.user_id, invitation)
    return list(latest.values())


async def _known(
    session: AsyncSession, tenant: Tenant, email: str, user_id: str | None
) -> Member | None:
    """The user that the invitation is for, where the organization knows one already."""
    same = await members_with_email(session, tenant, email)
    person = await find_person(session, email)
    if person is not None:
        by_account = await member_of_person(session, tenant, person.id)
        same += [by_account] if by_account is not None else []
    named = await find_member(session, tenant, user_id) if user_id is not None else None
    for each in [*([named] if named is not None else []), *same]:
        _check_free(each)
    if user_id is not None:
        return named
    ids = {each.user_id: each for each in same if each.email == email}
    if len(ids) > 1:
        raise _several(list(ids))
    return next(iter(ids.values()), None)


def _check_free(member: Member) -> None:
    if member.status in FREE:
        return
    if member.status is MemberStatus.INVITED:
        raise Conflict(
            "ALREADY_INVITED",
            f"{member.email} is invited already, as {member.user_id}.",
            hint="POST /invitations/{user_id}/resend sends a new link.",
        )
    if member.status is MemberStatus.DISABLED:
        raise Conflict(
            "USER_DISABLED",
            f"{member.email} is disabled, as {member.user_id}.",
            hint='PATCH /users/{user_id} with {"status": "active"} lets them back in.',
        )
    raise Conflict("ALREADY_MEMBER", f"{member.email} is a member already, as {member.user_id}.")


def _several(user_ids: Sequence[str]) -> Conflict:
    return Conflict(
        "SEVERAL_USERS",
        "Several users have this e-mail.",
        hint="Say which one in user_id.",
        field="user_id",
        expected=sorted(user_ids),
    )


async def _send(
    session: AsyncSession,
    tenant: Tenant,
    member: Member,
    before: MemberStatus,
    editor: Editor,
    public_url: str,
    now: datetime,
) -> Invitation:
    await _void_links(session, tenant, member.user_id, now)
    token = await issue_link(
        session,
        LinkPurpose.INVITATION,
        organization=tenant.organization,
        user_id=member.user_id,
        email=member.email,
        payload={"before": str(before)},
        lifetime=LIFETIME,
        now=now,
    )
    organization = await get_organization(session, tenant.organization)
    letter = Letter(
        to=member.email,
        organization=organization.name,
        invited_by=_named(editor),
        role=member.role or "",
        link=f"{link_to(public_url, PAGE)}#{token}",
        expires_at=now + LIFETIME,
    )
    await mail_later(
        session,
        invitation_mail(letter),
        now=now,
        organization=tenant.organization,
        expires_at=now + LIFETIME,
    )
    return Invitation(member, now, now + LIFETIME)


async def _void_links(session: AsyncSession, tenant: Tenant, user_id: str, now: datetime) -> None:
    await revoke_links(
        session,
        LinkPurpose.INVITATION,
        now=now,
        organization=tenant.organization,
        user_id=user_id,
    )


async def _invited_row(session: AsyncSession, tenant: Tenant, user_id: str) -> MemberRow:
    member = await find_member(session, tenant, user_id)
    if member is None or member.status is not MemberStatus.INVITED:
        raise NotFound("INVITATION_NOT_FOUND", "There is no such invitation.")
    return await member_row(session, tenant, user_id)


async def _status_before(session: AsyncSession, tenant: Tenant, user_id: str) -> MemberStatus:
    """What the user was before the invitation, as its latest link remembers."""
    payload: dict[str, Any] | None = await session.scalar(
        select(LinkRow.payload)
        .where(
            tenant.owns(LinkRow.organization),
            LinkRow.user_id == user_id,
            LinkRow.purpose == LinkPurpose.INVITATION,
        )
        .order_by(LinkRow.created_at.desc())
        .limit(1)
    )
    return MemberStatus((payload or {}).get("before", MemberStatus.DELETED))


def _named(editor: Editor) -> str:
    if editor.principal is not None and editor.principal.name:
        return editor.principal.name
    return editor.requester.email or "the operator of the service"
