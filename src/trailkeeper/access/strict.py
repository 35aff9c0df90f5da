"""JSON bodies, read as they are written: `"77"` is no number, and 1 is not true.

The framework reads a body into plain values and then fits those to the route's type, leniently,
as it does with query parameters, which are all text. A body has types of its own.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.exceptions import ClientException, ValidationException

LOCATION: Final = re.compile(r" - at `\$\.?(?P<path>[^`]*)`\Z")


class StrictRequest(Request[Any, Any, Any]):
    """Litestar's `request_class`: a body for a struct is decoded into it at once."""

    async def json(self) -> Any:
        field = self.route_handler.parsed_data_field
        if field is None or not field.is_subclass_of(msgspec.Struct):
            return await super().json()
        try:
            return msgspec.json.decode(await self.body(), type=field.annotation)
        except msgspec.ValidationError as error:
            raise ValidationException(extra=[_fault(str(error))]) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ClientException(f"The body is not valid JSON: {error}") from None


def _fault(message: str) -> dict[str, str]:
    located = LOCATION.search(message)
    if located is None or not located["path"]:
        return {"message": LOCATION.sub("", message), "source": "body"}
    return {"message": LOCATION.sub("", message), "key": located["path"], "source": "body"}
