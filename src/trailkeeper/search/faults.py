"""What can be wrong with a query or a parameter: stable codes, places, what to do.

`INVALID_QUERY`, `UNKNOWN_FIELD`, `INVALID_VALUE`, `QUERY_TOO_COMPLEX`. `position` is the
0-based offset in the text of `q`; it is absent where a parameter of its own is at fault.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from trailkeeper.errors import BadRequest
from trailkeeper.search.fields import NAMES

QUERY: Final = "q"


def invalid_query(
    detail: str, position: int, expected: list[str], hint: str | None = None
) -> BadRequest:
    return BadRequest(
        "INVALID_QUERY", detail, position=position, expected=expected, hint=hint, field=QUERY
    )


def unknown_field(name: str, position: int) -> BadRequest:
    close = get_close_matches(name, [*NAMES, "details"], n=1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return BadRequest(
        "UNKNOWN_FIELD",
        f"{name!r} is not a field.",
        hint=f"{hint}To look for the text itself, put it in double quotes. Values in details "
        "are named by their path: details.reason.",
        field=QUERY,
        position=position,
        expected=[*NAMES, "details.<path>"],
    )


def invalid_value(
    detail: str, hint: str, field: str = QUERY, position: int | None = None
) -> BadRequest:
    return BadRequest("INVALID_VALUE", detail, hint=hint, field=field, position=position)


def too_complex(
    detail: str, hint: str, field: str = QUERY, position: int | None = None
) -> BadRequest:
    return BadRequest("QUERY_TOO_COMPLEX", detail, hint=hint, field=field, position=position)
