"""Events and filters made to collide: odd text, odd numbers, odd nesting, from small pools."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from hypothesis import strategies as st

from trailkeeper.event import StoredEvent
from trailkeeper.search.ast import (
    AddressIn,
    And,
    Compare,
    DetailsCompare,
    DetailsExists,
    DetailsLike,
    DetailsMatch,
    Everything,
    Exists,
    Filter,
    FreeText,
    Like,
    Match,
    Not,
    Operator,
    Or,
)
from trailkeeper.search.fields import FIELDS, Field, Kind
from trailkeeper.search.values import parse_network

TEXTS: Final = (
    *("", "alice", "Alice@ACME.io", "alice@acme.io", "ALICE", "prod api", "My AI Project"),
    *("a%b", "a_b", "a*b", "axb", "100%", "%", "_", "*", 'say "hi"', '"', '","', "'", "''"),
    *("back\\slash", "\\", "\\\\", "\\n", "\n", "line\nfeed", "nul\0byte", "\0", "tab\t", "\x1f"),
    *("001f", "\\u001f", "\x7f", "\b", "u0008", "\r\n", "\u2028", "/", "\\/"),
    *("ÄRGER", "ärger", "Müller", "straße", "STRASSE", "İstanbul", "istanbul", "\u0131", "ΟΔΟΣ"),
    *("οδος", "οδοσ", "ΣΑΣ", "\u212aelvin", "kelvin", "Kelvin", "é", "e\u0301", "日本語テキスト"),
    # Found by each other only if the index is not asked for a `k` that was a Kelvin sign.
    *("\u212ailometre \u00c4", "kilometre \u00e4"),
    *("日本", "😀", "👩\u200d💻 work", "ﬁ", "ǅ", "null", "true", "false", "5", "5.0", "1e5", "-1"),
    *(":", ",", "[", "]", "{}", "}", '":', '{"a":1}', "' OR 1=1 --", "{p0:String}", "%(x)s"),
    *("18446744073709551616", "123456", "zebrafish crossing", "Quarterly clean-up", "AND", "OR"),
    *("::ffff", "10.1", "10.0.0.1", "2001:db8", "DELETE", "LOGIN_FAILED", ">5", "x" * 300),
)

NUMBERS: Final[tuple[int | float, ...]] = (
    *(0, 1, -1, 5, 5.0, -5, 0.1, -0.0, 0.5, 1e5, 100000, 1e16, 10**16, 123456, 12.5, 3.0e-7),
    *(2**53, 2**53 + 1, float(2**53), 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64),
    *(1e19, 10**19, 1e20, 10**20, 1e21, 1e22, 1.2345678901234568e20, 9223372036854774784.0),
    *(9223372036854775000, 18446744073709549568.0, 5e-324, 1.7976931348623157e308, 10**30),
    *(-1.5e-10, 2.2250738585072011e-308, 0.1 + 0.2, 0.3, 1 / 3),
)

KEYS: Final = (
    *("a", "b", "count", "reason", "tags", "a.b", "", "0", "1", "01", 'k"q', "back\\", "é"),
    *("null", "key with space", "'", "{p0:String}", "line\nfeed", "A", "old_value"),
)

ADDRESSES: Final = (
    *("::", "::ffff:10.0.0.1", "::ffff:10.1.2.3", "::ffff:203.0.113.7", "::ffff:0.0.0.0", "::1"),
    *("2001:db8::1", "2001:db8::ffff:1:2", "fe80::1", "::ffff:1:2:3", "1::ffff:2", "::1.2.3.4"),
    *("::0.1.0.0", "::ffff:255.255.255.255", "1:0:1:0:1:0:1:0", "1::2:0:0:3:4"),
)

NETWORKS: Final = (
    *("10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "203.0.113.0/24", "::/0", "::ffff:0:0/96", "::"),
    *("2001:db8::/32", "2001:db8::1", "fe80::/10", "::1", "::ffff:10.0.0.1", "::1.2.3.4", "::/64"),
)

ACTIONS: Final = ("CREATE", "UPDATE", "DELETE", "LOGIN", "LOGIN_FAILED", "Ä_ACTION", "A%B", "A_B")


def random_text(chance: random.Random) -> str:
    if chance.random() < 0.75:
        return chance.choice(TEXTS)
    alphabet = string.ascii_letters + ' "\\%_*\n\0éΣ\u03c3ς\u212aİ日😀:,{}[]0159'
    return "".join(chance.choice(alphabet) for _ in range(chance.randrange(1, 9)))


def random_value(chance: random.Random, depth: int) -> Any:
    kind = chance.random()
    if depth > 0 and kind < 0.2:
        return random_object(chance, depth - 1)
    if depth > 0 and kind < 0.4:
        return [random_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind < 0.65:
        return random_text(chance)
    if kind < 0.9:
        return chance.choice(NUMBERS)
    return chance.choice((True, False, None))


def random_object(chance: random.Random, depth: int) -> dict[str, Any]:
    size = chance.randrange(6)
    return {chance.choice(KEYS): random_value(chance, depth) for _ in range(size)}


def random_events(seed: int, count: int) -> list[StoredEvent]:
    """Events of one organization, the same for the same seed."""
    chance = random.Random(seed)
    start = datetime(2026, 3, 1, tzinfo=UTC)

    scalars = (*TEXTS, *NUMBERS, True, False, None)

    def event(place: int) -> StoredEvent:
        details = random_object(chance, 3) | {"b": scalars[place % len(scalars)]}
        moment = start + timedelta(minutes=7 * place)
        prefix = random_text(chance) if chance.random() < 0.3 else ""
        return StoredEvent(
            organization="acme",
            timestamp=moment,
            id=f"{prefix}{place}",
            action=chance.choice(ACTIONS),
            resource_type=chance.choice(("PROJECT", "MODEL", "ÜBUNG")),
            resource_id=random_text(chance),
            resource_name=random_text(chance),
            user_id=random_text(chance),
            user_email=random_text(chance),
            on_behalf_of=random_text(chance) if chance.random() < 0.3 else "",
            ip_address=chance.choice(ADDRESSES),
            user_agent=random_text(chance),
            status=chance.choice(("SUCCESS", "FAILED")),
            source=chance.choice(("UI", "API")),
            details=msgspec.json.encode(details).decode(),
            received_at=moment + timedelta(seconds=1),
            node=1,
            node_seq=place,
            country=chance.choice(("", "DE", "US")),
            city=random_text(chance),
            browser=chance.choice(("", "Chrome", "Firefox")),
            os=chance.choice(("", "Linux")),
            device=chance.choice(("", "Other")),
            local_hour=chance.randrange(24),
            local_weekday=chance.randrange(1, 8),
        )

    return [event(place) for place in range(count)]


EVENTS: Final = random_events(seed=20261124, count=320)


def _reached(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All paths into a value, and what is at their ends."""
    if path:
        yield path, value
    members = (
        value.items()
        if isinstance(value, dict)
        else ((str(place), each) for place, each in enumerate(value))
        if isinstance(value, list)
        else ()
    )
    for key, member in members:
        yield from _reached(member, (*path, key))


