"""Each mail says what happened, when, where, with a link, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest

from trailkeeper.outbound.letter import Letter, shown, to_mail
from trailkeeper.outbound.links import link_to
from trailkeeper.outbound.mail import Mail, checked_mail
from trailkeeper.outbound.templates import (
    Invitation,
    KeyFound,
    NewSignIn,
    Occurrence,
    PasswordChanged,
    PasswordReset,
    TwoFactorChange,
    TwoFactorChanged,
    invitation_mail,
    key_found_mail,
    new_sign_in_mail,
    password_changed_mail,
    password_reset_mail,
    two_factor_changed_mail,
)

ADA = "ada@example.com"
LINK = "https://audit.example.com/open#token=a&b=c"
AT = datetime(2026, 3, 4, 14, 30, tzinfo=timezone(timedelta(hours=2)))
EXPIRES = datetime(2026, 3, 6, 12, tzinfo=UTC)
SEEN = Occurrence(AT, "203.0.113.7", "Köln", "DE", "Firefox on Linux")

Make = Callable[[str], Mail]
"""A mail with a text of an outsider's choice wherever outsiders choose one."""

MAKERS: dict[str, Make] = {
    "invitation": lambda text: invitation_mail(Invitation(ADA, text, text, text, LINK, EXPIRES)),
    "password_reset": lambda text: password_reset_mail(
        PasswordReset(ADA, LINK, EXPIRES, Occurrence(AT, text, text, text, text))
    ),
    "password_changed": lambda text: password_changed_mail(
        PasswordChanged(ADA, LINK, Occurrence(AT, text, text, text, text))
    ),
    "new_sign_in": lambda text: new_sign_in_mail(
        NewSignIn(ADA, LINK, Occurrence(AT, text, text, text, text))
    ),
    "two_factor_changed": lambda text: two_factor_changed_mail(
        TwoFactorChanged(
            ADA, TwoFactorChange.TOTP_ADDED, LINK, Occurrence(AT, text, text, text, text)
        )
    ),
    "key_found": lambda text: key_found_mail(
        KeyFound(ADA, text, text, text, text, text, text, LINK, Occurrence(AT, text))
    ),
}

HOSTILE = '<script src="http://evil.test/">\r\nBcc: eve@example.com\u202e\x00&" ' + "x" * 5000

make_each = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


class Tags(HTMLParser):
    """Tags and the addresses in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses |= {str(value) for name, value in attrs if name in ("href", "src")}
        assert not any(name.startswith("on") or "url(" in str(value) for name, value in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@make_each
def test_both_bodies_say_the_same_and_hold_the_link(make: Make) -> None:
    mail = make("Acme")
    assert mail.html is not None
    page = Tags(mail.html)
    assert LINK in mail.text
    assert page.addresses == {LINK}
    for paragraph in filter(None, mail.text.split("\n\n")):
        for line in paragraph.splitlines():
            label, _, value = line.partition(": ")
            assert {label, value} - {"", "-- "} == set() or label.rstrip(":") in page.text
    assert mail.subject.startswith("Trailkeeper: ")
    assert checked_mail(mail).to == ADA


@make_each
def test_it_loads_nothing_from_anywhere(make: Make) -> None:
    page = Tags(make(HOSTILE).html or "")
    allowed = {"html", "head", "meta", "title", "body", "p", "br", "small", "a"}
    assert page.tags <= allowed | {"table", "tr", "th", "td"}
    assert page.addresses == {LINK}


@make_each
def test_what_outsiders_wrote_stays_text(make: Make) -> None:
    mail = checked_mail(make(HOSTILE))
    for body in (mail.subject, mail.text, mail.html or ""):
        assert "http://evil" not in body
        assert "\u202e" not in body
        assert "x" * 200 not in body
    assert "<script" not in (mail.html or "")
    assert not any(line.startswith("Bcc:") for line in mail.text.splitlines())


@make_each
def test_the_link_is_not_printed(make: Make) -> None:
    assert LINK not in repr(make("Acme"))


def test_it_says_when_in_utc_and_where() -> None:
    mail = new_sign_in_mail(NewSignIn(ADA, LINK, SEEN))
    assert "When: 2026-03-04 12:30 UTC" in mail.text
    assert "Address: 203.0.113.7" in mail.text
    assert "Place: Köln, DE" in mail.text
    assert "Device: Firefox on Linux" in mail.text
    assert "If it was not" in mail.text


def test_what_is_not_known_is_left_out() -> None:
    mail = new_sign_in_mail(NewSignIn(ADA, LINK, Occurrence(AT, country="DE")))
    assert "Place: DE" in mail.text
    assert "Address:" not in mail.text and "None" not in mail.text + (mail.html or "")


@pytest.mark.parametrize("change", TwoFactorChange)
def test_each_change_of_two_factor_sign_in_is_told(change: TwoFactorChange) -> None:
    assert str(change) in two_factor_changed_mail(TwoFactorChanged(ADA, change, LINK, SEEN)).text


def test_a_found_key_is_named_but_not_told() -> None:
    found = KeyFound(ADA, "Acme", "ci", "tk_ab12", "e1", "DEPLOY", "bob", LINK, SEEN)
    text = key_found_mail(found).text
    assert "Key: ci (tk_ab12…)" in text
    assert "Event: e1 (DEPLOY)" in text
    assert "Sent by: bob" in text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.test", "https://a.test/ b", ""])
def test_only_an_http_address_is_linked(link: str) -> None:
    with pytest.raises(ValueError, match="http"):
        to_mail(ADA, Letter("s", "w", link=("Open", link)))


def test_a_shown_text_is_one_short_visible_line() -> None:
    assert shown("  a\r\n\tb\u200b c ") == "a b c"
    assert shown("see https://evil.test/x") == "see https evil.test/x"
    assert len(shown("x" * 500)) == 120


def test_a_link_stays_on_the_address_of_the_settings() -> None:
    base = "https://audit.example.com"
    assert link_to(base, "/reset") == f"{base}/reset"
    assert link_to(base, "/a b", secret={"token": "x/y&z"}) == f"{base}/a%20b#token=x%2Fy%26z"
    for path in ("reset", "//evil.test", ".evil.test/", "@evil.test", "/\\evil.test", ""):
        with pytest.raises(ValueError, match="no path"):
            link_to(base, path)
