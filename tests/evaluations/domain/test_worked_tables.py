"""The worked tables of docs/scoring.md, with their numbers."""

from fractions import Fraction

import pytest

from tests.evaluations.domain.schemes import panel_of, rounding, scheme_json, total_texts, totals, trimmed


def test_table_1_percent_sheet_mean():
    sheets = {
        "X": panel_of((80, 90), (75, 85), (91, 70), (88, 77)),
        "Y": panel_of((84, 84), (80, 78), (83, 80), (87, 79)),
        "Z": panel_of((70, 95), (72, 91), (69, 90), (75, 88)),
    }
    assert total_texts(scheme_json([60, 40]), sheets) == {"X": "82.30", "Y": "82.20", "Z": "79.30"}


@pytest.mark.parametrize(
    ("order", "panel", "expected"),
    [
        ("sheet", None, {"P": "78.83", "Q": "80.00"}),
        ("criterion", None, {"P": "80.50", "Q": "79.83"}),
        ("criterion", 2, {"P": "80.50", "Q": "79.84"}),
    ],
)
def test_table_2_order_matters(order, panel, expected):
    sheets = {
        "P": panel_of((90, 60), (70, 95), (85, 80), (60, 90), (88, 70)),
        "Q": panel_of((80, 80), (82, 78), (79, 81), (81, 77), (78, 84)),
    }
    data = scheme_json([50, 50], order=order, panel=trimmed(), rounding=rounding(sheet=2, panel=panel))
    assert total_texts(data, sheets) == expected


@pytest.mark.parametrize(
    ("marks", "exact", "expected"),
    [
        (("80.10", "80.20", "80.30", "80.42"), Fraction("80.255"), "80.26"),
        (("86.10", "86.12", "86.13", "86.15"), Fraction("86.125"), "86.13"),
    ],
)
def test_table_3_half_cents(marks, exact, expected):
    row = totals(scheme_json([100]), {"X": panel_of(*([mark] for mark in marks))})["X"]
    assert (row.exact, row.total, row.total_text(2)) == (exact, Fraction(expected), expected)


@pytest.mark.parametrize(("policy", "expected"), [("exclude", "85.00"), ("zero", "56.67")])
def test_table_4_missing_is_not_zero(policy, expected):
    data = scheme_json([50, 50], order="criterion", missing=policy, rounding=rounding(panel=2))
    row = totals(data, {"X": panel_of((90, 70), (80, 75), (None, 83))})["X"]
    assert row.criteria == {"C1": expected, "C2": "76.00"}


@pytest.mark.parametrize("policy", ["exclude", "zero"])
def test_table_4_an_evaluator_without_a_single_mark_is_absent(policy):
    data = scheme_json([100], order="criterion", missing=policy, rounding=rounding(panel=2))
    row = totals(data, {"X": panel_of([90], [80], [None])})["X"]
    assert (row.criteria, row.panel_size) == ({"C1": "85.00"}, 2)


def test_table_4_renormalised():
    data = scheme_json([50, 30, 20], missing="exclude")
    assert total_texts(data, {"X": panel_of((80, None, 90))}) == {"X": "82.86"}
    exact = totals(data | {"rounding": rounding()}, {"X": panel_of((80, None, 90))})["X"].exact
    assert exact == Fraction(5800, 70)


def test_table_5_recusal():
    data = scheme_json([100], panel=trimmed())
    whole = totals(data, {"X": panel_of([91], [88], [80], [74], [70])})["X"]
    recused = totals(data, {"X": panel_of([91], [88], [80], [70])})["X"]
    assert (whole.total_text(2), whole.flags) == ("80.67", ())
    assert (recused.total_text(2), recused.flags) == ("82.25", ("small_panel",))


def test_table_6_equal_extremes():
    sheets = {"X": panel_of((90, 90), (95, 85), (80, 80), (70, 70), (60, 60))}
    data = scheme_json([50, 50], panel=trimmed(), rounding=rounding(sheet=2, panel=2), thresholds={"criteria": {"C2": "78.5"}})
    row = totals(data, sheets)["X"]
    assert (row.total_text(2), row.criteria) == ("80.00", {"C1": "80.00", "C2": "78.33"})
    assert row.flags == ("below_threshold",)
    assert [(reason.code, dict(reason.params)) for reason in row.reasons] == [
        ("evaluations.entry_criterion_below_threshold", {"code": "C2", "value": "78.330000", "least": "78.5"})
    ]
    assert row.dropped == (("e1", None, "high"), ("e5", None, "low"))


def test_table_7_carry():
    data = scheme_json([100], rounding=rounding(), carry=[{"round": "desk", "weight": "40"}])
    sheets = {"X": panel_of(["78.83"], ["78.84"])}
    row = totals(data, sheets, carried={"X": {"desk": Fraction("82.30")}})["X"]
    assert (row.exact, row.total_text(2)) == (Fraction("80.221"), "80.22")
