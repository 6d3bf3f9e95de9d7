"""Example sheets: the same every time, fit for any scheme, and every rule of one is seen at work on them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from evaluations.domain.examples import example_sheets
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.showing import courses
from tests.evaluations.domain.strategies import races

CRITERIA = [
    {"code": "A1", "dimension": "A", "kind": "expert", "max": "100", "step": "1", "weight": "30", "missing": "required"},
    {
        "code": "A2",
        "dimension": "A",
        "kind": "metric",
        "max": "100",
        "weight": "20",
        "function": {"linear": {"floor": "0", "target": "300"}},
    },
    {"code": "B1", "dimension": "B", "kind": "expert", "max": "100", "step": "1", "weight": "30", "missing": "required"},
    {"code": "B2", "dimension": "B", "kind": "mixed", "max": "50", "step": "0.5", "weight": "20", "missing": "exclude"},
    {"code": "S", "kind": "bonus", "min": "-5", "max": "3"},
    {"code": "V", "kind": "veto"},
]
SCHEME = {
    "scale": "percent",
    "order": "sheet",
    "criteria": CRITERIA,
    "panel": {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 4, "min_panel": 3},
    "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 2},
    "bonus_cap": ["-2", "2"],
    "ties": ["dimension:B", "lot"],
}


def drawn(seats=4, **changes):
    scheme = parse_scheme(SCHEME | changes)
    return {course.entry: course for course in courses(scheme, example_sheets(scheme, seats=seats), seed="example")}


def test_every_rule_is_seen_at_work():
    found = drawn()
    assert [sheet.end for sheet in found["1"].sheets].count("high") == 1
    assert [sheet.end for sheet in found["1"].sheets].count("low") == 1
    assert (found["2"].total_text, found["2"].place.tie_broken_by) == (found["4"].total_text, "dimension:B")
    assert found["3"].bonus == "2" and found["5"].bonus == "-2"
    assert found["3"].lines[3].cells[2].text is None
    assert (len(found["5"].sheets), found["5"].total.flags) == (3, ("small_panel",))
    assert (found["6"].place.rank, found["6"].total.reasons[0].code) == (None, "evaluations.entry_vetoed")
    assert found["7"].total.reasons[0].code == "evaluations.entry_figure_missing"


def test_totals_are_those_of_the_scheme():
    found = drawn(
        order="criterion", panel={"method": "mean", "min_panel": 2}, rounding={"panel": 2, "weighted": 2, "total": 2}, bonus_cap=None
    )
    course = found["1"]
    assert course.sheets == ()
    assert course.panel == str(sum(Decimal(line.points) for line in course.lines))
    assert course.total_text == course.panel and course.bonus == "0"


@pytest.mark.parametrize("seats", [1, 5, 12])
def test_the_panel_is_even_and_of_a_size_to_look_at(seats):
    sizes = {len(course.sheets) for entry, course in drawn(seats).items() if entry != "5"}
    assert sizes == {{1: 2, 5: 6, 12: 8}[seats]}


def test_carried_totals_and_one_without():
    found = drawn(carry=[{"round": "desk", "weight": "40"}])
    assert found["1"].earlier[0][0] == "desk"
    assert [reason.code for reason in found["7"].total.reasons][-1] == "evaluations.entry_carry_missing"


@given(races())
@settings(max_examples=60, deadline=None)
def test_any_scheme_has_examples(race):
    scheme = parse_scheme(race.data)
    first = courses(scheme, example_sheets(scheme, seats=4), seed="example")
    assert first == courses(scheme, example_sheets(scheme, seats=4), seed="example")
    assert len(first) == 7
