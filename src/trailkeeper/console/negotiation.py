"""What a request asks for: a page or data (RFC 9110, 12.5.1), and in which coding (12.5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

HTML: Final = "text/html"
JSON: Final = "application/json"

Headers = Iterable[tuple[bytes, bytes]]


def wants_page(headers: Headers) -> bool:
    """Whether a browser navigates: it names HTML, and likes nothing of the API better.

    `*/*`, which programs send, names nothing.
    """
    given = header(headers, b"accept").lower()
    if HTML.encode() not in given:
        return False
    weights = weighted(given)
    wish = weights.get(HTML, 0.0)
    return wish > 0 and wish >= weights.get(JSON, 0.0)


def header(headers: Headers, name: bytes) -> bytes:
    """All lines of a header as one; empty where there is none. `name` is in lower case."""
    return b",".join(value for each, value in headers if each.lower() == name)


def weighted(value: bytes) -> dict[str, float]:
    """`br;q=0.5, gzip` -> `{"br": 0.5, "gzip": 1.0}`, in lower case. A bad weight is a zero."""
    weights: dict[str, float] = {}
    for part in value.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            weights[name] = min((_weight(each) for each in parameters), default=1.0)
    return weights


def _weight(parameter: str) -> float:
    key, _, value = parameter.partition("=")
    if key.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
