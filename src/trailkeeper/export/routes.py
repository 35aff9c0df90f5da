"""HTTP of export: everything that a search matches, streamed."""

from __future__ import annotations

from typing import Any, Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from trailkeeper.access.guard import requires
from trailkeeper.errors import (
    BadRequest,
    Forbidden,
    StorageFull,
    Unauthenticated,
    Unavailable,
)
from trailkeeper.export.formats import CsvFormat, ExportFormat, JsonFormat, NdjsonFormat
from trailkeeper.export.operation import exporting
from trailkeeper.export.recorded import record_start
from trailkeeper.export.stream import Export, read_export_page, stream_export
from trailkeeper.principal import Permission
from trailkeeper.problem import errors
from trailkeeper.search.operation import word
from trailkeeper.search.pages import Order
from trailkeeper.search.request import ReadRequest, choice, read_question
from trailkeeper.store.engine import EventsEngine

OWN_NAMES: Final = ("format", "order", "bom", "summary")
_FORMATS: Final = ("csv", "json", "ndjson")
_ORDERS: Final = (Order.DESC, Order.ASC)
_YES_NO: Final = ("true", "false")


@get(
    "/audit-logs/export",
    guards=[requires(Permission.USER_VIEW), requires(Permission.EXPORT_CREATE)],
    operation_class=exporting(
        lambda: [
            word(
                "format", "CSV for spreadsheets, JSON or NDJSON for programs.", "csv", [*_FORMATS]
            ),
            word("order", "Newest or oldest first.", "desc", [*_ORDERS]),
            word(
                "bom", "CSV: begin with a byte order mark, as old Excel wants.", "false", [*_YES_NO]
            ),
            word("summary", "CSV: end with the `# export: {…}` line.", "true", [*_YES_NO]),
        ]
    ),
    responses=errors(BadRequest, Unauthenticated, Forbidden, Unavailable, StorageFull),
    summary="Export events",
    tags=["Export"],
)
async def export_events(request: ReadRequest) -> Stream:
    """All events that match, in any number: nothing is cut without a word.

    What is committed after the export began is left out. An export that does not end with
    its summary was interrupted.
    """
    question = read_question(request, OWN_NAMES)
    export_format = _format(request)
    order = Order(choice(request, "order", Order.DESC, _ORDERS))
    if not request.app.state["settings"].is_embedded:
        await request.app.state["heads"].refresh()
    filters: dict[str, list[str]] = {}
    for name, value in request.query_params.items():
        filters.setdefault(name, []).append(str(value))
    engine: EventsEngine = request.app.state["engine"]
    committed_upto = request.app.state["heads"].last_received_at
    export = Export(question, order, committed_upto, filters)
    # Read before the answer begins, so that a store that fails at once is a 503.
    first = await read_export_page(engine, export, export_format)
    recorded = await record_start(request, question.filter, filters, export_format.name)
    return Stream(
        stream_export(engine, export, first, export_format, recorded),
        media_type=export_format.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="audit-logs-'
            f'{committed_upto:%Y%m%dT%H%M%SZ}.{export_format.name}"'
        },
    )


ROUTES: list[HTTPRouteHandler] = [export_events]


def _format(request: ReadRequest) -> ExportFormat[Any]:
    name = choice(request, "format", "csv", _FORMATS)
    with_bom = choice(request, "bom", "false", _YES_NO) == "true"
    with_summary = choice(request, "summary", "true", _YES_NO) == "true"
    match name:
        case "json":
            return JsonFormat()
        case "ndjson":
            return NdjsonFormat()
        case _:
            return CsvFormat(with_bom=with_bom, with_summary=with_summary)
