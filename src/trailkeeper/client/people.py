"""The client's calls about people: users, roles, invitations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from trailkeeper.client.query import to_query
from trailkeeper.client.transport import Transport, decoded

Document = dict[str, Any]
Texts = str | Sequence[str]


class PeopleCalls:
    """What `Client` can do about people."""

    _transport: Transport

    def users(
        self,
        *,
        search: str | None = None,
        role: Texts | None = None,
        status: Texts | None = None,
        sort: str | None = None,
        order: str | None = None,
        page_size: int = 500,
    ) -> Iterator[Document]:
        """Everyone in the directory, as many as there are; several roles or statuses are OR."""
        asked = {"search": search, "role": role, "status": status, "sort": sort, "order": order}
        cursor: str | None = None
        while True:
            query = to_query({**asked, "limit": page_size, "cursor": cursor})
            page = self._transport.get("/users/", Document, query)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def user(self, user_id: str) -> Document:
        return self._transport.get(_user_path(user_id), Document)

    def put_user(
        self, user_id: str, name: str, *, email: str = "", role: str | None = None
    ) -> Document:
        """Tells of a user of the platform; sent again, it changes nothing."""
        body: Document = {"name": name, "email": email, "role": role}
        return self._transport.change("PUT", _user_path(user_id), Document, body)

    def put_users(self, users: Iterable[Mapping[str, Any]]) -> Document:
        """Tells of up to 10,000 users at once; each has a result of its own in the answer."""
        lines = b"\n".join(msgspec.json.encode(user) for user in users)
        headers = {"Content-Type": "application/x-ndjson"}
        response = self._transport.send("PUT", "/users/", content=lines, headers=headers)
        return decoded(response, Document)

    def change_user(self, user_id: str, **changes: str) -> Document:
        """Changes `name`, `email`, `role` or `status` (active, disabled)."""
        body: Document = {**changes}
        return self._transport.change("PATCH", _user_path(user_id), Document, body)

    def delete_user(self, user_id: str, *, revoke_keys: bool = False) -> Document:
        """Ends a user's access. They stay named; keys that they made are in the answer."""
        query = to_query({"revoke_keys": revoke_keys})
        response = self._transport.send("DELETE", _user_path(user_id), params=query)
        return decoded(response, Document)

    def invite(self, email: str, name: str, role: str, *, user_id: str | None = None) -> Document:
        """Mails somebody a link to come in with, good for seven days."""
        body = {"email": email, "name": name, "role": role, "user_id": user_id}
        return self._transport.post("/invitations/", Document, body, repeatable=False)

    def invitations(self) -> Document:
        return self._transport.get("/invitations/", Document)

    def resend_invitation(self, user_id: str) -> Document:
        """Mails a new link; the old one is void."""
        path = f"{_invitation_path(user_id)}/resend"
        return self._transport.post(path, Document, {}, repeatable=False)

    def revoke_invitation(self, user_id: str) -> None:
        self._transport.send("DELETE", _invitation_path(user_id))

    def roles(self) -> Document:
        return self._transport.get("/roles/", Document)

    def create_role(
        self, name: str, permissions: Iterable[str], *, description: str = ""
    ) -> Document:
        body = {"name": name, "permissions": list(permissions), "description": description}
        return self._transport.post("/roles/", Document, body, repeatable=False)

    def change_role(
        self,
        name: str,
        *,
        permissions: Iterable[str] | None = None,
        description: str | None = None,
    ) -> Document:
        """Changes what is given; `permissions` replaces the whole set."""
        given = {
            "permissions": None if permissions is None else list(permissions),
            "description": description,
        }
        body = {field: value for field, value in given.items() if value is not None}
        return self._transport.change("PATCH", _role_path(name), Document, body)

    def delete_role(self, name: str) -> None:
        self._transport.send("DELETE", _role_path(name))


def _user_path(user_id: str) -> str:
    return f"/users/{quote(user_id, safe='')}"


def _invitation_path(user_id: str) -> str:
    return f"/invitations/{quote(user_id, safe='')}"


def _role_path(name: str) -> str:
    return f"/roles/{quote(name, safe='')}"
