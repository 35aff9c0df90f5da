"""People who join and leave during the demo: accounts created before use, deleted after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from trailkeeper.demo import member_verbs as member
from trailkeeper.demo.actors import Cast, workday_before
from trailkeeper.demo.incidents import Step
from trailkeeper.demo.people import Person
from trailkeeper.demo.planner import person_session
from trailkeeper.demo.schedule import at_local
from trailkeeper.demo.verbs import Outcome, Verb
from trailkeeper.demo.world import Session, World

JOINED_DAYS_BEFORE: Final = (52, 37)
LEFT_DAYS_BEFORE: Final = (61, 33)
CREATED_AT_HOUR: Final = 9.75
DELETED_AT_HOUR: Final = 10.5


def create_account(person: Person) -> Verb:
    def create(world: World, session: Session) -> Outcome:
        world.members.append(person)
        return member.account(
            person,
            "CREATE",
            {"email": person.email, "role": person.role, "team": person.team},
        )

    return create


def delete_account(person: Person) -> Verb:
    def delete(world: World, session: Session) -> Outcome:
        world.members.remove(person)
        return member.account(
            person, "DELETE", {"email": person.email, "reason": "Left the company"}
        )

    return delete


class Staffing:
    """When whose account was made or taken away."""

    def __init__(self, now: datetime, cast: Cast) -> None:
        country = cast.admin.country
        self._admin = cast.admin
        self.joined: Mapping[Person, date] = {
            person: workday_before(now, days, country)
            for person, days in zip(cast.joiners, JOINED_DAYS_BEFORE, strict=True)
        }
        self.left: Mapping[Person, date] = {
            person: workday_before(now, days, country)
            for person, days in zip(cast.leavers, LEFT_DAYS_BEFORE, strict=True)
        }

    def away(self, day: date) -> frozenset[int]:
        """The indexes of those who have no account on `day` or are given one only then."""
        not_yet = (person.index for person, joined in self.joined.items() if day <= joined)
        no_more = (person.index for person, left in self.left.items() if day >= left)
        return frozenset((*not_yet, *no_more))

    def steps(self) -> list[Step]:
        session = person_session(self._admin, self._admin.home, self._admin.browser)
        zone = self._admin.time_zone
        steps = [
            Step(at_local(zone, day, CREATED_AT_HOUR), session, create_account(person))
            for person, day in self.joined.items()
        ]
        steps += [
            Step(at_local(zone, day, DELETED_AT_HOUR), session, delete_account(person))
            for person, day in self.left.items()
        ]
        return steps
