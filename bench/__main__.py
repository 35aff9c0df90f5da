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

from bench import access, machine, report
from bench.dataset import prepare
from bench.document import plain_table, results_document
from bench.peer_side import PeerSide
from bench.phases import Group, Results, measure
from bench.side import Side
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
        door = _measure_door(arguments, folder)
        if arguments.only == {Group.ACCESS}:
            return 0 if door is None or door.is_reached else 1
        _say("making events")
        dataset = prepare(folder / "dataset", events)
        facts = machine.lines(folder)
        sides: list[Side] = [PeerSide(folder, arguments.peer_workers), TrailkeeperSide(folder)]
        peer, ours = (
            _last(folder, side)
            if arguments.last_peer and isinstance(side, PeerSide)
            else _measured(side, folder, measure(side, dataset, arguments.only, folder, pace, _say))
            for side in sides
        )
    rows = report.rows(ours, peer)
    print("\n".join(plain_table(report.HEAD, [row.cells() for row in rows])))
    print("\n".join(report.disagreements(ours, peer)))
    target = arguments.results or (None if _is_partial(arguments) else RESULTS)
    if target is not None:
        command = f"python -m bench --events {events}"
        target.write_text(
            results_document(command, facts, dataset, ours, peer, arguments.peer_workers, door)
        )
    is_door_reached = door is None or door.is_reached
    return 1 if any(row.is_reached is False for row in rows) or not is_door_reached else 0


def _measure_door(arguments: argparse.Namespace, folder: Path) -> access.Access | None:
    """Before the others: both sides' stores would compete with it for the page cache."""
    if Group.ACCESS not in arguments.only:
        return None
    with tempfile.TemporaryDirectory(prefix="access-", dir=folder) as own:
        door = access.measure(Path(own), QUICK_PACE if arguments.quick else 1.0, _say)
    print("\n".join(plain_table(access.CHECK_HEAD, access.check_rows(door))), end="\n\n")
    print("\n".join(plain_table(access.ATTACK_HEAD, access.attack_rows(door))), end="\n\n")
    return door


def _is_partial(arguments: argparse.Namespace) -> bool:
    return bool(arguments.quick or arguments.reuse or arguments.only != set(Group))


def _measured(side: Side, folder: Path, results: Results) -> Results:
    (folder / f"{side.name}.results.json").write_bytes(msgspec.json.encode(results))
    return results


def _last(folder: Path, side: Side) -> Results:
    path = folder / f"{side.name}.results.json"
    return msgspec.json.decode(path.read_bytes(), type=Results)


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
