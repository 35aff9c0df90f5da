"""HTTP leaves the service through one place.

Reason: that place resolves names, refuses private and metadata addresses after DNS and on every
redirect, and sets time-outs. A second client is a second way out, without the checks.

Escape: `# outbound-http: reason` on the import.
"""

from __future__ import annotations

from pathlib import Path

from linting import Finding, extent, imports, is_within, main, sources

CLIENTS = ("aiohttp", "http.client", "httpx", "httpx2", "requests", "urllib.request", "urllib3")
ALLOWED = ("src/trailkeeper/client/", "src/trailkeeper/client.py", "src/trailkeeper/outbound.py")


def check(root: Path) -> list[Finding]:
    return [
        source.finding(
            node.lineno, f"{dotted}: HTTP goes out through trailkeeper.client or .outbound only"
        )
        for source in sources(root, "src")
        if not source.name.startswith(ALLOWED)
        for node, dotted in imports(source)
        if is_within(dotted, CLIENTS) and not source.is_excused("outbound-http", *extent(node))
    ]


if __name__ == "__main__":
    main(check)