# Letters that Unicode added after Python's tables know no lower case here, but do in the engine.
_characters = st.characters(exclude_categories=("Cs", "Cn"))
texts = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(TEXTS).flatmap(
        lambda text: st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(
            lambda ends: text[min(ends) : max(ends)]
        )
    ),
    st.text(_characters, max_size=12),
    st.text(st.sampled_from('aAkKiI\u212a\u0130\u0131\u03c3ςΣ"\\%_*\n\0:,[]{}u01f. '), max_size=8),
)
numbers = st.one_of(
    st.sampled_from(NUMBERS),
    st.integers(-(2**70), 2**70),
    st.integers(-20, 20),
    st.floats(allow_nan=False, allow_infinity=False),
)
likes = st.lists(texts, min_size=2, max_size=4).map(
    lambda parts: (parts[0], *(part for part in parts[1:-1] if part), parts[-1])
)
operators = st.sampled_from(tuple(Operator))
orders = st.sampled_from(tuple(each for each in Operator if each is not Operator.EQUAL))


def _fields(*kinds: Kind) -> st.SearchStrategy[Field]:
    return st.sampled_from([field for field in FIELDS.values() if field.kind in kinds])


def _has_few_indexes(path: tuple[str, ...]) -> bool:
    return sum(segment in ("0", "1") for segment in path) <= 3


REACHED: Final = [
    (path, value)
    for event in EVENTS
    for path, value in _reached(msgspec.json.decode(event.details))
    if _has_few_indexes(path)
]
SCALARS: Final = [(path, value) for path, value in REACHED if not isinstance(value, dict | list)]

text_fields = _fields(Kind.VOCABULARY, Kind.TEXT, Kind.PART, Kind.EXACT)
paths = st.one_of(
    st.sampled_from(REACHED).map(lambda reached: reached[0]),
    st.lists(st.sampled_from(KEYS) | st.text(_characters, max_size=4), min_size=1, max_size=5)
    .map(tuple)
    .filter(_has_few_indexes),
)
networks = st.one_of(
    st.sampled_from([parse_network(text) for text in NETWORKS]),
    st.tuples(st.ip_addresses(), st.integers(0, 128)).map(
        lambda pair: parse_network(f"{pair[0]}/{min(pair[1], pair[0].max_prefixlen)}")
    ),
)


@st.composite
def details_leaves(draw: st.DrawFn) -> Filter:
    path = draw(paths)
    match draw(st.integers(0, 7)):
        case 0:
            return DetailsExists(path)
        case 1:
            return DetailsLike(path, draw(likes.filter(any)))
        case 2:
            return DetailsCompare(path, draw(orders), draw(numbers))
        case 3:
            return DetailsMatch(path, draw(st.sampled_from((True, False, None))))
        case 4:
            return DetailsMatch(path, draw(texts))
        case 5:
            return DetailsMatch(path, draw(numbers))
        case _:
            # Found for sure, also where the path ends one step earlier, at an array.
            path, value = draw(st.sampled_from(SCALARS))
            return DetailsMatch(path[: draw(st.integers(max(1, len(path) - 1), len(path)))], value)


leaves: st.SearchStrategy[Filter] = st.one_of(
    st.builds(Match, text_fields, texts),
    st.builds(Like, text_fields, likes.filter(any)),
    st.builds(Exists, text_fields | _fields(Kind.ADDRESS)),
    st.builds(Compare, _fields(Kind.NUMBER), operators, st.integers(-5, 400)),
    st.builds(AddressIn, _fields(Kind.ADDRESS), networks),
    st.builds(FreeText, texts.filter(bool)),
    details_leaves(),
    details_leaves(),
)


def _combined(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    many = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(And, many), st.builds(Or, many), st.builds(Not, inner))


filters: st.SearchStrategy[Filter] = st.recursive(
    leaves | st.just(Everything()), _combined, max_leaves=6
)
