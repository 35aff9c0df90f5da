"""How long answers take over HTTP, and whether both sides give the same ones."""

from __future__ import annotations

import time
from itertools import cycle, islice

from bench.client import Client
from bench.side import Question
from bench.timing import Timing

RUNS = 40
MIN_RUNS = 5
WARM_UP_RUNS = 2
BUDGET_SECONDS = 60.0


def ask(client: Client, question: Question, runs: int = RUNS) -> Timing:
    """Goes through the paths round and round: `runs` times, or fewer when that takes minutes."""
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
            timing.answers[path] = question.answer(body)
    return timing


def differences(ours: Timing, theirs: Timing) -> list[str]:
    """Paths that both answered, differently. With one path each, the paths may differ."""
    if len(ours.answers) == len(theirs.answers) == 1:
        (path, mine), (their,) = next(iter(ours.answers.items())), theirs.answers.values()
        return [] if mine == their else [path]
    both = ours.answers.keys() & theirs.answers.keys()
    return sorted(path for path in both if ours.answers[path] != theirs.answers[path])
