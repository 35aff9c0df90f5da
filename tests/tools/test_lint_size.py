from __future__ import annotations

import pytest

from lint_size import check
from tests.tools.conftest import Write


def lines(count: int, first: str = "X = 1") -> str:
    return f"{first}\n" + "X = 1\n" * (count - 1)


def function(length: int, comment: str = "") -> str:
    return f"def f() -> None:{comment}\n" + "    x = 1\n" * (length - 1)


@pytest.fixture
def small_median(write: Write) -> None:
    for name in "bcd":
        write(f"src/{name}.py", "X = 1\n")


@pytest.mark.usefixtures("small_median")
@pytest.mark.parametrize(
    ("name", "budget"), [("src/a.py", 400), ("tests/a.py", 400), ("web/src/a.tsx", 250)]
)
def test_files_have_a_budget(write: Write, name: str, budget: int) -> None:
    assert check(write(name, lines(budget))) == []

    (finding,) = check(write(name, lines(budget + 1)))

    assert str(finding).startswith(f"{name}:1: {budget + 1} lines, the budget is {budget}")


@pytest.mark.usefixtures("small_median")
@pytest.mark.parametrize(
    ("name", "escape"),
    [("src/a.py", "# size: a table of words"), ("web/a.ts", "// size: a table of words")],
)
def test_file_escape_is_named_and_needs_a_reason(write: Write, name: str, escape: str) -> None:
    assert check(write(name, lines(401, escape))) == []
    assert len(check(write(name, lines(401, escape.split(":")[0] + ":")))) == 1


def test_functions_stay_below_sixty_lines(write: Write) -> None:
    assert check(write("src/a.py", f"X = 1\n{function(59)}")) == []

    (finding,) = check(write("src/a.py", f"X = 1\n{function(60)}"))

    assert str(finding) == "src/a.py:2: f has 60 lines, the budget is 59"


def test_function_escape_is_named(write: Write) -> None:
    assert check(write("src/a.py", function(60, "  # size: one flat list of steps"))) == []
    assert check(write("src/a.py", f"# size: one flat list of steps\n{function(60)}")) == []


@pytest.mark.parametrize("name", ["src/a.py", "bench/a.py", "web/a.css"])
def test_lines_have_a_hundred_columns(write: Write, name: str) -> None:
    assert check(write(name, "#" * 100)) == []

    (finding,) = check(write(name, "\n" + "x = 1\n" + "#" * 101))

    assert (finding.path, finding.message) == (name, "101 columns, the budget is 100")


def test_a_long_address_may_pass_the_margin(write: Write) -> None:
    assert check(write("src/a.py", f"# {'x' * 60} https://example.org/{'x' * 60}\n")) == []


def test_the_median_file_is_short(write: Write) -> None:
    write("src/a.py", lines(150))
    write("src/b.py", lines(150))
    write("src/empty.py", "")
    assert check(write("src/c.py", lines(10))) == []

    write("src/a.py", lines(151))
    (finding,) = check(write("src/c.py", lines(399)))

    assert finding.message == "median file length 151, the budget is 150"


def test_what_others_wrote_has_no_budget(write: Write) -> None:
    assert check(write("web/node_modules/x/a.js", lines(999))) == []
    assert check(write("web/src/api/schema.d.ts", lines(999))) == []
