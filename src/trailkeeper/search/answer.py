"""Answers a request for a page: in time order, or in commit order."""

from __future__ import annotations

from typing import Final

from trailkeeper import telemetry
from trailkeeper.errors import BadRequest
from trailkeeper.search.commits import cursor_at_heads, read_commit_page
from trailkeeper.search.cursor import (
    CommitCursor,
    CursorSigner,
    TimeCursor,
    question_fingerprint,
)
from trailkeeper.search.noted import note_search
from trailkeeper.search.pages import Order, read_page
from trailkeeper.search.question import Question
from trailkeeper.search.request import (
    ReadRequest,
    choice,
    one,
    read_filters,
    read_question,
    to_number,
    whole_number,
)
from trailkeeper.search.schema import EventPage, to_coverage, to_events
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.heads import CommittedHeads

PAGE_NAMES: Final = ("limit", "offset", "cursor", "order")
MAX_LIMIT: Final = 1000
MAX_OFFSET: Final = 100_000
LATEST: Final = "latest"


async def answer_page(request: ReadRequest, fixed: dict[str, str] | None = None) -> EventPage:
    """The page that a request asks for; `fixed` are filters that its path gives."""
    question = read_question(request, PAGE_NAMES, fixed)
    order = Order(choice(request, "order", Order.DESC, list(Order)))
    fingerprint = question_fingerprint(
        question.tenant,
        question.range,
        [*read_filters(request, PAGE_NAMES, fixed), *request.user.confined_to],
        order,
    )
    if order is Order.COMMITTED and request.user.confined_to:
        raise BadRequest("INVALID_PARAMETER", "An embed token reads by time.", field="order")
    with telemetry.READ_SECONDS.labels(kind="search").time():
        if order is Order.COMMITTED:
            page = await _answer_committed(request, question, fingerprint)
        else:
            page = await _answer_by_time(request, question, order, fingerprint)
    note_search(
        request,
        question.filter,
        of="events",
        own_names=PAGE_NAMES,
        fixed=fixed,
        rows=len(page.items),
        total=page.total,
    )
    return page


async def _answer_by_time(
    request: ReadRequest, question: Question, order: Order, fingerprint: bytes
) -> EventPage:
    signer: CursorSigner = request.app.state["signer"]
    heads: CommittedHeads = request.app.state["heads"]
    limit = whole_number(request, "limit", 100, 1, MAX_LIMIT)
    text = one(request, "cursor")
    offset = _offset(request, text)
    after = signer.from_text(text, fingerprint) if text is not None else None
    if after is not None and not isinstance(after, TimeCursor):
        raise BadRequest("CURSOR_MISMATCH", "This cursor came from another search.", field="cursor")
    coverage = to_coverage(question.range, heads)
    engine: EventsEngine = request.app.state["engine"]
    page = await read_page(engine, question, order=order, limit=limit, offset=offset, after=after)
    next_cursor = None
    if page.has_more:
        last = page.events[-1]
        next_cursor = signer.to_text(TimeCursor(fingerprint, last.timestamp, last.id, page.total))
    return EventPage(
        items=to_events(page.events),
        total=page.total,
        next_cursor=next_cursor,
        has_more=page.has_more,
        coverage=coverage,
    )


async def _answer_committed(
    request: ReadRequest, question: Question, fingerprint: bytes
) -> EventPage:
    signer: CursorSigner = request.app.state["signer"]
    heads: CommittedHeads = request.app.state["heads"]
    limit = whole_number(request, "limit", 100, 1, MAX_LIMIT)
    text = one(request, "cursor")
    if _offset(request, text):
        raise BadRequest(
            "INVALID_PARAMETER", "`offset` does not go with order=committed.", field="offset"
        )
    ended_upto: int = request.app.state["lease"].ended_upto
    if not request.app.state["settings"].is_embedded:
        await heads.refresh()
    known = {int(node): int(seq) for node, seq in heads.snapshot().items()}
    coverage = to_coverage(question.range, heads)
    if text == LATEST:
        cursor = signer.to_text(cursor_at_heads(fingerprint, known))
        return EventPage(
            items=[], total=None, next_cursor=cursor, has_more=False, coverage=coverage
        )
    after = signer.from_text(text, fingerprint) if text is not None else None
    if after is None:
        after = CommitCursor(fingerprint, 0, {})
    if not isinstance(after, CommitCursor):
        raise BadRequest("CURSOR_MISMATCH", "This cursor came from another search.", field="cursor")
    engine: EventsEngine = request.app.state["engine"]
    page = await read_commit_page(
        engine, question, limit=limit, after=after, heads=known, ended_upto=ended_upto
    )
    return EventPage(
        items=to_events(page.events),
        total=None,
        next_cursor=signer.to_text(page.next),
        has_more=page.has_more,
        coverage=coverage,
    )


def _offset(request: ReadRequest, cursor: str | None) -> int:
    text = one(request, "offset")
    if text is not None and (to_number(text) or 0) > MAX_OFFSET:
        raise BadRequest(
            "OFFSET_TOO_LARGE",
            f"Offsets beyond {MAX_OFFSET:,} are refused: each page would cost more than the last.",
            hint="Follow `next_cursor` instead: any depth costs the same.",
            field="offset",
        )
    offset = whole_number(request, "offset", 0, 0, MAX_OFFSET)
    if offset and cursor is not None:
        raise BadRequest(
            "INVALID_PARAMETER", "Give `offset` or `cursor`, not both.", field="offset"
        )
    return offset
