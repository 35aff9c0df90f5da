"""Rules and rehearsals on the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, UnsetType

from trailkeeper.detect.faults import Fault, Place
from trailkeeper.detect.form import Form, from_sentence, from_yaml, to_sentence, to_yaml
from trailkeeper.detect.history_plan import PLANS
from trailkeeper.detect.lint import RuleWarning, lint
from trailkeeper.detect.rehearsals import Rehearsal, RehearsalState
from trailkeeper.detect.rule import Level
from trailkeeper.detect.stored_rules import StoredRule
from trailkeeper.detect.watched import WatchedRule, check_text
from trailkeeper.errors import BadRequest

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=262_144)]
MAX_SECONDS: Final = 90 * 86_400
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class RuleForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """More than `more_than` events that `query` finds, within `window_seconds`, of one group."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    query: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    more_than: int
    window_seconds: int
    group_by: list[str] = []
    severity: Level = Level.MEDIUM
    description: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    quiet_seconds: int = 0


class RuleText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A rule in one of three ways: Sigma YAML, the form, or its sentence, as in
    `LOGIN_FAILED by ip_address more than 5 in 10 minutes`."""

    text: Text | None = None
    form: RuleForm | None = None
    sentence: Short | None = None


class NewRule(RuleText, forbid_unknown_fields=True, kw_only=True):
    """A rule to be kept."""

    enabled: bool = True
    severity: Level | None = None


class RuleChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change; what is left out stays. A `severity` of null is that of the rule's text."""

    enabled: bool | UnsetType = UNSET
    severity: Level | UnsetType | None = UNSET


class NewRehearsal(RuleText, forbid_unknown_fields=True, kw_only=True):
    """A rule to be rehearsed, as text, form or sentence, or one that is there by `rule_id`."""

    rule_id: str | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 90


class Located(msgspec.Struct, kw_only=True):
    """What is wrong or doubtful at a place of the text; lines and columns count from 1."""

    code: str
    file: str
    line: int
    column: int
    detail: str
    hint: str | None = None


class RuleCheck(msgspec.Struct, kw_only=True):
    """All faults at once, and warnings of what hardly means what it says. `kind` is that of the
    rule; `form` and `sentence` are there where it is as simple as that."""

    is_valid: bool
    faults: list[Located]
    warnings: list[Located]
    title: str | None
    text: str
    kind: str | None
    form: RuleForm | None
    sentence: str | None


class RuleView(msgspec.Struct, kw_only=True):
    """A rule. `kind` is `event`, a correlation's or a history's; `form` and `sentence` are there
    where the rule is as simple as that."""

    id: str
    title: str
    description: str
    kind: str
    severity: Level
    severity_of_text: Level
    tags: list[str]
    false_positives: list[str]
    version: str
    is_built_in: bool
    is_enabled: bool
    window_seconds: int
    group_by: list[str]
    quiet_seconds: int
    text: str
    form: RuleForm | None
    sentence: str | None
    warnings: list[Located]
    created_by: str | None
    updated_by: str | None
    created_at: datetime | None
    updated_at: datetime | None


class RuleList(msgspec.Struct, kw_only=True):
    items: list[RuleView]


class DayCount(msgspec.Struct, kw_only=True):
    day: str
    count: int


class GroupCount(msgspec.Struct, kw_only=True):
    group: str
    count: int


class RehearsedDetection(msgspec.Struct, kw_only=True):
    group: str
    first_at: datetime
    last_at: datetime
    count: int
    reasons: list[str]
    search_link: str


class RehearsalResult(msgspec.Struct, kw_only=True):
    """`events` matched; `by_group` are the groups with most detections, `first` the first few."""

    detections: int
    events: int
    by_day: list[DayCount]
    by_group: list[GroupCount]
    first: list[RehearsedDetection]


class RehearsalView(msgspec.Struct, kw_only=True):
    """`done` of `total` periods are looked at; `result` is there when it is done."""

    id: str
    title: str
    days: int
    state: RehearsalState
    done: int
    total: int
    result: RehearsalResult | None
    error: str
    created_by: str
    created_at: datetime
    finished_at: datetime | None


