"""Watches an organization's events with the rules that compare with history."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from trailkeeper.detect.condition import Always
from trailkeeper.detect.detection import MAX_EVIDENCE, from_micros, key_of, to_micros
from trailkeeper.detect.found import Found, Grouped
from trailkeeper.detect.history_plan import (
    HistoryPlan,
    SilentSource,
    SuccessAfterFailures,
    UnusualSize,
)
from trailkeeper.detect.keys import Details
from trailkeeper.detect.match import Test, compile_condition, given_action
from trailkeeper.detect.profile_failures import failure_of, is_failure
from trailkeeper.detect.profile_looks import LOOKS, Look, Sight, Surroundings, rows_of
from trailkeeper.detect.profiles import Person
from trailkeeper.detect.reasons import link_to
from trailkeeper.detect.watched import WatchedRule
from trailkeeper.event import Status, StoredEvent
from trailkeeper.search.scan import show_quoted

MAX_PEOPLE: Final = 20_000
"""Histories of one organization that are kept in memory; the most silent are read anew."""
MAX_KNOWN_ACTIONS: Final = 2000
EXPORT: Final = "EXPORT"
LINK_SPAN: Final = timedelta(days=1)


@dataclass(slots=True)
class _Watch:
    watched: WatchedRule
    plan: HistoryPlan
    look: Look


class HistoryWatch:
    """All rules about history of one organization, and the histories of its people.

    Before events are fed, each user in them MUST be known: `unknown` says who is not yet,
    `learn` takes what the log says of them.
    """

    def __init__(
        self, rules: Sequence[WatchedRule], around: Surroundings, max_people: int = MAX_PEOPLE
    ) -> None:
        self.around = around
        self.people: OrderedDict[str, Person] = OrderedDict()
        self._max_people = max_people
        self._details = Details()
        self._by_action: dict[str, list[tuple[Test | None, _Watch]]] = {}
        self._watches = [
            _Watch(each, each.history, LOOKS[type(each.history)])
            for each in rules
            if each.history is not None and not isinstance(each.history, SilentSource)
        ]

    @property
    def is_idle(self) -> bool:
        return not self._watches

    @property
    def needs_failures(self) -> bool:
        return any(isinstance(each.plan, SuccessAfterFailures) for each in self._watches)

    @property
    def needs_exports(self) -> bool:
        return any(isinstance(each.plan, UnusualSize) for each in self._watches)

    def unknown(self, events: Iterable[StoredEvent]) -> set[str]:
        """Users in these events whose histories are not here."""
        users = {event.user_id for event in events}
        users.discard("")
        return users - self.people.keys()

    def learn(self, people: dict[str, Person]) -> None:
        self.people.update(people)

    def feed(self, events: Iterable[StoredEvent]) -> list[Found]:
        """Compares each event with the history before it, then makes it part of that."""
        found: list[Found] = []
        for event in events:
            at = to_micros(event.timestamp)
            if is_failure(event):
                self.around.failures.add(failure_of(event, at))
            if not event.user_id:
                continue
            person = self.people[event.user_id]
            watches = self._by_action.get(event.action)
            if watches is None:
                watches = self._learn_action(event.action)
            for test, watch in watches:
                if test is None or test(event):
                    sight = watch.look(watch.plan, event, at, person, self.around)
                    if sight is not None:
                        found.append(_to_found(watch.watched, event, sight))
            person.add(event, at)
            if event.action == EXPORT and event.status == Status.SUCCESS:
                self.around.exports.add(rows_of(event))
        return found

    def forget_most_silent(self) -> None:
        """Keeps the histories within their bound. To be called between batches."""
        excess = len(self.people) - self._max_people
        if excess > 0:
            silent = sorted(self.people, key=lambda user: self.people[user].last_at)
            for user in silent[: excess + self._max_people // 10]:
                del self.people[user]

    def _learn_action(self, action: str) -> list[tuple[Test | None, _Watch]]:
        left: list[tuple[Test | None, _Watch]] = []
        for watch in self._watches:
            condition = watch.watched.rule.condition
            rest = given_action(condition, action) if condition is not None else None
            if rest is None:
                continue
            test = None if isinstance(rest, Always) else compile_condition(rest, self._details)
            left.append((test, watch))
        if len(self._by_action) >= MAX_KNOWN_ACTIONS:
            self._by_action.clear()
        self._by_action[action] = left
        return left


def _to_found(watched: WatchedRule, event: StoredEvent, sight: Sight) -> Found:
    person = (("user_email", event.user_email),) if event.user_email else ()
    identity: Grouped = (("user_id", event.user_id), *sight.more)
    start = from_micros(sight.window_start)
    query = f"user_id:{show_quoted(event.user_id)}"
    return Found(
        watched=watched,
        key=key_of(watched.rule.id, tuple(value for _, value in identity), sight.window_start),
        grouped=(*identity, *person),
        window_start=start,
        hot_at=event.timestamp,
        first_at=event.timestamp - sight.before,
        last_at=event.timestamp,
        count=1 + len(sight.evidence),
        measured=sight.measured,
        evidence=(*sight.evidence, event.id)[-MAX_EVIDENCE:],
        reasons=sight.reasons,
        search_link=link_to(query, start, start + LINK_SPAN),
        is_addition=True,
    )
