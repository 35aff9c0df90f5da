"""What a user's id, name and e-mail may be, on the way in."""

from __future__ import annotations

from typing import Final

from trailkeeper.access.directory import MAX_ID_BYTES
from trailkeeper.access.organization_settings import MAX_NAME_LENGTH
from trailkeeper.errors import BadRequest
from trailkeeper.outbound_settings import to_mail_address

MAX_EMAIL_LENGTH: Final = 320


def checked_user_id(user_id: str) -> str:
    """Any text of 1 to 500 bytes without control characters. Raises BadRequest(INVALID_USER_ID)."""
    try:
        size = len(user_id.encode())
    except UnicodeEncodeError:
        size = 0
    if not 1 <= size <= MAX_ID_BYTES or any(ord(each) < 32 or ord(each) == 127 for each in user_id):
        raise BadRequest(
            "INVALID_USER_ID",
            f"A user's id has 1 to {MAX_ID_BYTES} bytes and no control characters.",
            field="user_id",
        )
    return user_id


def checked_person_name(name: str) -> str:
    """The name without outer blanks. Raises BadRequest(INVALID_NAME)."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise BadRequest(
            "INVALID_NAME",
            f"A name has 1 to {MAX_NAME_LENGTH} printable characters.",
            field="name",
        )
    return name


def checked_email(email: str) -> str:
    """The address in lower case, as accounts are found by. Raises BadRequest(INVALID_EMAIL)."""
    folded = email.strip().lower()
    try:
        address = to_mail_address(folded)
    except ValueError:
        address = ""
    if not address or len(address) > MAX_EMAIL_LENGTH:
        raise BadRequest(
            "INVALID_EMAIL",
            f"{email[:64]!r} is not an e-mail address.",
            hint="Write e.g. alice@example.com.",
            field="email",
        )
    return address
