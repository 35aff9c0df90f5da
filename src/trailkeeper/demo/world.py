"""What exists at Acme AI at each moment of the stream.

The stream is realized in time order, and every event asks the world what it may touch:
nothing is updated, viewed or deleted after its deletion, and nothing is deleted while
something else still depends on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final, TypeVar

from trailkeeper.demo.people import Person, team_count
from trailkeeper.demo.words import (
    API_KEY,
    BENCHMARK,
    CLUSTER,
    ENDPOINT,
    KINDS,
    MODEL,
    PROJECT,
    resource_name,
)

T = TypeVar("T")

SAME_AGAIN_SHARE: Final = 0.4
BULK_DELETED_COUNT: Final = 36
LEGACY_TEAM: Final = 2
PRODUCTION_ENDPOINTS: Final = ("production-api", "production-api-eu", "billing-assistant-prod")

# How many of each kind a team starts with, and keeps within: (least, start, most).
STOCK: Final[dict[str, tuple[int, int, int]]] = {
    PROJECT: (2, 4, 7),
    CLUSTER: (1, 2, 3),
    MODEL: (8, 18, 34),
    ENDPOINT: (5, 10, 18),
    BENCHMARK: (10, 24, 100),
    API_KEY: (2, 5, 10),
}


class Resource:
    """Something people work on. `holds` counts what depends on it (models, endpoints…)."""

    __slots__ = (
        "alive",
        "holds",
        "id",
        "kind",
        "name",
        "owner",
        "parents",
        "place",
        "project",
        "protected",
        "revision",
        "team",
        "values",
    )

    def __init__(
        self, kind: str, id: str, name: str, team: int, owner: str, parents: tuple[Resource, ...]
    ) -> None:
        self.kind = kind
        self.id = id
        self.name = name
        self.team = team
        self.owner = owner
        self.parents = parents
        self.project = parents[0].name if parents and parents[0].kind == PROJECT else name
        self.values: dict[str, object] | None = None
        self.revision = 0
        self.holds = 0
        self.place = 0
        self.alive = True
        self.protected = False


class Session:
    """One run of actions by one actor. `base` holds the fields its events share."""

    __slots__ = ("base", "focus", "person", "requests", "team")

    def __init__(self, base: dict[str, object], team: int, *, person: Person | None = None) -> None:
        self.base = base
        self.team = team
        self.person = person
        self.requests = base["source"] in ("API", "SDK")
        self.focus: Resource | None = None


class World:
    """The living resources by kind and team, the members, and the one source of chance."""

    def __init__(self, roster: Sequence[Person], seed: int) -> None:
        self.rng = Random(f"world:{seed}")
        self.random = self.rng.random
        self.bits = self.rng.getrandbits
        self.roster = roster
        self.members = list(roster)
        self.teams = team_count(len(roster))
        # Milliseconds of typical requests: log-normal, as latencies are.
        self.durations = [round(self.rng.lognormvariate(4.9, 0.9)) + 3 for _ in range(4096)]
        self.pools: dict[str, list[list[Resource]]] = {
            kind: [[] for _ in range(self.teams)] for kind in KINDS
        }
        self._found()
        self.legacy = self._legacy()
        self.production = self._production()

    def _found(self) -> None:
        owners: list[list[str]] = [[] for _ in range(self.teams)]
        for person in self.roster:
            owners[person.team_index].append(person.id)
        for kind, (_, start, _) in STOCK.items():
            for team in range(self.teams):
                for _ in range(start):
                    self.create(kind, team, self.choose(owners[team]))

    def _legacy(self) -> tuple[Resource, ...]:
        """The finished experiments that the bulk deletion takes; nobody else deletes them."""
        owner = self.roster[LEGACY_TEAM].id
        made = [
            self.create(BENCHMARK, LEGACY_TEAM, owner, f"legacy-2024-{number + 1:02}")
            for number in range(BULK_DELETED_COUNT)
        ]
        for resource in made:
            resource.protected = True
        return tuple(made)

    def _production(self) -> tuple[Resource, ...]:
        """The endpoints that the after-hours deletion takes."""
        made = [self.create(ENDPOINT, 0, self.roster[0].id, name) for name in PRODUCTION_ENDPOINTS]
        for resource in made:
            resource.protected = True
        return tuple(made)

    def choose(self, options: Sequence[T]) -> T:
        return options[int(self.random() * len(options))]

    def duration(self) -> int:
        return self.durations[int(self.random() * 4096)]

    def pick(self, kind: str, session: Session) -> Resource:
        """Something of the session's team: what it just worked on, or a popular one."""
        focus = session.focus
        if (
            focus is not None
            and focus.kind == kind
            and focus.alive
            and focus.team == session.team
            and self.random() < SAME_AGAIN_SHARE
        ):
            return focus
        pool = self.pools[kind][session.team]
        chance = self.random()
        session.focus = chosen = pool[int(chance * chance * len(pool))]
        return chosen

    def room_for(self, kind: str, team: int) -> bool:
        return len(self.pools[kind][team]) < STOCK[kind][2]

    def create(self, kind: str, team: int, owner: str, name: str | None = None) -> Resource:
        """A new living resource of `team`, within a project where its kind needs one."""
        resource = Resource(
            kind,
            f"{kind.lower().replace('_', '-')}-{self.bits(40):010x}",
            name or resource_name(self.rng, kind),
            team,
            owner,
            self._parents(kind, team),
        )
        for parent in resource.parents:
            parent.holds += 1
        pool = self.pools[kind][team]
        resource.place = len(pool)
        pool.append(resource)
        return resource

    def _parents(self, kind: str, team: int) -> tuple[Resource, ...]:
        if kind in (PROJECT, CLUSTER):
            return ()
        project = self.choose(self.pools[PROJECT][team])
        if kind == ENDPOINT:
            model = self.choose(self.pools[MODEL][team])
            return (project, model, self.choose(self.pools[CLUSTER][team]))
        return (project,)

    def deletable(self, kind: str, team: int) -> Resource | None:
        """Something of `team` that may go, if a few looks find one."""
        pool = self.pools[kind][team]
        if len(pool) <= STOCK[kind][0]:
            return None
        for _ in range(4):
            resource = pool[int(self.random() * len(pool))]
            if not resource.holds and not resource.protected:
                return resource
        return None

    def delete(self, resource: Resource) -> None:
        """Takes `resource` out of the world. It MUST be alive."""
        pool = self.pools[resource.kind][resource.team]
        last = pool.pop()
        if last is not resource:
            pool[resource.place] = last
            last.place = resource.place
        resource.alive = False
        for parent in resource.parents:
            parent.holds -= 1
