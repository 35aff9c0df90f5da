from __future__ import annotations

from collections import Counter

import httpx2
import pytest

from bench.access import Access, attack_rows, check_rows
from bench.access_attack import Attacked, Siege
from bench.access_checks import Check, cookies_of, first_person
from bench.generator import Load


def load(events: int) -> Load:
    return Load(
        requests=events // 500,
        events=events,
        refused=0,
        first_refusal="",
        seconds=10,
        p50=0.01,
        p99=0.02,
        cpu_seconds=1,
    )


def access(peace: int, attack: int) -> Access:
    siege = Siege(10, Counter({401: 50, 429: 900}), Counter({200: 2}), [0.1, 0.3])
    return Access(
        [Check("no check", 2e-5, 4e-5, 0.0), Check("key", 3e-5, 6e-5, 1e-5)],
        Attacked([load(peace)] * 2, [load(attack)] * 2, [siege] * 2),
    )


@pytest.mark.parametrize(("attack", "is_reached"), [(90_000, True), (89_000, False)])
def test_ingest_must_keep_nine_tenths(attack: int, is_reached: bool) -> None:
    measured = access(100_000, attack)
    assert measured.is_reached is is_reached
    row = attack_rows(measured)[0]
    assert f"{attack // 10:,} /s of 10,000 /s" in row[1]
    assert ("yes" if is_reached else "NO") in row[2]


def test_what_the_attack_was_answered_is_told() -> None:
    _, guesses, own = attack_rows(access(10, 10))
    assert guesses[1] == "5.0 /s looked at; answers 100 x 401, 1800 x 429"
    assert own[1] == "p50 300 ms; answers 4 x 200"


def test_what_a_check_adds_stands_beside_the_route_without() -> None:
    assert check_rows(access(10, 10)) == [
        ["no check", "20 µs", "40 µs", ""],
        ["key", "30 µs", "60 µs", "10 µs"],
    ]


def test_an_owner_that_never_got_in_is_told() -> None:
    siege = Siege(1, Counter(), Counter({503: 3}))
    nobody = Access([], Attacked([load(10)], [load(10)], [siege]))
    assert "answers 3 x 503" in attack_rows(nobody)[2][1]


@pytest.mark.parametrize("link", ["http://x/setup#abc-_1", "http://x/setup#token=abc-_1"])
def test_the_links_token_is_in_its_fragment(link: str) -> None:
    assert first_person(link)["token"] == "abc-_1"


def test_cookies_are_sent_back_as_a_browser_would() -> None:
    headers = [
        ("Set-Cookie", "__Host-one=abc; Path=/; Secure; HttpOnly"),
        ("Set-Cookie", "__Host-two=def; Path=/; Secure"),
    ]
    assert cookies_of(httpx2.Response(200, headers=headers)) == "__Host-one=abc; __Host-two=def"
    with pytest.raises(RuntimeError, match="401"):
        cookies_of(httpx2.Response(401))
