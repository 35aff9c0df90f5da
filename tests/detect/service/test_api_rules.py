"""Rules over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from tests.detect.service.room import FAILED, Room, a_room, failed
from tests.engine import Service
from trailkeeper.detect.history_plan import SilentSource
from trailkeeper.detect.rehearsals import run_rehearsal
from trailkeeper.detect.watched import built_in_watched

SENTENCE = "LOGIN_FAILED by ip_address more than 5 in 10 minutes"


async def own_trail(room: Room) -> list[dict[str, Any]]:
    """What the organization's own log will say, from the outbox."""
    services = room.service.services
    await services.own_events.deliver_all()
    async with room.service.client(room.token) as client:
        answer = await client.get("/audit-logs/", params={"order": "asc", "limit": 100})
    items: list[dict[str, Any]] = answer.json()["items"]
    return [each for each in items if each["resource_type"] in ("RULE", "DETECTION", "SUPPRESSION")]


async def posted(client: httpx2.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post("/rules/", json=body)
    assert answer.status_code == 201, answer.text
    rule: dict[str, Any] = answer.json()
    return rule


async def test_all_built_in_rules_are_listed_and_on(service: Service) -> None:
    room = await a_room(service)
    async with service.client(room.token) as client:
        items = (await client.get("/rules/")).json()["items"]

    assert {each["id"] for each in items} == set(built_in_watched())
    assert all(each["is_enabled"] and each["is_built_in"] for each in items)
    assert all(each["warnings"] == [] and each["description"] for each in items)
    assert all(each["false_positives"] for each in items)


async def test_a_sentence_becomes_a_rule_that_reads_back_as_its_form(service: Service) -> None:
    room = await a_room(service)
    async with service.client(room.token) as client:
        rule = await posted(client, sentence=SENTENCE, severity="critical")
        shown = (await client.get(f"/rules/{rule['id']}")).json()

    assert shown == rule
    assert rule["kind"] == "event_count"
    assert rule["form"]["more_than"] == 5
    assert rule["sentence"] == f"action:{SENTENCE}"
    assert (rule["severity"], rule["severity_of_text"]) == ("critical", "medium")
    assert rule["created_by"].startswith("api-key:")


async def test_an_own_rule_is_changed_and_deleted_on_the_record(service: Service) -> None:
    room = await a_room(service)
    async with service.client(room.token) as client:
        rule = await posted(client, sentence=SENTENCE)
        path = f"/rules/{rule['id']}"
        again = await client.post("/rules/", json={"sentence": SENTENCE})
        assert (again.status_code, again.json()["code"]) == (409, "RULE_EXISTS")
        form = {**rule["form"], "more_than": 9}
        replaced = await client.put(path, json={"form": form})
        assert replaced.json()["form"]["more_than"] == 9
        assert replaced.json()["version"] != rule["version"]
        other = await client.put(
            path, json={"text": "title: Other\ndetection:\n  a:\n    action: X\n  condition: a\n"}
        )
        assert (other.status_code, other.json()["code"]) == (409, "RULE_ID_DIFFERS")
        changed = await client.patch(path, json={"enabled": False, "severity": "low"})
        assert (changed.json()["is_enabled"], changed.json()["severity"]) == (False, "low")
        assert (await client.patch(path, json={"severity": None})).json()["severity"] == "medium"
        assert (await client.delete(path)).status_code == 204
        nowhere = await client.put("/rules/x", json={"form": form})
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "RULE_NOT_FOUND")
        gone = await client.get(path)
        assert (gone.status_code, gone.json()["code"]) == (404, "RULE_NOT_FOUND")

    events = await own_trail(room)

    assert [each["action"] for each in events] == ["CREATE", *["UPDATE"] * 3, "DELETE"]
    assert all(each["resource_id"] == rule["id"] for each in events)
    assert events[2]["details"]["changed_fields"] == ["enabled", "severity"]


