"""The wire of saved views."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from trailkeeper.search.views.saved import SavedView, ViewChanges

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Query = Annotated[
    str,
    msgspec.Meta(
        max_length=8000, description="The Explorer's URL search, without its question mark."
    ),
]


class NewView(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A view to save. Shared, everyone who may read the log sees it."""

    name: Name
    query: Query
    is_shared: bool = False
    is_starred: bool = False


class ViewPatch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change; what is left out stays. `is_starred` is each person's own."""

    name: Name | UnsetType = UNSET
    query: Query | UnsetType = UNSET
    is_shared: bool | UnsetType = UNSET
    is_starred: bool | UnsetType = UNSET

    def to_changes(self) -> ViewChanges:
        return ViewChanges(
            name=None if self.name is UNSET else self.name,
            query=None if self.query is UNSET else self.query,
            is_shared=None if self.is_shared is UNSET else self.is_shared,
        )


class ViewView(msgspec.Struct, frozen=True, kw_only=True):
    """A saved view. `is_own` says whether you may change it, `is_starred` is about you."""

    id: str
    name: str
    query: str
    is_shared: bool
    is_starred: bool
    is_own: bool
    author: str
    author_name: str | None
    created_at: datetime
    updated_at: datetime


class ViewList(msgspec.Struct, frozen=True, kw_only=True):
    """Your own views and the shared ones: the starred first, then by name."""

    items: list[ViewView]


def to_view_view(view: SavedView, who: str, author_name: str | None) -> ViewView:
    return ViewView(
        id=view.id,
        name=view.name,
        query=view.query,
        is_shared=view.is_shared,
        is_starred=view.is_starred,
        is_own=view.author == who,
        author=view.author,
        author_name=author_name,
        created_at=view.created_at,
        updated_at=view.updated_at,
    )
