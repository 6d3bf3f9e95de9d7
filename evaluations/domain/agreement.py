"""How far evaluators agree (docs/scoring.md, G1 to G3). Sums and quotients are exact; only the answers are floats.

Kendall and Babington Smith 1939 (W, with ties); Shrout and Fleiss 1979 (ICC(2,1), ICC(2,k)); Krippendorff 2011 (alpha,
interval, holes allowed); Spearman 1910 and Brown 1910 (reliability of k)."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from evaluations.domain.ratings import Ratings
from ledger.domain.reason import Reason


@dataclass(frozen=True)
class Agreement:
    """None with a reason under its name where a value cannot be had. `alpha` is one evaluator's, `alpha_k` that of `k`
    evaluators together (Spearman–Brown), k being the mean number of scores of the entries with at least two."""

    kendall_w: float | None = None
    chi2: float | None = None
    df: int | None = None
    p: float | None = None
    icc_2_1: float | None = None
    icc_2_k: float | None = None
    alpha: float | None = None
    alpha_k: float | None = None
    k: float | None = None
    reasons: dict[str, Reason] = field(default_factory=dict)


def agreement(ratings: Ratings) -> Agreement:
    found: dict = {}
    reasons: dict[str, Reason] = {}
    if (fault := _not_a_table(ratings)) is not None:
        reasons |= dict.fromkeys(("kendall_w", "icc_2_1", "icc_2_k"), fault)
    else:
        table = ratings.table()
        w = kendall_w(table)
        if w is None:
            reasons["kendall_w"] = Reason("evaluations.analysis_all_equal")
        else:
            df = len(ratings.entries) - 1
            chi2 = len(ratings.evaluators) * df * w
            found |= {"kendall_w": float(w), "chi2": float(chi2), "df": df, "p": _chance(float(chi2), df)}
        for name, value in zip(("icc_2_1", "icc_2_k"), intraclass(table), strict=True):
            if value is None:
                reasons[name] = Reason("evaluations.analysis_no_variance")
            else:
                found[name] = float(value)
    single, k = krippendorff_alpha(ratings)
    if single is None:
        reasons["alpha"] = Reason("evaluations.analysis_all_equal" if k else "evaluations.analysis_no_pairs")
    else:
        together = spearman_brown(single, k)
        found |= {"alpha": float(single), "k": float(k), "alpha_k": None if together is None else float(together)}
        if together is None:
            reasons["alpha_k"] = Reason("evaluations.analysis_no_variance")
    return Agreement(**found, reasons=reasons)


def _not_a_table(ratings: Ratings) -> Reason | None:
    entries, evaluators = len(ratings.entries), len(ratings.evaluators)
    if entries < 2 or evaluators < 2:
        return Reason("evaluations.analysis_too_small", {"entries": entries, "evaluators": evaluators})
    if not ratings.complete:
        holes = entries * evaluators - len(ratings.units)
        return Reason("evaluations.analysis_holes", {"count": holes, "of": entries * evaluators})
    return None


def kendall_w(table: np.ndarray) -> Fraction | None:
    """W = 12 S / (m² (n³ − n) − m Σ T) over entries × evaluators, T = Σ (t³ − t) over the ties of each evaluator; None
    where every evaluator scored all entries alike."""
    entries, evaluators = table.shape
    doubled, ties = np.zeros(entries, dtype=object), 0  # twice the rank: ties share whole numbers
    for column in table.T:
        _, place, count = np.unique(column, return_inverse=True, return_counts=True)
        doubled += (2 * np.cumsum(count) - count + 1)[place.reshape(-1)].astype(object)
        ties += sum(t**3 - t for t in count.tolist())
    spread = evaluators**2 * (entries**3 - entries) - evaluators * ties
    if not spread:
        return None
    return Fraction(3 * sum((each - evaluators * (entries + 1)) ** 2 for each in doubled.tolist()), spread)


def _chance(chi2: float, df: int) -> float:
    """P of a chi-square of `df` degrees at least this large."""
    from scipy.special import gammaincc

    return float(gammaincc(df / 2, chi2 / 2))


def intraclass(table: np.ndarray) -> tuple[Fraction | None, Fraction | None]:
    """ICC(2,1) and ICC(2,k), two-way random effects, absolute agreement; None where nothing varies to compare with."""
    n, k = table.shape
    table = table.astype(object)
    rows, columns, total = table.sum(axis=1), table.sum(axis=0), table.sum()
    correction = Fraction(total**2, n * k)
    between_rows = Fraction((rows**2).sum(), k) - correction
    between_columns = Fraction((columns**2).sum(), n) - correction
    error = (table**2).sum() - correction - between_rows - between_columns
    msr, msc, mse = between_rows / (n - 1), between_columns / (k - 1), error / ((n - 1) * (k - 1))
    single, together = msr + (k - 1) * mse + k * (msc - mse) / n, msr + (msc - mse) / n
    return ((msr - mse) / single if single > 0 else None, (msr - mse) / together if together > 0 else None)


def krippendorff_alpha(ratings: Ratings) -> tuple[Fraction | None, Fraction | None]:
    """Alpha for interval data, 1 − observed / expected disagreement, and the mean number of scores of the entries with
    at least two. Alpha is None where all scores are equal; both where no entry has two."""
    size = np.bincount(ratings.entry, minlength=len(ratings.entries))
    paired = size[ratings.entry] >= 2
    units, entry = ratings.units[paired].astype(object), ratings.entry[paired]
    if not len(units):
        return None, None
    starts = np.flatnonzero(np.r_[True, entry[1:] != entry[:-1]])  # rows stand entry by entry
    sums, squares, sizes = np.add.reduceat(units, starts), np.add.reduceat(units**2, starts), size[entry[starts]]
    observed = Fraction(0)
    for m in np.unique(sizes).tolist():
        chosen = sizes == m
        observed += Fraction((m * squares[chosen] - sums[chosen] ** 2).sum(), m - 1)
    n = len(units)
    k = Fraction(n, len(starts))
    expected = Fraction(n * squares.sum() - sums.sum() ** 2, n - 1)
    return (1 - observed / expected if expected else None), k


def spearman_brown(single: Fraction, k: Fraction | int) -> Fraction | None:
    """k r / (1 + (k − 1) r): the reliability of k together; None where the formula has no meaning."""
    below = 1 + (k - 1) * single
    return k * single / below if below > 0 else None
