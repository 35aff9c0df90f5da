"""A place in the log: how far each node's stream has been read.

It is what `search/commits.py` pages by, so that a place of the live feed is a cursor of a
search in commit order, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.search.cursor import CommitCursor
from trailkeeper.search.sql import Binder


@dataclass(frozen=True, slots=True)
class Place:
    """After `places[node]` of each node; nodes up to and including `floor` are done with."""

    floor: int
    places: Mapping[int, int]

    @classmethod
    def at_heads(cls, heads: Mapping[NodeId, NodeSeq], ended_upto: int) -> Place:
        """After all that is committed; nodes up to `ended_upto` will never commit again."""
        return cls(
            ended_upto, {int(node): int(seq) for node, seq in heads.items() if node > ended_upto}
        )

    @classmethod
    def of(cls, cursor: CommitCursor) -> Place:
        return cls(cursor.floor, cursor.places)

    def at(self, node: int) -> int:
        """How far a node above the floor has been read."""
        return self.places.get(node, 0)

    def after(self, node: int, seq: int) -> Place:
        return Place(self.floor, {**self.places, node: seq})

    def raised(self, floor: int) -> Place:
        """The same place once all nodes up to `floor` are done with."""
        if floor <= self.floor:
            return self
        return Place(floor, {node: seq for node, seq in self.places.items() if node > floor})

    def furthest(self, other: Place) -> Place:
        """Past everything that either of the two is past."""
        floor = max(self.floor, other.floor)
        nodes = {node for node in (*self.places, *other.places) if node > floor}
        return Place(floor, {node: max(self.at(node), other.at(node)) for node in nodes})

    def to_cursor(self, fingerprint: bytes) -> CommitCursor:
        return CommitCursor(fingerprint, self.floor, dict(self.places))


def between_condition(binder: Binder, after: Place, upto: Place) -> str:
    """SQL for what lies past one place, and not past another."""
    clauses = [f"node > {binder.bind(after.floor, 'UInt32')}"]
    clauses += [f"NOT {_passed(binder, node, seq)}" for node, seq in sorted(after.places.items())]
    known_conditions = [f"node <= {binder.bind(upto.floor, 'UInt32')}"]
    known_conditions += [_passed(binder, node, seq) for node, seq in sorted(upto.places.items())]
    return " AND ".join([*clauses, f"({' OR '.join(known_conditions)})"])


def _passed(binder: Binder, node: int, seq: int) -> str:
    return f"(node = {binder.bind(node, 'UInt32')} AND node_seq <= {binder.bind(seq, 'UInt64')})"
