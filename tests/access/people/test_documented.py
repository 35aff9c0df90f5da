"""docs/people.md says of roles and statuses what the code has."""

from __future__ import annotations

from tests.docs.pages import code_words, read_page, table_rows
from trailkeeper.access.people.listing import SortOrder, UserSort
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.roles import BUILT_IN_ROLES, PERMISSION_TITLES, with_implied
from trailkeeper.principal import Permission

PAGE = "docs/people.md"


def test_the_table_of_roles_is_that_of_the_code() -> None:
    told = table_rows(read_page(PAGE).section("Roles"))

    expected = [
        [
            f"`{permission}`",
            PERMISSION_TITLES[permission],
            *(
                "yes" if permission in with_implied(held) else ""
                for held in BUILT_IN_ROLES.values()
            ),
        ]
        for permission in Permission
    ]
    assert [[cell.strip() for cell in row] for row in told] == expected


def test_the_roles_are_named_in_this_order() -> None:
    section = read_page(PAGE).section("Roles")
    header = next(line for line in section.splitlines() if line.startswith("| permission"))

    assert code_words(header) == list(BUILT_IN_ROLES)


def test_every_status_and_order_is_told() -> None:
    page = "\n".join(line for _, line in read_page(PAGE).prose)
    directory = set(code_words(read_page(PAGE).section("The directory")))

    first = {word for row in table_rows(page) for word in code_words(row[0])}
    assert set(MemberStatus) <= first
    assert {*UserSort, *SortOrder} <= directory
