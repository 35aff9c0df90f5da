"""Users on the wire, on the way in: one change, or thousands of users at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from msgspec import UNSET, UnsetType

from trailkeeper.access.operation import add_example
from trailkeeper.access.people.sync import MAX_USERS, Synced, SyncStatus, SyncUser
from trailkeeper.errors import BadRequest, TrailkeeperError

MAX_USER_BYTES: Final = 16 * 1024
_ITEMS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_USER: Final = msgspec.json.Decoder(SyncUser)
_FIELD: Final = re.compile(r"(?:at `\$\.|field `)(\w+)`")


class NewStatus(StrEnum):
    """What a status can be changed to by hand."""

    ACTIVE = "active"
    DISABLED = "disabled"


class UserChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change of a user; what is left out stays. An empty name or e-mail clears it."""

    name: Annotated[str, msgspec.Meta(max_length=200)] | UnsetType = UNSET
    email: Annotated[str, msgspec.Meta(max_length=320)] | UnsetType = UNSET
    role: Annotated[str, msgspec.Meta(max_length=64)] | UnsetType = UNSET
    status: NewStatus | UnsetType = UNSET


class SyncResult(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What became of one user of a bulk; a rejected one says why."""

    index: int
    status: SyncStatus
    user_id: str | None = None
    code: str | None = None
    field: str | None = None
    reason: str | None = None


class SyncReceipt(msgspec.Struct, kw_only=True):
    """How many users were created, updated, known just so, or refused; and each one's result."""

    created: int
    updated: int
    unchanged: int
    rejected: int
    results: list[SyncResult]


def split_users(body: bytes, *, is_array: bool) -> list[bytes]:
    """The users of a body, undecoded.

    Raises BadRequest: MALFORMED_JSON, EMPTY_BATCH, TOO_MANY_USERS.
    """
    if is_array:
        try:
            raws = [bytes(item) for item in _ITEMS.decode(body)]
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadRequest(
                "MALFORMED_JSON",
                f"The body is not a JSON array of users: {error}",
                hint="Send [{…}, {…}], or one user per line as application/x-ndjson.",
            ) from None
    else:
        raws = [line for line in body.split(b"\n") if line.strip()]
    if not raws:
        raise BadRequest("EMPTY_BATCH", "The bulk holds no user.", hint="Send at least one.")
    if len(raws) > MAX_USERS:
        raise BadRequest(
            "TOO_MANY_USERS",
            f"The bulk holds more than {MAX_USERS:,} users.",
            hint="Split it. Nothing of it was kept.",
        )
    return raws


def parse_user(raw: bytes) -> SyncUser | TrailkeeperError:
    """One user, or why it is none."""
    if len(raw) > MAX_USER_BYTES:
        return BadRequest("USER_TOO_LARGE", f"A user takes at most {MAX_USER_BYTES:,} bytes.")
    try:
        return _USER.decode(raw)
    except msgspec.ValidationError as error:
        named = _FIELD.search(str(error))
        return BadRequest("INVALID_USER", str(error), field=named[1] if named else None)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return BadRequest("MALFORMED_JSON", f"The user is not valid JSON: {error}")


def to_receipt(results: Sequence[Synced | TrailkeeperError]) -> SyncReceipt:
    shown = [_to_result(index, result) for index, result in enumerate(results)]
    counts = dict.fromkeys(SyncStatus, 0)
    for result in shown:
        counts[result.status] += 1
    return SyncReceipt(
        created=counts[SyncStatus.CREATED],
        updated=counts[SyncStatus.UPDATED],
        unchanged=counts[SyncStatus.UNCHANGED],
        rejected=counts[SyncStatus.REJECTED],
        results=shown,
    )


def _to_result(index: int, result: Synced | TrailkeeperError) -> SyncResult:
    error = result if isinstance(result, TrailkeeperError) else result.error
    user_id = result.user_id if isinstance(result, Synced) else None
    if error is None:
        status = result.status if isinstance(result, Synced) else SyncStatus.REJECTED
        return SyncResult(index=index, status=status, user_id=user_id)
    return SyncResult(
        index=index,
        status=SyncStatus.REJECTED,
        user_id=user_id,
        code=error.code,
        field=error.field,
        reason=error.detail,
    )


EXAMPLE_USERS: Final[list[dict[str, Any]]] = [
    {"user_id": "user-def-456", "name": "Alice Archer", "email": "alice@company.com"},
    {"user_id": "user-ghi-789", "name": "Bob", "email": "no address", "role": "DEVELOPER"},
]
EXAMPLE_RECEIPT: Final[dict[str, Any]] = {
    "created": 1,
    "updated": 0,
    "unchanged": 0,
    "rejected": 1,
    "results": [
        {"index": 0, "status": "created", "user_id": "user-def-456"},
        {
            "index": 1,
            "status": "rejected",
            "user_id": "user-ghi-789",
            "code": "INVALID_EMAIL",
            "field": "email",
            "reason": "'no address' is not an e-mail address.",
        },
    ],
}


@dataclass
class BulkOperation(Operation):
    """Documents the body of a bulk, which its route reads itself."""

    def __post_init__(self) -> None:
        text = Schema(type=OpenAPIType.STRING)
        user = Schema(
            type=OpenAPIType.OBJECT,
            title=SyncUser.__name__,
            required=["user_id", "name"],
            properties={"user_id": text, "name": text, "email": text, "role": text},
            additional_properties=False,
            examples=EXAMPLE_USERS[:1],
        )
        users = Schema(type=OpenAPIType.ARRAY, items=user, min_items=1, max_items=MAX_USERS)
        lines = b"\n".join(msgspec.json.encode(each) for each in EXAMPLE_USERS).decode() + "\n"
        self.request_body = RequestBody(
            description="Users, as a JSON array or one a line.",
            required=True,
            content={
                "application/json": OpenAPIMediaType(schema=users),
                "application/x-ndjson": OpenAPIMediaType(
                    schema=text, examples={"users": Example(value=lines)}
                ),
            },
        )
        add_example(self, EXAMPLE_RECEIPT)
