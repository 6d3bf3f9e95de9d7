import numpy as np
import pytest

from evaluations.domain.cube import build_cube
from evaluations.domain.scheme_reader import parse_scheme
from ledger.domain.reason import Refused
from tests.evaluations.domain.schemes import scheme_json

STEPPED = scheme_json([50, 30, 20])
for _rule, _max, _step in zip(STEPPED["criteria"], ("100", "10", "7"), ("1", "0.5", "0.01"), strict=True):
    _rule |= {"max": _max, "step": _step}
STEPPED["criteria"] += [
    {"code": "plus", "kind": "bonus", "min": "-5", "max": "5"},
    {"code": "law", "kind": "veto"},
]


def built(*rows, entries=("x", "y", "z"), evaluators=("m", "Z", "a")):
    table = np.array(rows, np.int64).reshape(-1, 4).T
    return build_cube(parse_scheme(STEPPED), entries, evaluators, entry=table[0], evaluator=table[1], criterion=table[2], value=table[3])


def faults(*rows):
    with pytest.raises(Refused) as refusal:
        built(*rows)
    return [
        (reason.code.removeprefix("evaluations."), reason.params["entry"], reason.params["criterion"]) for reason in refusal.value.reasons
    ]


def test_seats_stand_in_code_point_order_and_are_as_many_as_the_largest_panel():
    cube = built((2, 0, 0, 4000), (0, 2, 0, 7000), (0, 0, 0, 9000), (0, 0, 1, 950), (2, 1, 2, 650))
    assert cube.values.shape == (3, 2, 5)
    assert [cube.evaluator_at(0, seat) for seat in (0, 1)] == ["a", "m"]
    assert [cube.evaluator_at(2, seat) for seat in (0, 1)] == ["Z", "m"]
    assert cube.seated.tolist() == [[True, True], [False, False], [True, True]]
    assert cube.values[0].tolist() == [[7000, 0, 0, 0, 0], [9000, 950, 0, 0, 0]]
    assert cube.marked[2].tolist() == [[False, False, True, False, False], [True, False, False, False, False]]


def test_an_abstention_is_not_a_mark_and_keeps_no_value():
    cube = build_cube(
        parse_scheme(STEPPED),
        ["x"],
        ["a"],
        entry=np.array([0, 0]),
        evaluator=np.array([0, 0]),
        criterion=np.array([0, 1]),
        value=np.array([99, 100]),
        abstained=np.array([True, False]),
    )
    assert (cube.values[0, 0].tolist(), cube.marked[0, 0].tolist()) == ([0, 100, 0, 0, 0], [False, True, False, False, False])
    assert cube.abstained[0, 0].tolist() == [True, False, False, False, False]


@pytest.mark.parametrize("entries", [(), ("x", "y")])
def test_no_rows_at_all(entries):
    assert built(entries=entries, evaluators=()).values.shape == (len(entries), 1, 5)


@pytest.mark.parametrize(
    ("criterion", "value", "code"),
    [
        (0, -100, "mark_out_of_bounds"),
        (0, 10_100, "mark_out_of_bounds"),
        (0, 5050, "mark_off_step"),
        (1, 1050, "mark_out_of_bounds"),
        (1, 25, "mark_off_step"),
        (2, 701, "mark_out_of_bounds"),
        (4, 50, "mark_off_step"),
        (4, 200, "mark_out_of_bounds"),
    ],
)
def test_marks_lie_within_bounds_and_on_their_step(criterion, value, code):
    codes = [row["code"] for row in STEPPED["criteria"]]
    assert faults((0, 0, 0, 5000), (1, 1, criterion, value)) == [(code, "y", codes[criterion])]


def test_bounds_themselves_and_a_bonus_beyond_its_own_are_taken():
    cube = built((0, 0, 0, 10_000), (0, 0, 1, 1000), (0, 0, 2, 700), (0, 0, 3, -612), (0, 0, 4, 0))
    assert cube.values[0, 0].tolist() == [10_000, 1000, 700, -612, 0]


def test_a_mark_twice_is_refused():
    assert faults((0, 0, 0, 5000), (0, 1, 0, 5000), (0, 0, 0, 5000)) == [("mark_twice", "x", "C1")]


def test_two_evaluators_of_one_code_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="one code"):
        built((0, 0, 0, 5000), evaluators=("a", "a"))
