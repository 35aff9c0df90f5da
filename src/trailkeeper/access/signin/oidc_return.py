"""Where a sign-in leads back to: a path of this very service, or nothing."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from trailkeeper.access.signin.oidc_fault import OidcFault, OidcRefused

MAX_LENGTH: Final = 2000
MAX_LAYERS: Final = 5
"""How often a path may be percent-encoded over and over; nobody honest needs two."""

PRINTABLE: Final = re.compile(r"[!-~]+")


def checked_return_path(path: str) -> str:
    """The path as given, `/` for none.

    Browsers read `\\` as `/`, drop tabs and line ends, and servers on the way may decode once
    more than they should, so each layer of encoding is judged. Raises OidcRefused(RETURN_TO).
    """
    if not path:
        return "/"
    if len(path) > MAX_LENGTH or not PRINTABLE.fullmatch(path):
        raise _refused()
    layer = path
    for _ in range(MAX_LAYERS):
        _check(layer)
        inner = unquote(layer)
        if inner == layer:
            return path
        layer = inner
    raise _refused()


def _check(path: str) -> None:
    before_query = re.split(r"[?#]", path, maxsplit=1)[0]
    if (
        not path.startswith("/")
        or "//" in before_query
        or "\\" in path
        or any(ord(each) < 32 or ord(each) == 127 for each in path)
    ):
        raise _refused()
    try:
        parts = urlsplit(path)
    except ValueError:
        raise _refused() from None
    if parts.scheme or parts.netloc:
        raise _refused()


def _refused() -> OidcRefused:
    return OidcRefused(OidcFault.RETURN_TO, "return_to is not a path of this service")
