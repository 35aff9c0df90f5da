"""A review as a mail: numbers first, each with where to look, names after."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from typing import Final
from urllib.parse import urlencode

from trailkeeper.notify.review.facts import CountOf, People, Review
from trailkeeper.outbound.letter import FACE, PRODUCT, moment, shown
from trailkeeper.outbound.links import link_to
from trailkeeper.outbound.mail import Mail

_CELL: Final = "text-align:left;vertical-align:top;padding:2px 16px 2px 0"

Line = tuple[str, str, str | None]
"""What is told, how much, and where to look."""


def review_mail(to: str, organization: str, review: Review, public_url: str) -> Mail:
    """`to` is an e-mail address; links lead to `public_url`."""
    name = shown(organization)
    lines = _lines(review, public_url)
    last_day = review.end - timedelta(microseconds=1)
    title = f"{name}: the week of {review.start:%d %B} to {last_day:%d %B %Y}"
    settings = link_to(public_url, "/settings/notifications")
    return Mail(
        to,
        f"{PRODUCT}: weekly review of {name}",
        _to_text(title, lines, settings),
        _to_html(title, lines, settings),
    )


def _lines(review: Review, public_url: str) -> list[Line]:
    security = link_to(public_url, "/security")
    opened = sum(each.opened for each in review.detections)
    by_severity = ", ".join(
        f"{each.opened} {each.severity} ({each.still_open} open)" for each in review.detections
    )
    lines: list[Line] = [
        ("New detections", f"{opened:,}" + (f": {by_severity}" if by_severity else ""), security),
        _counted("Failed sign-ins", review.failed_sign_ins, review, public_url),
        _counted("Role changes", review.role_changes, review, public_url),
        _counted("Deletions", review.deletions, review, public_url),
        (
            "Signed in for the first time",
            _people(review.first_sign_ins),
            _search("action:LOGIN", review.start, review.end, public_url),
        ),
        ("Not seen for 30 days", _people(review.silent), link_to(public_url, "/analytics")),
        (
            "Rules that found nothing for 30 days",
            f"{len(review.silent_rules):,}"
            + (
                f": {', '.join(shown(each) for each in review.silent_rules)}"
                * bool(review.silent_rules)
            ),
            link_to(public_url, "/rules"),
        ),
        ("Retention", _retention(review), link_to(public_url, "/settings/retention")),
    ]
    return lines


def _counted(label: str, counted: CountOf, review: Review, public_url: str) -> Line:
    change = f"{counted.count:,} (the week before: {counted.before:,})"
    return (label, change, _search(counted.query, review.start, review.end, public_url))


def _people(people: People) -> str:
    names = [shown(each.email or each.user_id) for each in people.named]
    rest = people.count - len(names)
    if rest:
        names.append(f"and {rest:,} more")
    return f"{people.count:,}" + (f": {', '.join(names)}" if names else "")


def _retention(review: Review) -> str:
    last = review.health.retention_last_run_at
    if last is None:
        return "never ran to its end yet"
    overdue = " and is OVERDUE" if review.health.retention_is_overdue else ""
    return f"last ran {moment(last)}{overdue}"


def _search(query: str, start: datetime, end: datetime, public_url: str) -> str:
    asked = urlencode({"q": query, "start_date": start.isoformat(), "end_date": end.isoformat()})
    return f"{link_to(public_url, '/explorer')}?{asked}"


def _to_text(title: str, lines: list[Line], settings: str) -> str:
    parts = [title]
    parts += [
        f"{label}: {told}" + (f"\n{link}" if link is not None else "")
        for label, told, link in lines
    ]
    parts.append(f"You chose this review; to end it: {settings}")
    parts.append(f"-- \n{PRODUCT}. Nobody reads answers to this mail.")
    return "\n\n".join(parts) + "\n"


def _to_html(title: str, lines: list[Line], settings: str) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="{_CELL}">{_linked(label, link)}</th>'
        f'<td style="{_CELL}">{escape(told)}</td></tr>\n'
        for label, told, link in lines
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>\n"
        f'<body style="{FACE}">\n<h1 style="font-size:18px">{escape(title)}</h1>\n'
        f"<table>\n{rows}</table>\n"
        f'<p>You chose this review; <a href="{escape(settings)}">end it here</a>.</p>\n'
        f"<p><small>{PRODUCT}. Nobody reads answers to this mail.</small></p>\n"
        "</body>\n</html>\n"
    )


def _linked(label: str, link: str | None) -> str:
    return f'<a href="{escape(link)}">{escape(label)}</a>' if link is not None else escape(label)
