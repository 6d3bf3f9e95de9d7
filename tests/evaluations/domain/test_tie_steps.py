"""The ladder as it is explained leads to the rank, the rung and the shares that the ranking gave."""

import hashlib
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.domain.ranking import rank
from evaluations.domain.scheme import Rung
from evaluations.domain.tie_steps import tie_steps
from evaluations.domain.totals import Score

LADDER = (Rung("dimension", "B"), Rung("untrimmed_mean"), Rung("lot"))
values = st.one_of(st.none(), st.integers(0, 2).map(Fraction))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), values, values), max_size=7), st.integers(0, 3))
def test_the_ladder_leads_to_the_official_place(rows, rungs):
    ladder = LADDER[:rungs]
    scores = [Score(f"e{n}", Fraction(total), (first, second, None)[:rungs]) for n, (total, first, second) in enumerate(rows)]
    for place in rank(scores, ladder, seed="2026"):
        own = next(score for score in scores if score.entry == place.entry)
        equal = [score for score in scores if score.total == own.total]
        better = sum(score.total > own.total for score in scores)
        steps = tie_steps(place.entry, equal, ladder, seed="2026", better=better)
        assert (steps.rank, steps.shares, steps.broken_by) == (place.rank, place.tied_with, place.tie_broken_by)


def test_each_rung_shows_whom_it_compared_with_which_values():
    rows = {"a": (10, 5), "b": (20, 1), "c": (10, 7), "d": (10, 7)}
    scores = [Score(entry, Fraction(80), (*map(Fraction, rungs), None)) for entry, rungs in rows.items()]
    steps = tie_steps("c", scores, LADDER, seed="2026", better=3)
    first, second, lot = steps.rungs
    assert [(row.entry, row.value) for row in first.compared] == [("b", 20), ("a", 10), ("c", 10), ("d", 10)]
    assert (first.parted, first.left) == (True, ("a", "c", "d"))
    assert [(row.entry, row.value) for row in second.compared] == [("c", 7), ("d", 7), ("a", 5)]
    numbers = [hashlib.sha256(f"2026|{entry}".encode()).hexdigest() for entry in "cd"]
    assert [row.number for row in lot.compared] == sorted(numbers)
    assert (steps.rank, steps.broken_by) == (5 + (numbers[0] > numbers[1]), "lot")


def test_a_rung_that_parts_nobody_is_shown_and_not_recorded():
    scores = [Score(entry, Fraction(80), (Fraction(10), Fraction(mean))) for entry, mean in (("a", 4), ("b", 5))]
    steps = tie_steps("a", scores, LADDER[:2], seed="", better=0)
    assert [(step.parted, step.left) for step in steps.rungs] == [(False, ("a", "b")), (True, ("a",))]
    assert (steps.rank, steps.broken_by, steps.shares) == (2, "untrimmed_mean", ())
