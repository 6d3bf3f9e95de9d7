from fractions import Fraction

import pytest

from evaluations.domain.totals import EntryTotal, Given
from ledger.domain.reason import Reason, Refused
from tests.evaluations.domain.schemes import panel_of, rounding, scheme_json, total_texts, totals, trimmed


def with_criteria(data, *criteria):
    return data | {"criteria": [*data["criteria"], *criteria]}


def codes(row):
    return [(reason.code, dict(reason.params)) for reason in row.reasons]


METRIC = {
    "code": "Q",
    "dimension": "D1",
    "kind": "metric",
    "max": "100",
    "weight": "40",
    "function": {"linear": {"floor": "0", "target": "300"}},
}
BONUS = {"code": "plus", "kind": "bonus", "min": "-5", "max": "5"}
VETO = {"code": "law", "kind": "veto"}


def test_a_metric_counts_on_every_sheet():
    data = with_criteria(scheme_json([60]), METRIC)
    row = totals(data, {"X": panel_of([80], [71])}, given=Given(metrics={"Q": {"X": 3333}}))["X"]
    # (80·60 + 33.33·40)/100 = 61.332 → 61.33; (71·60 + 33.33·40)/100 = 55.932 → 55.93
    assert (row.exact, row.criteria) == (Fraction("58.63"), {"C1": "75.500000", "Q": "33.330000"})
    assert row.dimensions == {"D1": "58.632000"}


def test_a_missing_figure_blocks_and_says_which():
    data = with_criteria(scheme_json([60], missing="zero"), METRIC | {"missing": "zero"})
    row = totals(data, {"X": panel_of([80], [71])})["X"]
    assert (row.exact, row.total, row.criteria["Q"]) == (None, None, None)
    assert codes(row) == [("evaluations.entry_figure_missing", {"criterion": "Q"})]


def test_too_small_a_panel_is_not_rankable():
    data = scheme_json([100], panel={"method": "mean", "min_panel": 3})
    rows = totals(data, {"X": panel_of([80], [71]), "Y": panel_of([80], [71], [70.5])})
    assert codes(rows["X"]) == [("evaluations.entry_panel_too_small", {"size": 2, "least": 3})]
    assert (rows["X"].total, rows["Y"].total_text(2)) == (None, "73.83")


def test_a_criterion_without_marks_blocks_in_criterion_order_only():
    sheets = {"X": panel_of((80, "abstain"), (70, "abstain"))}
    row = totals(scheme_json([50, 50], order="criterion"), sheets)["X"]
    assert codes(row) == [("evaluations.entry_criterion_without_marks", {"criterion": "C2"})]
    assert (row.abstained, row.criteria["C2"], row.dimensions) == (2, None, {"D1": "37.500000", "D2": None})
    assert total_texts(scheme_json([50, 50]), sheets) == {"X": "75.00"}
    asked = totals(scheme_json([50, 50], thresholds={"dimensions": {"D2": "1"}}), sheets)["X"]
    assert codes(asked) == [("evaluations.entry_criterion_without_marks", {"criterion": "C2"})]


@pytest.mark.parametrize("policy", ["required", "exclude", "zero"])
def test_an_abstention_is_left_out_under_every_policy(policy):
    data = scheme_json([50, 30, 20], missing=policy)
    row = totals(data, {"X": panel_of((80, "abstain", 90), ("abstain", "abstain", "abstain"))})["X"]
    assert (row.total_text(2), row.panel_size, row.abstained) == ("82.86", 1, 4)


def test_a_hole_in_a_required_sheet_is_refused_with_its_place():
    with pytest.raises(Refused) as refusal:
        totals(scheme_json([50, 50]), {"X": panel_of((80, 70), (80, None))})
    assert refusal.value.reasons == (Reason("evaluations.mark_required", {"entry": "X", "evaluator": "e2", "criterion": "C2"}),)


def test_bonuses_are_collapsed_or_given_once_clipped_each_and_together():
    late = BONUS | {"code": "late", "min": "-3", "max": "3"}
    data = with_criteria(scheme_json([100], bonus_cap=["-5", "6"]), BONUS, late)
    sheets = {"X": panel_of([70, 4], [71, 8]), "Y": panel_of([70], [71]), "Z": panel_of([70, -2], [71])}
    rows = totals(data, sheets, given=Given(bonuses={"late": {"X": Fraction("2.345"), "Z": Fraction(-9)}}))
    assert {entry: row.bonus for entry, row in rows.items()} == {"X": 6, "Y": 0, "Z": -5}
    assert {entry: row.total_text(2) for entry, row in rows.items()} == {"X": "76.50", "Y": "70.50", "Z": "65.50"}
    assert rows["X"].criteria == {"C1": "70.500000", "plus": "5", "late": "2.345"}


def test_a_bonus_given_once_stands_where_holes_count_as_zero():
    data = with_criteria(scheme_json([100], bonus_cap=["-5", "6"]), BONUS | {"missing": "zero"})
    sheets = {"X": panel_of([70], [71]), "Y": panel_of([70, 3], [71])}
    rows = totals(data, sheets, given=Given(bonuses={"plus": {"X": Fraction(4)}}))
    assert {entry: row.bonus for entry, row in rows.items()} == {"X": 4, "Y": Fraction("1.5")}


