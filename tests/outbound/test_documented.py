"""Every code that this room gives is told to operators, and no other."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT, code_words, read_page, table_rows

CODE = re.compile(r"\"((?:MAIL|OUTBOUND)_[A-Z_]+)\"")
AT_START = {"OUTBOUND_CA_UNUSABLE"}


def test_every_code_is_documented_and_no_other() -> None:
    folder = ROOT / "src" / "trailkeeper" / "outbound"
    given = {code for path in folder.glob("*.py") for code in CODE.findall(path.read_text())}
    section = read_page("docs/operations.md").section("Mail and outbound calls")
    told = {word for row in table_rows(section) for word in code_words(row[0])}
    assert told == given - AT_START
