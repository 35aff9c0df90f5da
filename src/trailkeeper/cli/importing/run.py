"""The import itself: read, map, send, note rejects, save the place; batch by batch.

A batch is sent, then its rejects are written, then the place is saved. Stopped anywhere in
between, the next run sends that batch again under the same ids and cuts the rejects file
back to the saved length: nothing is lost, nothing is there twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from trailkeeper.cli.importing.mapping import (
    FieldMapping,
    from_object,
    from_row,
    unknown_columns,
)
from trailkeeper.cli.importing.records import (
    Fault,
    Format,
    Record,
    guess_delimiter,
    read_columns,
    read_csv,
    read_ndjson,
)
from trailkeeper.cli.importing.state import (
    ImportState,
    event_id_for,
    open_state,
    rejects_path,
    save_state,
    state_path,
)
from trailkeeper.client import Client
from trailkeeper.client.batch import TARGET_BATCH_BYTES

DEFAULT_BATCH_RECORDS: Final = 1000

_canonical = msgspec.json.Encoder(order="deterministic")


class Reject(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One line of the rejects file: where the record is, and why it was refused."""

    line: int
    code: str
    reason: str
    field: str | None = None


class Judged(NamedTuple):
    line: int
    event: dict[str, Any] | Fault


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What to import and how."""

    source: Path
    format: Format
    mapping: FieldMapping
    batch_records: int = DEFAULT_BATCH_RECORDS
    restart: bool = False

    def describe(self) -> str:
        return f"{self.format} {self.mapping.describe()}".strip()


def run_import(
    client: Client, plan: ImportPlan, on_progress: Callable[[ImportState], None]
) -> ImportState:
    """Imports what is not imported yet; returns the final state (counts over all runs).

    Raises OSError for the files, StateMismatch, ValueError for a CSV header that cannot be
    used, ClientError and Unavailable; in each case the place is kept for the next run.
    """
    with ExitStack() as files:
        file = files.enter_context(plan.source.open("rb"))
        if plan.restart:
            state_path(plan.source).unlink(missing_ok=True)
        state = open_state(plan.source, file, plan.describe())
        records = _records(plan, file, state)
        rejects = files.enter_context(_open_rejects(plan.source, state.rejects_bytes))
        on_progress(state)
        for batch in _batches(records, plan.batch_records, state.offset):
            judged = [_judge(record, plan, state.fingerprint) for record in batch]
            state = _send(client, judged, batch[-1], state, rejects)
            save_state(plan.source, state)
            on_progress(state)
        state = msgspec.structs.replace(state, finished=True)
        save_state(plan.source, state)
    if state.rejected == 0:
        rejects_path(plan.source).unlink(missing_ok=True)
    return state


def _batches(records: Iterator[Record], most: int, offset: int) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == most or record.end.offset - offset >= TARGET_BATCH_BYTES:
            offset = record.end.offset
            yield batch
            batch = []
    if batch:
        yield batch


def _records(plan: ImportPlan, file: BinaryIO, state: ImportState) -> Iterator[Record]:
    if plan.format is Format.NDJSON:
        return read_ndjson(file, state.place)
    delimiter = guess_delimiter(file)
    unknown = unknown_columns(read_columns(file, delimiter), plan.mapping)
    if unknown:
        raise ValueError(f"no field of an event: column {', '.join(unknown)}")
    return read_csv(file, state.place, delimiter)


def _open_rejects(source: Path, length: int) -> BinaryIO:
    path = rejects_path(source)
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(length)
    file.seek(0, os.SEEK_END)
    return file


def _judge(record: Record, plan: ImportPlan, fingerprint: str) -> Judged:
    if isinstance(record.content, Fault):
        return Judged(record.line, record.content)
    event_id = event_id_for(fingerprint, record.line, _canonical.encode(record.content))
    to_event = from_object if plan.format is Format.NDJSON else from_row
    event = to_event(record.content, plan.mapping)
    if isinstance(event, dict) and not event.get("id"):
        event["id"] = event_id
    return Judged(record.line, event)


def _send(
    client: Client, judged: list[Judged], last: Record, state: ImportState, rejects: BinaryIO
) -> ImportState:
    good = [(each.line, each.event) for each in judged if isinstance(each.event, dict)]
    refused = [
        Reject(
            line=each.line, code=each.event.code, reason=each.event.reason, field=each.event.field
        )
        for each in judged
        if isinstance(each.event, Fault)
    ]
    result = client.record_batch((event for _, event in good), batch_events=len(judged))
    refused += [
        Reject(
            line=good[item.index][0],
            code=item.code or "REJECTED",
            reason=item.reason or "",
            field=item.field,
        )
        for item in result.rejects
    ]
    for reject in sorted(refused, key=lambda each: each.line):
        rejects.write(msgspec.json.encode(reject) + b"\n")
    rejects.flush()
    return msgspec.structs.replace(
        state,
        offset=last.end.offset,
        line=last.end.line,
        committed=state.committed + result.committed,
        duplicate=state.duplicate + result.duplicate,
        rejected=state.rejected + len(refused),
        rejects_bytes=rejects.tell(),
        finished=False,
    )
