"""Rules without a number: grades and thresholds only."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.domain.advancement import Row, advance, parse_rule
from competition.domain.grades import official_total
from ledger.domain.reason import Reason, Refused

BANDS = [
    {"code": "excellent", "least": "90", "name_zh": "优秀", "name_en": "Excellent"},
    {"code": "good", "least": "79.5", "name_zh": "良好", "name_en": "Good"},
    {"code": "qualified", "least": "60"},
]
GRADES = {"take": {"bands": BANDS, "from": "good"}}
GOOD = {"zh": "良好", "en": "Good"}


def field(*totals, **flags):
    ranks = {total: 1 + sum(other > total for other in map(Fraction, totals)) for total in map(Fraction, totals)}
    names = "abcdefgh"[: len(totals)]
    return [
        Row(name, ranks[Fraction(total)], total=Fraction(total), flags=frozenset(flags.get(name, ())), region="J")
        for name, total in zip(names, totals, strict=True)
    ]


def told(rows, rule):
    return [(found.grade, found.outcome) for found in map(advance(rows, rule).get, (row.entry for row in rows))]


def test_a_total_equal_to_the_bound_has_the_grade_and_a_hair_below_has_not():
    rows = field("90", "89.9999999", "79.5", "79.4999999", "59.99")
    assert told(rows, GRADES) == [
        ("excellent", "advance"),
        ("good", "advance"),
        ("good", "advance"),
        ("qualified", "eliminated"),
        ("", "eliminated"),
    ]
    found = advance(rows, GRADES)
    assert found["c"].reason == Reason("competition.advance_grade", {"rank": 3, "of": 5, "grade": GOOD, "least": "79.5"})
    qualified = {"zh": "qualified", "en": "qualified"}
    assert found["d"].reason == Reason("competition.below_grade", {"rank": 4, "of": 5, "grade": qualified, "from": GOOD, "least": "79.5"})
    assert found["e"].reason == Reason("competition.below_every_grade", {"rank": 5, "of": 5, "from": GOOD, "least": "79.5"})


def test_below_a_threshold_the_grade_stays_and_advances_nobody_and_without_a_rank_there_is_none():
    rows = [*field("95", "81", a=["below_threshold"]), Row("v", None, total=Fraction(99), flags=frozenset({"ineligible"})), Row("u", None)]
    assert told(rows, GRADES) == [("excellent", "eliminated"), ("good", "advance"), ("", "ineligible"), ("", "undecided")]


def test_caps_floors_and_a_reserve_hold_beside_grades():
    rows = field("95", "91", "85", "70", "65")
    capped = GRADES | {"caps": [{"by": "region", "max": 2}]}
    assert [outcome for _grade, outcome in told(rows, capped)] == ["advance", "advance"] + ["eliminated"] * 3
    assert [outcome for _grade, outcome in told(rows, GRADES | {"reserve": 1})] == ["advance"] * 3 + ["reserve", "eliminated"]
    floored = GRADES | {"floors": [{"by": "region", "value": "J", "min": 4}]}
    assert told(rows, floored)[3] == ("qualified", "advance")
    assert advance(rows, floored)["d"].reason.code == "competition.advance_floor"


def test_with_thresholds_only_everybody_else_advances_under_the_caps():
    rows = field("95", "70", "70", "40", b=["below_threshold"])
    assert told(rows, {"take": "all"}) == [("", "advance"), ("", "eliminated"), ("", "advance"), ("", "advance")]
    assert advance(rows, {"take": "all"})["d"].reason == Reason("competition.advance_all", {"rank": 4, "of": 4})
    capped = {"take": "all", "caps": [{"by": "region", "max": 2}], "scope": "track"}
    assert [outcome for _grade, outcome in told(rows, capped)] == ["advance", "eliminated", "advance", "eliminated"]


def test_a_score_is_said_as_a_decimal():
    found = advance(field("80", "79"), {"take": {"score": "79.50"}})
    assert [found[name].reason.params["score"] for name in "ab"] == ["79.5", "79.5"]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"take": "some"}, "take"),
        ({"take": ["all"]}, "take"),
        ({"take": {"bands": BANDS}}, "take"),
        ({"take": {"bands": BANDS, "from": "good", "top": 3}}, "take"),
        ({"take": {"bands": [], "from": "good"}}, "take.bands"),
        ({"take": {"bands": {"good": "90"}, "from": "good"}}, "take.bands"),
        ({"take": {"bands": [{"code": "a", "least": "9", "colour": "x"}], "from": "a"}}, "take.bands.0"),
        ({"take": {"bands": ["good"], "from": "good"}}, "take.bands.0"),
        ({"take": {"bands": [{"code": " ", "least": "9"}], "from": " "}}, "take.bands.0.code"),
        ({"take": {"bands": [{"code": "a", "least": "9", "name_zh": 7}], "from": "a"}}, "take.bands.0.name_zh"),
        ({"take": {"bands": [{"code": "a"}], "from": "a"}}, "take.bands.0.least"),
        ({"take": {"bands": [{"code": "a", "least": 9.5}], "from": "a"}}, "take.bands.0.least"),
        ({"take": {"bands": [{"code": "a", "least": "9"}, {"code": "b", "least": "9.0"}], "from": "a"}}, "take.bands.1.least"),
        ({"take": {"bands": [{"code": "a", "least": "9"}, {"code": "a", "least": "8"}], "from": "a"}}, "take.bands.1.code"),
        ({"take": {"bands": BANDS, "from": "best"}}, "take.from"),
        ({"take": {"bands": BANDS, "from": ["good"]}}, "take.from"),
    ],
)
def test_nonsense_is_refused_at_its_key(rule, place):
    with pytest.raises(Refused) as refused:
        parse_rule(rule)
    assert (refused.value.reason.code, refused.value.reason.params["place"]) == ("competition.rule_malformed", place)


@pytest.mark.parametrize(
    ("rest", "field", "code"),
    [
        ({"floors": [{"by": "region", "value": "J", "min": 1}]}, "floors", "competition.all_with_floors"),
        ({"reserve": 2}, "reserve", "competition.all_with_reserve"),
    ],
)
def test_what_means_nothing_beside_thresholds_only_is_refused(rest, field, code):
    with pytest.raises(Refused) as refused:
        parse_rule({"take": "all"} | rest)
    assert (refused.value.field, refused.value.reason.code) == (field, code)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(5500, 9500), min_size=1, max_size=9), st.lists(st.integers(5500, 9500), min_size=1, max_size=5, unique=True))
def test_a_grade_is_the_best_bound_that_is_reached_and_never_falls_as_totals_rise(cents, bounds):
    bounds = sorted(bounds, reverse=True)
    bands = [{"code": f"g{n}", "least": f"{bound // 100}.{bound % 100:02}"} for n, bound in enumerate(bounds)]
    rows = [Row(f"e{n}", 1 + sum(other > value for other in cents), total=Fraction(value, 100)) for n, value in enumerate(cents)]
    found = advance(rows, {"take": {"bands": bands, "from": bands[-1]["code"]}})
    for row, value in zip(rows, cents, strict=True):
        reached = [n for n, bound in enumerate(bounds) if value >= bound]
        assert found[row.entry].grade == (f"g{reached[0]}" if reached else "")
        assert found[row.entry].outcome == ("advance" if reached else "eliminated")


@pytest.mark.parametrize(
    ("method", "total"),
    [
        ({"rounding": {"total": 2}}, "80"),
        ({"rounding": {"total": None}}, "79.999"),
        ({"order": "sheet"}, "80"),
        ({"rounding": {}}, "79.999"),
    ],
)
def test_grades_are_taken_on_the_official_total(method, total):
    assert official_total("80.00", "79999/1000", method) == Fraction(total)


def test_without_a_total_there_is_none():
    assert official_total(None, None, {"rounding": {"total": None}}) is None
