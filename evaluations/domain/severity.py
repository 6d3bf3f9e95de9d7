"""How strict each evaluator is: score = entry + severity + error by least squares, severities adding up to 0
(docs/scoring.md, E1 and E2). A severity above 0 raises scores, one below 0 lowers them.

Everything holds inside a connected component of the graph of evaluators and entries: between two components no entry
was read by both sides, so nothing tells strict evaluators from weak entries."""

from dataclasses import dataclass

import numpy as np

from evaluations.domain.ratings import Ratings

LIMIT = 3.0
# Below this share of the spread a residual is rounding of the arithmetic, not a difference of opinion.
NOISE = 1e-10


@dataclass(frozen=True)
class Outlier:
    """A score that the model does not expect, `t` its externally studentised residual (infinite where all other scores
    fit exactly). It asks the evaluator to confirm or explain; nothing is deleted."""

    entry: str
    evaluator: str
    score: float
    expected: float
    t: float


@dataclass(frozen=True)
class Severity:
    """By place in the ratings. `severity`, `se` and `adjusted` (what an entry would have from an evaluator of severity 0)
    are NaN where they cannot be told; `component` numbers the components from 0, the largest first.
    `bridges` are (entry, evaluator) seats, one per further component, that would connect all."""

    severity: np.ndarray
    se: np.ndarray
    adjusted: np.ndarray
    component: np.ndarray
    outliers: tuple[Outlier, ...]
    bridges: tuple[tuple[str, str], ...]

    @property
    def components(self) -> int:
        return int(self.component.max()) + 1 if len(self.component) else 0


def severity(ratings: Ratings) -> Severity:
    entries, evaluators = len(ratings.entries), len(ratings.evaluators)
    of_entry, of_evaluator = _components(ratings)
    found, se, adjusted = np.full(evaluators, np.nan), np.full(evaluators, np.nan), np.full(entries, np.nan)
    scores, t, expected = ratings.scores, np.zeros(len(ratings.units)), np.zeros(len(ratings.units))
    order = np.argsort(of_entry[ratings.entry], kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(of_entry[ratings.entry][order])) + 1) if len(order) else ():
        entry_codes, entry = np.unique(ratings.entry[rows], return_inverse=True)
        evaluator_codes, evaluator = np.unique(ratings.evaluator[rows], return_inverse=True)
        if len(evaluator_codes) > 1:
            fit = _fit(entry, evaluator, scores[rows])
            adjusted[entry_codes], found[evaluator_codes], se[evaluator_codes], expected[rows], t[rows] = fit
    flagged = np.flatnonzero(np.abs(t) > LIMIT)
    flagged = flagged[np.argsort(-np.abs(t[flagged]), kind="stable")]
    outliers = tuple(
        Outlier(
            ratings.entries[ratings.entry[row]],
            ratings.evaluators[ratings.evaluator[row]],
            float(scores[row]),
            float(expected[row]),
            float(t[row]),
        )
        for row in flagged.tolist()
    )
    return Severity(found, se, adjusted, of_evaluator, outliers, _bridges(ratings, of_entry, of_evaluator))


