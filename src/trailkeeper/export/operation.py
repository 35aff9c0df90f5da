"""What OpenAPI says of exports: three media types, one of them an object of the same events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Reference,
    Schema,
)
from litestar.openapi.spec import Parameter as ParameterSpec

from trailkeeper.export.csv_line import CSV_COLUMNS
from trailkeeper.export.formats import ExportSummary, JsonFormat, NdjsonFormat
from trailkeeper.search.examples import EVENT
from trailkeeper.search.operation import reading

_EXAMPLE_SUMMARY: Final[dict[str, Any]] = {
    "rows": 1,
    "complete": True,
    "filter": {"format": ["json"], "action": ["CREATE"]},
    "start": "2025-01-01T00:00:00+00:00",
    "end": "2025-02-01T00:00:00+00:00",
    "committed_upto": "2025-01-31T12:00:00.123456+00:00",
}

_EXAMPLE_LINES: Final = "".join(
    f"{msgspec.json.encode(each).decode()}\n" for each in (EVENT, {"export": _EXAMPLE_SUMMARY})
)

_EXAMPLE_CSV: Final = (
    f"{','.join(CSV_COLUMNS)}\r\n# export: {msgspec.json.encode(_EXAMPLE_SUMMARY).decode()}\r\n"
)


def exporting(own: Callable[[], list[ParameterSpec]]) -> type[Operation]:
    """An operation class that documents the export's parameters and its media types."""

    @dataclass
    class ExportOperation(reading(own)):  # type: ignore[misc]
        def __post_init__(self) -> None:
            super().__post_init__()
            self.responses["200"] = _response()

    return ExportOperation


def _response() -> OpenAPIResponse:
    text = Schema(type=OpenAPIType.STRING)
    return OpenAPIResponse(
        description="The export, streamed. It ends with rows, filter and coverage.",
        content={
            "text/csv": _media(text, _EXAMPLE_CSV),
            NdjsonFormat.media_type: _media(text, _EXAMPLE_LINES),
            JsonFormat.media_type: _media(
                _json_schema(), {"items": [EVENT], "export": _EXAMPLE_SUMMARY}
            ),
        },
    )


def _media(schema: Schema, example: Any) -> OpenAPIMediaType:
    return OpenAPIMediaType(schema=schema, examples={"answer": Example(value=example)})


def _json_schema() -> Schema:
    event = Reference(ref="#/components/schemas/Event")
    return Schema(
        type=OpenAPIType.OBJECT,
        required=["items", "export"],
        properties={
            "items": Schema(type=OpenAPIType.ARRAY, items=event),
            "export": _summary_schema(),
        },
    )


def _summary_schema() -> Schema:
    text = Schema(type=OpenAPIType.STRING)
    perhaps = Schema(one_of=[text, Schema(type=OpenAPIType.NULL)])
    texts = Schema(type=OpenAPIType.ARRAY, items=text)
    properties: dict[str, Schema | Reference] = {
        "rows": Schema(type=OpenAPIType.INTEGER),
        "complete": Schema(type=OpenAPIType.BOOLEAN),
        "filter": Schema(type=OpenAPIType.OBJECT, additional_properties=texts),
        "start": perhaps,
        "end": perhaps,
        "committed_upto": text,
    }
    return Schema(
        type=OpenAPIType.OBJECT,
        title=ExportSummary.__name__,
        description=ExportSummary.__doc__,
        required=list(properties),
        properties=properties,
    )
