"""Making embed tokens: what a filter and an origin may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.embed_tokens import EmbedGrant, to_token
from trailkeeper.access.seal import Sealer
from trailkeeper.access.trail import Requester, record
from trailkeeper.errors import BadRequest, Forbidden
from trailkeeper.ids import new_event_id
from trailkeeper.outbound_settings import is_loopback
from trailkeeper.principal import Principal
from trailkeeper.search.params import parse_parameters

EMBED_TOKEN: Final = "EMBED_TOKEN"
SUBJECTS: Final = ("user_id", "user_email", "on_behalf_of", "resource_id")
"""At least one of them says whose trail it is."""
NARROWING: Final = ("action", "resource_type", "status", "source")
MAX_VALUES: Final = 20
MAX_FILTER_BYTES: Final = 2048
MAX_ORIGINS: Final = 10
MAX_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class EmbedToken:
    """A new token, and what it is good for."""

    token: str
    grant: EmbedGrant


async def make_embed_token(
    session: AsyncSession,
    sealer: Sealer,
    maker: Principal,
    requester: Requester,
    *,
    filter: Mapping[str, Sequence[str]],
    origins: Sequence[str],
    seconds: int,
    now: datetime,
) -> EmbedToken:
    """A token of the maker's organization, on the record.

    Raises Forbidden(KEY_NEEDED), BadRequest(INVALID_EMBED_FILTER, INVALID_ORIGIN, and as
    `parse_parameters` does).
    """
    if maker.key_id is None:
        raise Forbidden(
            "KEY_NEEDED",
            "An embed token is bound to the API key that makes it; a person has none.",
            hint="Let your product's server ask, with its own key.",
        )
    grant = EmbedGrant(
        organization=maker.organization,
        key_id=maker.key_id,
        expires_at=now + timedelta(seconds=seconds),
        filter=_checked_filter(filter),
        origins=tuple(_checked_origin(each, place) for place, each in enumerate(origins)),
    )
    await record(
        session,
        maker.tenant,
        requester,
        "CREATE",
        now=now,
        resource_type=EMBED_TOKEN,
        resource_id=new_event_id(),
        details={
            "filter": {name: list(values) for name, values in filter.items()},
            "origins": list(grant.origins),
            "expires_at": grant.expires_at.isoformat(),
        },
    )
    return EmbedToken(to_token(sealer, grant), grant)


def _checked_filter(filter: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    pairs = tuple((name, value) for name, values in filter.items() for value in values)
    unknown = sorted(filter.keys() - {*SUBJECTS, *NARROWING})
    if unknown:
        raise _invalid(f"A token cannot be confined by {unknown[0]!r}.")
    if not any(name in SUBJECTS for name, _ in pairs):
        raise _invalid("The filter does not say whose trail it is.")
    if not all(filter.values()) or not all(value for _, value in pairs):
        raise _invalid("A value is missing.")
    size_bytes = sum(len(f"{name}{value}".encode(errors="replace")) for name, value in pairs)
    if len(pairs) > MAX_VALUES or size_bytes > MAX_FILTER_BYTES:
        raise _invalid(f"At most {MAX_VALUES} values and {MAX_FILTER_BYTES:,} bytes.")
    parse_parameters(pairs)
    return pairs


def _invalid(detail: str) -> BadRequest:
    return BadRequest(
        "INVALID_EMBED_FILTER",
        detail,
        hint=f"Name at least one of {', '.join(SUBJECTS)}.",
        field="filter",
        expected=[*SUBJECTS, *NARROWING],
    )


def _checked_origin(text: str, place: int) -> str:
    """An origin as browsers send it (RFC 6454): https, or http on this machine."""
    try:
        parts = urlsplit(text)
        host, has_port = parts.hostname or "", parts.port is not None
    except ValueError:
        host, has_port = "", False
        parts = urlsplit("")
    is_plain = text == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    is_default = has_port and parts.port == {"https": 443, "http": 80}.get(parts.scheme)
    is_lower = text == text.lower() and text.isascii() and text.isprintable()
    if not (host and is_plain and is_safe and is_lower) or is_default:
        raise BadRequest(
            "INVALID_ORIGIN",
            f"{text[:80]!r} is no origin that a token can be for.",
            hint="Write https://app.example.com: in lower case, without path or default port.",
            field=f"origins.{place}",
        )
    return text
