from fractions import Fraction as F

import pytest

from evaluations.domain.metrics import Linear, MinMax, Percentile, PerItem, Steps, Threshold, metric_values


def points(function, *figures, maximum=10_000, reverse=False, tracks=None):
    figures = [None if figure is None else F(figure) for figure in figures]
    return metric_values(function, maximum, reverse, figures, tracks or ["T"] * len(figures))


def test_linear_is_exact_clipped_and_rounded_once():
    # 200/3 = 66.666…; 0.5·100/300 = 0.1666…
    assert points(Linear(F(0), F(300)), "200", "0.5", "-7", "301", None) == [6667, 17, 0, 10_000, None]


def test_linear_rounds_the_half_up():
    assert points(Linear(F(0), F(8)), "1", maximum=100) == [13]  # 0.125 → 0.13


def test_linear_with_a_floor_above_the_target_prefers_less():
    assert points(Linear(F("1.2"), F("0.2")), "0.2", "0.45", "1.2", "2") == [10_000, 7500, 0, 0]


def test_linear_reversed():
    assert points(Linear(F(0), F(10)), "0", "2.5", "11", maximum=800, reverse=True) == [800, 600, 0]


def test_steps_take_the_last_bound_reached():
    table = Steps(((F(0), F(0)), (F(10), F(60)), (F("20.5"), F(100))))
    assert points(table, "-1", "0", "9.99", "10", "20.49", "20.5", "99") == [0, 0, 0, 6000, 6000, 10_000, 10_000]
    assert points(table, "-1", "10", reverse=True) == [10_000, 4000]


def test_percentile_counts_those_below_and_half_of_the_others_equal():
    assert points(Percentile(), "3", "1", "2", "2", "7") == [7500, 0, 3750, 3750, 10_000]
    assert points(Percentile(), "3", "1", "2", "2", "7", reverse=True) == [2500, 10_000, 6250, 6250, 0]


def test_groups_are_the_tracks_and_missing_figures_are_not_in_them():
    tracks = ["A", "A", "B", "A", "B", "C"]
    assert points(MinMax(), "1", "5", "9", "2", None, "4", tracks=tracks) == [0, 10_000, 10_000, 2500, None, 10_000]


@pytest.mark.parametrize("function", [Percentile(), MinMax()])
@pytest.mark.parametrize("reverse", [False, True])
def test_alone_or_all_equal_is_full_points(function, reverse):
    assert points(function, "4", reverse=reverse) == [10_000]
    assert points(function, "4", "4.0", "4", None, reverse=reverse) == [10_000, 10_000, 10_000, None]


@pytest.mark.parametrize(("op", "expected"), [(">=", [0, 900, 900]), (">", [0, 0, 900]), ("<=", [900, 900, 0]), ("<", [900, 0, 0])])
def test_threshold(op, expected):
    assert points(Threshold(op, F(70)), "69.9", "70", "71", maximum=900) == expected


def test_per_item_is_clipped():
    assert points(PerItem(F(5)), "0", "3", "2.5", "21") == [0, 1500, 1250, 10_000]
