from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.domain.agreement import agreement, kendall_w, krippendorff_alpha, spearman_brown
from ledger.domain.reason import Reason
from tests.evaluations.domain.rating_tables import KRIPPENDORFF, SHROUT_FLEISS, SIEGEL, SIEGEL_TIES, table


def test_intraclass_of_shrout_and_fleiss():
    found = agreement(table(SHROUT_FLEISS))
    assert (round(found.icc_2_1, 2), round(found.icc_2_k, 2)) == (0.29, 0.62)
    assert found.reasons == {}


def test_alpha_of_krippendorff_with_holes():
    found = agreement(table(KRIPPENDORFF))
    assert round(found.alpha, 3) == 0.849
    # 40 scores of 11 units: the unit that one observer saw alone does not count
    assert found.k == pytest.approx(40 / 11)
    assert found.reasons["kendall_w"] == Reason("evaluations.analysis_holes", {"count": 7, "of": 48})
    assert (found.kendall_w, found.icc_2_1, found.icc_2_k) == (None, None, None)


def test_w_of_siegel_without_and_with_ties():
    assert kendall_w(table(SIEGEL).table()) == Fraction("25.5") / Fraction("157.5")
    found = agreement(table(SIEGEL_TIES))
    assert round(found.kendall_w, 3) == 0.828
    assert found.df == 9
    assert found.chi2 == pytest.approx(3 * 9 * found.kendall_w)
    # the tabled 1 and 0.1 per cent points of chi-square with 9 degrees are 21.67 and 27.88: chi2 22.37 lies between
    assert 0.001 < found.p < 0.01


def test_the_chance_of_a_chi_square():
    from scipy.stats import chi2

    found = agreement(table(SIEGEL))
    assert found.p == pytest.approx(chi2.sf(found.chi2, 5))


@pytest.mark.parametrize(("single", "k", "together"), [("1/2", 2, "2/3"), ("3/10", 4, "12/19"), ("0", 7, "0"), ("-1/2", 3, None)])
def test_spearman_brown(single, k, together):
    assert spearman_brown(Fraction(single), k) == (None if together is None else Fraction(together))


@pytest.mark.parametrize(
    ("rows", "names", "code"),
    [
        ([[80, 70]], {"kendall_w", "icc_2_1", "icc_2_k"}, "too_small"),
        ([[80], [70]], {"kendall_w", "icc_2_1", "icc_2_k"}, "too_small"),
        ([["80.1", "80.1"], ["80.1", "80.1"], ["80.1", "80.1"]], {"kendall_w", "alpha"}, "all_equal"),
        ([["80.1", "80.1"], ["80.1", "80.1"], ["80.1", "80.1"]], {"icc_2_1", "icc_2_k"}, "no_variance"),
        ([[80, None], [None, 70]], {"alpha"}, "no_pairs"),
        ([], {"alpha"}, "no_pairs"),
    ],
)
def test_what_cannot_be_had_says_why(rows, names, code):
    found = agreement(table(rows))
    assert {name for name, reason in found.reasons.items() if reason.code == f"evaluations.analysis_{code}"} == names
    assert all(getattr(found, name) is None for name in names)


def test_perfect_agreement():
    found = agreement(table([["80.1", "80.1"], ["70.2", "70.2"], ["90.3", "90.3"]]))
    assert (found.kendall_w, found.icc_2_1, found.icc_2_k, found.alpha, found.alpha_k) == (1, 1, 1, 1, 1)


def alpha_by_pairs(rows):
    """Krippendorff's definition, pair by pair."""
    units = [[Fraction(str(score)) for score in row if score is not None] for row in rows]
    units = [unit for unit in units if len(unit) > 1]
    values = sum(units, [])
    observed = sum(Fraction((one - other) ** 2, len(unit) - 1) for unit in units for one, other in permutations(unit, 2)) / len(values)
    expected = sum((one - other) ** 2 for one, other in permutations(values, 2)) / Fraction(len(values) * (len(values) - 1))
    return 1 - observed / expected if expected else None


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=3, max_size=3), min_size=1, max_size=7))
def test_alpha_against_its_definition(rows):
    if all(sum(score is not None for score in row) < 2 for row in rows):
        assert krippendorff_alpha(table(rows)) == (None, None)
    else:
        assert krippendorff_alpha(table(rows))[0] == alpha_by_pairs(rows)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(60, 66), min_size=4, max_size=4), min_size=2, max_size=6), st.randoms())
def test_the_order_of_evaluators_and_entries_changes_nothing(rows, dice):
    places = [0, 1, 2, 3]
    dice.shuffle(places)
    turned = [[row[place] for place in places] for row in dice.sample(rows, len(rows))]
    assert agreement(table(turned)) == agreement(table(rows))
