"""The client's calls about people, against a real server."""

from __future__ import annotations

import pytest

from tests.live import LiveServer
from tests.orgs import new_organization
from trailkeeper.client import Client, ClientError


def test_users_are_told_of_changed_and_deleted(live_server: LiveServer) -> None:
    _, token = new_organization(live_server)
    with Client(live_server.url, token) as client:
        receipt = client.put_users(
            {"user_id": f"u/{each}", "name": f"User {each}"} for each in range(5)
        )
        put = client.put_user("u/1", "Ada", email="ada@x.io", role="ADMIN")
        changed = client.change_user("u/1", role="TESTER")
        deleted = client.delete_user("u/2", revoke_keys=True)
        every = [user["user_id"] for user in client.users(search="u/", sort="name", page_size=2)]
        some = [user["user_id"] for user in client.users(role=["TESTER"], status="observed")]
        ada = client.user("u/1")
        with pytest.raises(ClientError) as raised:
            client.user("nobody")

    assert (receipt["created"], receipt["rejected"]) == (5, 0)
    assert (put["role"], changed["role"], ada["name"]) == ("ADMIN", "TESTER", "Ada")
    assert deleted["status"] == "deleted"
    assert every == ["u/1", "u/0", "u/2", "u/3", "u/4"]
    assert some == ["u/1"]
    assert raised.value.code == "USER_NOT_FOUND"


def test_people_are_invited_and_roles_made(live_server: LiveServer) -> None:
    _, token = new_organization(live_server)
    with Client(live_server.url, token) as client:
        role = client.create_role("AUDITOR", ["user:view"], description="Reads")
        invited = client.invite("ada@x.io", "Ada", "AUDITOR", user_id="ada/1")
        client.resend_invitation("ada/1")
        waiting = client.invitations()["items"]
        client.revoke_invitation("ada/1")
        client.delete_user("ada/1")
        changed = client.change_role("AUDITOR", permissions=["user:view", "export:create"])
        client.delete_role("AUDITOR")
        names = [each["name"] for each in client.roles()["items"]]

    assert (role["name"], invited["role"]) == ("AUDITOR", "AUDITOR")
    assert [each["user_id"] for each in waiting] == ["ada/1"]
    assert changed["permissions"] == ["export:create", "user:view"]
    assert "AUDITOR" not in names
