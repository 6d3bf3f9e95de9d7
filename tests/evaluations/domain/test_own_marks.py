"""What an own sheet comes to so far."""

from fractions import Fraction

from evaluations.domain.own_marks import Line, Sum, subtotals, total

A1 = Line("A", 60_0000 // 2, 10000, 8100)
A2 = Line("A", 30_0000, 10000, None)
B1 = Line("B", 40_0000, 5000, 3300)


def test_a_dimension_has_a_subtotal_once_it_is_whole():
    found = subtotals([A1, A2, B1])
    assert found["A"] == Sum(None, Fraction(60))
    assert found["B"] == Sum(Fraction(40 * 33, 50), Fraction(40))


def test_the_total_counts_what_there_is():
    assert total([A1, A2, B1]).points == Fraction(30 * 81, 100) + Fraction(40 * 33, 50)
    assert total([A2]).points is None


def test_an_abstention_leaves_both_numbers_and_the_rest_carries_its_weight():
    lines = [A1, Line("A", 30_0000, 10000, None, abstained=True), B1]
    assert subtotals(lines)["A"] == Sum(Fraction(30 * 81, 100), Fraction(30))
    assert total(lines).points == (Fraction(30 * 81, 100) + Fraction(40 * 33, 50)) * Fraction(100, 70)


def test_under_factor_a_mark_counts_by_itself():
    line = Line("A", 2_0000, 1000, 750)
    assert subtotals([line], "factor")["A"] == Sum(Fraction(15), Fraction(20))
