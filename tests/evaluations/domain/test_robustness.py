import time
from fractions import Fraction

import numpy as np
import pytest

from evaluations.domain import cut_counts
from evaluations.domain.robustness import robustness, weight_robustness
from evaluations.domain.score_panels import Panels

METHODS = [
    {},
    {"method": "median"},
    {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 4},
    {"method": "trimmed", "drop_high": 2, "drop_low": 0, "min_to_trim": 9},
]


def together(rows, **rest) -> Panels:
    scores = np.array(rows)
    return Panels(scores, np.ones(scores.shape, bool), np.broadcast_to(np.arange(scores.shape[1]), scores.shape), **rest)


def apart(rows, **rest) -> Panels:
    """Rows of {evaluator: score}."""
    seats = max(map(len, rows))
    scores, seated, who = (np.zeros((len(rows), seats), kind) for kind in (np.int64, bool, np.int64))
    for line, row in enumerate(rows):
        for seat, (evaluator, score) in enumerate(sorted(row.items())):
            scores[line, seat], seated[line, seat], who[line, seat] = score, True, evaluator
    return Panels(scores, seated, who, **rest)


def collapsed(values, panels: Panels) -> Fraction:
    """One panel, as the scheme says, on a plain list."""
    values, size = sorted(int(value) for value in values), len(values)
    if panels.method == "median":
        middle = values[(size - 1) // 2 : size // 2 + 1]
        return Fraction(sum(middle), len(middle))
    if panels.method == "trimmed" and size >= panels.min_to_trim:
        values = values[panels.drop_low : size - panels.drop_high]
    return Fraction(sum(values), len(values))


def inside(totals, places) -> list[bool]:
    return [sum(other > total for other in totals) < places for total in totals]


FIELD = np.random.default_rng(5).integers(60, 75, (7, 6)) * 100


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fixed", [None, np.array([0, 150, 0, -40, 0, 0, 25])])
def test_each_draw_is_the_official_collapse_of_what_was_drawn(method, fixed):
    panels = together(FIELD, fixed=fixed, **method)
    found = robustness(panels, places=3, seed=17, draws=60)
    counts = np.random.default_rng(17).multinomial(6, np.full(6, 1 / 6), size=60)
    draws = []
    for count in counts:
        totals = [collapsed(np.repeat(row, count), panels) for row in FIELD]
        draws.append([total + (0 if fixed is None else int(fixed[place])) for place, total in enumerate(totals)])
    assert found.inside.tolist() == pytest.approx(np.mean([inside(totals, 3) for totals in draws], axis=0).tolist())
    ranks = np.sort([[1 + sum(other > total for other in totals) for total in totals] for totals in draws], axis=0)
    assert found.rank_low.tolist() == ranks[int(0.05 * 59)].tolist()
    assert found.rank_high.tolist() == ranks[57].tolist()
    assert (found.joint, found.draws, found.seed) == (True, 60, 17)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fixed", [None, np.array([0, 150, 0, -40, 0, 0, 25])])
def test_under_a_rule_of_points_whoever_has_them_is_inside(method, fixed):
    panels, more = together(FIELD, fixed=fixed, **method), np.zeros(len(FIELD), int) if fixed is None else fixed
    base = [collapsed(row, panels) + int(extra) for row, extra in zip(FIELD, more, strict=True)]
    least = int(sorted(base)[3])  # one of them stands close to it or on it
    found = robustness(panels, places=7, seed=17, draws=1400, least=least)
    counts = np.random.default_rng(17).multinomial(6, np.full(6, 1 / 6), size=1400)
    passed = [
        [collapsed(np.repeat(row, count), panels) + int(extra) >= least for row, extra in zip(FIELD, more, strict=True)] for count in counts
    ]
    assert found.inside.tolist() == pytest.approx(np.mean(passed, axis=0).tolist())
    assert found.inside.max() > 0
    assert found.margin == pytest.approx([float(total - least) for total in base])
    changed = [
        [(collapsed(np.delete(row, gone), panels) + int(extra) >= least) != (total >= least) for gone in range(6)]
        for row, extra, total in zip(FIELD, more, base, strict=True)
    ]
    assert found.removals.tolist() == np.sum(changed, axis=1).tolist()


def test_margins_to_points_are_in_own_standard_errors():
    found = robustness(apart([{0: 90, 1: 80}, {1: 70, 2: 76}, {3: 60}]), places=3, seed=1, draws=2000, least=80)
    assert found.margin.tolist() == [5, -7, -20]
    assert found.margin_se[:2] == pytest.approx([5 / 5, -7 / 3])
    assert np.isnan(found.margin_se[2])
    assert found.inside.tolist() == [1, 0, 0]


@pytest.mark.parametrize("method", METHODS)
def test_removals_are_counted_one_by_one(method):
    dice = np.random.default_rng(8)
    rows = [{int(who): int(dice.integers(60, 70)) for who in dice.choice(8, dice.integers(1, 7), replace=False)} for _ in range(9)]
    panels = apart(rows, **method)
    base = inside([collapsed(row.values(), panels) for row in rows], 4)
    changed = []
    for gone in sorted({who for row in rows for who in row}):
        left = [[score for who, score in row.items() if who != gone] for row in rows]
        totals = [collapsed(scores, panels) if scores else -1 for scores in left]
        changed.append([one != other for one, other in zip(inside(totals, 4), base, strict=True)])
    found = robustness(panels, places=4, seed=1, draws=10)
    assert found.removals.tolist() == np.sum(changed, axis=0).tolist()
    assert (found.changing, found.evaluators) == (sum(map(any, changed)), len(changed))
    assert found.changing > 0


def test_margins_in_points_and_in_standard_errors():
    found = robustness(together([[90, 80, 84], [86, 82, 84], [80, 76, 81], [70, 79, 70]]), places=2, seed=1, draws=5)
    assert found.margin == pytest.approx([254 / 3 - 79, 5, -5, 73 - 84])
    # differences to the rival, judge by judge: 10, 4, 3 and 6, 6, 3 and the same with the sign turned
    assert found.margin_se[:3] == pytest.approx(
        [(17 / 3) / np.std([10, 4, 3], ddof=1) * 3**0.5, 5 / (3**0.5) * 3**0.5, -5 / (3**0.5) * 3**0.5]
    )
    everybody = robustness(together([[90, 80], [70, 60]]), places=2, seed=1, draws=5)
    assert np.isnan(everybody.margin).all()
    assert everybody.inside.tolist() == [1, 1]


def test_margins_of_panels_that_differ_add_their_errors():
    found = robustness(apart([{0: 90, 1: 80}, {1: 70, 2: 76}, {3: 60}]), places=1, seed=1, draws=5)
    assert not found.joint
    assert found.margin.tolist() == [12, -12, -25]
    assert found.margin_se[:2] == pytest.approx([12 / (25 + 9) ** 0.5, -12 / (25 + 9) ** 0.5])
    assert np.isnan(found.margin_se[2])


def test_what_is_far_apart_is_certain_and_what_is_equal_is_equal():
    found = robustness(together([[90, 91, 92], [50, 40, 45], [50, 40, 45]]), places=1, seed=3, draws=500)
    assert found.inside.tolist() == [1, 0, 0]
    assert (found.rank_low.tolist(), found.rank_high.tolist()) == ([1, 2, 2], [1, 2, 2])
    assert (found.removals.tolist(), found.changing) == ([0, 0, 0], 0)


def test_panels_that_differ_are_drawn_inside_each_entry():
    # drawn together the two would always be 5 apart; inside each entry they change places
    rows = [{0: 60, 1: 100, 2: 80, 3: 84}, {4: 55, 5: 95, 6: 75, 7: 79}]
    found = robustness(apart(rows), places=1, seed=2, draws=10_000)
    means = [[np.mean(pick) for pick in np.array(np.meshgrid(*[list(row.values())] * 4)).reshape(4, -1).T] for row in rows]
    expected = np.mean(np.array(means[0])[:, None] >= np.array(means[1])[None, :])
    assert found.inside[0] == pytest.approx(expected, abs=0.02)
    assert 0.6 < expected < 0.75
    assert robustness(together([list(row.values()) for row in rows]), places=1, seed=2, draws=500).inside.tolist() == [1, 0]


def test_the_seed_decides_and_the_chunks_do_not(monkeypatch):
    panels = together(FIELD, method="median")
    first = robustness(panels, places=3, seed=4, draws=1500)
    monkeypatch.setattr(cut_counts, "CHUNK", 50)
    again, other = robustness(panels, places=3, seed=4, draws=1500), robustness(panels, places=3, seed=5, draws=1500)
    for name in ("inside", "rank_low", "rank_high", "removals"):
        assert getattr(first, name).tolist() == getattr(again, name).tolist()
    assert first.inside.tolist() != other.inside.tolist()


def test_an_entry_without_a_score_does_not_belong_here():
    with pytest.raises(ValueError, match="a score for each entry"):
        robustness(Panels(np.zeros((1, 2), int), np.zeros((1, 2), bool), np.zeros((1, 2), int)), places=1, seed=1)


def test_under_drawn_weights_too():
    values, weights = np.array([[90.0, 60.0], [80.0, 80.0], [60.0, 84.0]]), np.array([50, 50])
    found = weight_robustness(values, weights, places=3, seed=7, draws=4000, least=80.0)
    drawn = np.random.default_rng(7).dirichlet([50, 50], 4000) @ values.T
    assert found.inside.tolist() == pytest.approx(np.mean(np.round(drawn, 12) >= 80, axis=0).tolist())
    assert found.inside[1] == 1


def test_weights_drawn_around_the_official_ones():
    values = np.array([[0.9, 0.5], [0.6, 0.9], [0.1, 0.1]])
    found = weight_robustness(values, np.array([50, 50]), places=1, seed=6, draws=4000, concentration=20)
    # the first leads where the weight of its better criterion is above 4/7: P(Beta(10, 10) > 4/7)
    from scipy.stats import beta

    assert found.inside == pytest.approx([beta.sf(4 / 7, 10, 10), beta.cdf(4 / 7, 10, 10), 0], abs=0.025)
    assert (found.rank_low.tolist(), found.rank_high.tolist()) == ([1, 1, 3], [2, 2, 3])
    tied = weight_robustness(np.array([[0.7, 0.7], [0.7, 0.7], [0.2, 0.9]]), np.array([60, 40]), places=1, seed=6, draws=50)
    assert tied.inside[0] == tied.inside[1]


@pytest.mark.parametrize("scale", [1, 10_000])
def test_a_field_of_any_width_and_scale_counts_each_draw_exactly(scale):
    # more entries than a tile is wide, ties among them, sums on both sides of what single precision holds
    scores = np.random.default_rng(9).integers(60, 64, (9_001, 7)) * scale
    found = robustness(together(scores), places=900, seed=21, draws=30)
    counts = np.random.default_rng(21).multinomial(7, np.full(7, 1 / 7), size=30)
    totals = counts @ scores.T
    ranks = np.array([np.searchsorted(np.sort(-row), -row) + 1 for row in totals])
    assert found.inside.tolist() == np.mean(ranks <= 900, axis=0).tolist()
    ranks.sort(axis=0)
    assert (found.rank_low.tolist(), found.rank_high.tolist()) == (ranks[1].tolist(), ranks[28].tolist())


@pytest.mark.parametrize(("method", "most"), [({}, 0.8), ({"method": "trimmed", "drop_high": 1, "drop_low": 1}, 2)])
def test_a_large_round_is_quick(method, most):
    panels = together(np.random.default_rng(1).integers(5000, 9999, (2000, 10)), **method)
    robustness(panels, places=200, seed=1, draws=100)
    start = time.process_time()
    robustness(panels, places=200, seed=1)
    assert time.process_time() - start < most
