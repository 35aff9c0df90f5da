"""HTTP of rules."""

from __future__ import annotations

from litestar import delete, get, patch, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import UNSET

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.detect import examples
from trailkeeper.detect.importer import Outcome, import_files
from trailkeeper.detect.parse import RuleFile
from trailkeeper.detect.requesting import (
    DENIED,
    DetectRequest,
    RuleIdParameter,
    asker_of,
    metadata_of,
    now_of,
)
from trailkeeper.detect.schema import (
    NewRule,
    RuleChanges,
    RuleCheck,
    RuleList,
    RuleText,
    RuleView,
    text_of,
    to_rule_check,
    to_rule_view,
)
from trailkeeper.detect.schema_import import ImportView, NewImport, to_import_view
from trailkeeper.detect.stored_rules import (
    add_rule,
    change_rule,
    delete_rule,
    get_rule,
    list_rules,
    replace_rule,
)
from trailkeeper.detect.watched import check_text
from trailkeeper.errors import BadRequest, Conflict, NotFound, StorageFull, TooLarge, Unprocessable
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

VIEW = [requires(Permission.RULE_VIEW)]
MANAGE = [requires(Permission.RULE_MANAGE)]


@get(
    "/rules/",
    guards=VIEW,
    operation_class=answering(examples.RULES),
    responses=errors(*DENIED),
    summary="List rules",
    tags=["Detect"],
)
async def get_rules(request: DetectRequest) -> RuleList:
    """The built-in rules, as they are set here, and the organization's own."""
    async with metadata_of(request).reading() as session:
        stored = await list_rules(session, request.user.tenant)
    return RuleList(items=[to_rule_view(each) for each in stored])


@get(
    "/rules/{rule_id:str}",
    guards=VIEW,
    operation_class=answering(examples.RULE),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show a rule",
    tags=["Detect"],
)
async def get_one_rule(request: DetectRequest, rule_id: RuleIdParameter) -> RuleView:
    """One rule with its text, and as a form where it is as simple as that."""
    async with metadata_of(request).reading() as session:
        return to_rule_view(await get_rule(session, request.user.tenant, rule_id))


@post(
    "/rules/",
    guards=MANAGE,
    operation_class=answering(examples.RULE, status=201),
    responses=errors(BadRequest, Conflict, TooLarge, Unprocessable, *DENIED, StorageFull),
    summary="Add a rule",
    tags=["Detect"],
)
async def post_rule(request: DetectRequest, data: JSONBody[NewRule]) -> RuleView:
    """Keeps a rule; within seconds it watches what is committed from then on."""
    async with metadata_of(request).transaction() as session:
        added = await add_rule(
            session,
            request.user.tenant,
            asker_of(request),
            text_of(data),
            now_of(request),
            is_enabled=data.enabled,
            severity=data.severity,
        )
    return to_rule_view(added)


@put(
    "/rules/{rule_id:str}",
    guards=MANAGE,
    operation_class=answering(examples.RULE),
    responses=errors(BadRequest, NotFound, Conflict, TooLarge, Unprocessable, *DENIED, StorageFull),
    summary="Replace a rule",
    tags=["Detect"],
)
async def put_rule(
    request: DetectRequest, rule_id: RuleIdParameter, data: JSONBody[RuleText]
) -> RuleView:
    """Replaces the text of an own rule; its id stays."""
    async with metadata_of(request).transaction() as session:
        # Whose id it is not, no form can keep.
        await get_rule(session, request.user.tenant, rule_id)
        replaced = await replace_rule(
            session,
            request.user.tenant,
            asker_of(request),
            rule_id,
            text_of(data, rule_id=rule_id),
            now_of(request),
        )
    return to_rule_view(replaced)


@patch(
    "/rules/{rule_id:str}",
    guards=MANAGE,
    operation_class=answering(examples.RULE),
    responses=errors(BadRequest, NotFound, TooLarge, *DENIED, StorageFull),
    summary="Turn a rule on or off, or set its severity",
    tags=["Detect"],
)
async def patch_rule(
    request: DetectRequest, rule_id: RuleIdParameter, data: JSONBody[RuleChanges]
) -> RuleView:
    """Works on built-in rules, too."""
    async with metadata_of(request).transaction() as session:
        before = (await get_rule(session, request.user.tenant, rule_id)).watched
        changed = await change_rule(
            session,
            request.user.tenant,
            asker_of(request),
            rule_id,
            now_of(request),
            is_enabled=before.is_enabled if data.enabled is UNSET else data.enabled,
            severity=before.severity_override if data.severity is UNSET else data.severity,
        )
    return to_rule_view(changed)


@delete(
    "/rules/{rule_id:str}",
    guards=MANAGE,
    responses=errors(BadRequest, NotFound, Conflict, *DENIED, StorageFull),
    summary="Delete a rule",
    tags=["Detect"],
)
async def delete_one_rule(request: DetectRequest, rule_id: RuleIdParameter) -> None:
    """Deletes an own rule. What it found stays."""
    async with metadata_of(request).transaction() as session:
        await delete_rule(session, request.user.tenant, asker_of(request), rule_id, now_of(request))


@post(
    "/rules/check",
    guards=VIEW,
    status_code=HTTP_200_OK,
    operation_class=answering(examples.CHECK),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Check a rule",
    tags=["Detect"],
)
async def post_check(request: DetectRequest, data: JSONBody[RuleText]) -> RuleCheck:
    """All faults at once with line and column, and warnings; nothing is kept."""
    return to_rule_check(text_of(data))


@post(
    "/rules/import",
    guards=MANAGE,
    status_code=HTTP_200_OK,
    operation_class=answering(examples.IMPORT),
    responses=errors(BadRequest, Conflict, TooLarge, Unprocessable, *DENIED, StorageFull),
    summary="Import public rules",
    tags=["Detect"],
)
async def post_import(request: DetectRequest, data: JSONBody[NewImport]) -> ImportView:
    """Says of each rule what maps to our fields and what does not. With `keep`, each file of
    one usable rule is kept, turned off; rules that are there already are left as they are."""
    report = import_files([RuleFile(each.name, each.text) for each in data.files])
    kept = []
    if data.keep:
        usable = {each.place.file for each in report.rules if each.outcome is Outcome.USABLE}
        texts = [each.text for each in data.files if each.name in usable]
        kept = await _keep(request, texts)
    return to_import_view(report, kept)


RULE_ROUTES: list[HTTPRouteHandler] = [
    get_rules,
    get_one_rule,
    post_rule,
    put_rule,
    patch_rule,
    delete_one_rule,
    post_check,
    post_import,
]


async def _keep(request: DetectRequest, texts: list[str]) -> list[str]:
    kept = []
    async with metadata_of(request).transaction() as session:
        there = {each.watched.rule.id for each in await list_rules(session, request.user.tenant)}
        for text in texts:
            watched = check_text(text).watched
            if watched is None or watched.rule.id in there:
                continue
            there.add(watched.rule.id)
            await add_rule(
                session,
                request.user.tenant,
                asker_of(request),
                text,
                now_of(request),
                is_enabled=False,
            )
            kept.append(str(watched.rule.id))
    return kept
