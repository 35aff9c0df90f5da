"""Why an event was refused. Each reason is a stable code, and is counted."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Reason(StrEnum):
    MALFORMED_JSON = "MALFORMED_JSON"
    MISSING_FIELD = "MISSING_FIELD"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    WRONG_TYPE = "WRONG_TYPE"
    EVENT_TOO_LARGE = "EVENT_TOO_LARGE"
    DETAILS_TOO_LARGE = "DETAILS_TOO_LARGE"
    DETAILS_TOO_DEEP = "DETAILS_TOO_DEEP"
    NUMBER_OUT_OF_RANGE = "NUMBER_OUT_OF_RANGE"
    TEXT_TOO_LONG = "TEXT_TOO_LONG"
    INVALID_ID = "INVALID_ID"
    INVALID_ACTION = "INVALID_ACTION"
    INVALID_RESOURCE_TYPE = "INVALID_RESOURCE_TYPE"
    INVALID_STATUS = "INVALID_STATUS"
    INVALID_SOURCE = "INVALID_SOURCE"
    INVALID_IP_ADDRESS = "INVALID_IP_ADDRESS"
    INVALID_TIMESTAMP = "INVALID_TIMESTAMP"
    TIMESTAMP_IN_FUTURE = "TIMESTAMP_IN_FUTURE"
    TIMESTAMP_TOO_OLD = "TIMESTAMP_TOO_OLD"


class Rejection(msgspec.Struct, frozen=True):
    """One refused event: which reason, which field, and what to do about it."""

    code: Reason
    reason: str
    field: str | None = None


class Rejected(Exception):
    """Raised by a step to refuse the event it is looking at."""

    def __init__(self, code: Reason, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.rejection = Rejection(code, reason, field)
