"""`trailkeeper demo`: 90 days of believable activity, through the public API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from trailkeeper.cli.connection import PATIENT, Connection
from trailkeeper.cli.exits import CommandFailed, ExitCode, usage_error
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.terminal import note, print_json, progress_bar
from trailkeeper.client import BatchResult, Client
from trailkeeper.demo import (
    DEFAULT_DAYS,
    DEFAULT_EVENTS,
    DEFAULT_SEED,
    IncidentNote,
    generate,
    incidents,
)

DEFAULT_BATCH = 2000


@expanded
def demo(
    connection: Connection,
    events: Annotated[int, typer.Option(min=1, help="About how many events.")] = DEFAULT_EVENTS,
    days: Annotated[int, typer.Option(min=1, help="Over how many days.")] = DEFAULT_DAYS,
    seed: Annotated[int, typer.Option(help="The same seed tells the same story.")] = DEFAULT_SEED,
    now: Annotated[
        str | None,
        typer.Option(help="End of the story, RFC 3339; give it again to load nothing twice."),
    ] = None,
    batch: Annotated[
        int, typer.Option(min=500, max=2000, help="Events per request.")
    ] = DEFAULT_BATCH,
    spoilers: Annotated[
        bool, typer.Option("--spoilers", help="Tell afterwards which incidents are hidden in it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Load a believable story of 60 people, with six incidents hidden in it."""
    end = _moment(now)
    note(f"loading about {events:,} events up to --now {end.isoformat()}")
    with connection.open(PATIENT) as client:
        result = load_demo(client, end, seed=seed, days=days, events=events, batch=batch)
    hidden = incidents(end, seed) if spoilers else []
    _tell(result, hidden, as_json)


def load_demo(
    client: Client,
    now: datetime,
    *,
    seed: int = DEFAULT_SEED,
    days: int = DEFAULT_DAYS,
    events: int = DEFAULT_EVENTS,
    batch: int = DEFAULT_BATCH,
) -> BatchResult:
    """Loads the story with a bar; returns counts and rejects only, for the story is long."""
    total = BatchResult()
    with progress_bar("events") as bar:
        task = bar.add_task("demo", total=events)
        story = generate(now, seed, days, events)
        for result in client.record_batches(story, batch_events=batch):
            total = total.plus(result.only_rejects())
            bar.update(task, completed=total.committed + total.duplicate + total.rejected)
        bar.update(task, total=total.committed + total.duplicate + total.rejected)
    return total


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise usage_error("INVALID_TIME", f"{text!r} is not an RFC 3339 time") from None
    if moment.tzinfo is None:
        raise usage_error("INVALID_TIME", f"{text!r} has no time zone", "End it with Z.")
    return moment


def _tell(result: BatchResult, hidden: list[IncidentNote], as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "committed": result.committed,
                "duplicate": result.duplicate,
                "rejected": result.rejected,
                "incidents": hidden,
            }
        )
    else:
        note(f"{result.committed:,} events committed, {result.duplicate:,} were there already")
        for incident in hidden:
            note(f"{incident.kind}: {incident.summary}")
    if result.rejected:
        first = result.rejects[0]
        raise CommandFailed(
            "SOME_REJECTED",
            f"{result.rejected:,} events were rejected, the first as {first.code}: {first.reason}",
            exit_code=ExitCode.PARTIAL,
        )