def test_a_bonus_twice_is_refused():
    data = with_criteria(scheme_json([100]), BONUS)
    with pytest.raises(Refused) as refusal:
        totals(data, {"X": panel_of([70, 4])}, given=Given(bonuses={"plus": {"X": Fraction(1)}}))
    assert refusal.value.reasons == (Reason("evaluations.bonus_twice", {"entry": "X", "criterion": "plus"}),)


def test_a_negative_total_rounds_its_half_away_from_zero():
    data = with_criteria(scheme_json([100], bonus_cap=["-9", "9"], rounding=rounding()), BONUS | {"min": "-9"})
    row = totals(data, {"X": panel_of(["0.01"], ["0"])}, given=Given(bonuses={"plus": {"X": Fraction("-3.01")}}))["X"]
    assert (row.exact, row.total_text(2)) == (Fraction("-3.005"), "-3.01")


def test_one_failed_veto_makes_ineligible():
    data = with_criteria(scheme_json([100]), VETO)
    sheets = {"X": panel_of([70, 1], [71, 0]), "Y": panel_of([70, 1], [71]), "Z": panel_of([70], [71])}
    rows = totals(data, sheets, given=Given(vetoes={"law": {"Z": 0}}))
    assert {entry: (row.eligible, row.criteria["law"]) for entry, row in rows.items()} == {
        "X": (False, "0"),
        "Y": (True, "1"),
        "Z": (False, "0"),
    }
    assert codes(rows["Z"]) == [("evaluations.entry_vetoed", {"criterion": "law"})]
    assert rows["X"].total_text(2) == "70.50"


def test_equal_passes_a_threshold():
    data = scheme_json([50, 50], thresholds={"total": "75", "dimensions": {"D1": "40"}, "criteria": {"C2": "70"}})
    rows = totals(data, {"X": panel_of((80, 70)), "Y": panel_of((79, 71)), "Z": panel_of((80, "69.98"))})
    assert {entry: row.flags for entry, row in rows.items()} == {"X": (), "Y": ("below_threshold",), "Z": ("below_threshold",)}
    assert [reason.code.rpartition("entry_")[2] for reason in rows["Z"].reasons] == ["criterion_below_threshold", "total_below_threshold"]


def test_carry_in_factor_scale_adds():
    data = scheme_json(["0.5", "0.25"], scale="factor", carry=[{"round": "desk", "weight": "0.4"}, {"round": "visit", "weight": "2"}])
    sheets = {"X": panel_of((80, 70)), "Y": panel_of((80, 70))}
    rows = totals(data, sheets, carried={"X": {"desk": Fraction("50.5"), "visit": Fraction(3)}, "Y": {"visit": Fraction(3)}})
    assert rows["X"].exact == Fraction("83.7")
    assert codes(rows["Y"]) == [("evaluations.entry_carry_missing", {"round": "desk"})]


def test_trimming_counts_each_criterion_for_itself():
    data = scheme_json([50, 50], order="criterion", panel=trimmed(min_to_trim=4), missing="exclude", rounding=rounding())
    row = totals(data, {"X": panel_of((90, 60), (70, None), (85, 80), (60, 91))})["X"]
    # first: 70 and 85 kept → 77.5; second has three values → plain mean 77
    assert (row.exact, row.flags) == (Fraction("77.25"), ("small_panel",))
    assert set(row.dropped) == {("e1", "C1", "high"), ("e4", "C1", "low")}


def test_all_equal_occurrences_drop_two_different_evaluators():
    row = totals(scheme_json([100], panel=trimmed(2, 1, 4)), {"X": panel_of([70], [70], [70], [70])})["X"]
    assert row.dropped == (("e1", None, "high"), ("e2", None, "high"), ("e3", None, "low"))


def test_past_the_bound_numbers_stay_right():
    # weight × mark alone is 10^14 × 10^14: int64 would wrap silently.
    huge = "1000000000000"
    data = scheme_json([huge, "1"], scale="factor", rounding=rounding(sheet=2, panel=6, total=None))
    for criterion in data["criteria"]:
        criterion["max"] = huge
    row = totals(data, {"X": panel_of((huge, "999999999999.99"), ("999999999999.97", "3"))})["X"]
    first = Fraction(huge) * Fraction(huge) + Fraction("999999999999.99")
    second = Fraction(huge) * Fraction("999999999999.97") + 3
    assert row.exact == (first + second) / 2
    assert row.exact > 2**62


def test_an_entry_without_sheets_is_not_rankable():
    row = totals(scheme_json([100]), {"X": {}, "Y": panel_of([70])})["X"]
    assert (row.exact, row.panel_size) == (None, 0)
    assert [reason.code for reason in row.reasons] == ["evaluations.entry_panel_too_small"]


@pytest.mark.parametrize("order", ["sheet", "criterion"])
def test_metrics_alone_need_no_panel(order):
    data = scheme_json([], order=order, panel={"method": "mean", "min_panel": 0})
    data["criteria"] = [METRIC | {"weight": "100"}]
    assert total_texts(data, {"X": {}}, given=Given(metrics={"Q": {"X": 3333}})) == {"X": "33.33"}


def test_a_total_survives_json():
    data = with_criteria(scheme_json([100], ties=["median", "lot"], panel=trimmed(min_panel=2)), VETO)
    rows = totals(data, {"X": panel_of([70], [71], [72], [77], [80]), "Y": panel_of([70, 0])})
    for row in rows.values():
        assert EntryTotal.from_json(row.as_json()) == row
