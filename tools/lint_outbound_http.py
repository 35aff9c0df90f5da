"""HTTP and mail leave the service through one place.

Reason: that place resolves names, refuses private and metadata addresses after DNS and on every
redirect, and sets time-outs; mail it sends once per reason, checked against header injection. A
second client is a second way out, without the checks.

Escape: `# outbound-http: reason` on the import.
"""

from __future__ import annotations

from pathlib import Path

from linting import Finding, extent, imports, is_within, main, sources

CLIENTS = ("aiohttp", "http.client", "httpx", "httpx2", "requests", "urllib.request", "urllib3")
MAILERS = ("aiosmtplib", "smtplib")

OUTBOUND = "src/trailkeeper/outbound/"
CLIENT = "src/trailkeeper/client/"


def check(root: Path) -> list[Finding]:
    return [
        source.finding(node.lineno, f"{dotted}: {message}")
        for source in sources(root, "src")
        for node, dotted in imports(source)
        if (message := _fault(source.name, dotted)) is not None
        and not source.is_excused("outbound-http", *extent(node))
    ]


def _fault(name: str, dotted: str) -> str | None:
    if name.startswith(OUTBOUND):
        return None
    if is_within(dotted, MAILERS):
        return "mail goes out through trailkeeper.outbound only"
    if is_within(dotted, CLIENTS) and not name.startswith(CLIENT):
        return "HTTP goes out through trailkeeper.client or .outbound only"
    return None


if __name__ == "__main__":
    main(check)
