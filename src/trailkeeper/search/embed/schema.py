"""The wire of embed tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from trailkeeper.search.embed.making import MAX_ORIGINS, MAX_SECONDS, EmbedToken


class NewEmbedToken(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A token to be made: for which part of the log, on pages of which origins, how long.

    `filter` has the names of the search's parameters; values of one name are alternatives,
    different names must all match.
    """

    filter: dict[str, list[str]]
    origins: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MAX_ORIGINS)]
    expires_in_seconds: Annotated[int, msgspec.Meta(ge=60, le=MAX_SECONDS)] = 900


class EmbedTokenView(msgspec.Struct, frozen=True, kw_only=True):
    """A token, told this once: it is not kept anywhere."""

    token: str
    expires_at: datetime
    filter: dict[str, list[str]]
    origins: list[str]


def to_token_view(made: EmbedToken) -> EmbedTokenView:
    told: dict[str, list[str]] = {}
    for name, value in made.grant.filter:
        told.setdefault(name, []).append(value)
    return EmbedTokenView(
        token=made.token,
        expires_at=made.grant.expires_at,
        filter=told,
        origins=list(made.grant.origins),
    )
