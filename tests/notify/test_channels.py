"""What each kind of channel sends, as a far end receives it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.notify.conftest import Far
from tests.notify.room import Room
from trailkeeper.notify.targets import (
    EmailTarget,
    MattermostTarget,
    PagerDutyTarget,
    SlackTarget,
    TeamsTarget,
    WebhookTarget,
)

LINK = "http://127.0.0.1:8080/explorer?q=action%3ALOGIN_FAILED&limit=50"
REASON = "7 failed logins in 10 minutes; more than 5 raise this."


def sent(far: Far) -> Any:
    """The one JSON body that came."""
    [seen] = far.web.seen
    assert (seen.method, seen.headers["content-type"]) == ("POST", "application/json")
    return json.loads(seen.body)


async def test_slack_gets_blocks(room: Room, far: Far) -> None:
    far.web.answers_with("/hook", body=b"ok")
    await room.through(SlackTarget(room.url("/hook")))
    await room.tell()
    body = sent(far)
    assert body["text"] == "High: Multiple failed logins"
    kinds = [block["type"] for block in body["blocks"]]
    assert kinds == ["header", "section", "section", "section", "context"]
    fields = [field["text"] for field in body["blocks"][1]["fields"]]
    assert fields[:2] == ["About: ip_address 203.0.113.7", "Events: 7"]
    assert body["blocks"][2]["text"] == {"type": "plain_text", "text": REASON, "emoji": False}
    link = body["blocks"][3]["text"]["text"]
    assert link == f"<{LINK.replace('&', '&amp;')}|Show the events>"
    assert await room.states() == ["delivered"]


async def test_teams_gets_an_adaptive_card(room: Room, far: Far) -> None:
    far.web.answers_with("/flow", status=202)
    await room.through(TeamsTarget(room.url("/flow")))
    await room.tell()
    body = sent(far)
    [attachment] = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Show the events", "url": LINK}]
    lines = ["".join(run["text"] for run in block["inlines"]) for block in card["body"]]
    assert lines[0] == "High: Multiple failed logins"
    assert f"Why: {REASON}" in lines
    # Only text runs: in a text block a link of somebody else's would be one.
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}


async def test_mattermost_gets_an_attachment(room: Room, far: Far) -> None:
    far.web.answers_with("/hooks/x", body=b"ok")
    await room.through(MattermostTarget(room.url("/hooks/x"), channel="security"))
    await room.tell()
    body = sent(far)
    assert body["channel"] == "security"
    [attachment] = body["attachments"]
    assert attachment["title_link"] == LINK
    titles = [field["title"] for field in attachment["fields"]]
    assert titles == ["About", "Events", "First", "Last", "Why"]


async def test_pagerduty_gets_an_event_by_detection(room: Room, far: Far) -> None:
    far.web.answers_with("/v2/enqueue", status=202, body=b'{"status":"success"}')
    key = "R0123456789ABCDEF0123456789ABCDE"
    await room.through(PagerDutyTarget(key, room.url("/v2/enqueue")))
    detection = await room.tell(severity="critical")
    body = sent(far)
    assert (body["routing_key"], body["event_action"]) == (key, "trigger")
    assert body["dedup_key"] == f"acme/{detection}"
    assert body["payload"]["severity"] == "critical"
    assert body["payload"]["summary"].startswith("Critical: Multiple failed logins: ip_address")
    assert body["payload"]["custom_details"]["reasons"] == [REASON]
    assert body["payload"]["custom_details"]["evidence_ids"] == ["e-1", "e-2"]
    assert body["links"][0]["href"] == LINK


async def test_pagerduty_joins_alerts_about_one_detection(room: Room, far: Far) -> None:
    far.web.answers_with("/v2/enqueue", status=202)
    await room.through(PagerDutyTarget("R" * 32, room.url("/v2/enqueue")))
    detection = await room.tell()
    await room.tell(detection_id=detection, what="reopened")
    keys = [json.loads(seen.body)["dedup_key"] for seen in far.web.seen]
    assert keys == [f"acme/{detection}"] * 2


async def test_a_webhook_is_signed_as_the_reference_library_checks(room: Room, far: Far) -> None:
    far.web.answers_with("/receive", status=204)
    issued = await room.through(WebhookTarget(room.url("/receive")))
    assert issued.secret is not None
    detection = await room.tell()
    [seen] = far.web.seen
    body = Webhook(issued.secret).verify(seen.body, seen.headers)
    assert body["type"] == "detection.opened"
    [alert] = body["data"]["alerts"]
    assert alert["detection_id"] == detection
    assert alert["search_link"] == LINK
    assert alert["reasons"] == [REASON]
    [row] = await room.deliveries()
    assert seen.headers["webhook-id"] == row.message == row.id
    changed = seen.body.replace(b"high", b"none")
    with pytest.raises(WebhookVerificationError):
        Webhook(issued.secret).verify(changed, seen.headers)


async def test_a_webhook_may_bring_its_own_secret(room: Room, far: Far) -> None:
    far.web.answers_with("/receive", status=204)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    issued = await room.through(WebhookTarget(room.url("/receive"), secret))
    assert issued.secret is None
    await room.tell()
    [seen] = far.web.seen
    assert Webhook(secret).verify(seen.body, seen.headers)["data"]["more"] == 0


async def test_mail_reaches_the_channels_and_the_settings_people(room: Room, far: Far) -> None:
    issued = await room.channel(EmailTarget(["soc@acme.example"]))
    await room.person("ann", "DEVELOPER")
    await room.person("bob", "ADMIN")
    await room.person("eve", "TESTER")
    await room.setting(channels=[issued.channel.id], people=["ann"], roles=["ADMIN"])
    await room.tell()
    mails = {str(mail["To"]): mail for mail in far.mail.mails}
    assert set(mails) == {"soc@acme.example", "ann@acme.example", "bob@acme.example"}
    mail = mails["ann@acme.example"]
    assert mail["Subject"] == "Trailkeeper: High: Multiple failed logins"
    text = mail.get_body(("plain",))
    assert text is not None
    assert LINK in text.get_content()
    assert f"Why: {REASON}" in text.get_content()
    ids = {str(mail["Message-ID"]) for mail in far.mail.mails}
    rows = await room.deliveries()
    assert ids == {f"<{row.message}@trailkeeper.example>" for row in rows}
    assert len(ids) == 3


async def test_a_digest_lists_its_alerts_the_worst_first(room: Room, far: Far) -> None:
    far.web.answers_with("/hook")
    issued = await room.channel(SlackTarget(room.url("/hook")))
    await room.setting(
        min_severity="informational", channels=[issued.channel.id], digest_minutes=30
    )
    for severity in ("low", "critical", "medium"):
        await room.tell(severity=severity)
    assert far.web.seen == []
    room.clock.advance(minutes=30)
    await room.notifier.run_until_idle()
    body = sent(far)
    assert body["text"] == "3 alerts, the worst critical"
    listed = [block["fields"][0]["text"] for block in body["blocks"][1:4]]
    assert [line.split(":")[0] for line in listed] == ["Critical", "Medium", "Low"]
    assert await room.states() == ["delivered"] * 3
    assert len({row.message for row in await room.deliveries()}) == 1


@pytest.mark.parametrize("kind", ["slack", "teams", "mattermost", "webhook", "pagerduty"])
async def test_of_many_alerts_twenty_are_listed_and_the_others_counted(
    room: Room, far: Far, kind: str
) -> None:
    far.web.answers_with("/hook")
    url = room.url("/hook")
    targets: dict[str, Any] = {
        "slack": SlackTarget(url),
        "teams": TeamsTarget(url),
        "mattermost": MattermostTarget(url),
        "webhook": WebhookTarget(url),
        "pagerduty": PagerDutyTarget("R" * 32, url),
    }
    issued = await room.channel(targets[kind])
    await room.setting(channels=[issued.channel.id], digest_minutes=10)
    for _ in range(57):
        await room.raise_alert()
    await room.notifier.run_until_idle()
    room.clock.advance(minutes=10)
    await room.notifier.run_until_idle()
    text = json.dumps(sent(far), ensure_ascii=False)
    assert '"more": 37' in text if kind == "webhook" else "… and 37 more" in text
    assert text.count("Show the events") in (0, 1, 20)
