"""What a check found."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the doctor's report; `todo` says what to do about it."""

    check: str
    level: Level
    detail: str
    todo: str | None = None


def ok(check: str, detail: str) -> Finding:
    return Finding(check, Level.OK, detail)


def warn(check: str, detail: str, todo: str) -> Finding:
    return Finding(check, Level.WARN, detail, todo)


def fail(check: str, detail: str, todo: str) -> Finding:
    return Finding(check, Level.FAIL, detail, todo)
