"""Names that rules may use for fields: our own, and those that public Sigma rules use."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

from trailkeeper.detect.condition import Subject
from trailkeeper.errors import BadRequest
from trailkeeper.search.fields import DETAILS, NAMES
from trailkeeper.search.scan import parse_path

PUBLIC_NAMES: Final[dict[str, str]] = {
    # who
    "User": "user",
    "UserName": "user",
    "username": "user",
    "user.name": "user",
    "user.id": "user_id",
    "user.email": "user_email",
    "userPrincipalName": "user_email",
    "UserPrincipalName": "user_email",
    "InitiatedBy": "user",
    "initiatedBy.user.userPrincipalName": "user_email",
    "actor.alternateId": "user_email",
    "actor.alternateid": "user_email",
    "actor.email": "user_email",
    "actor.id": "user_id",
    "actor": "user",
    "userIdentity.arn": "user_id",
    "userIdentity.principalId": "user_id",
    "userIdentity.userName": "user",
    "cs-username": "user",
    # from where
    "src_ip": "ip_address",
    "source.ip": "ip_address",
    "client.ip": "ip_address",
    "client.ipAddress": "ip_address",
    "client_ip": "ip_address",
    "ClientIP": "ip_address",
    "IpAddress": "ip_address",
    "ipAddress": "ip_address",
    "IPAddress": "ip_address",
    "SourceIp": "ip_address",
    "sourceIPAddress": "ip_address",
    "callerIpAddress": "ip_address",
    "actor_ip": "ip_address",
    "c-ip": "ip_address",
    "actor_location.country_code": "country",
    "source.geo.country_iso_code": "country",
    "location.countryOrRegion": "country",
    "source.geo.city_name": "city",
    # with what
    "c-useragent": "user_agent",
    "cs-user-agent": "user_agent",
    "userAgent": "user_agent",
    "UserAgent": "user_agent",
    "user_agent.original": "user_agent",
    "client.user_agent.rawuseragent": "user_agent",
    # what
    "eventName": "action",
    "eventname": "action",
    "eventType": "action",
    "eventtype": "action",
    "event.action": "action",
    "event_name": "action",
    "operationName": "action",
    "OperationName": "action",
    "Operation": "action",
    "activityDisplayName": "action",
    "event.outcome": "status",
    "outcome.result": "status",
    "ResultType": "status",
    "Status": "status",
    # to what
    "target.id": "resource_id",
    "resourceId": "resource_id",
    "target.type": "resource_type",
    "resourceType": "resource_type",
    "target.displayName": "resource_name",
    "target.alternateId": "resource_name",
}
"""Public names, and the name of ours that each stands for. Numbers of another product's events,
as EventID, stand for none: they mean nothing here."""


_NAME: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^|"]|"(?!.*"))*', re.DOTALL)


def split_key(key: str) -> tuple[str, list[str]]:
    """The field and the modifiers of a key; a `|` within quotes is of the field's name."""
    found = _NAME.match(key)
    end = found.end() if found else 0
    return key[:end], key[end + 1 :].split("|") if end < len(key) else []


def our_name(name: str) -> str:
    return PUBLIC_NAMES.get(name, name)


def subjects_of(name: str) -> tuple[Subject, ...] | None:
    """What the name stands for; one of several must match. None for an unknown name.

    Raises BadRequest(QUERY_TOO_COMPLEX) for a path past the search's limits.
    """
    ours = our_name(name)
    if ours in NAMES:
        return NAMES[ours]
    path = parse_path(ours) if ours.startswith(f"{DETAILS}.") else None
    return None if path is None else (path,)


def is_known(name: str) -> bool:
    try:
        return subjects_of(name) is not None
    except BadRequest:
        return False


def hint_for(name: str) -> str:
    """What may have been meant by an unknown name."""
    close = get_close_matches(name, [*NAMES, *PUBLIC_NAMES], n=1)
    meant = f"Did you mean {close[0]!r}? " if close else ""
    return f"{meant}Values in details are named by their path: details.reason."
