"""What stands beside the standings, on generated rounds: the assignment, how firm a cut is, how strict evaluators are. No
database is asked; the same sizes give the same figures."""

from dataclasses import replace

import numpy as np

from config.rehearsal.bench.measure import median
from evaluations.domain.assignment import Load, Need, Problem, assign
from evaluations.domain.ratings import Ratings
from evaluations.domain.robustness import DRAWS, robustness
from evaluations.domain.score_panels import Panels
from evaluations.domain.severity import severity

SEATS = 5
PANEL = 10


def bench_assign(*, entries: int, evaluators: int, criteria: int) -> dict:
    """The core problem: five seats (fewer where there are fewer evaluators), three pairs of each entry forbidden, room for
    three seats in ten more than there are."""
    dice = np.random.default_rng(31)
    seats = max(1, min(SEATS, evaluators - 3))
    needs = tuple(Need(f"e{number:05}", seats) for number in range(entries))
    most = -(-entries * seats * 13 // (10 * evaluators))
    loads = tuple(Load(f"v{number:04}", most) for number in range(evaluators))
    fit = dice.integers(0, 101, (entries, evaluators))
    bound = dice.integers(0, evaluators, (entries, 3)) if evaluators > 3 else np.zeros((entries, 0), int)
    forbidden = {(needs[row].entry, loads[column].evaluator): "region" for row in range(entries) for column in bound[row].tolist()}
    problem = Problem(needs, loads, fit, forbidden, seed="bench", balance=False)
    found = assign(problem)
    return {**median(lambda: assign(problem)), "queries": 0, "seats": entries * seats, "total_fit": int(found.total_fit)}


def bench_robustness(*, entries: int, evaluators: int, criteria: int) -> dict:
    """One panel that scored all, the mean of its sheets, a tenth of the entries inside the cut; `trimmed_s`: without the highest
    and the lowest."""
    dice = np.random.default_rng(32)
    scores = dice.integers(5000, 10_000, (entries, evaluators))
    seats = np.broadcast_to(np.arange(evaluators), scores.shape)
    panels = Panels(scores, np.ones(scores.shape, bool), seats)
    trimmed = replace(panels, method="trimmed", drop_high=1, drop_low=1)
    found, other = (median(lambda panels=panels: robustness(panels, places=max(1, entries // 10), seed=1)) for panels in (panels, trimmed))
    return {**found, "trimmed_s": other["median_s"], "queries": 0, "draws": DRAWS}


def bench_severity(*, entries: int, evaluators: int, criteria: int) -> dict:
    """Ten scores for each entry, drawn from all evaluators."""
    dice = np.random.default_rng(33)
    panel = min(PANEL, evaluators)
    evaluator = np.sort(dice.random((entries, evaluators)).argsort(axis=1)[:, :panel], axis=1).reshape(-1)
    ratings = Ratings(
        tuple(f"e{number:05}" for number in range(entries)),
        tuple(f"v{number:04}" for number in range(evaluators)),
        np.repeat(np.arange(entries), panel),
        evaluator,
        dice.integers(5000, 10_000, len(evaluator)),
        100,
    )
    return {**median(lambda: severity(ratings)), "queries": 0, "scores": len(evaluator)}


BENCHES = {"assign": bench_assign, "robustness": bench_robustness, "severity": bench_severity}
