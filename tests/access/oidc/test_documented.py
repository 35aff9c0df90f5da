"""The page on single sign-on tells every code that a browser can be sent back with."""

from __future__ import annotations

import re
from pathlib import Path

from trailkeeper.access.signin.oidc_fault import OidcFault
from trailkeeper.access.signin.oidc_schema import NewSingleSignOn

PAGE = (Path(__file__).parents[3] / "docs" / "single-sign-on.md").read_text()


def test_every_code_is_told_and_no_other() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)
    assert sorted(told) == sorted([*OidcFault, "TOO_MANY_TRIES"])


def test_every_field_is_told() -> None:
    table = PAGE.split("## Who comes in")[0]
    told = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\|[^|]*\|", table, re.MULTILINE))))
    assert told == set(NewSingleSignOn.__struct_fields__)
