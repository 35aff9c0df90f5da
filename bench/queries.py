"""How long answers take over HTTP, and whether both sides give the same ones."""

from __future__ import annotations

import time
from itertools import cycle, islice
from typing import Any

from bench.client import Client
from bench.side import Question
from bench.timing import Timing

RUNS = 40
MIN_RUNS = 5
WARM_UP_RUNS = 2
BUDGET_SECONDS = 60.0


def ask(client: Client, question: Question, runs: int = RUNS) -> Timing:
    """Goes through the paths round and round: `runs` times, or fewer when that takes minutes."""
    rest = question.answer(client.get(question.rest)[0])
    for path in question.paths[-WARM_UP_RUNS:]:
        client.get(path)
    deadline = time.monotonic() + BUDGET_SECONDS
    timing = Timing([])
    for path in islice(cycle(question.paths), runs):
        if len(timing.seconds) >= MIN_RUNS and time.monotonic() > deadline:
            break
        body, seconds = client.get(path)
        timing.seconds.append(seconds)
        if path not in timing.answers:
            timing.answers[path] = without(question.answer(body), rest)
    return timing


def without(answer: Any, rest: Any) -> Any:
    """A list's items, a count, or counts by value, less those of the rest."""
    if isinstance(answer, dict):
        less = {key: count - rest.get(key, 0) for key, count in answer.items()}
        return {key: count for key, count in less.items() if count}
    if isinstance(answer, list):
        return [item for item in answer if item not in rest]
    return answer - rest


def differences(ours: Timing, theirs: Timing) -> list[str]:
    """Paths that both answered, differently. With one path each, the paths may differ."""
    if len(ours.answers) == len(theirs.answers) == 1:
        (path, mine), (their,) = next(iter(ours.answers.items())), theirs.answers.values()
        return [] if _is_same(mine, their) else [path]
    both = ours.answers.keys() & theirs.answers.keys()
    return sorted(path for path in both if not _is_same(ours.answers[path], theirs.answers[path]))


def _is_same(mine: Any, their: Any) -> bool:
    """Lists of the latest are compared as far as both go: the rest was on one of them."""
    if isinstance(mine, list):
        both = min(len(mine), len(their))
        return bool(mine[:both] == their[:both])
    return bool(mine == their)
