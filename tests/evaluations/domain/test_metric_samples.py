"""Example figures of a scoring function, as its editor shows them."""

from fractions import Fraction

import pytest

from evaluations.domain.metric_samples import samples
from evaluations.domain.scheme_reader import read_function


def drawn(function, maximum=10_000, reverse=False, **more):
    return samples(read_function(function, maximum), maximum, reverse, **more)


def test_the_points_of_a_figure_are_exact():
    # 100 × (500 − 100) / (2000 − 100) = 21.0526…
    found = drawn({"linear": {"floor": "100", "target": "2000"}}, also=Fraction(500))
    assert ("500", "21.05") in found.rows
    assert found.rows[0] == ("0", "0") and found.rows[-1] == ("2380", "100")
    assert found.curve[0] == (0.0, 0.0) and found.curve[-1] == (2380.0, 100.0)


@pytest.mark.parametrize(
    ("function", "reverse", "rows"),
    [
        ({"steps": [["5", "40"], ["20", "85.5"]]}, False, [("2", "0"), ("5", "40"), ("20", "85.5"), ("23", "85.5")]),
        ({"steps": [["-5", "40"], ["10", "85.5"]]}, True, [("-8", "100"), ("-5", "60"), ("10", "14.5"), ("13", "14.5")]),
        ({"threshold": {"op": ">", "value": "70"}}, False, [("50.75", "0"), ("70", "0"), ("87.5", "100")]),
    ],
)
def test_figures_lie_on_both_sides_of_what_the_function_looks_for(function, reverse, rows):
    assert drawn(function, reverse=reverse).rows == rows


def test_a_function_of_the_field_shows_one_field_and_no_curve():
    found = drawn({"percentile": {}})
    # Equal figures share their place: (0 + 1.5 others) … of four.
    assert [points for _figure, points in found.rows] == ["0", "37.5", "37.5", "75", "100"]
    assert (found.curve, found.group) == ([], True)
