"""The score is the sum of its signals, and each signal has its own rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine import NOON
from trailkeeper.insight.person import Country, FailedSignIns, RoleChanges
from trailkeeper.insight.risk import Facts, assess, level_of
from trailkeeper.insight.schema import Compared, RiskCode, RiskLevel

QUIET = Facts(
    failed_sign_ins=FailedSignIns(Compared(0, 0), 0, None),
    new_countries=[],
    known_countries=[Country("DE", NOON)],
    off_hours=0,
    succeeded=100,
    deleted=Compared(0, 0),
    refused=0,
    total=100,
    role_changes=RoleChanges(0, None),
    severities=[],
)


def failed(count: int) -> FailedSignIns:
    return FailedSignIns(Compared(count, 0), 2, NOON)


def test_a_quiet_person_has_no_signals() -> None:
    risk = assess(QUIET)
    assert (risk.score, risk.level, risk.signals) == (0, RiskLevel.LOW, [])


@pytest.mark.parametrize(
    ("facts", "code", "weight"),
    [
        (replace(QUIET, failed_sign_ins=failed(3)), RiskCode.FAILED_SIGN_INS, 10),
        (replace(QUIET, failed_sign_ins=failed(10)), RiskCode.FAILED_SIGN_INS, 25),
        (replace(QUIET, failed_sign_ins=failed(20)), RiskCode.FAILED_SIGN_INS, 40),
        (replace(QUIET, new_countries=[Country("BR", NOON)]), RiskCode.NEW_COUNTRY, 25),
        (replace(QUIET, off_hours=20), RiskCode.OFF_HOURS, 10),
        (replace(QUIET, off_hours=50), RiskCode.OFF_HOURS, 20),
        (replace(QUIET, deleted=Compared(10, 3)), RiskCode.MANY_DELETIONS, 20),
        (replace(QUIET, refused=5), RiskCode.REFUSED_ACTIONS, 10),
        (replace(QUIET, refused=20), RiskCode.REFUSED_ACTIONS, 20),
        (replace(QUIET, role_changes=RoleChanges(1, NOON)), RiskCode.ROLE_CHANGED, 15),
        (replace(QUIET, severities=["low", "critical"]), RiskCode.OPEN_DETECTIONS, 70),
    ],
)
def test_each_signal_alone(facts: Facts, code: RiskCode, weight: int) -> None:
    risk = assess(facts)
    assert [(signal.code, signal.weight) for signal in risk.signals] == [(code, weight)]
    assert risk.score == weight


@pytest.mark.parametrize(
    "facts",
    [
        replace(QUIET, failed_sign_ins=failed(2)),
        replace(QUIET, new_countries=[Country("BR", NOON)], known_countries=[]),
        replace(QUIET, off_hours=19),
        replace(QUIET, off_hours=19, succeeded=19),
        replace(QUIET, deleted=Compared(9, 0)),
        replace(QUIET, deleted=Compared(30, 10)),
        replace(QUIET, refused=4),
    ],
)
def test_just_below_there_is_none(facts: Facts) -> None:
    assert assess(facts).signals == []


def test_the_score_adds_up_to_a_hundred_at_most() -> None:
    facts = replace(
        QUIET,
        failed_sign_ins=failed(30),
        role_changes=RoleChanges(2, NOON),
        severities=["critical"],
    )
    risk = assess(facts)
    assert [signal.weight for signal in risk.signals] == [70, 40, 15]
    assert (risk.score, risk.level) == (100, RiskLevel.HIGH)


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (0, RiskLevel.LOW),
        (24, RiskLevel.LOW),
        (25, RiskLevel.MEDIUM),
        (59, RiskLevel.MEDIUM),
        (60, RiskLevel.HIGH),
    ],
)
def test_levels(score: int, level: RiskLevel) -> None:
    assert level_of(score) is level
