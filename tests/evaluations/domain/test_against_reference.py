"""Generated competitions, once through the arrays and once the slow and obvious way."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from evaluations.domain.ranking import rank
from evaluations.domain.scheme_reader import parse_scheme
from tests.evaluations.domain import reference
from tests.evaluations.domain.strategies import races, rolled


def slow(race):
    rules = {rule["code"]: rule for rule in race.data["criteria"]}
    entries = {}
    for entry, sheets in race.sheets.items():
        marks = {
            name: {code: mark if mark == "abstain" else Fraction(mark, 100) for code, mark in sheet.items()}
            for name, sheet in sheets.items()
        }
        once = {
            code: Fraction(value) if rules[code]["kind"] == "veto" else Fraction(value, 100)
            for code, value in race.given[entry].items()
            if value is not None
        }
        entries[entry] = reference.Entry(race.data, marks, once, race.carried[entry])
    return entries


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(races())
def test_the_arrays_say_what_the_reference_says(race):
    compare(race)


@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_schemes(seed):
    """A thousand by each of the dice."""
    dice = Random(seed)
    for _ in range(1000):
        compare(rolled(dice, most_entries=3))


def compare(race):
    fast, digits = race.totals(), race.data["rounding"]
    rows = []
    for code, entry in slow(race).items():
        row, exact = fast[code], entry.exact()
        assert row.exact == exact
        total = None if exact is None else reference.half_up(exact, digits["total"])
        assert row.total == total
        assert row.total_text(digits["total"]) == reference.text(total, 6 if digits["total"] is None else digits["total"])
        shown = 6 if digits["panel"] is None else digits["panel"]
        for criterion, value in entry.values.items():
            assert row.criteria[criterion] == reference.text(value, shown)
        assert row.dimensions == {dimension: reference.text(value, 6) for dimension, value in entry.dimensions().items()}
        assert row.panel_size == len(entry.present)
        assert row.bonus == entry.bonus()
        if exact is not None:
            assert ("below_threshold" in row.flags) == entry.below(total)
            assert list(row.rungs) == entry.rungs()
        assert ("small_panel" in row.flags) == entry.small or exact is None
        assert ("ineligible" in row.flags) == entry.vetoed()
        assert bool(row.reasons) == (exact is None or entry.below(total) or entry.vetoed())
        if exact is not None and not entry.vetoed():
            rows.append((code, total, entry.rungs()))
    scheme = parse_scheme(race.data)
    places = {place.entry: place for place in rank((row.score for row in fast.values()), scheme.ties, seed="seed")}
    expected = reference.ranks(rows, race.data["ties"], "seed")
    assert {code: place.rank for code, place in places.items() if place.rank is not None} == expected
    for code, number in expected.items():
        assert set(places[code].tied_with) == {other for other in expected if expected[other] == number and other != code}
