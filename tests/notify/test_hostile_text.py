"""What others wrote (names, groups, reasons) stays text, whatever a channel makes of text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.room import an_alert
from trailkeeper.notify.alert import from_payload
from trailkeeper.notify.channels.email import to_email
from trailkeeper.notify.channels.mattermost import to_mattermost
from trailkeeper.notify.channels.pagerduty import to_pagerduty
from trailkeeper.notify.channels.slack import to_slack
from trailkeeper.notify.channels.teams import to_teams
from trailkeeper.notify.channels.webhook import to_webhook
from trailkeeper.notify.message import Message
from trailkeeper.outbound.mail import checked_mail

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTILE = (
    "<!channel> @all [x](http://evil.example) **b** http://evil.example \u202eoops\x00\r\nTo: x"
)


def message(more: int = 0, **changes: Any) -> Message:
    alert = from_payload(an_alert(NOW, **changes))
    return Message("id-1", "Acme", (alert,), more, "https://tk.example", NOW, NOW, "a@b.example")


def texts(value: Any) -> list[str]:
    """All strings in a body."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    return [text for each in value for text in texts(each)] if isinstance(value, list) else []


def plain_objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if value.get("type") in ("plain_text", "mrkdwn") else []
        return own + [found for each in value.values() for found in plain_objects(each)]
    return [f for each in value for f in plain_objects(each)] if isinstance(value, list) else []


def hostile() -> dict[str, Any]:
    return {"rule_title": HOSTILE, "group": HOSTILE, "reasons": [HOSTILE]}


@pytest.mark.parametrize("more", [0, 3])
def test_slack_has_it_in_plain_text_alone(more: int) -> None:
    body = to_slack(message(more, **hostile()))
    for each in plain_objects(body):
        assert "evil" not in each["text"] or each["type"] == "plain_text"
    assert "<!channel>" not in body["text"]


def test_a_link_of_an_alert_cannot_lead_elsewhere() -> None:
    for path in ("//evil.example", "https://evil.example", "/\\evil.example", "x", "/a b", "/ä"):
        told = message(search_link=path)
        assert told.link(told.alerts[0]) == "https://tk.example/"
    told = message(search_link="/explorer?q=a%20b&x=(1)|<2>")
    assert told.link(told.alerts[0]) == "https://tk.example/explorer?q=a%20b&x=(1)|<2>"
    assert "|<2>" not in json.dumps(to_slack(told))


@pytest.mark.parametrize("more", [0, 3])
def test_mattermost_mentions_nobody_and_links_nowhere(more: int) -> None:
    body = to_mattermost(message(more, **hostile()))
    assert "@all" not in " ".join(texts(body))
    # The fallback is shown where there is no Markdown.
    del body["attachments"][0]["fallback"]
    told = " ".join(texts(body))
    assert "[x](" not in told
    assert "http://evil" not in told


@pytest.mark.parametrize("more", [0, 3])
def test_a_mail_has_no_link_and_no_header_of_theirs(more: int) -> None:
    mail = checked_mail(to_email(message(more, **hostile())))
    assert "\n" not in mail.subject
    assert "://evil" not in mail.text
    assert "://evil" not in (mail.html or "")
    assert "<!channel>" not in (mail.html or "")


@given(
    title=st.text(max_size=400),
    group=st.text(max_size=2000),
    reasons=st.lists(st.text(max_size=4000), max_size=12),
    more=st.integers(0, 400),
)
def test_any_text_fits_into_every_channel(
    title: str, group: str, reasons: list[str], more: int
) -> None:
    told = message(more, rule_title=title, group=group, reasons=reasons)
    checked_mail(to_email(told))
    slack = to_slack(told)
    assert len(slack["blocks"]) <= 50
    assert len(slack["blocks"][0]["text"]["text"]) <= 150
    for each in plain_objects(slack):
        assert 1 <= len(each["text"]) <= 3000
    assert len(json.dumps(to_teams(told)).encode()) < 28 * 1024
    assert len(to_pagerduty(told)["payload"]["summary"]) <= 1024
    json.dumps(to_mattermost(told))
    json.dumps(to_webhook(told))
