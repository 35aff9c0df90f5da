"""Rules and streams for tests: written short, generated to collide."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from hypothesis import strategies as st

from tests.engine import an_event
from trailkeeper.detect.parse import load_rule_text
from trailkeeper.detect.rule import Rule
from trailkeeper.event import StoredEvent

DAY: Final = datetime(2026, 3, 4, tzinfo=UTC)
MIDNIGHT: Final = DAY + timedelta(days=1)


def a_rule(detection: str, **more: str) -> Rule:
    """The rule of one selection, written as lines of YAML."""
    lines = "\n".join(f"    {line}" for line in detection.strip("\n").splitlines())
    extra = "".join(f"{key}: {value}\n" for key, value in more.items())
    return load_rule_text(f"title: A rule\n{extra}detection:\n  it:\n{lines}\n  condition: it\n")[0]


def a_correlation(correlation: str, **bases: str) -> Rule:
    """The correlation over rules given by name, each as one line: `action: LOGIN`."""
    documents = [
        f"title: {name}\nname: {name}\ndetection:\n  it:\n    {line}\n  condition: it\n"
        for name, line in bases.items()
    ]
    lines = "\n".join(f"  {line}" for line in correlation.strip("\n").splitlines())
    documents.append(f"title: Correlated\ncorrelation:\n{lines}\n")
    return load_rule_text("---\n".join(documents))[-1]


def count_rule(
    threshold: str = "gte: 3",
    span: str = "10m",
    group: str = "user_id",
    base: str = "action: LOGIN",
) -> Rule:
    return a_correlation(
        f"type: event_count\nrules: base\ngroup-by: {group}\ntimespan: {span}\n"
        f"condition:\n  {threshold}",
        base=base,
    )


def at(minutes: float, **changes: Any) -> StoredEvent:
    """An event so many minutes after DAY began."""
    moment = DAY + timedelta(minutes=minutes)
    details = changes.pop("details", None)
    if details is not None:
        changes["details"] = msgspec.json.encode(details).decode()
    return an_event(**{"timestamp": moment, "received_at": moment, "user_id": "u", **changes})


ACTIONS: Final = ("LOGIN", "LOGIN_FAILED", "DELETE", "CREATE")
BASES: Final = (
    "action: LOGIN_FAILED",
    "action|startswith: log",
    "action: [DELETE, CREATE]",
    "status: FAILED",
    "action|neq: LOGIN",
    "user_email|endswith: '@ACME.io'",
    "details.n|gt: 2",
    "ip_address|cidr: 10.0.0.0/8",
    "user_agent|re: '(?i)curl/[0-9]'",
    "details.why: 'NO*'",
    "user|exists: true",
)
GROUPS: Final = (
    *("user_id", "ip_address", "user", "user_email", "details.why", "details.n", "local_hour"),
    *("[user_id, ip_address]", "[]", "country"),
)
COUNTS: Final = ("gte: 2", "gt: 2", "gte: 4", "eq: 3", "lt: 2", "lte: 2", "neq: 2", "gte: 1")
SPANS: Final = ("30s", "5m", "10m", "1h", "1d", "3d")


@st.composite
def correlations(draw: st.DrawFn) -> Rule:
    """Any kind of correlation."""
    kind = draw(
        st.sampled_from(
            (
                *("event_count", "event_count", "value_count", "temporal", "temporal_ordered"),
                *("value_sum", "value_avg", "value_median", "value_percentile"),
            )
        )
    )
    many = 3 if kind.startswith("temporal") else 1
    count = draw(st.integers(2 if many > 1 else 1, many))
    bases = {f"r{place}": draw(st.sampled_from(BASES)) for place in range(count)}
    lines = [
        f"type: {kind}",
        f"rules: [{', '.join(bases)}]",
        f"group-by: {draw(st.sampled_from(GROUPS))}",
        f"timespan: {draw(st.sampled_from(SPANS))}",
        *_condition(draw, kind, list(bases)),
    ]
    return a_correlation("\n".join(lines), **bases)


def _condition(draw: st.DrawFn, kind: str, bases: Sequence[str]) -> list[str]:
    if kind == "temporal_ordered":
        return []
    if kind == "temporal":
        first, second = bases[0], bases[1]
        rest = [f" or {name}" for name in bases[2:]]
        expressions = (f"{first} and {second}", f"{first} and not {second}", f"{first} or {second}")
        text = draw(st.sampled_from(expressions)) + "".join(rest)
        return draw(st.sampled_from(([], [f"condition: {text}"])))
    compared = draw(st.sampled_from(COUNTS))
    field = ""
    if kind == "value_count":
        field = draw(st.sampled_from(("ip_address", "user_email", "details.why", "action")))
    elif kind != "event_count":
        field = draw(st.sampled_from(("details.n", "local_hour")))
    lines = ["condition:", f"  {compared}"]
    if field:
        lines.append(f"  field: {field}")
    if kind == "value_percentile":
        lines.append(f"  percentile: {draw(st.integers(0, 100))}")
    return lines


@st.composite
def plain_rules(draw: st.DrawFn) -> Rule:
    group, span = draw(st.sampled_from(GROUPS)), draw(st.sampled_from(SPANS))
    return a_rule(
        draw(st.sampled_from(BASES)), trailkeeper=f"{{group-by: {group}, window: {span}}}"
    )


rules: st.SearchStrategy[Rule] = st.one_of(correlations(), correlations(), plain_rules())


def random_stream(seed: int, count: int) -> list[StoredEvent]:
    """Events in order of arrival: bursts of few people, ties, and times around midnight."""
    chance = random.Random(seed)
    events = []
    moment = MIDNIGHT - timedelta(minutes=chance.choice((0, 5, 30, 600)))
    for place in range(count):
        step = chance.choice((0, 0, 1, 20, 60, 299, 300, 301, 601, 3600, 40_000))
        moment += timedelta(seconds=step, microseconds=chance.choice((0, 0, 1)))
        events.append(_random_event(chance, moment, place))
    return events


def _random_event(chance: random.Random, moment: datetime, place: int) -> StoredEvent:
    n: Any = chance.choice((1, 2, 3, 0.1, 0.2, 2.5, -4, 5.0, "5", None, True, 2**70, [3], 1e300))
    details = {"n": n, "why": chance.choice(("no", "No longer", "yes", "", 5, None))}
    return an_event(
        id=f"{chance.randrange(100):02}-{place}",
        timestamp=moment,
        received_at=moment + timedelta(seconds=1),
        action=chance.choice(ACTIONS),
        status=chance.choice(("SUCCESS", "FAILED")),
        user_id=chance.choice(("u1", "u2", "")),
        user_email=chance.choice(("a@acme.io", "A@ACME.io", "ÄB@acme.io", "äb@acme.io", "")),
        ip_address=chance.choice(("::ffff:10.0.0.1", "::ffff:10.9.9.9", "2001:db8::1", "::")),
        user_agent=chance.choice(("curl/8.0", "Mozilla", "")),
        country=chance.choice(("DE", "US", "")),
        local_hour=chance.randrange(24),
        details=msgspec.json.encode(details).decode(),
    )


def disordered(events: Sequence[StoredEvent], seed: int) -> list[list[StoredEvent]]:
    """The events in batches, some of them late and some twice."""
    chance = random.Random(seed)
    shuffled = sorted(events, key=lambda event: event.timestamp.timestamp() + chance.random() * 900)
    if chance.random() < 0.2:
        chance.shuffle(shuffled)
    again = [event for event in shuffled if chance.random() < 0.1]
    batches: list[list[StoredEvent]] = [[]]
    for event in [*shuffled, *again]:
        if chance.random() < 0.3:
            batches.append([])
        batches[-1].append(event)
    return batches
