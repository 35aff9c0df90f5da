"""The world behind the stream: nothing is touched before it is made or after it is gone."""

from __future__ import annotations

from collections import Counter, defaultdict

from tests.demo.story import Told
from trailkeeper.demo import Person, resources

RESOURCES = ("PROJECT", "MODEL", "ENDPOINT", "CLUSTER", "BENCHMARK", "API_KEY")


def test_nothing_is_touched_before_creation_or_after_deletion(told: list[Told]) -> None:
    alive = {resource.id: resource.name for resource in resources()}
    made = gone = 0
    for _, event in told:
        if event.resource_type not in RESOURCES or event.resource_id is None:
            continue
        if event.action == "CREATE":
            assert event.resource_id not in alive
            alive[event.resource_id] = event.resource_name or ""
            made += 1
        assert alive[event.resource_id] == event.resource_name
        if event.action == "DELETE" and event.status == "SUCCESS":
            del alive[event.resource_id]
            gone += 1
    assert made > 300
    assert gone > 300


def test_accounts_are_made_before_use_and_deleted_after(
    told: list[Told], by_id: dict[str, Person]
) -> None:
    created = {
        event.resource_id: at
        for at, event in told
        if (event.action, event.resource_type) == ("CREATE", "USER")
    }
    deleted = {
        event.resource_id: at
        for at, event in told
        if (event.action, event.resource_type) == ("DELETE", "USER")
    }
    assert (len(created), len(deleted)) == (2, 2)
    seen: Counter[str] = Counter()
    for at, event in told:
        for id in {event.user_id, event.resource_id, event.on_behalf_of} & set(by_id):
            assert created.get(id, at) <= at <= deleted.get(id, at), event
            seen[id or ""] += 1
    assert all(seen[id or ""] > 20 for id in (*created, *deleted))


def test_each_change_starts_where_the_last_one_ended(told: list[Told]) -> None:
    replicas: dict[str | None, object] = {}
    followed = 0
    for entry in told:
        event, details = entry.event, entry.details
        if details.get("changed_fields") != ["replicas"]:
            # A change of two fields keeps its values in an object.
            if "replicas" in details.get("changed_fields", ()):
                replicas[event.resource_id] = details["new_value"]["replicas"]
            continue
        if event.resource_id in replicas:
            followed += 1
            assert details["old_value"] == replicas[event.resource_id]
        assert details["new_value"] != details["old_value"]
        replicas[event.resource_id] = details["new_value"]
    assert followed > 100


def test_people_work_from_few_stable_places(told: list[Told], by_id: dict[str, Person]) -> None:
    places: dict[str, set[str | None]] = defaultdict(set)
    agents: dict[str, set[str | None]] = defaultdict(set)
    for _, event in told:
        if event.user_id in by_id:
            places[event.user_id].add(event.ip_address)
            agents[event.user_id].add(event.user_agent)
    assert max(len(addresses) for addresses in places.values()) <= 5
    assert max(len(names) for names in agents.values()) <= 4


def test_actions_go_beyond_the_usual_four(told: list[Told]) -> None:
    actions = Counter(event.action for _, event in told)
    assert {
        "CREATE", "UPDATE", "DELETE", "LOGIN", "LOGOUT", "LOGIN_FAILED", "PASSWORD_RESET",
        "DEPLOY", "ACCESS", "VIEW", "RUN", "INVITE", "EXPORT",
    } == set(actions)  # fmt: skip
    assert actions["VIEW"] > actions["UPDATE"] > actions["CREATE"] > actions["INVITE"] > 0
