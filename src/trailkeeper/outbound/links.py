"""Links in mails: always on the address in the settings, never on one a request brought along."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode


def link_to(public_url: str, path: str, *, secret: Mapping[str, str] | None = None) -> str:
    """`https://audit.example.com/reset#token=…`; `public_url` as in the settings.

    What is secret goes behind the #: a browser keeps that from servers, proxies and referrers.
    Raises ValueError for a path that is not one on this very address.
    """
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        raise ValueError(f"{path!r} is no path")
    return f"{public_url}{quote(path)}" + (f"#{urlencode(secret)}" if secret else "")
