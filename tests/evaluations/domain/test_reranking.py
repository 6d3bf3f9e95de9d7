from fractions import Fraction
from random import Random

import pytest

from evaluations.domain.ranking import rank
from evaluations.domain.reranking import reranked
from evaluations.domain.scheme import Rung
from evaluations.domain.totals import Score

LADDERS = {
    "none": (),
    "rungs": (Rung("dimension", "B"), Rung("untrimmed_mean")),
    "lot": (Rung("dimension", "B"), Rung("lot")),
}


def a_score(dice, entry) -> Score:
    """Few totals and fewer values of rungs, so that most are tied; some without a total, some vetoed."""
    total = None if dice.random() < 0.1 else Fraction(dice.randrange(7400, 7404), 100 if dice.random() < 0.7 else 99)
    rungs = tuple(None if dice.random() < 0.2 else Fraction(dice.randrange(2)) for _ in range(2))
    return Score(entry, total, rungs, eligible=dice.random() > 0.1)


@pytest.mark.parametrize("ladder", LADDERS)
def test_what_changed_among_what_stayed_comes_to_what_ranking_all_comes_to(ladder):
    dice, ties = Random(ladder), LADDERS[ladder]
    for _ in range(400):
        names = [f"e{number}" for number in range(dice.randrange(1, 16))]
        before = {name: a_score(dice, name) for name in names}
        moved = set(dice.sample(names, dice.randrange(len(names) + 1)))
        after = {name: a_score(dice, name) if name in moved else score for name, score in before.items() if dice.random() > 0.1}
        tracks = {name: dice.choice(("N", "E", "")) for name in after}
        former = {place.entry: place.rank for place in rank(before.values(), ties, seed="s")}
        expected = {place.entry: place for place in rank(after.values(), ties, tracks=tracks, seed="s")}

        touched = {before[name].total for name in names if former[name] and (name in moved or name not in after)}
        touched |= {after[name].total for name in moved & after.keys()}
        kept, compared = {}, []
        for name, score in after.items():
            if name in moved or former[name] is None or score.total in touched:
                compared.append(score)
            else:
                kept.setdefault(score.total, []).append((former[name], name))
        dice.shuffle(compared)
        found = reranked(kept, compared, ties, tracks=tracks, seed="s")
        assert found.places == {score.entry: expected[score.entry] for score in compared}
        assert found.numbers == {
            name: (expected[name].rank, expected[name].track_rank) for members in kept.values() for _former, name in members
        }


def test_a_total_that_was_joined_must_be_compared():
    with pytest.raises(ValueError, match="among those that were kept"):
        reranked({Fraction(80): [(1, "a")]}, [Score("b", Fraction(80))], (), tracks={})
