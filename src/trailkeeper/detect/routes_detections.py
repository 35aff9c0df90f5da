"""HTTP of detections."""

from __future__ import annotations

from typing import Annotated

from litestar import get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.detect import examples
from trailkeeper.detect.detections import (
    DetectionState,
    Triage,
    get_detection,
    history_of,
    triage,
)
from trailkeeper.detect.listing import Wanted, count_detections, list_detections
from trailkeeper.detect.requesting import (
    DENIED,
    Cursor,
    DetectionId,
    DetectRequest,
    Limit,
    asker_of,
    metadata_of,
    now_of,
    signer_of,
)
from trailkeeper.detect.rule import Level
from trailkeeper.detect.schema_detections import (
    BulkOutcome,
    BulkTriage,
    DetectionChanges,
    DetectionCounts,
    DetectionDetails,
    DetectionList,
    to_details,
    to_detection_view,
)
from trailkeeper.errors import BadRequest, NotFound, StorageFull, TooLarge
from trailkeeper.principal import Permission
from trailkeeper.problem import errors
from trailkeeper.search.params import parse_time_range

VIEW = [requires(Permission.DETECTION_VIEW)]
MANAGE = [requires(Permission.DETECTION_MANAGE)]

InStates = Annotated[
    list[DetectionState] | None,
    QueryParameter(name="state", description="Only those in one of these states."),
]
OfSeverities = Annotated[
    list[Level] | None,
    QueryParameter(name="severity", description="Only those of one of these severities."),
]
OfRule = Annotated[
    str | None, QueryParameter(description="Only those of this rule.", max_length=36)
]
OfAssignee = Annotated[
    str | None,
    QueryParameter(description="Only this person's; empty: nobody's.", max_length=600),
]
About = Annotated[
    str | None,
    QueryParameter(
        description="Only those whose group has this value: a user's id, an address, a resource.",
        max_length=600,
    ),
]
FromDate = Annotated[
    str | None,
    QueryParameter(
        description="Opened at or after this date or RFC 3339 timestamp.", max_length=64
    ),
]
ToDate = Annotated[
    str | None,
    QueryParameter(
        description="Opened at or before this date (the whole day) or timestamp.", max_length=64
    ),
]


def wanted_by(
    in_states: InStates = None,
    of_severities: OfSeverities = None,
    rule_id: OfRule = None,
    assignee: OfAssignee = None,
    about: About = None,
    start_date: FromDate = None,
    end_date: ToDate = None,
) -> Wanted:
    """What a question's filters mean. Raises BadRequest."""
    return Wanted(
        states=tuple(in_states or ()),
        severities=tuple(of_severities or ()),
        rule_id=rule_id,
        assignee=assignee,
        about=about,
        opened=parse_time_range(start_date, end_date),
    )


ASKED: dict[str, Provide] = {"wanted": Provide(wanted_by, sync_to_thread=False)}
AskedFor = NamedDependency[SkipValidation[Wanted]]


@get(
    "/detections/",
    dependencies=ASKED,
    guards=VIEW,
    operation_class=answering(examples.DETECTIONS),
    responses=errors(BadRequest, *DENIED),
    summary="List detections",
    tags=["Detect"],
)
async def get_detections(
    request: DetectRequest,
    wanted: AskedFor,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DetectionList:
    """The newest first. Suppressed ones are among the resolved."""
    async with metadata_of(request).reading() as session:
        page = await list_detections(
            session, request.user.tenant, signer_of(request), wanted, limit=limit, cursor=cursor
        )
    return DetectionList(
        items=[to_detection_view(each) for each in page.items], next_cursor=page.next_cursor
    )


@get(
    "/detections/counts",
    dependencies=ASKED,
    guards=VIEW,
    operation_class=answering(examples.DETECTION_COUNTS),
    responses=errors(BadRequest, *DENIED),
    summary="Count detections",
    tags=["Detect"],
)
async def get_detection_counts(
    request: DetectRequest,
    wanted: AskedFor,
) -> DetectionCounts:
    """By state, severity and rule, each ignoring its own filter."""
    async with metadata_of(request).reading() as session:
        counted = await count_detections(session, request.user.tenant, wanted)
    return DetectionCounts(
        by_state=counted["state"], by_severity=counted["severity"], by_rule=counted["rule_id"]
    )


@get(
    "/detections/{detection_id:str}",
    guards=VIEW,
    operation_class=answering(examples.DETAILS),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show a detection",
    tags=["Detect"],
)
async def get_one_detection(request: DetectRequest, detection_id: DetectionId) -> DetectionDetails:
    """One detection with its reasons, its evidence and what was done with it."""
    tenant = request.user.tenant
    async with metadata_of(request).reading() as session:
        stored = await get_detection(session, tenant, detection_id)
        history = await history_of(session, tenant, detection_id)
    return to_details(stored, history)


@patch(
    "/detections/{detection_id:str}",
    guards=MANAGE,
    operation_class=answering(examples.DETAILS),
    responses=errors(BadRequest, NotFound, TooLarge, *DENIED, StorageFull),
    summary="Work on a detection",
    tags=["Detect"],
)
async def patch_detection(
    request: DetectRequest, detection_id: DetectionId, data: JSONBody[DetectionChanges]
) -> DetectionDetails:
    """Sets state and assignee, adds a note. Who did it is on the record."""
    tenant = request.user.tenant
    async with metadata_of(request).transaction() as session:
        stored = await triage(
            session, tenant, asker_of(request), detection_id, _triage(data), now_of(request)
        )
        history = await history_of(session, tenant, detection_id)
    return to_details(stored, history)


@post(
    "/detections/bulk",
    guards=MANAGE,
    status_code=HTTP_200_OK,
    operation_class=answering(examples.BULK),
    responses=errors(BadRequest, NotFound, TooLarge, *DENIED, StorageFull),
    summary="Work on many detections",
    tags=["Detect"],
)
async def post_bulk(request: DetectRequest, data: JSONBody[BulkTriage]) -> BulkOutcome:
    """Does the same to all of them, or to none where one is not there."""
    ids = sorted(set(data.ids))
    async with metadata_of(request).transaction() as session:
        for each in ids:
            await triage(
                session,
                request.user.tenant,
                asker_of(request),
                each,
                _triage(data),
                now_of(request),
            )
    return BulkOutcome(changed=len(ids))


DETECTION_ROUTES: list[HTTPRouteHandler] = [
    get_detections,
    get_detection_counts,
    get_one_detection,
    patch_detection,
    post_bulk,
]


def _triage(data: DetectionChanges) -> Triage:
    return Triage(data.state, data.assignee, data.note)
