"""A folder of public rules: each is reported on, with its reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailkeeper.detect.importer import ImportReport, Outcome, import_folder

OKTA = """\
title: Okta User Account Locked Out
id: 14701da0-4b0f-4ee6-9c95-2ffb4e73bb9a
status: test
description: Detects when a user account is locked out.
references:
    - https://developer.okta.com/docs/reference/api/system-log/
author: Somebody
date: 2021-09-12
modified: 2022-10-09
tags:
    - attack.impact
    - attack.t1531
logsource:
    product: okta
    service: okta
detection:
    selection:
        displaymessage: Max sign in attempts exceeded
    condition: selection
falsepositives:
    - Unknown
level: medium
"""

CLOUD = """\
title: Console login from a script
id: 14701da0-4b0f-4ee6-9c95-2ffb4e73bb9b
status: experimental
logsource:
    product: aws
    service: cloudtrail
detection:
    selection:
        eventName: ConsoleLogin
        userAgent|contains:
            - python
            - curl
    filter:
        sourceIPAddress|cidr: 10.0.0.0/8
    condition: selection and not filter
level: high
"""

WINDOWS = """\
title: Encoded command
id: 14701da0-4b0f-4ee6-9c95-2ffb4e73bb9c
logsource: {product: windows, category: process_creation}
detection:
    selection:
        CommandLine|base64offset|contains: http
        EventID: 4688
    condition: selection
"""

CORRELATED = """\
title: Many console logins
correlation:
    type: event_count
    rules: 14701da0-4b0f-4ee6-9c95-2ffb4e73bb9b
    group-by: [sourceIPAddress]
    timespan: 1h
    condition: {gte: 10}
"""


@pytest.fixture
def report(tmp_path: Path) -> ImportReport:
    folder = tmp_path / "rules"
    (folder / "cloud" / "deep").mkdir(parents=True)
    (folder / "okta.yml").write_text(OKTA)
    (folder / "cloud" / "login.yaml").write_text(CLOUD)
    (folder / "cloud" / "deep" / "many.yml").write_text(CORRELATED)
    (folder / "windows.yml").write_text(WINDOWS)
    (folder / "never.yml").write_text(
        "title: Never\ndetection:\n  s: {local_hour: 25}\n  condition: s\n"
    )
    (folder / "broken.yml").write_text("title: [\n")
    (folder / "big.yml").write_text("#" * 300_000)
    (folder / "notes.txt").write_text("no rule")
    (tmp_path / "outside.yml").write_text(OKTA)
    (folder / "link.yml").symlink_to(tmp_path / "outside.yml")
    return import_folder(folder)


def test_what_can_be_used(report: ImportReport) -> None:
    by_title = {each.title: each for each in report.rules}
    assert len(by_title) == len(report.rules) == 5
    login = by_title["Console login from a script"]
    assert (login.outcome, login.reasons) == (Outcome.USABLE, ())
    assert login.mapped == (
        ("eventName", "action"),
        ("userAgent", "user_agent"),
        ("sourceIPAddress", "ip_address"),
    )
    assert login.logsource == "product=aws service=cloudtrail"
    many = by_title["Many console logins"]
    assert many.outcome is Outcome.USABLE
    assert many.rule is not None
    assert many.rule.group_by[0].name == "sourceIPAddress"
    assert login.rule is not None
    assert not login.rule.is_raised


def test_what_cannot_and_why(report: ImportReport) -> None:
    by_title = {each.title: each for each in report.rules}
    okta = by_title["Okta User Account Locked Out"]
    assert (okta.outcome, okta.rule) == (Outcome.UNUSABLE, None)
    assert okta.unmapped == ("displaymessage",)
    assert okta.reasons == ("18:9: RULE_UNKNOWN_FIELD: 'displaymessage' is not a field.",)
    windows = by_title["Encoded command"]
    assert [reason.split(": ")[1] for reason in windows.reasons] == [
        "RULE_UNSUPPORTED_MODIFIER",
        "RULE_UNKNOWN_FIELD",
    ]
    assert by_title["Never"].outcome is Outcome.DOUBTFUL
    assert by_title["Never"].reasons == ("RULE_NEVER_MATCHES: No event can meet the condition.",)


def test_files_without_a_rule_are_told_and_links_are_not_followed(report: ImportReport) -> None:
    assert [line.partition(":")[0] for line in report.unreadable] == ["big.yml", "broken.yml"]
    assert [report.count(outcome) for outcome in Outcome] == [2, 1, 2]
    assert report.most_missed() == [("CommandLine", 1), ("EventID", 1), ("displaymessage", 1)]


def test_a_correlation_of_an_unusable_rule_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(CLOUD.replace("eventName", "nothing"))
    (tmp_path / "b.yml").write_text(CORRELATED)
    first, second = import_folder(tmp_path).rules
    assert first.outcome is second.outcome is Outcome.UNUSABLE
    assert second.reasons == ("A rule that it refers to is unusable.",)


def test_an_empty_folder_has_an_empty_report(tmp_path: Path) -> None:
    assert import_folder(tmp_path) == ImportReport((), ())
