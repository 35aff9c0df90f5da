"""Everything that can go wrong, as one small tree.

    TrailkeeperError            status, code, what to do
    ├── BadRequest              400
    ├── Unauthenticated         401
    ├── Forbidden               403
    ├── NotFound                404
    ├── Conflict                409
    ├── TooLarge                413
    ├── UnsupportedMedia        415
    ├── Unprocessable           422
    ├── TooManyRequests         429, with retry_after_seconds
    ├── Unavailable             503, with retry_after_seconds
    │   └── StorageFull         507, likewise
    └── ConfigurationError      a setting is wrong; raised at start

`code` is stable: clients may branch on it. `detail` is for people and may change.
On the wire each is an RFC 9457 problem document (`application/problem+json`).
"""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Problem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """RFC 9457 problem document, with a stable code and what to do."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str | None = None
    field: str | None = None
    index: int | None = None
    position: int | None = None
    expected: list[str] | None = None
    request_id: str | None = None


class TrailkeeperError(Exception):
    """Base of all errors that a caller can meet."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        hint: str | None = None,
        field: str | None = None,
        index: int | None = None,
        position: int | None = None,
        expected: list[str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.hint = hint
        self.field = field
        self.index = index
        self.position = position
        self.expected = expected

    def to_problem(self, request_id: str | None = None) -> Problem:
        return Problem(
            type=f"urn:trailkeeper:problem:{self.code.lower().replace('_', '-')}",
            title=self.title,
            status=self.status,
            code=self.code,
            detail=self.detail,
            hint=self.hint,
            field=self.field,
            index=self.index,
            position=self.position,
            expected=self.expected,
            request_id=request_id,
        )


class BadRequest(TrailkeeperError):
    status = 400
    title = "The request cannot be understood"


class Unauthenticated(TrailkeeperError):
    status = 401
    title = "Who are you?"


class Forbidden(TrailkeeperError):
    status = 403
    title = "Not permitted"


class NotFound(TrailkeeperError):
    status = 404
    title = "Not found"


class Conflict(TrailkeeperError):
    status = 409
    title = "Conflict"


class TooLarge(TrailkeeperError):
    status = 413
    title = "Too large"


class UnsupportedMedia(TrailkeeperError):
    status = 415
    title = "Unsupported media type or encoding"


class Unprocessable(TrailkeeperError):
    status = 422
    title = "The request is understood but cannot be carried out"


class TooManyRequests(TrailkeeperError):
    """Too many tries: wait. Says when the next one is looked at."""

    status = 429
    title = "Too many tries"

    def __init__(
        self, code: str, detail: str, *, hint: str | None = None, retry_after_seconds: int = 1
    ) -> None:
        super().__init__(code, detail, hint=hint)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(TrailkeeperError):
    """Try again later: nothing of the request was kept."""

    status = 503
    title = "Temporarily unavailable"

    def __init__(
        self, code: str, detail: str, *, hint: str | None = None, retry_after_seconds: int = 1
    ) -> None:
        super().__init__(code, detail, hint=hint)
        self.retry_after_seconds = retry_after_seconds


class StorageFull(Unavailable):
    """There is no room to keep it; reads go on. Once there is room, it works by itself."""

    status = 507
    title = "No room to store it"


class ConfigurationError(TrailkeeperError):
    """A setting is missing or wrong. `hint` says what to write instead."""

    title = "Wrong configuration"
