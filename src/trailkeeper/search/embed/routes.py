"""HTTP of embed tokens."""

from __future__ import annotations

from typing import Any, Final

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import BadRequest, StorageFull, TooLarge
from trailkeeper.principal import Permission
from trailkeeper.problem import errors
from trailkeeper.search.embed.making import make_embed_token
from trailkeeper.search.embed.schema import EmbedTokenView, NewEmbedToken, to_token_view
from trailkeeper.search.request import ReadRequest

EXAMPLE: Final[dict[str, Any]] = {
    "token": "te_0Xl2v…",
    "expires_at": "2025-01-15T14:45:00Z",
    "filter": {"user_id": ["user-def-456"]},
    "origins": ["https://app.example.com"],
}


@post(
    "/embed-tokens/",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(EXAMPLE, status=201),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Make an embed token",
    tags=["Search"],
)
async def post_embed_token(request: ReadRequest, data: JSONBody[NewEmbedToken]) -> EmbedTokenView:
    """For a page of another product: reads `GET /audit-logs` within the filter, nothing else.

    Only an API key makes one, and the token ends with it.
    """
    async with metadata_of(request).transaction() as session:
        made = await make_embed_token(
            session,
            request.app.state["sealer"],
            request.user,
            requester_of(request, request.user),
            filter=data.filter,
            origins=data.origins,
            seconds=data.expires_in_seconds,
            now=now_of(request),
        )
    return to_token_view(made)


ROUTES: list[HTTPRouteHandler] = [post_embed_token]
