import copy

import pytest

from evaluations.domain.metrics import Linear
from evaluations.domain.scheme import Carry, Rung
from evaluations.domain.scheme_reader import parse_scheme
from ledger.domain.reason import Refused

EXAMPLE = {
    "scale": "percent",
    "order": "sheet",
    "criteria": [
        {"code": "A1", "dimension": "A", "kind": "expert", "max": "100", "step": "1", "weight": "60", "missing": "required"},
        {
            "code": "B1",
            "dimension": "B",
            "kind": "metric",
            "max": "50",
            "weight": "40",
            "function": {"linear": {"floor": "0", "target": "300"}},
        },
        {"code": "plus", "kind": "bonus", "min": "-5", "max": "5"},
        {"code": "law", "kind": "veto"},
    ],
    "panel": {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 5, "min_panel": 3},
    "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 2},
    "thresholds": {"total": "60", "dimensions": {"B": "20"}, "criteria": {"B1": "25"}},
    "bonus_cap": ["-5", "5"],
    "ties": ["dimension:B", "criterion:A1", "untrimmed_mean", "median", "lot"],
    "carry": [{"round": "desk", "weight": "40"}],
}


def changed(path, value):
    """The example with one value changed; REMOVE takes the key away."""
    data = copy.deepcopy(EXAMPLE)
    place = data
    for step in path[:-1]:
        place = place[step]
    if value is REMOVE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


REMOVE = object()


def faults(data):
    with pytest.raises(Refused) as refusal:
        parse_scheme(data)
    return [(reason.code.removeprefix("evaluations.scheme_"), reason.params["path"]) for reason in refusal.value.reasons]


def test_numbers_become_whole_numbers_and_fractions():
    scheme = parse_scheme(EXAMPLE)
    first, second, plus, law = scheme.criteria
    assert (first.maximum, first.step, first.weight, first.missing) == (10_000, 100, 600_000, "required")
    assert (second.maximum, second.function, second.reverse, second.in_group) == (5000, Linear(0, 300), False, False)
    assert (plus.least, plus.most, plus.weighted, law.weighted) == (-500, 500, False, False)
    assert scheme.ties == (Rung("dimension", "B"), Rung("criterion", "A1"), Rung("untrimmed_mean"), Rung("median"), Rung("lot"))
    assert scheme.carry == (Carry("desk", 400_000),)
    assert (scheme.bonus_cap, scheme.needs_seed, scheme.dimensions) == ((-500, 500), True, ("A", "B"))
    # 60/100 and 40/50 points per mark
    assert scheme.contribution_factors == ((3, 4), 500)


def test_four_keys_may_be_absent():
    data = {key: value for key, value in EXAMPLE.items() if key not in ("thresholds", "bonus_cap", "ties", "carry")}
    scheme = parse_scheme(data)
    assert (scheme.thresholds.total, scheme.bonus_cap, scheme.ties, scheme.carry) == (None, None, (), ())


