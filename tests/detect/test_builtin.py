"""The built-in rules find what they say, and no more."""

from __future__ import annotations

import pytest

from tests.detect.rules import at
from trailkeeper.detect.builtin import builtin_rules
from trailkeeper.detect.evaluate import LiveEvaluator
from trailkeeper.event import StoredEvent

BY_ADDRESS = "Many failed logins from one address"
BY_ACCOUNT = "Failed logins to one account from several addresses"
DELETIONS = "Bulk deletions by one person"


def told(events: list[StoredEvent]) -> list[tuple[str, tuple[str, ...], int]]:
    rules = builtin_rules()
    titles = {rule.id: rule.title for rule in rules}
    found = [change.detection for change in LiveEvaluator(rules).feed(events)]
    told = [(titles[each.rule_id], each.group, each.count) for each in found]
    return [each for each in told if each[0] in (BY_ADDRESS, BY_ACCOUNT, DELETIONS)]


def failed(minute: float, address: int, email: str) -> StoredEvent:
    return at(
        minute,
        action="LOGIN_FAILED",
        user_id="",
        user_email=email,
        ip_address=f"::ffff:10.0.0.{address}",
        status="FAILED",
    )


def test_many_failures_from_one_address() -> None:
    tries = [failed(each, 1, f"person{each}@acme.io") for each in range(6)]
    assert told(tries) == [(BY_ADDRESS, ("10.0.0.1",), 6)]
    assert told(tries[:5]) == []
    assert told([failed(each * 5, 1, "") for each in range(12)]) == []


def test_failures_of_one_account_from_several_addresses() -> None:
    tries = [failed(each * 15, each, email) for each, email in enumerate(("A@b", "a@B", "a@b"))]
    assert told(tries) == [(BY_ACCOUNT, ("a@b",), 3)]
    assert told([failed(each, 1, "a@b") for each in range(3)]) == []


@pytest.mark.parametrize("action", ["DELETE", "MODEL_DELETED"])
def test_bulk_deletions(action: str) -> None:
    deletions = [at(each / 2, action=action, resource_id=str(each)) for each in range(11)]
    assert told(deletions) == [(DELETIONS, ("u",), 11)]
    assert told(deletions[:10]) == []
    refused = [at(each / 2, action=action, status="FAILED") for each in range(20)]
    assert told(refused) == []


def test_each_says_what_it_means_and_when_it_is_wrong() -> None:
    rules = builtin_rules()
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.description
        assert rule.tags
        if rule.is_raised:
            assert rule.false_positives
            assert rule.suppression
