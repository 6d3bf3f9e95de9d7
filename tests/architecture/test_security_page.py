"""docs/security.md: each requirement of ASVS 5.0 at levels 1 and 2 once, the same in both languages, and what it names is there."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from accounts.password_rules import HOUSE_WORDS

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "security.md").read_text()
HALVES = PAGE.split("\n## 中文\n")
# How many requirements each section has at levels 1 and 2: they come first in each.
SECTIONS = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3},
    **{"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2},
    **{"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4},
    **{"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3},
    **{"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4},
    **{"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3},
    **{"15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2},
}
WORDS = ({"open": "open: ", "out": "not applicable, because "}, {"open": "未达到：", "out": "不适用："})
ROW = re.compile(r"^\| (\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([^`]+)`")
SETTING = re.compile(r"[A-Z][A-Z0-9_]{3,}")


@dataclass(frozen=True)
class Row:
    numbers: tuple[str, ...]
    state: str
    names: frozenset[str]


def rows(half: int) -> list[Row]:
    found = []
    for numbers, asks, how in ROW.findall(HALVES[half]):
        state = next((state for state, begin in WORDS[half].items() if how.startswith(begin)), "met")
        assert asks.strip() and how.strip()
        found.append(Row(tuple(numbers.split(", ")), state, frozenset(NAMED.findall(how))))
    return found


@pytest.mark.parametrize("half", [0, 1])
def test_each_requirement_stands_there_once(half):
    wanted = [f"{section}.{n}" for section, most in SECTIONS.items() for n in range(1, most + 1)]
    assert sorted(number for row in rows(half) for number in row.numbers) == sorted(wanted)
    assert len(wanted) == 253


def test_both_halves_say_the_same_of_each():
    assert len(HALVES) == 2
    assert rows(0) == rows(1)


@pytest.mark.parametrize("half", [0, 1])
def test_the_sums_at_the_top_are_those_of_the_tables(half):
    sums = [sum(len(row.numbers) for row in rows(half) if row.state == state) for state in ("met", "out", "open")]
    told = re.search(
        (r"Of them (\d+) are met, (\d+) do not apply, (\d+) are open", r"(\d+) 项已满足，(\d+) 项不适用，(\d+) 项未达到")[half],
        HALVES[half],
    )
    assert [int(number) for number in told.groups()] == sums


def test_every_path_and_setting_that_it_names_is_there():
    names = set(NAMED.findall(PAGE))
    paths = {name for name in names if "/" in name}
    known = "".join((ROOT / name).read_text() for name in ("config/settings.py", "docker-compose.yml", ".env.example"))
    chosen = {name for name in names if SETTING.fullmatch(name)}
    assert sorted(name for name in paths if not (ROOT / name).is_file()) == []
    assert sorted(name for name in chosen if not re.search(rf"\b{name}\b", known)) == []
    assert len(paths) > 60 and len(chosen) > 25


@pytest.mark.parametrize("half", [0, 1])
def test_the_words_that_no_password_is_made_of_are_listed(half):
    assert [word for word in HOUSE_WORDS if word not in HALVES[half]] == []


def test_the_page_is_led_to():
    assert "(docs/security.md)" in (ROOT / "README.md").read_text()
    assert (ROOT / "docs" / "operations.md").read_text().count("(security.md)") == 2