def _components(ratings: Ratings) -> tuple[np.ndarray, np.ndarray]:
    """The component of each entry and of each evaluator, that with most scores first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    entries, size = len(ratings.entries), len(ratings.entries) + len(ratings.evaluators)
    if not size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    links = coo_array((np.ones(len(ratings.entry)), (ratings.entry, entries + ratings.evaluator)), shape=(size, size))
    count, label = connected_components(links, directed=False)
    scores = np.bincount(label[ratings.entry], minlength=count)
    number = np.empty(count, np.int64)
    number[np.argsort(-scores, kind="stable")] = np.arange(count)
    return number[label[:entries]], number[label[entries:]]


def _fit(entry: np.ndarray, evaluator: np.ndarray, score: np.ndarray):
    """One component: (entry effects, severities, their standard errors, expected scores, studentised residuals). The
    entries are eliminated; what is left is one equation per evaluator, singular by exactly one (all severities moved)."""
    from scipy.sparse import coo_array

    rows, n, m = len(score), int(entry.max()) + 1, int(evaluator.max()) + 1
    middle = score.mean()
    score = score - middle
    panel, load = np.bincount(entry), np.bincount(evaluator)
    seats = coo_array((np.ones(rows), (entry, evaluator)), shape=(n, m)).tocsr()
    shares = coo_array((1 / panel[entry], (entry, evaluator)), shape=(n, m)).tocsr()
    dense = rows * rows > 20_000_000 * n  # sparse products cost Σ panel²
    cross = seats.toarray().T @ shares.toarray() if dense else (seats.T @ shares).toarray()
    means = np.bincount(entry, score) / panel
    inverse = np.linalg.inv(np.diag(load) - cross + 1 / m) - 1 / m
    found = inverse @ (np.bincount(evaluator, score) - seats.T @ means)
    effects = means - shares @ found
    residual = score - effects[entry] - found[evaluator]
    residual[np.abs(residual) <= NOISE * max(np.abs(score).max(), abs(middle))] = 0
    square, free = float(residual @ residual), rows - n - m + 1
    se = np.sqrt(square / free * np.diag(inverse).clip(0)) if free else np.full(m, np.nan)
    spread = (shares.toarray() @ inverse) if dense else shares @ inverse
    at = spread[entry, evaluator]
    leverage = 1 / panel[entry] + np.diag(inverse)[evaluator] - 2 * at + (np.bincount(entry, at) / panel)[entry]
    return effects + middle, found, se, effects[entry] + found[evaluator] + middle, _studentised(residual, leverage, square, free)


def _studentised(residual: np.ndarray, leverage: np.ndarray, square: float, free: int) -> np.ndarray:
    """Each residual in standard errors of a model fitted without it; 0 where a score alone decides its own expectation."""
    t = np.zeros(len(residual))
    if free < 2 or not square:
        return t
    own = 1 - leverage
    rows = np.flatnonzero((own > 1e-9) & (residual != 0))
    without = (square - residual[rows] ** 2 / own[rows]) / (free - 1)
    without[without <= 1e-12 * square] = 0
    with np.errstate(divide="ignore"):
        t[rows] = residual[rows] / np.sqrt(without * own[rows])
    return t


def _bridges(ratings: Ratings, of_entry: np.ndarray, of_evaluator: np.ndarray) -> tuple[tuple[str, str], ...]:
    """An anchor entry of the largest component, and of each other one the evaluator with the fewest scores."""
    load = np.bincount(ratings.evaluator, minlength=len(ratings.evaluators))
    anchor = ratings.entries[int(np.flatnonzero(of_entry == 0)[0])] if len(of_entry) else ""
    by_load = np.argsort(load, kind="stable")
    parts, first = np.unique(of_evaluator[by_load], return_index=True)
    return tuple((anchor, ratings.evaluators[by_load[place]]) for part, place in zip(parts.tolist(), first.tolist(), strict=True) if part)


def z_scores(ratings: Ratings) -> np.ndarray:
    """Each score in standard deviations from its evaluator's mean, NaN where that evaluator's scores do not vary. A
    comparison only: it takes every panel to be equally strong, and reverses ranks where they are not."""
    scores, of = ratings.scores, ratings.evaluator
    load = np.bincount(of, minlength=len(ratings.evaluators)).clip(1)
    middle = np.bincount(of, scores, minlength=len(load)) / load
    away = scores - middle[of]
    deviation = np.sqrt(np.bincount(of, away**2, minlength=len(load)) / (load - 1).clip(1))
    return np.divide(away, deviation[of], out=np.full(len(scores), np.nan), where=deviation[of] > NOISE * np.abs(scores).max(initial=0))
