"""Reading an export the way its receiver would: with the language's own libraries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass

from tests.api.tenant import Json, Parameters, Tenant, only_sent

FORMATS = ("csv", "json", "ndjson")
SUMMARY = "# export: "


@dataclass(frozen=True)
class Exported:
    """An export's rows, and what it says of itself at its end."""

    rows: list[Json]
    summary: Json


def export(tenant: Tenant, format: str, parameters: Parameters = ()) -> Exported:
    given = parameters.items() if isinstance(parameters, dict) else parameters
    pairs = only_sent([*given, ("format", format)])
    answer = tenant.client.get("/audit-logs/export", params=pairs)
    assert answer.status_code == 200, answer.text
    return READERS[format](answer.content)


def read_csv(body: bytes) -> Exported:
    """Cells as text; the summary is the last line."""
    text = body.decode("utf-8-sig")
    rows, _, summary = text.removesuffix("\r\n").rpartition("\r\n")
    assert summary.startswith(SUMMARY)
    return Exported(cells(rows), json.loads(summary.removeprefix(SUMMARY)))


def cells(text: str) -> list[Json]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows = list(reader)
    assert all(None not in row and None not in row.values() for row in rows)
    return rows


def read_json(body: bytes) -> Exported:
    document = json.loads(body)
    assert list(document) == ["items", "export"]
    return Exported(document["items"], document["export"])


def read_ndjson(body: bytes) -> Exported:
    *lines, last = body.decode().split("\n")[:-1]
    return Exported([json.loads(line) for line in lines], json.loads(last)["export"])


READERS = {"csv": read_csv, "json": read_json, "ndjson": read_ndjson}


def ids_of(rows: Iterable[Json]) -> list[str]:
    return [row["id"] for row in rows]