REFUSALS = [
    (("speed",), 1, "unknown_key", "speed"),
    (("scale",), REMOVE, "missing_key", "scale"),
    (("rounding",), REMOVE, "missing_key", "rounding"),
    (("scale",), "percents", "not_a_choice", "scale"),
    (("order",), None, "not_a_choice", "order"),
    (("criteria",), {}, "not_a_list", "criteria"),
    (("criteria",), [], "nothing_weighted", "criteria"),
    (("criteria", 0), "A1", "not_an_object", "criteria[0]"),
    (("criteria", 0, "colour"), "red", "unknown_key", "criteria[0].colour"),
    (("criteria", 0, "weight"), REMOVE, "missing_key", "criteria[0].weight"),
    (("criteria", 0, "missing"), REMOVE, "missing_key", "criteria[0].missing"),
    (("criteria", 0, "weight"), "61", "weights_sum", "criteria"),
    (("criteria", 0, "weight"), "0", "not_positive", "criteria[0].weight"),
    (("criteria", 0, "weight"), "-60", "out_of_range", "criteria[0].weight"),
    (("criteria", 0, "weight"), "59.99999", "too_fine", "criteria[0].weight"),
    (("criteria", 0, "weight"), 60.0, "not_a_decimal", "criteria[0].weight"),
    (("criteria", 0, "weight"), "6e1", "not_a_decimal", "criteria[0].weight"),
    (("criteria", 0, "weight"), "٦٠", "not_a_decimal", "criteria[0].weight"),
    (("criteria", 0, "weight"), True, "not_a_decimal", "criteria[0].weight"),
    (("criteria", 0, "max"), "99.999", "too_fine", "criteria[0].max"),
    (("criteria", 0, "missing"), "skip", "not_a_choice", "criteria[0].missing"),
    (("criteria", 0, "kind"), "jury", "not_a_choice", "criteria[0].kind"),
    (("criteria", 0, "code"), "", "not_a_code", "criteria[0].code"),
    (("criteria", 0, "code"), "x" * 201, "not_a_code", "criteria[0].code"),
    (("criteria", 0, "code"), "B1", "code_repeated", "criteria[1].code"),
    (("criteria", 0, "reverse"), True, "key_not_for_kind", "criteria[0].reverse"),
    (("criteria", 1, "step"), "1", "key_not_for_kind", "criteria[1].step"),
    (("criteria", 2, "weight"), "5", "key_not_for_kind", "criteria[2].weight"),
    (("criteria", 2, "min"), "6", "bounds_reversed", "criteria[2].min"),
    (("criteria", 1, "function"), {}, "not_one_function", "criteria[1].function"),
    (("criteria", 1, "function"), {"cubic": {}}, "unknown_key", "criteria[1].function.cubic"),
    (("criteria", 1, "function"), {"linear": {"floor": "3", "target": "3.0"}}, "floor_is_target", "criteria[1].function.linear"),
    (("criteria", 1, "function"), {"linear": {"floor": "3"}}, "missing_key", "criteria[1].function.linear.target"),
    (("criteria", 1, "function"), {"steps": [[0, "0"], [0, "6"]]}, "steps_not_ascending", "criteria[1].function.steps"),
    (("criteria", 1, "function"), {"steps": []}, "steps_not_ascending", "criteria[1].function.steps"),
    (("criteria", 1, "function"), {"steps": [[0, "51"]]}, "out_of_range", "criteria[1].function.steps[0][1]"),
    (("criteria", 1, "function"), {"steps": [[0]]}, "not_a_pair", "criteria[1].function.steps[0]"),
    (("criteria", 1, "function"), {"threshold": {"op": "=>", "value": "1"}}, "not_a_choice", "criteria[1].function.threshold.op"),
    (("criteria", 1, "function"), {"percentile": {"of": "1"}}, "unknown_key", "criteria[1].function.percentile.of"),
    (("panel", "min_to_trim"), 2, "trims_everything", "panel.min_to_trim"),
    (("panel", "drop_high"), 4, "trims_everything", "panel.min_to_trim"),
    (("panel", "drop_high"), REMOVE, "missing_key", "panel.drop_high"),
    (("panel", "drop_low"), -1, "not_a_count", "panel.drop_low"),
    (("panel", "min_panel"), "3", "not_a_count", "panel.min_panel"),
    (("panel", "min_panel"), True, "not_a_count", "panel.min_panel"),
    (("panel", "method"), "mode", "not_a_choice", "panel.method"),
    (("rounding", "total"), 7, "not_a_count", "rounding.total"),
    (("rounding", "total"), REMOVE, "missing_key", "rounding.total"),
    (("rounding", "totals"), 2, "unknown_key", "rounding.totals"),
    (("thresholds", "dimensions"), {"C": "20"}, "unknown_key", "thresholds.dimensions.C"),
    (("thresholds", "criteria"), {"plus": "2"}, "unknown_key", "thresholds.criteria.plus"),
    (("thresholds", "total"), "sixty", "not_a_decimal", "thresholds.total"),
    (("bonus_cap",), ["5", "-5"], "bounds_reversed", "bonus_cap"),
    (("bonus_cap",), ["5"], "not_a_pair", "bonus_cap"),
    (("ties", 0), "dimension:C", "code_unknown", "ties[0]"),
    (("ties", 0), "criterion:law", "code_unknown", "ties[0]"),
    (("ties", 0), "coin", "not_a_choice", "ties[0]"),
    (("ties", 0), ["lot"], "not_a_choice", "ties[0]"),
    (("carry", 0, "weight"), "100.0001", "carry_over", "carry"),
    (("carry",), [{"round": "desk", "weight": "1"}] * 2, "code_repeated", "carry"),
    (("carry", 0, "round"), REMOVE, "missing_key", "carry[0].round"),
]


@pytest.mark.parametrize(("path", "value", "code", "at"), REFUSALS, ids=[f"{row[3]} {row[2]}" for row in REFUSALS])
def test_what_is_wrong_is_refused_with_its_key_path(path, value, code, at):
    assert faults(changed(path, value)) == [(code, at)]


@pytest.mark.parametrize("data", [None, [], "scheme", 7])
def test_something_else_altogether_is_refused(data):
    assert faults(data) == [("not_an_object", "$")]


def test_all_faults_come_at_once():
    data = changed(("criteria", 0, "max"), "x")
    data["panel"]["min_panel"] = -1
    data["rounding"]["panel"] = "2"
    assert faults(data) == [("not_a_decimal", "criteria[0].max"), ("not_a_count", "panel.min_panel"), ("not_a_count", "rounding.panel")]


@pytest.mark.parametrize(
    ("function", "reverses"),
    [
        ({"linear": {"floor": "0", "target": "3"}}, True),
        ({"linear": {"floor": "3", "target": "0"}}, False),
        ({"steps": [[0, "0"], ["10", "50"]]}, True),
        ({"percentile": {}}, True),
        ("min_max", True),
        ({"threshold": {"op": ">=", "value": "70"}}, False),
        ({"per_item": {"points": "5"}}, False),
    ],
)
def test_reverse_only_where_it_has_a_meaning(function, reverses):
    data = changed(("criteria", 1, "function"), function)
    data["criteria"][1]["reverse"] = True
    if reverses:
        assert parse_scheme(data).criteria[1].reverse
    else:
        assert faults(data) == [("reverse_refused", "criteria[1].reverse")]


def test_what_a_method_or_order_does_not_use_is_ignored():
    plain = changed(("panel",), {"method": "mean", "min_panel": 3})
    ignored = changed(("panel",), {"method": "mean", "min_panel": 3, "drop_high": 9, "drop_low": 9, "min_to_trim": 1})
    assert parse_scheme(ignored) == parse_scheme(plain)


def test_the_same_scheme_has_the_same_digest_however_it_is_written():
    scheme = parse_scheme(EXAMPLE)
    other = copy.deepcopy(EXAMPLE)
    other["criteria"][0]["weight"] = "60.000"
    other["criteria"][1] |= {"missing": "required", "reverse": False}
    other["criteria"][1]["function"] = {"linear": {"target": 300, "floor": "-0"}}
    other = dict(reversed(other.items()))
    assert parse_scheme(other).canonical() == scheme.canonical()
    assert len(scheme.digest) == 64
    assert parse_scheme(scheme.as_json()) == scheme
    assert parse_scheme(changed(("ties",), ["lot"])).digest != scheme.digest
