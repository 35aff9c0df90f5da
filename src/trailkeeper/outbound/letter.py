"""The shape all mails share, written twice: as plain text and as plain HTML.

Both say the same. The HTML loads nothing from anywhere: no images, no fonts, no styles.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Final

from trailkeeper.outbound.mail import Mail

PRODUCT: Final = "Trailkeeper"
MAX_SHOWN_LENGTH: Final = 120

_LINK = re.compile(r"https?://[!-~]+")
FACE: Final = "font-family:sans-serif;font-size:15px;line-height:1.5;color:#1a1a1a"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. Paragraphs are ours; what others wrote MUST pass through `shown`."""

    subject: str
    what: str
    facts: tuple[tuple[str, str], ...] = ()
    link: tuple[str, str] | None = None
    if_not_you: str = ""


def shown(text: str) -> str:
    """What others chose (names, devices, places), fit to stand in a mail of ours.

    On one line, without invisible or direction-turning characters, at most 120 characters, and
    with no address in it that a mail program would turn into a link of its own.
    """
    visible = "".join(
        each if each.isspace() or not unicodedata.category(each).startswith("C") else " "
        for each in text
    )
    line = " ".join(visible.replace("://", " ").split())
    return line if len(line) <= MAX_SHOWN_LENGTH else line[: MAX_SHOWN_LENGTH - 1] + "…"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def to_mail(to: str, letter: Letter) -> Mail:
    """Raises ValueError where the link is no http or https address."""
    if letter.link is not None and not _LINK.fullmatch(letter.link[1]):
        raise ValueError("a mailed link is an http or https address")
    return Mail(to, f"{PRODUCT}: {letter.subject}", _to_text(letter), _to_html(letter))


def _to_text(letter: Letter) -> str:
    parts = [letter.what]
    if letter.facts:
        parts.append("\n".join(f"{label}: {value}" for label, value in letter.facts))
    if letter.link is not None:
        parts.append("{}:\n{}".format(*letter.link))
    if letter.if_not_you:
        parts.append(letter.if_not_you)
    parts.append(f"-- \n{PRODUCT}. Nobody reads answers to this mail.")
    return "\n\n".join(parts) + "\n"


def _to_html(letter: Letter) -> str:
    parts = [f"<p>{escape(letter.what)}</p>"]
    if letter.facts:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left;padding-right:16px">{escape(label)}</th>'
            f"<td>{escape(value)}</td></tr>\n"
            for label, value in letter.facts
        )
        parts.append(f"<table>\n{rows}</table>")
    if letter.link is not None:
        label, url = letter.link
        parts.append(
            f'<p><a href="{escape(url)}">{escape(label)}</a></p>\n'
            f"<p>Or open this address:<br>{escape(url)}</p>"
        )
    if letter.if_not_you:
        parts.append(f"<p>{escape(letter.if_not_you)}</p>")
    parts.append(f"<p><small>{PRODUCT}. Nobody reads answers to this mail.</small></p>")
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(letter.subject)}</title></head>\n"
        f'<body style="{FACE}">\n{body}\n</body>\n</html>\n'
    )