def text_of(given: RuleText, *, rule_id: str | None = None) -> str:
    """The YAML of what was given. `rule_id` is the id that a form keeps.

    Raises BadRequest (RULE_MISSING, INVALID_FORM and what the search's language raises).
    """
    ways = [each for each in (given.text, given.form, given.sentence) if each is not None]
    if len(ways) != 1:
        raise BadRequest("RULE_MISSING", "Give one of text, form and sentence.")
    if given.text is not None:
        return given.text
    if given.sentence is not None:
        form = from_sentence(given.sentence)
        return to_yaml(form if rule_id is None else replace(form, id=rule_id))
    written = given.form
    if written is None:
        raise BadRequest("RULE_MISSING", "Give one of text, form and sentence.")
    return to_yaml(
        Form(
            title=written.title,
            query=written.query,
            more_than=written.more_than,
            window=_seconds(written.window_seconds, "window_seconds"),
            group_by=tuple(written.group_by),
            level=written.severity,
            description=written.description,
            suppression=_seconds(written.quiet_seconds, "quiet_seconds"),
            id=rule_id,
        )
    )


def to_rule_check(text: str) -> RuleCheck:
    """What is to be said of a text, which is kept nowhere."""
    checked = check_text(text)
    watched = checked.watched
    form = _form_of(watched) if watched is not None else None
    return RuleCheck(
        is_valid=watched is not None,
        faults=[to_located(each) for each in checked.faults],
        warnings=[to_located_warning(each) for each in checked.warnings],
        title=watched.rule.title if watched is not None else None,
        text=text,
        kind=_kind(watched) if watched is not None else None,
        form=_to_form(form) if form is not None else None,
        sentence=to_sentence(form) if form is not None else None,
    )


def to_rule_view(stored: StoredRule) -> RuleView:
    watched = stored.watched
    rule = watched.rule
    form = _form_of(watched)
    return RuleView(
        id=rule.id,
        title=rule.title,
        description=rule.description,
        kind=_kind(watched),
        severity=watched.severity,
        severity_of_text=rule.level,
        tags=list(rule.tags),
        false_positives=list(rule.false_positives),
        version=rule.version,
        is_built_in=watched.is_built_in,
        is_enabled=watched.is_enabled,
        window_seconds=int(rule.timespan.total_seconds()),
        group_by=[named.name for named in rule.watched.parts[0].group_by],
        quiet_seconds=int(rule.suppression.total_seconds()),
        text=watched.text,
        form=_to_form(form) if form is not None else None,
        sentence=to_sentence(form) if form is not None else None,
        warnings=[to_located_warning(each) for each in lint([rule])],
        created_by=stored.created_by,
        updated_by=stored.updated_by,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def to_rehearsal_view(rehearsal: Rehearsal) -> RehearsalView:
    result = rehearsal.result
    return RehearsalView(
        id=rehearsal.id,
        title=rehearsal.title,
        days=rehearsal.days,
        state=rehearsal.state,
        done=rehearsal.done,
        total=rehearsal.total,
        result=msgspec.convert(result, RehearsalResult) if result is not None else None,
        error=rehearsal.error,
        created_by=rehearsal.created_by,
        created_at=rehearsal.created_at,
        finished_at=rehearsal.finished_at,
    )


def to_located(fault: Fault) -> Located:
    return _located(fault.code, fault.place, fault.detail, fault.hint)


def to_located_warning(warning: RuleWarning) -> Located:
    return _located(warning.code, warning.place, warning.detail, None)


def _located(code: str, place: Place, detail: str, hint: str | None) -> Located:
    return Located(
        code=code, file=place.file, line=place.line, column=place.column, detail=detail, hint=hint
    )


def _kind(watched: WatchedRule) -> str:
    if watched.history is not None:
        return next(str(kind) for kind, plan in PLANS.items() if type(watched.history) is plan)
    correlation = watched.rule.correlation
    return str(correlation.kind) if correlation is not None else "event"


def _form_of(watched: WatchedRule) -> Form | None:
    """The form that the rule's text is; None where it says more than a form can."""
    return from_yaml(watched.text) if watched.history is None else None


def _to_form(form: Form) -> RuleForm:
    return RuleForm(
        title=form.title,
        query=form.query,
        more_than=form.more_than,
        window_seconds=int(form.window.total_seconds()),
        group_by=list(form.group_by),
        severity=form.level,
        description=form.description,
        quiet_seconds=int(form.suppression.total_seconds()),
    )


def _seconds(seconds: int, field: str) -> timedelta:
    if not 0 <= seconds <= MAX_SECONDS:
        raise BadRequest("INVALID_FORM", f"0 to {MAX_SECONDS:,} seconds.", field=field)
    return timedelta(seconds=seconds)
