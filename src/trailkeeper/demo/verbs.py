"""What people and programs do to resources.

A `Verb` looks at the world at its moment and answers with an `Outcome`; a verb that finds
nothing fitting (no room, nothing to delete) looks at something instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from trailkeeper.demo.words import (
    BENCHMARK,
    CLUSTER,
    DELETE_REASONS,
    DESCRIPTIONS,
    ENDPOINT,
    FAILURES,
    FIELDS,
    MODEL,
    PROJECT,
    TABS,
)
from trailkeeper.demo.world import Resource, Session, World

Details: TypeAlias = dict[str, object]
# action, resource_type, resource_id, resource_name, whether it succeeded, details
Outcome: TypeAlias = tuple[str, str, str | None, str | None, bool, Details]
Verb: TypeAlias = Callable[[World, Session], Outcome]

FAILURE_SHARE: Final = 0.025
SEVERAL_FIELDS_SHARE: Final = 0.12


def failed(world: World, outcome: Outcome) -> Outcome:
    """The same attempt, refused."""
    action, kind, id, name, _, details = outcome
    return action, kind, id, name, False, {**details, "error": world.choose(FAILURES)}


def viewer(kind: str) -> Verb:
    tabs = TABS[kind]

    def view(world: World, session: Session) -> Outcome:
        resource = world.pick(kind, session)
        details: Details = {"tab": world.choose(tabs), "duration_ms": world.duration()}
        return "VIEW", kind, resource.id, resource.name, True, details

    return view


def next_value(
    world: World, resource: Resource, field: str, candidates: tuple[object, ...]
) -> tuple[object, object]:
    """Old and new value of `field`; the world remembers, so the next change starts there."""
    if resource.values is None:
        resource.values = {}
    old = resource.values.get(field, candidates[0])
    new = world.choose(candidates)
    if new == old:
        new = candidates[(candidates.index(new) + 1) % len(candidates)]
    resource.values[field] = new
    return old, new


def change(world: World, resource: Resource) -> Details:
    """One or two fields of `resource` changed, in the product's manner."""
    fields = FIELDS[resource.kind]
    first, candidates = world.choose(fields)
    old, new = next_value(world, resource, first, candidates)
    if world.random() < SEVERAL_FIELDS_SHARE:
        second, candidates = world.choose(fields)
        if second != first:
            other_old, other_new = next_value(world, resource, second, candidates)
            return {
                "changed_fields": [first, second],
                "old_value": {first: old, second: other_old},
                "new_value": {first: new, second: other_new},
                "project_name": resource.project,
            }
    return {
        "changed_fields": [first],
        "old_value": old,
        "new_value": new,
        "project_name": resource.project,
    }


def updater(kind: str) -> Verb:
    def update(world: World, session: Session) -> Outcome:
        resource = world.pick(kind, session)
        if world.random() < FAILURE_SHARE:
            details: Details = {"project_name": resource.project, "duration_ms": world.duration()}
            return failed(world, ("UPDATE", kind, resource.id, resource.name, False, details))
        return "UPDATE", kind, resource.id, resource.name, True, change(world, resource)

    return update


def release(world: World, session: Session) -> Outcome:
    """A new version of a model."""
    model = world.pick(MODEL, session)
    old = f"1.{model.revision}.0"
    model.revision += 1
    details: Details = {
        "changed_fields": ["version"],
        "old_value": old,
        "new_value": f"1.{model.revision}.0",
        "commit": f"{world.bits(28):07x}",
        "project_name": model.project,
    }
    return "UPDATE", MODEL, model.id, model.name, True, details


def creator(kind: str) -> Verb:
    view = viewer(kind)

    def create(world: World, session: Session) -> Outcome:
        if not world.room_for(kind, session.team):
            return view(world, session)
        if world.random() < FAILURE_SHARE:
            details: Details = {"error": world.choose(FAILURES), "duration_ms": world.duration()}
            return "CREATE", kind, None, None, False, details
        return created(world, session, kind)

    return create


def created(world: World, session: Session, kind: str) -> Outcome:
    """Something new of the session's team."""
    owner = str(session.base.get("user_id", ""))
    session.focus = made = world.create(kind, session.team, owner)
    return "CREATE", kind, made.id, made.name, True, _creation(world, made)


