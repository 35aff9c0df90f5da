"""`python -m bench`: loads both sides with the same events, measures, prints one table."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench import access, machine, report, watch
from bench.dataset import Dataset, prepare
from bench.document import plain_table, results_document
from bench.outcome import Table, joined, table_of
from bench.peer_side import PeerSide
from bench.phases import OURS_ALONE, STORELESS, Group, Results, measure
from bench.trailkeeper_side import TrailkeeperSide

EVENTS = 5_000_000
QUICK_EVENTS = 100_000
QUICK_PACE = 0.2
PERSISTENT = "/var/tmp"
"""/tmp may be memory, where an fsync costs nothing."""

RESULTS = Path(__file__).parent / "RESULTS.md"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, help=f"events to load (default {EVENTS:,})")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK_EVENTS:,} events, short runs: a check of this"
    )
    parser.add_argument(
        "--only", type=_groups, default=set(Group), help=f"some of {','.join(Group)}"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep stores and events in DIR")
    parser.add_argument(
        "--reuse", type=Path, metavar="DIR", help="use what an earlier --keep left, and keep it"
    )
    parser.add_argument(
        "--last-peer", action="store_true", help="with --reuse: the peer's numbers of last time"
    )
    parser.add_argument("--peer-workers", type=int, default=2, help="uvicorn workers of the peer")
    parser.add_argument(
        "--results",
        type=Path,
        help=f"where to write (default: {RESULTS.name} beside this, for whole runs only)",
    )
    return parser.parse_args()


def _groups(text: str) -> set[Group]:
    return {Group(name) for name in text.split(",")}


def main() -> int:
    """Returns 1 when something that must be reached was not."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    events = arguments.events or (QUICK_EVENTS if arguments.quick else EVENTS)
    pace = QUICK_PACE if arguments.quick else 1.0
    with _work_folder(arguments.reuse or arguments.keep) as folder:
        facts = machine.lines(folder)
        tables = _measure_alone(arguments.only, folder, pace)
        if arguments.only <= STORELESS:
            return 0 if all(table.is_reached for table in tables) else 1
        _say("making events")
        dataset = prepare(folder / "dataset", events)
        peer = _measure_peer(arguments, folder, dataset, pace)
        ours = measure(TrailkeeperSide(folder), dataset, arguments.only, folder, pace, _say)
        _keep(folder, TrailkeeperSide.name, ours)
    _print(ours.tables)
    tables = joined([*tables, *ours.tables])
    rows = report.rows(ours, peer)
    if rows:
        print("\n".join(plain_table(report.HEAD, [row.cells() for row in rows])))
    print("\n".join(report.disagreements(ours, peer)))
    target = arguments.results or (None if _is_partial(arguments) else RESULTS)
    if target is not None:
        command = f"python -m bench --events {events}"
        target.write_text(
            results_document(command, facts, dataset, ours, peer, arguments.peer_workers, tables)
        )
    is_reached = all(row.is_reached is not False for row in rows)
    return 0 if is_reached and all(table.is_reached for table in tables) else 1


def _measure_alone(groups: set[Group], folder: Path, pace: float) -> list[Table]:
    """Before the others: both sides' stores would compete with it for the page cache."""
    tables: list[Table] = []
    if Group.ACCESS in groups:
        with tempfile.TemporaryDirectory(prefix="access-", dir=folder) as own:
            tables += access.tables(access.measure(Path(own), pace, _say))
    if Group.WATCH in groups:
        with tempfile.TemporaryDirectory(prefix="watch-", dir=folder) as own:
            watched = watch.measure(Path(own), pace, _say)
        tables.append(table_of(watch.TITLE, watch.outcomes(watched)))
    _print(tables)
    return tables


def _print(tables: list[Table]) -> None:
    for table in tables:
        print(f"{table.title}\n")
        print("\n".join(plain_table(table.head, table.rows)), end="\n\n", flush=True)


def _measure_peer(
    arguments: argparse.Namespace, folder: Path, dataset: Dataset, pace: float
) -> Results:
    """Nothing, where only what it has no counterpart of is asked for."""
    if arguments.only <= OURS_ALONE:
        return Results()
    if arguments.last_peer:
        return msgspec.json.decode(_results_file(folder, PeerSide.name).read_bytes(), type=Results)
    side = PeerSide(folder, arguments.peer_workers)
    peer = measure(side, dataset, arguments.only - OURS_ALONE, folder, pace, _say)
    _keep(folder, PeerSide.name, peer)
    return peer


def _keep(folder: Path, name: str, results: Results) -> None:
    _results_file(folder, name).write_bytes(msgspec.json.encode(results))


def _results_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.results.json"


def _is_partial(arguments: argparse.Namespace) -> bool:
    return bool(arguments.quick or arguments.reuse or arguments.only != set(Group))


@contextmanager
def _work_folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="trailkeeper-bench-", dir=PERSISTENT))
    made.chmod(0o711)  # PostgreSQL's own user has to pass through.
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
