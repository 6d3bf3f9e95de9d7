"""How firmly a cut stands (docs/scoring.md, R1 and R2): beside the official result, never written to it.

Evaluators are drawn with replacement (Efron 1979): the panel as one where all scored all, else inside each entry. Scores
are collapsed by the official method; rounding is left out, and so are caps, floors and thresholds. An entry is inside
the cut where fewer than `places` are strictly better, or, under a rule of points, where it has the `least` that the rule asks for."""

from dataclasses import dataclass

import numpy as np
from numpy.random import default_rng

from evaluations.domain.cut_counts import count_inside
from evaluations.domain.panel_draws import drawn_apart, drawn_together
from evaluations.domain.score_panels import Panels, ascending, collapsed

DRAWS = 10_000
CONCENTRATION = 100.0


@dataclass(frozen=True)
class Robustness:
    """By entry. `inside`: the share of draws inside the cut; `rank_low` and `rank_high`: the rank interval from 5 to 95 per
    cent; `removals`: how many removals of a single evaluator change whether the entry is inside. `margin`, in units, leads
    from an entry inside to the best one outside, and from one outside (below 0) to the last inside, NaN where everybody
    is inside; under a rule of points it leads to those points. `margin_se` is the same in standard errors of that difference.
    `changing` counts the removals that change the cut at all, out of `evaluators`."""

    inside: np.ndarray
    rank_low: np.ndarray
    rank_high: np.ndarray
    removals: np.ndarray
    margin: np.ndarray
    margin_se: np.ndarray
    changing: int
    evaluators: int
    joint: bool
    draws: int
    seed: int


def robustness(panels: Panels, *, places: int, seed: int, draws: int = DRAWS, least: int | None = None) -> Robustness:
    """`places` of the entries are inside, or, with `least` (in units), whoever has so many. Entries without a score do not belong
    here."""
    sizes = panels.seated.sum(axis=1)
    if len(sizes) == 0 or places < 1 or draws < 1 or not sizes.all():
        raise ValueError("at least one entry, place, draw, and a score for each entry")
    dice = default_rng(seed)
    drawn = drawn_together(panels, dice, draws) if panels.joint else drawn_apart(panels, sizes, dice, draws)
    # A panel that is drawn as one is not divided by the number of values it keeps.
    low, high = panels.drops(panels.scores.shape[1])
    line = None if least is None else least * (panels.scores.shape[1] - low - high if panels.joint else 1)
    inside, low, high = count_inside(drawn, len(sizes), min(places, len(sizes)), draws, line)
    removals, changing, evaluators = _removals(panels, sizes, places, least)
    margin, margin_se = _margins(panels, sizes, places) if least is None else _margins_to(panels, sizes, least)
    return Robustness(inside, low, high, removals, margin, margin_se, changing, evaluators, panels.joint, draws, seed)


@dataclass(frozen=True)
class WeightRobustness:
    inside: np.ndarray
    rank_low: np.ndarray
    rank_high: np.ndarray
    draws: int
    seed: int


def weight_robustness(
    values: np.ndarray,
    weights: np.ndarray,
    *,
    places: int,
    seed: int,
    draws: int = DRAWS,
    concentration: float = CONCENTRATION,
    fixed: np.ndarray | None = None,
    least: float | None = None,
) -> WeightRobustness:
    """Weights drawn from a Dirichlet distribution around the official ones. `values` are entries × criteria, each what the
    total would be if that criterion had all the weight; with `concentration` 100 a weight of a fifth has a standard
    deviation of 0.04. `fixed` is added to each entry in the same unit (bonus, carry), in which `least` is, too."""
    weights = np.asarray(weights, dtype=np.float64)
    share = weights / weights.sum()
    drawn = default_rng(seed).dirichlet(share * concentration, draws)
    entries = len(values)

    def block(start: int, end: int) -> np.ndarray:
        # Weights beyond twelve digits are noise of the products, and would break ties that are there.
        found = drawn[start:end] @ np.asarray(values, dtype=np.float64).T
        return np.round(found if fixed is None else found + fixed, 12)

    line = None if least is None else round(least, 12)
    inside, low, high = count_inside(block, entries, min(places, entries), draws, line)
    return WeightRobustness(inside, low, high, draws, seed)


def _removals(panels: Panels, sizes: np.ndarray, places: int, least: int | None) -> tuple[np.ndarray, int, int]:
    """Each evaluator is taken out once, from all entries; an entry whose only score it was is then outside."""
    base = collapsed(panels, sizes)
    people, entries = np.unique(panels.evaluator[panels.seated]), len(base)
    without = np.broadcast_to(base, (len(people), entries)).copy()
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        seats = np.argsort(~panels.seated[rows], axis=1, kind="stable")[:, :size]
        values, order = ascending(panels, rows, size)
        low, high = panels.drops(size - 1)
        for gone in range(size):
            who = panels.evaluator[rows, seats[np.arange(len(rows)), order[:, gone]]]
            rest = np.delete(values, gone, axis=1)[:, low : size - 1 - high]
            left = rest.sum(axis=1) / (size - 1 - low - high) if size > 1 else np.full(len(rows), -np.inf)
            without[np.searchsorted(people, who), rows] = left if panels.fixed is None else left + panels.fixed[rows]
    inside = _inside(base[None, :], places, least)
    changed = _inside(without, places, least) != inside
    return changed.sum(axis=0), int(changed.any(axis=1).sum()), len(people)


def _inside(scores: np.ndarray, places: int, least: int | None) -> np.ndarray:
    if least is not None:
        return scores >= least
    places = min(places, scores.shape[1])
    line = np.partition(scores, scores.shape[1] - places, axis=1)[:, scores.shape[1] - places]
    return (scores >= line[:, None]) & np.isfinite(scores)


def _margins(panels: Panels, sizes: np.ndarray, places: int) -> tuple[np.ndarray, np.ndarray]:
    base = collapsed(panels, sizes)
    entries = len(base)
    if places >= entries:
        return np.full(entries, np.nan), np.full(entries, np.nan)
    order = np.argsort(-base, kind="stable")
    rival = np.where(base >= base[order[places - 1]], order[places], order[places - 1])
    margin = base - base[rival]
    if panels.joint:
        apart = (panels.scores - panels.scores[rival]).astype(np.float64)
        error = apart.std(axis=1, ddof=1) / np.sqrt(apart.shape[1]) if apart.shape[1] > 1 else np.zeros(entries)
    else:
        square = _mean_square_error(panels, sizes)
        error = np.sqrt(square + square[rival])
    return margin, np.divide(margin, error, out=np.full(entries, np.nan), where=error > 0)


def _margins_to(panels: Panels, sizes: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    margin = collapsed(panels, sizes) - least
    if panels.joint:
        seats = panels.scores.shape[1]
        error = panels.scores.std(axis=1, ddof=1) / np.sqrt(seats) if seats > 1 else np.zeros(len(sizes))
    else:
        error = np.sqrt(_mean_square_error(panels, sizes))
    return margin, np.divide(margin, error, out=np.full(len(sizes), np.nan), where=error > 0)


def _mean_square_error(panels: Panels, sizes: np.ndarray) -> np.ndarray:
    """The squared standard error of each entry's mean; NaN from a single score."""
    scores = np.where(panels.seated, panels.scores, 0).astype(np.float64)
    away = np.where(panels.seated, scores - (scores.sum(axis=1) / sizes)[:, None], 0)
    return np.divide((away**2).sum(axis=1), sizes * (sizes - 1.0), out=np.full(len(sizes), np.nan), where=sizes > 1)
