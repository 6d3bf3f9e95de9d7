"""Score tables of the literature and of our own, as ratings."""

from fractions import Fraction

from evaluations.domain.ratings import Ratings, ratings_of

# Shrout and Fleiss 1979, table 2: 6 targets, 4 judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", C: 4 observers, 12 units, holes.
KRIPPENDORFF = list(
    zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
        strict=True,
    )
)
# Siegel 1956, chapter 9: six applicants ranked by three executives; ten ranked by three judges with ties.
SIEGEL = list(zip([1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1], strict=True))
SIEGEL_TIES = list(
    zip(
        [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
        [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
        [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
        strict=True,
    )
)


def table(rows) -> Ratings:
    """Entries × evaluators, None a hole; entries e00, e01, …, evaluators a, b, …"""
    return ratings_of(
        {
            (f"e{entry:02}", "abcdefghijklmnop"[evaluator]): Fraction(str(score))
            for entry, row in enumerate(rows)
            for evaluator, score in enumerate(row)
            if score is not None
        }
    )
