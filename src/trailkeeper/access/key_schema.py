"""API keys and the allow-list on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from trailkeeper.access.allow_list import AllowedNetwork
from trailkeeper.access.keys import ApiKey, IssuedKey
from trailkeeper.access.networks import MAX_NETWORKS
from trailkeeper.principal import Permission

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Networks = Annotated[
    list[str],
    msgspec.Meta(
        max_length=MAX_NETWORKS,
        description="Addresses and CIDR networks the key may be used from; empty: everywhere.",
    ),
]


class NewKey(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A key to be made. It can do no more than whoever makes it."""

    name: Name
    permissions: Annotated[list[Permission], msgspec.Meta(min_length=1)]
    expires_at: Moment | None = None
    allow_list: Networks = []


class KeyChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change of a key; what is left out stays. A list replaces the whole list."""

    name: Name | UnsetType = UNSET
    allow_list: Networks | UnsetType = UNSET
    confirm_lock_out: bool = False


class Rotation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How a key is replaced. The new one lives as long as the old one was meant to, unless
    `expires_at` says otherwise."""

    overlap_hours: Annotated[
        int, msgspec.Meta(ge=0, le=720, description="How long the old key still works.")
    ] = 24
    expires_at: Moment | None = None


class KeyView(msgspec.Struct, kw_only=True):
    """A key without its secret. `prefix` is how the key starts; `created_by` the actor who made
    it, as events name them; `replaced_by` the key that a rotation put in its place."""

    id: str
    name: str
    prefix: str
    permissions: list[Permission]
    allow_list: list[str]
    created_by: str | None
    replaced_by: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    leaked_at: datetime | None
    last_used_at: datetime | None
    last_used_address: str | None


class IssuedKeyView(KeyView, kw_only=True):
    """A new key. `key` is shown this once and cannot be had again."""

    key: str


class KeyList(msgspec.Struct, kw_only=True):
    items: list[KeyView]


class NewAllowList(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole list; an empty one lets everyone through."""

    entries: Annotated[list[AllowedNetwork], msgspec.Meta(max_length=MAX_NETWORKS)]
    confirm_lock_out: bool = False


class AllowListView(msgspec.Struct, kw_only=True):
    """The list in normal form, and the address that this request came from."""

    entries: list[AllowedNetwork]
    your_address: str | None


def to_key_view(key: ApiKey) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        permissions=sorted(key.permissions),
        allow_list=list(key.allow_list),
        created_by=key.created_by,
        replaced_by=key.replaced_by,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        leaked_at=key.leaked_at,
        last_used_at=key.last_used_at,
        last_used_address=key.last_used_address,
    )


def to_issued_view(issued: IssuedKey) -> IssuedKeyView:
    return IssuedKeyView(key=issued.token, **msgspec.structs.asdict(to_key_view(issued.key)))