def _creation(world: World, made: Resource) -> Details:
    if made.kind == PROJECT:
        return {"project_name": made.name, "description": world.choose(DESCRIPTIONS)}
    if made.kind == MODEL:
        size = round(world.random() ** 3 * 140 + 0.4, 2)
        return {"project_name": made.project, "size_gib": size, "format": "safetensors"}
    if made.kind == ENDPOINT:
        model, cluster = made.parents[1], made.parents[2]
        return {
            "endpoint_name": made.name,
            "project_name": made.project,
            "model_name": model.name,
            "cluster_name": cluster.name,
            "replicas": 2,
        }
    if made.kind == CLUSTER:
        return {"cluster_name": made.name, "node_count": 4, "provider": "on-premises"}
    if made.kind == BENCHMARK:
        return {"project_name": made.project, "description": world.choose(DESCRIPTIONS)}
    return {"project_name": made.project, "expires_in_days": world.choose((30, 90, 180, 365))}


def deleter(kind: str) -> Verb:
    view = viewer(kind)

    def delete(world: World, session: Session) -> Outcome:
        resource = world.deletable(kind, session.team)
        if resource is None:
            return view(world, session)
        if world.random() < FAILURE_SHARE:
            details: Details = {f"{kind.lower()}_name": resource.name}
            return failed(world, ("DELETE", kind, resource.id, resource.name, False, details))
        return removed(world, resource, world.choose(DELETE_REASONS))

    return delete


def removed(world: World, resource: Resource, reason: str) -> Outcome:
    """`resource` deleted from the world; it MUST be alive."""
    world.delete(resource)
    details: Details = {f"{resource.kind.lower()}_name": resource.name, "reason": reason}
    if resource.parents:
        details["project_name"] = resource.project
    return "DELETE", resource.kind, resource.id, resource.name, True, details


def run_benchmark(world: World, session: Session) -> Outcome:
    benchmark = world.pick(BENCHMARK, session)
    seconds = world.duration() * 31 + int(world.random() * 1000)
    if world.random() < FAILURE_SHARE:
        details: Details = {"error": world.choose(FAILURES), "duration_ms": seconds}
        return "RUN", BENCHMARK, benchmark.id, benchmark.name, False, details
    details = {
        "run": benchmark.revision + 1,
        "score": round(0.55 + world.random() * 0.4, 4),
        "samples": world.choose((100, 500, 1000, 5000)),
        "duration_ms": seconds,
        "project_name": benchmark.project,
    }
    benchmark.revision += 1
    return "RUN", BENCHMARK, benchmark.id, benchmark.name, True, details


def deploy(world: World, session: Session) -> Outcome:
    """A model version put on an endpoint."""
    endpoint = world.pick(ENDPOINT, session)
    model, cluster = endpoint.parents[1], endpoint.parents[2]
    endpoint.revision += 1
    details: Details = {
        "model_name": model.name,
        "model_version": f"1.{model.revision}.0",
        "cluster_name": cluster.name,
        "revision": endpoint.revision,
        "replicas": 2 if endpoint.values is None else endpoint.values.get("replicas", 2),
        "duration_ms": world.duration() * 113,
    }
    outcome: Outcome = ("DEPLOY", ENDPOINT, endpoint.id, endpoint.name, True, details)
    return failed(world, outcome) if world.random() < 2 * FAILURE_SHARE else outcome


def call_endpoint(world: World, session: Session) -> Outcome:
    """An endpoint used: what an API gateway writes about a call."""
    endpoint = world.pick(ENDPOINT, session)
    chance = world.random()
    details: Details = {
        "method": "POST",
        "path": "/v1/chat/completions",
        "prompt_tokens": int(chance * chance * 6000) + 12,
        "completion_tokens": int(world.random() * 900) + 1,
        "duration_ms": world.duration() * 4,
    }
    outcome: Outcome = ("ACCESS", ENDPOINT, endpoint.id, endpoint.name, True, details)
    return failed(world, outcome) if chance < FAILURE_SHARE / 2 else outcome


def export(world: World, session: Session) -> Outcome:
    """A project's results taken out as a file."""
    project = world.pick(PROJECT, session)
    details: Details = {
        "format": world.choose(("csv", "json", "parquet")),
        "rows": int(world.random() ** 3 * 250_000) + 10,
        "project_name": project.name,
        "duration_ms": world.duration() * 9,
    }
    return "EXPORT", PROJECT, project.id, project.name, True, details


VIEWS: Final = {kind: viewer(kind) for kind in TABS}
UPDATES: Final = {kind: updater(kind) for kind in FIELDS}
CREATES: Final = {kind: creator(kind) for kind in TABS}
DELETES: Final = {kind: deleter(kind) for kind in TABS}
