"""What the server says on the terminal once it answers: where it is, and how to get in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from trailkeeper.bootstrap import DemoSignIn, FirstKey
from trailkeeper.settings import Settings


@dataclass(frozen=True)
class Beginning:
    """What there is to begin with: a first key, the demo's accounts, a link to set up with."""

    first: FirstKey | None
    demo: Sequence[DemoSignIn]
    setup_link: str | None


def announce(settings: Settings, url: str, beginning: Beginning) -> None:
    """To the standard output alone: secrets stand in it, so it never goes to the log."""
    lines = ["", f"  Trailkeeper answers on {url}", f"  Data is kept in {settings.data}", ""]
    lines += _key(url, beginning.first)
    lines += _demo(settings, beginning.demo)
    lines += _setup(beginning.setup_link)
    print("\n".join(lines), file=sys.stdout, flush=True)


def _key(url: str, first: FirstKey | None) -> list[str]:
    if first is None:
        return ["  For programs: `trailkeeper key create` makes another API key.", ""]
    return [
        f"  Organization {first.organization}. Its first API key, shown this once:",
        "",
        f"    {first.token}",
        "",
        "  Record an event, and find it:",
        "",
        f"    curl -s {url}/audit-logs/ -H 'Authorization: Bearer {first.token}' \\",
        "      -H 'Content-Type: application/json' \\",
        """      -d '{"action":"LOGIN","resource_type":"USER","user_id":"alice"}'""",
        "",
        f"    curl -s {url}/users/alice/activity -H 'Authorization: Bearer {first.token}'",
        "",
    ]


def _demo(settings: Settings, sign_ins: Sequence[DemoSignIn]) -> list[str]:
    if not sign_ins:
        return []
    width = max(len(each.email) for each in sign_ins)
    return [
        "  ┌" + "─" * 66 + "┐",
        "  │ " + "DEMO: people and activity are made up. Do not use it for real.".ljust(65) + "│",
        "  └" + "─" * 66 + "┘",
        f"  Ready sign-ins on {settings.public_url}:",
        "",
        *(f"    {each.role:<12} {each.email:<{width}}  {each.password}" for each in sign_ins),
        "",
    ]


def _setup(link: str | None) -> list[str]:
    if link is None:
        return []
    return [
        "  Nobody can sign in yet. Open this link to become the first SUPER_ADMIN; it is good",
        "  once, for 24 hours, and whoever has it can use it:",
        "",
        f"    {link}",
        "",
    ]
