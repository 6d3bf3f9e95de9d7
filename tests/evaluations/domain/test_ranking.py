import hashlib
from fractions import Fraction

import pytest

from evaluations.domain.ranking import rank
from evaluations.domain.scheme import Rung
from evaluations.domain.totals import Score
from ledger.domain.reason import Refused

LADDER = (Rung("dimension", "B"), Rung("untrimmed_mean"))


def rows(places):
    return [(place.entry, place.rank, place.track_rank) for place in places]


def scores(*given):
    return [
        Score(entry, None if total is None else Fraction(total), tuple(None if r is None else Fraction(r) for r in rungs))
        for entry, total, *rungs in given
    ]


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    places = rank(scores(("a", 70), ("b", "80.5"), ("c", "80.50"), ("d", "80.4999"), ("e", 91)), ())
    assert rows(places) == [("e", 1, 1), ("b", 2, 2), ("c", 2, 2), ("d", 4, 4), ("a", 5, 5)]
    assert {place.entry: place.tied_with for place in places if place.tied_with} == {"b": ("c",), "c": ("b",)}


def test_each_track_counts_for_itself():
    tracks = {"a": "T1", "b": "T2", "c": "T1", "d": "T2"}
    places = rank(scores(("a", 70), ("b", 80), ("c", 80), ("d", 60)), (), tracks=tracks)
    assert rows(places) == [("b", 1, 1), ("c", 1, 1), ("a", 3, 2), ("d", 4, 2)]


def test_a_rung_compares_only_those_still_equal_and_is_recorded():
    places = rank(scores(("a", 80, 10, 5), ("b", 80, 20, 1), ("c", 80, 10, 7), ("d", 79, 99, 99), ("e", 80, 10, 5)), LADDER)
    assert [(place.entry, place.rank, place.tie_broken_by) for place in places] == [
        ("b", 1, "dimension:B"),
        ("c", 2, "untrimmed_mean"),
        ("a", 3, "untrimmed_mean"),
        ("e", 3, "untrimmed_mean"),
        ("d", 5, None),
    ]
    assert [place.tied_with for place in places] == [(), (), ("e",), ("a",), ()]


def test_floats_would_break_a_tie_that_does_not_exist():
    weights = [Fraction(weight, 100) for weight in (30, 25, 20, 15, 10)]
    first, second = ((65, 67, 92, 84, 71), (69, 76, 87, 73, 63))
    given = [(name, sum(w * m for w, m in zip(weights, marks, strict=True))) for name, marks in (("a", first), ("b", second))]
    assert [place.rank for place in rank(scores(*given), ())] == [1, 1]


def test_the_lot_is_the_ascending_digest_of_seed_and_entry():
    given = scores(*((name, 80, None) for name in ("甲", "b", "c d", "e/f")))
    places = rank(given, (Rung("lot"),), seed="2026-07")
    expected = sorted(("甲", "b", "c d", "e/f"), key=lambda name: hashlib.sha256(f"2026-07|{name}".encode()).digest())
    assert [place.entry for place in places] == expected
    assert {(place.rank, place.tie_broken_by) for place in places} == {(n, "lot") for n in (1, 2, 3, 4)}


@pytest.mark.parametrize("seed", [None, ""])
def test_a_lot_without_a_seed_is_refused(seed):
    with pytest.raises(Refused) as refusal:
        rank(scores(("a", 80, None)), (Rung("lot"),), seed=seed)
    assert [reason.code for reason in refusal.value.reasons] == ["evaluations.lot_without_seed"]


def test_without_a_total_or_eligibility_there_is_no_rank_and_no_place_is_taken():
    given = [*scores(("z", None), ("a", 70), ("c", 60)), Score("b", Fraction(90), (), eligible=False)]
    assert rows(rank(given, ())) == [("a", 1, 1), ("c", 2, 2), ("b", None, None), ("z", None, None)]
