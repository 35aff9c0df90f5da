"""Where each kind of channel leads: on the wire, and sealed at rest."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec

from trailkeeper.errors import BadRequest
from trailkeeper.outbound.errors import OutboundRefused
from trailkeeper.outbound.target import to_target
from trailkeeper.outbound_settings import to_mail_address

SECRET_PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
MIN_SECRET_BYTES: Final = 24
MAX_SECRET_BYTES: Final = 64
MAX_ADDRESSES: Final = 50
PAGERDUTY_URL: Final = "https://events.pagerduty.com/v2/enqueue"

_ROUTING_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,128}")

Url = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class ChannelKind(StrEnum):
    EMAIL = "email"
    IN_APP = "in_app"
    MATTERMOST = "mattermost"
    PAGERDUTY = "pagerduty"
    SLACK = "slack"
    TEAMS = "teams"
    WEBHOOK = "webhook"


class EmailTarget(
    msgspec.Struct, tag="email", tag_field="kind", forbid_unknown_fields=True, frozen=True
):
    """Mail to these addresses, and to the people and roles of an alert setting."""

    to: Annotated[list[str], msgspec.Meta(max_length=MAX_ADDRESSES)] = []


class InAppTarget(
    msgspec.Struct, tag="in_app", tag_field="kind", forbid_unknown_fields=True, frozen=True
):
    """The inboxes of the people and roles of an alert setting."""


class SlackTarget(
    msgspec.Struct, tag="slack", tag_field="kind", forbid_unknown_fields=True, frozen=True
):
    """A Slack incoming webhook."""

    url: Url


class TeamsTarget(
    msgspec.Struct, tag="teams", tag_field="kind", forbid_unknown_fields=True, frozen=True
):
    """A workflow of Microsoft Teams that is started by a webhook request."""

    url: Url


class MattermostTarget(
    msgspec.Struct, tag="mattermost", tag_field="kind", forbid_unknown_fields=True, frozen=True
):
    """A Mattermost incoming webhook; `channel` overrides the one it was made for."""

    url: Url
    channel: Word | None = None


class WebhookTarget(
    msgspec.Struct, tag="webhook", tag_field="kind", forbid_unknown_fields=True, frozen=True
):
    """Any receiver of Standard Webhooks. Without `secret` (`whsec_…`) one is made."""

    url: Url
    secret: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class PagerDutyTarget(
    msgspec.Struct, tag="pagerduty", tag_field="kind", forbid_unknown_fields=True, frozen=True
):
    """PagerDuty's Events API v2, or what understands it under another `url`."""

    routing_key: Annotated[str, msgspec.Meta(max_length=128)]
    url: Url = PAGERDUTY_URL


Target = (
    EmailTarget
    | InAppTarget
    | MattermostTarget
    | PagerDutyTarget
    | SlackTarget
    | TeamsTarget
    | WebhookTarget
)


class SealedTarget(msgspec.Struct, frozen=True):
    """All of a target, as it is sealed. Until `previous_until` a webhook has two secrets."""

    target: Target
    previous_secret: str | None = None
    previous_until: datetime | None = None


def kind_of(target: Target) -> ChannelKind:
    return ChannelKind(str(target.__struct_config__.tag))


def new_webhook_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def secret_bytes(secret: str) -> bytes:
    """The key that signs (Standard Webhooks). Raises ValueError."""
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)


def checked_target(target: Target) -> Target:
    """As it is kept; a webhook has a secret now. Raises BadRequest(INVALID_CHANNEL)."""
    match target:
        case EmailTarget():
            return EmailTarget(list(dict.fromkeys(_address(each) for each in target.to)))
        case InAppTarget():
            return target
        case PagerDutyTarget():
            if not _ROUTING_KEY.fullmatch(target.routing_key):
                raise _invalid("A routing key has 16 to 128 letters and digits.", "routing_key")
        case WebhookTarget():
            secret = target.secret or new_webhook_secret()
            _check_secret(secret)
            target = WebhookTarget(target.url, secret)
        case MattermostTarget() if target.channel is not None:
            if not target.channel.isprintable():
                raise _invalid("A channel's name is printable.", "channel")
    try:
        to_target(target.url)
    except OutboundRefused as error:
        raise _invalid(error.detail, "url") from None
    return target


def shown_of(target: Target) -> dict[str, Any]:
    """What is no secret: `to` of mail, `hint` (the host alone) of what is called."""
    match target:
        case EmailTarget():
            return {"to": target.to}
        case InAppTarget():
            return {}
        case _:
            return {"hint": urlsplit(target.url).hostname or ""}


def _address(text: str) -> str:
    try:
        return to_mail_address(text)
    except ValueError:
        raise _invalid(f"{text[:64]!r} is no e-mail address.", "to") from None


def _check_secret(secret: str) -> None:
    try:
        size = len(secret_bytes(secret))
    except (ValueError, binascii.Error):
        size = 0
    if not secret.startswith(SECRET_PREFIX) or not MIN_SECRET_BYTES <= size <= MAX_SECRET_BYTES:
        raise _invalid(
            f"A secret is {SECRET_PREFIX} and the Base64 of {MIN_SECRET_BYTES} to "
            f"{MAX_SECRET_BYTES} bytes.",
            "secret",
        )


def _invalid(detail: str, field: str) -> BadRequest:
    return BadRequest("INVALID_CHANNEL", detail, field=f"target.{field}")