async def test_a_built_in_rule_is_turned_off_but_stays(service: Service) -> None:
    room = await a_room(service)
    other = await a_room(service)
    rule = next(each for each in built_in_watched().values() if each.rule.title == FAILED)
    path = f"/rules/{rule.rule.id}"
    async with service.client(room.token) as client:
        off = await client.patch(path, json={"enabled": False})
        assert off.json()["is_enabled"] is False
        for refused in (
            await client.delete(path),
            await client.put(path, json={"text": rule.text}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (409, "RULE_BUILT_IN")
    async with service.client(other.token) as client:
        assert (await client.get(path)).json()["is_enabled"] is True


async def test_all_faults_are_told_with_their_places(service: Service) -> None:
    room = await a_room(service)
    text = "title: Bad\nlevel: huge\ndetection:\n  it:\n    usr_id: x\n  condition: it\n"
    history = (
        "title: Bad\ndetection:\n  it:\n    action: LOGIN\n  condition: it\n"
        "trailkeeper:\n  history:\n    kind: new_country\n    min_days: soon\n"
    )
    async with service.client(room.token) as client:
        checked = (await client.post("/rules/check", json={"text": text})).json()
        found = (await client.post("/rules/check", json={"text": history})).json()
        refused = await client.post("/rules/", json={"text": text})
        nothing = await client.post("/rules/check", json={})

    assert checked["is_valid"] is False
    places = [(each["code"], each["line"], each["column"]) for each in checked["faults"]]
    assert places == [("RULE_BAD_VALUE", 2, 8), ("RULE_UNKNOWN_FIELD", 5, 5)]
    assert [(each["code"], each["line"]) for each in found["faults"]] == [("RULE_BAD_VALUE", 8)]
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_RULES")
    assert (nothing.status_code, nothing.json()["code"]) == (400, "RULE_MISSING")


async def test_a_text_is_checked_into_its_form_and_back(service: Service) -> None:
    room = await a_room(service)
    form = {
        "title": "Many deletions",
        "query": "action:DELETE",
        "more_than": 20,
        "window_seconds": 600,
        "group_by": ["user"],
        "severity": "high",
        "description": "Too much at once.",
        "quiet_seconds": 3600,
    }
    richer = "title: Any\ndetection:\n  it:\n    action: LOGIN\n  condition: it\n"
    history = f"{richer}trailkeeper:\n  history:\n    kind: new_country\n"
    async with service.client(room.token) as client:
        written = (await client.post("/rules/check", json={"form": form})).json()
        read = (await client.post("/rules/check", json={"text": written["text"]})).json()
        others = [
            (await client.post("/rules/check", json={"text": text})).json()
            for text in (richer, history, "title: Bad\n")
        ]

    assert read == written
    assert (read["kind"], read["form"]) == ("event_count", form)
    assert read["sentence"] == "action:DELETE by user more than 20 in 10 minutes"
    assert [(each["kind"], each["form"], each["sentence"]) for each in others] == [
        ("event", None, None),
        ("new_country", None, None),
        (None, None, None),
    ]


async def test_a_rehearsal_tells_by_day_and_by_group_what_would_be_raised(
    service: Service,
) -> None:
    room = await a_room(service)
    await room.commit(failed(each - 3000) for each in range(8))
    await room.commit(failed(each - 300, "198.51.100.9") for each in range(7))
    async with service.client(room.token) as client:
        asking = asyncio.create_task(
            client.post("/rules/rehearse", json={"sentence": SENTENCE, "days": 7})
        )
        services = service.services
        # Nobody tells when the request has left its job.
        while not await run_rehearsal(  # noqa: ASYNC110
            services.engine, services.metadata, services.clock
        ):
            await asyncio.sleep(0.02)
        answer = await asking
        shown = await client.get(f"/rules/rehearsals/{answer.json()['id']}")

    assert answer.status_code == 202, answer.text
    rehearsal = shown.json()
    # The answer has the result too, unless it took longer than the service lets it wait.
    assert answer.json() in ({**rehearsal}, {**answer.json(), "state": "waiting"})
    assert rehearsal["state"] == "done"
    result = rehearsal["result"]
    assert (result["detections"], result["events"]) == (2, 15)
    assert [each["day"] for each in result["by_day"]] == ["2026-03-02", "2026-03-04"]
    assert {each["group"]: each["count"] for each in result["by_group"]} == {
        "ip_address 203.0.113.7": 1,
        "ip_address 198.51.100.9": 1,
    }
    assert result["first"][0]["count"] == 8
    assert (await room.told()).detections == []


async def test_a_rule_about_silence_cannot_be_rehearsed(service: Service) -> None:
    room = await a_room(service)
    rules = built_in_watched().values()
    rule = next(each for each in rules if isinstance(each.history, SilentSource))
    async with service.client(room.token) as client:
        answer = await client.post("/rules/rehearse", json={"rule_id": rule.rule.id})
    assert (answer.status_code, answer.json()["code"]) == (422, "RULE_NOT_REHEARSABLE")


async def test_an_import_reports_and_keeps_what_is_usable_turned_off(service: Service) -> None:
    room = await a_room(service)
    usable = (
        "title: Agent\nlogsource:\n  product: okta\ndetection:\n  it:\n"
        "    userAgent|contains: sqlmap\n  condition: it\n"
    )
    foreign = "title: Kernel\ndetection:\n  it:\n    EventID: 4688\n  condition: it\n"
    files = [{"name": "a.yml", "text": usable}, {"name": "b.yml", "text": foreign}]
    async with service.client(room.token) as client:
        report = (await client.post("/rules/import", json={"files": files, "keep": True})).json()
        again = (await client.post("/rules/import", json={"files": files, "keep": True})).json()
        [kept] = report["kept"]
        rule = (await client.get(f"/rules/{kept}")).json()

    assert (report["usable"], report["unusable"]) == (1, 1)
    assert report["most_missed"] == [{"name": "EventID", "rules": 1}]
    assert report["rules"][0]["mapped"] == {"userAgent": "user_agent"}
    assert rule["is_enabled"] is False
    assert again["kept"] == []
