"""What explains a total is the total: the steps against the arrays, for schemes of every kind."""

from fractions import Fraction

from hypothesis import HealthCheck, given, settings

from evaluations.domain.decimals import fraction_text
from evaluations.domain.explainer import explain, rung_values
from evaluations.domain.explanation import Inputs
from evaluations.domain.scheme_reader import parse_scheme
from tests.evaluations.domain.schemes import panel_of, rounding, scheme_json, trimmed
from tests.evaluations.domain.strategies import Race, races


def inputs_of(race, entry):
    rules = {rule["code"]: rule for rule in race.data["criteria"]}
    once = {kind: {} for kind in ("metric", "bonus", "veto")}
    for code, value in race.given[entry].items():
        once[rules[code]["kind"]][code] = value
    sheets = {
        name: {code: None if mark == "abstain" else mark for code, mark in sheet.items()} for name, sheet in race.sheets[entry].items()
    }
    bonuses = {code: None if value is None else Fraction(value, 100) for code, value in once["bonus"].items()}
    return Inputs(entry, sheets, once["metric"], bonuses, once["veto"], race.carried[entry])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(races())
def test_the_last_step_is_the_official_total(race):
    scheme = parse_scheme(race.data)
    for entry, row in race.totals().items():
        steps = explain(scheme, inputs_of(race, entry))
        assert (steps.total and steps.total.exact, steps.total and steps.total.value) == (row.exact, row.total)
        assert (steps.size, steps.bonus, steps.flags) == (row.panel_size, row.bonus, row.flags)
        assert steps.reasons == row.reasons
        assert sorted(steps.dropped, key=str) == sorted(row.dropped, key=str)
        assert row.total is None or rung_values(scheme, steps) == row.rungs
        digits = 6 if scheme.rounding.panel is None else scheme.rounding.panel
        for criterion in steps.criteria:
            value = criterion.value
            assert row.criteria[criterion.rule.code] == (None if value is None else fraction_text(value.value, digits))
        for dimension in steps.dimensions:
            assert row.dimensions[dimension.code] == (None if dimension.value is None else fraction_text(dimension.value, 6))


def explained(data, marks, **given):
    sheets = {
        name: {rule["code"]: mark * 100 for rule, mark in zip(data["criteria"], row, strict=True) if mark is not None}
        for name, row in panel_of(*marks).items()
    }
    return explain(parse_scheme(data), Inputs("X", sheets, **given))


def test_each_stage_keeps_both_sides_of_its_rounding():
    data = scheme_json([50, 50], panel=trimmed(), rounding=rounding(sheet=2, panel=1, total=0))
    steps = explained(data, [(90, 60), (70, 95), (85, 80), (60, 90), (88, 71)])
    assert [(row.evaluator, row.total.value) for row in steps.sheets] == [
        ("e1", 75),
        ("e2", Fraction("82.5")),
        ("e3", Fraction("82.5")),
        ("e4", 75),
        ("e5", Fraction("79.5")),
    ]
    assert [(seat.evaluator, seat.fate) for seat in steps.panel.dropped] == [("e1", "low"), ("e2", "high")]
    assert (steps.panel.sum, steps.panel.count, steps.panel.result.exact, steps.panel.result.value) == (237, 3, 79, 79)
    by_criterion = explained(data | {"order": "criterion"}, [(90, 60), (70, 95), (85, 80), (60, 90), (88, 71)])
    first = by_criterion.criteria[0]
    assert (first.value.exact, first.value.value, first.contribution.exact) == (81, 81, Fraction(81, 2))
    assert by_criterion.criteria[1].value.exact == Fraction(241, 3) and by_criterion.criteria[1].value.value == Fraction("80.3")
    assert by_criterion.this_round == Fraction("80.65") and by_criterion.total.value == 81


def test_a_stretched_sheet_names_both_weights():
    steps = explained(scheme_json([50, 30, 20], missing="exclude"), [(80, None, 90)])
    (sheet,) = steps.sheets
    assert (sheet.sum, sheet.weight, sheet.whole, sheet.stretched) == (58, 70, 100, True)
    assert (sheet.total.exact, sheet.total.value) == (Fraction(580, 7), Fraction("82.86"))
    assert [term.fate for term in sheet.terms] == ["marked", "blank", "marked"]


def test_a_median_names_the_middle():
    data = scheme_json([100], panel={"method": "median", "min_panel": 1})
    even = explained(data, [(70,), (90,), (80,), (81,)]).panel
    assert [seat.fate for seat in even.seats] == ["aside", "aside", "kept", "kept"]
    assert (even.sum, even.count) == (161, 2)
    odd = explained(data, [(70,), (90,), (80,)]).panel
    assert (odd.sum, odd.count, [seat.fate for seat in odd.seats]) == (80, 1, ["aside", "aside", "kept"])


def test_a_carried_total_names_every_weight():
    data = scheme_json([100], rounding=rounding(), carry=[{"round": "desk", "weight": "40"}])
    carry = explained(data, [(78,), (79,)], carried={"desk": Fraction("82.30")}).carry
    assert (carry.earlier, carry.own_weight, carry.own, carry.over) == ((("desk", 40, Fraction("82.3")),), 60, Fraction("78.5"), 100)
    assert carry.result == Fraction("80.02")


def test_without_marks_of_a_panel_only_the_reason_is_left():
    empty = Race(scheme_json([60, 40]), {"X": {}}, {"X": {}}, {"X": {}})
    steps = explain(parse_scheme(empty.data), inputs_of(empty, "X"))
    assert (steps.total, steps.panel.result, steps.this_round) == (None, None, None)
    assert [reason.code for reason in steps.reasons] == ["evaluations.entry_panel_too_small"]
