"""docs/scoring.md says the same in both languages, and what the code cites stands in it."""

import re
from pathlib import Path

from django.conf import settings

from tests.architecture.test_house import ours
from tests.evaluations.domain.worked import NUMBER, halves

CITED = re.compile(r"docs/scoring\.md, ([A-Z][0-9]+(?:(?:, | to | and )[A-Z][0-9]+)*)")
CODE = re.compile(r"`([^`]+)`")
# "M1 to M8" cites each of them.
RANGE = re.compile(r"([A-Z])([0-9]+) to \1([0-9]+)")


def test_each_algorithm_stands_in_both_halves_in_the_same_order():
    english, chinese = halves()
    assert list(english) == list(chinese)
    assert len(english) > 30


def test_each_algorithm_has_prose_code_and_source_in_both_halves():
    for half, formula, source, code in zip(halves(), ("Formula", "公式"), ("Source:", "出处："), ("`", "`"), strict=True):
        for name, found in half.items():
            assert source in found.prose, name
            assert len(found.prose) > 40, name
            assert formula in found.prose or code in found.prose, name


def test_the_chinese_half_is_as_full_as_the_english():
    english, chinese = halves()
    # Chinese needs about a third of the letters.
    thin = [name for name in english if len(chinese[name].prose) < 0.28 * len(english[name].prose)]
    assert thin == []


def test_both_halves_have_the_same_numbers():
    english, chinese = halves()
    for name, found in english.items():
        other = chinese[name]
        assert [[cell.numbers for cell in row] for row in found.rows] == [[cell.numbers for cell in row] for row in other.rows], name
        assert [[cell.text for cell in row if not NUMBER.search(cell.text)] for row in found.rows] == [
            [cell.text for cell in row if not NUMBER.search(cell.text)] for row in other.rows
        ], name
        assert set(CODE.findall(found.prose)) == set(CODE.findall(other.prose)), name


def test_what_the_code_cites_stands_on_the_page():
    known, cited = set(halves()[0]), {}
    for path in ours("competition", "evaluations"):
        for text in CITED.findall(path.read_text().replace("\n", " ")):
            names = {f"{letter}{n}" for letter, low, high in RANGE.findall(text) for n in range(int(low), int(high) + 1)}
            for name in names | set(re.findall(r"[A-Z][0-9]+", text)):
                cited.setdefault(name, path)
    assert {name: str(path) for name, path in cited.items() if name not in known} == {}
    assert len(cited) > 10


def test_the_modules_that_the_page_names_exist():
    names = {
        name for found in halves()[0].values() for name in CODE.findall(found.prose) if name.startswith(("evaluations.", "competition."))
    }
    root = Path(settings.BASE_DIR)
    lost = []
    for name in names:
        parts = name.split(".")
        paths = [root.joinpath(*parts[:length]).with_suffix(".py") for length in (len(parts), len(parts) - 1, len(parts) - 2)]
        if not any(path.is_file() for path in paths if len(path.parts) > len(root.parts) + 1):
            lost.append(name)
    assert lost == []
    assert len(names) > 10
