"""The steps of a computed criterion end in the points that counted."""

from fractions import Fraction as F

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.domain.metric_steps import metric_steps
from evaluations.domain.metrics import Linear, MinMax, Percentile, PerItem, Steps, Threshold, metric_values
from evaluations.domain.scheme import Criterion

FUNCTIONS = (
    (Linear(F(0), F(3)), True),
    (Linear(F(7), F("2.5")), False),
    (Steps(((F(1), F(2)), (F(4), F("6.5")))), True),
    (Threshold(">", F(3)), False),
    (PerItem(F("1.25")), False),
    (Percentile(), True),
    (MinMax(), True),
)
figures = st.one_of(st.none(), st.integers(-30, 90).map(lambda n: F(n, 9)))


def rule(function, *, maximum=700, reverse=False):
    return Criterion("M", "metric", "A", maximum, weight=1, function=function, reverse=reverse)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FUNCTIONS), st.booleans(), st.lists(figures, min_size=1, max_size=6))
def test_the_last_step_is_what_counted(kind, reverse, rows):
    function, reversible = kind
    criterion = rule(function, reverse=reverse and reversible)
    counted = metric_values(function, 700, criterion.reverse, rows, ["T"] * len(rows))
    known = [figure for figure in rows if figure is not None]
    for figure, points in zip(rows, counted, strict=True):
        steps = metric_steps(criterion, figure, known)
        assert (steps.points and steps.points.value * 100) == points


def test_every_step_of_a_linear_function_is_there():
    steps = metric_steps(rule(Linear(F(0), F(300)), maximum=10_000, reverse=True), F(200))
    assert (steps.raw, steps.clipped, steps.turned) == (F(200, 3), F(200, 3), F(100, 3))
    assert (steps.points.exact, steps.points.value, steps.was_clipped) == (F(100, 3), F("33.33"), False)
    over = metric_steps(rule(Linear(F(0), F(300)), maximum=10_000), F(450))
    assert (over.raw, over.clipped, over.was_clipped, over.turned) == (150, 100, True, None)


def test_a_comparison_counts_the_group_and_names_nobody():
    steps = metric_steps(rule(Percentile(), maximum=10_000), F(2), [F(3), F(1), F(2), F(2), F(7)])
    assert (steps.group.size, steps.group.below, steps.group.equal) == (5, 1, 1)
    assert (steps.raw, steps.points.value) == (F("37.5"), F("37.5"))
    alone = metric_steps(rule(MinMax(), reverse=True), F(4), [F(4)])
    assert (alone.group.alike, alone.raw, alone.points.value) == (True, None, 7)


def test_the_step_that_was_reached():
    table = Steps(((F(1), F(2)), (F(4), F("6.5"))))
    assert metric_steps(rule(table), F("3.9")).reached == (1, 2)
    below = metric_steps(rule(table), F("0.5"))
    assert (below.reached, below.points.value) == (None, 0)
