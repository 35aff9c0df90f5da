"""HTTP of the live feed: events as they are committed, as server-sent events."""

from __future__ import annotations

from typing import Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from trailkeeper.access.guard import requires
from trailkeeper.access.organizations import get_organization
from trailkeeper.errors import BadRequest, Forbidden, TooManyRequests, Unauthenticated, Unavailable
from trailkeeper.export.live_channel import Channel
from trailkeeper.export.live_feed import LiveFeed
from trailkeeper.export.live_operation import following
from trailkeeper.export.live_place import Place
from trailkeeper.export.live_standing import NEEDED, Standing
from trailkeeper.export.live_stream import LiveResponse, LiveStream
from trailkeeper.problem import errors
from trailkeeper.search.answer import LATEST
from trailkeeper.search.cursor import CommitCursor, CursorSigner, question_fingerprint
from trailkeeper.search.noted import note_search
from trailkeeper.search.pages import Order
from trailkeeper.search.request import ReadRequest, one, read_filters, read_question
from trailkeeper.store.heads import CommittedHeads
from trailkeeper.store.metadata import Metadata

OWN_NAMES: Final = ("cursor",)
LAST_EVENT_ID: Final = "Last-Event-ID"


@get(
    "/live",
    guards=[requires(NEEDED)],
    operation_class=following(),
    responses=errors(BadRequest, Unauthenticated, Forbidden, TooManyRequests, Unavailable),
    summary="Follow events live",
    tags=["Export"],
)
async def follow_live(request: ReadRequest) -> ASGIApp:
    """Events that match as they are committed, as server-sent events; it has no end.

    Takes the filters of the search. An event's `id:` is a cursor: sent back as
    `Last-Event-ID`, which browsers do by themselves, or as `cursor`, it goes on right after
    that event, on whichever server. Without one it begins with what is committed next.
    """
    channel, fingerprint = _channel(request)
    standing = await Standing.of(request)
    feed: LiveFeed = request.app.state["live"]
    given = _given_place(request, fingerprint)
    place = await _checked(request, feed, given) if given is not None else await feed.here()
    note_search(request, channel.question.filter, of="live", own_names=OWN_NAMES, rows=0)
    connection = feed.hub.admit(request.user, channel, place)
    is_open = False
    try:
        if given is None:
            await feed.join(connection)
        is_open = True
    finally:
        if not is_open:
            feed.hub.leave(connection)
    return LiveResponse(LiveStream(feed, connection, channel, standing, given is not None))


ROUTES: list[HTTPRouteHandler] = [follow_live]


def _channel(request: ReadRequest) -> tuple[Channel, bytes]:
    question = read_question(request, OWN_NAMES)
    filters = read_filters(request, OWN_NAMES)
    signer: CursorSigner = request.app.state["signer"]
    fingerprint = question_fingerprint(question.tenant, question.range, filters, Order.COMMITTED)
    shown = sorted(
        (name, str(value)) for name, value in request.query_params.items() if name not in OWN_NAMES
    )
    return Channel(question, shown, fingerprint, signer), fingerprint


def _given_place(request: ReadRequest, fingerprint: bytes) -> Place | None:
    """The place to go on from: what a browser remembers is newer than what the URL says."""
    cursor = one(request, "cursor")
    text = request.headers.get(LAST_EVENT_ID) or cursor
    if text is None or text == LATEST:
        return None
    signer: CursorSigner = request.app.state["signer"]
    found = signer.from_text(text, fingerprint)
    if not isinstance(found, CommitCursor):
        raise BadRequest("CURSOR_MISMATCH", "This cursor came from another search.", field="cursor")
    return Place.of(found)


async def _checked(request: ReadRequest, feed: LiveFeed, place: Place) -> Place:
    """The place, once the feed is past it. Raises BadRequest(CURSOR_EXPIRED)."""
    metadata: Metadata = request.app.state["metadata"]
    async with metadata.reading() as session:
        organization = await get_organization(session, request.user.organization)
    await feed.reach(place)
    heads: CommittedHeads = request.app.state["heads"]
    now = request.app.state["clock"]()
    await feed.replay.check_kept(organization, place, heads.snapshot(), now)
    return place
