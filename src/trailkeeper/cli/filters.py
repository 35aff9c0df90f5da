"""The filters of search, tail and export, as options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import typer

from trailkeeper.cli.exits import usage_error
from trailkeeper.cli.groups import OptionGroup
from trailkeeper.client.query import FilterFields, Scalar

PANEL: Final = "Filters (repeat one for OR)"
AGE: Final = re.compile(r"(\d+)([smhdw])")
UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

Words = list[str] | None


def _option(help_text: str, *names: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(*names, help=help_text, rich_help_panel=PANEL)
    return option


@dataclass(frozen=True, slots=True)
class Filters(OptionGroup):
    start_date: Annotated[
        str | None,
        _option(
            "Not before: a date, a time, or an age such as 24h or 7d.", "--start-date", "--since"
        ),
    ] = None
    end_date: Annotated[
        str | None,
        _option("Not after; a date includes that whole day.", "--end-date", "--until"),
    ] = None
    time_zone: Annotated[
        str | None, _option("Zone of dates, e.g. Europe/Berlin; UTC if left out.")
    ] = None
    action: Annotated[Words, _option("Action, e.g. DELETE.")] = None
    resource_type: Annotated[Words, _option("Resource type, e.g. PROJECT.")] = None
    resource_id: Annotated[Words, _option("Resource id.")] = None
    resource_name: Annotated[Words, _option("Resource name.")] = None
    user_id: Annotated[Words, _option("User id.")] = None
    user_email: Annotated[Words, _option("User's e-mail address.")] = None
    on_behalf_of: Annotated[Words, _option("The person acted for.")] = None
    status: Annotated[Words, _option("SUCCESS or FAILED.")] = None
    source: Annotated[Words, _option("UI, API, CLI, SDK or SYSTEM.")] = None
    ip_address: Annotated[
        Words, _option("Address or network, e.g. 10.0.0.0/8.", "--ip-address", "--ip")
    ] = None
    country: Annotated[Words, _option("Country code, e.g. DE.")] = None
    city: Annotated[Words, _option("City.")] = None
    browser: Annotated[Words, _option("Browser.")] = None
    os: Annotated[Words, _option("Operating system.")] = None
    device: Annotated[Words, _option("Device.")] = None
    user_agent: Annotated[Words, _option("User agent.")] = None
    details: Annotated[Words, _option("PATH=VALUE inside details, e.g. reason=expired.")] = None

    def to_arguments(self, now: datetime) -> FilterFields:
        """Keyword arguments for the client; ages are counted back from `now`."""
        return {
            "start_date": _moment(self.start_date, now),
            "end_date": _moment(self.end_date, now),
            "time_zone": self.time_zone,
            "action": self.action,
            "resource_type": self.resource_type,
            "resource_id": self.resource_id,
            "resource_name": self.resource_name,
            "user_id": self.user_id,
            "user_email": self.user_email,
            "on_behalf_of": self.on_behalf_of,
            "status": self.status,
            "source": self.source,
            "ip_address": self.ip_address,
            "country": self.country,
            "city": self.city,
            "browser": self.browser,
            "os": self.os,
            "device": self.device,
            "user_agent": self.user_agent,
            "details": _details(self.details or ()),
        }

    def has_age(self) -> bool:
        """Whether a time is given as an age: it is another one at the next call."""
        return any(AGE.fullmatch(text or "") for text in (self.start_date, self.end_date))

    def arguments(self) -> FilterFields:
        return self.to_arguments(datetime.now(UTC))


def joined(words: Words) -> str | None:
    """The query from the command line's words; None where there are none."""
    return " ".join(words) if words else None


def _moment(text: str | None, now: datetime) -> str | None:
    age = AGE.fullmatch(text) if text else None
    if age is None:
        return text
    try:
        return (now - timedelta(**{UNITS[age[2]]: int(age[1])})).isoformat()
    except OverflowError:
        raise usage_error("INVALID_AGE", f"{text} is longer ago than any event") from None


def _details(pairs: Iterable[str]) -> dict[str, Scalar | Sequence[Scalar]]:
    paths: dict[str, list[str]] = {}
    for pair in pairs:
        path, equals, value = pair.partition("=")
        if not path or not equals:
            raise usage_error("INVALID_DETAILS", f"{pair!r} is not of the form PATH=VALUE")
        paths.setdefault(path, []).append(value)
    return dict(paths)
