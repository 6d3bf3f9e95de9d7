"""How firmly a cut stands (docs/scoring.md, R1 and R2): beside the official result, never written to it.

Evaluators are drawn with replacement (Efron 1979): the panel as one where all scored all, else inside each entry. Scores
are collapsed by the official method; rounding is left out, and so are caps, floors and thresholds. An entry is inside
the cut where fewer than `places` are strictly better."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, default_rng

DRAWS = 10_000
# Rank intervals come from the first of the draws: two quantiles need fewer than a probability does.
RANK_DRAWS = 1_000
CHUNK = 100_000  # scores of one chunk: what fits a cache
THREADS = 2
CONCENTRATION = 100.0
EXACT_SINGLE = 2**24
TILE = 2**18  # multiplications that the matrix library does without threads of its own
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Panels:
    """`scores` are whole units (entries × seats), nothing where not `seated`; `evaluator` numbers who sits there, in one
    order on every entry. `method`, `drop_high`, `drop_low`, `min_to_trim` as in the scheme. `fixed` units are added to the
    collapsed score of each entry (bonus, carry)."""

    scores: np.ndarray
    seated: np.ndarray
    evaluator: np.ndarray
    method: str = "mean"
    drop_high: int = 0
    drop_low: int = 0
    min_to_trim: int = 0
    fixed: np.ndarray | None = None

    @property
    def joint(self) -> bool:
        return bool(self.seated.all() and (self.evaluator == self.evaluator[:1]).all())

    def drops(self, size: int) -> tuple[int, int]:
        """How many low and high values a collapse of `size` values leaves out."""
        if self.method == "median":
            return (max(size - 1, 0) // 2,) * 2
        if self.method == "trimmed" and size >= self.min_to_trim and size > self.drop_low + self.drop_high:
            return self.drop_low, self.drop_high
        return 0, 0


@dataclass(frozen=True)
class Robustness:
    """By entry. `inside`: the share of draws inside the cut; `rank_low` and `rank_high`: the rank interval from 5 to 95 per
    cent; `removals`: how many removals of a single evaluator change whether the entry is inside. `margin`, in units, leads
    from an entry inside to the best one outside, and from one outside (below 0) to the last inside, NaN where everybody
    is inside; `margin_se` is the same in standard errors of that difference. `changing` counts the removals that change
    the cut at all, out of `evaluators`."""

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


def robustness(panels: Panels, *, places: int, seed: int, draws: int = DRAWS) -> Robustness:
    """`places` of the entries are inside. Entries without a score do not belong here."""
    sizes = panels.seated.sum(axis=1)
    if len(sizes) == 0 or places < 1 or draws < 1 or not sizes.all():
        raise ValueError("at least one entry, place, draw, and a score for each entry")
    dice = default_rng(seed)
    drawn = _drawn_together(panels, dice, draws) if panels.joint else _drawn(panels, sizes, dice, draws)
    inside, low, high = _count(drawn, len(sizes), min(places, len(sizes)), draws)
    removals, changing, evaluators = _removals(panels, sizes, places)
    margin, margin_se = _margins(panels, sizes, places)
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
) -> WeightRobustness:
    """Weights drawn from a Dirichlet distribution around the official ones. `values` are entries × criteria, each what the
    total would be if that criterion had all the weight; with `concentration` 100 a weight of a fifth has a standard
    deviation of 0.04. `fixed` is added to each entry in the same unit (bonus, carry)."""
    weights = np.asarray(weights, dtype=np.float64)
    share = weights / weights.sum()
    drawn = default_rng(seed).dirichlet(share * concentration, draws)
    entries = len(values)

    def block(start: int, end: int) -> np.ndarray:
        # Weights beyond twelve digits are noise of the products, and would break ties that are there.
        found = drawn[start:end] @ np.asarray(values, dtype=np.float64).T
        return np.round(found if fixed is None else found + fixed, 12)

    inside, low, high = _count(block, entries, min(places, entries), draws)
    return WeightRobustness(inside, low, high, draws, seed)


# ---------------------------------------------------------------- draws
def _drawn_together(panels: Panels, dice: Generator, draws: int):
    """The whole panel. Whole numbers (the collapsed score times how many values it keeps), so ties stay ties.

    Of an entry's values v in ascending order, C(j) counts how often the first j were drawn; clipped to what is kept, the
    collapse is the sum of C(j) · (v(j) − v(j + 1)), and each C is one product of the draws with zeros and ones."""
    entries, seats = panels.scores.shape
    low, high = panels.drops(seats)
    values, order = _sorted(panels, np.arange(entries), seats)
    fixed = np.zeros(entries, np.int64) if panels.fixed is None else np.asarray(panels.fixed, dtype=np.int64) * (seats - low - high)
    largest = (2 * seats + 1) * int(np.abs(values).max(initial=0)) + int(np.abs(fixed).max())
    kind = np.float32 if largest < EXACT_SINGLE else np.float64
    counts = dice.multinomial(seats, np.full(seats, 1 / seats), size=draws).astype(kind)
    if low == high == 0:
        table = panels.scores.T.astype(kind)
        return lambda start, end: _product(counts[start:end], table) + fixed.astype(kind)
    gaps = np.diff(values, axis=1).T.astype(kind)
    among = (np.arange(seats - 1)[:, None, None] >= np.argsort(order, axis=1).T).astype(kind)  # rank of each seat's value ≤ j
    base = (values[:, -1].astype(np.int64) * (seats - low - high) + fixed).astype(kind)

    def block(start: int, end: int) -> np.ndarray:
        found = np.repeat(base[None, :], end - start, axis=0)
        for first, gap in zip(among, gaps, strict=True):
            drawn = _product(counts[start:end], first)
            drawn -= low
            np.clip(drawn, 0, seats - low - high, out=drawn)
            drawn *= gap
            found -= drawn
        return found

    return block


def _product(counts: np.ndarray, table: np.ndarray) -> np.ndarray:
    """counts @ table, in tiles: our threads have a chunk each, and those of the matrix library would only wait for each other.
    Exact for whole numbers, so the tiles do not show."""
    draws, entries = len(counts), table.shape[1]
    rows = next(rows for rows in (10, 5, 2, 1) if draws % rows == 0)
    columns = max(1, TILE // (rows * len(table)))
    found = np.empty((draws // rows, rows, entries), table.dtype)
    for start in range(0, entries, columns):
        part = table[:, start : start + columns]
        np.matmul(counts.reshape(-1, rows, len(table)), part, out=found[:, :, start : start + columns])
    return found.reshape(draws, entries)


def _drawn(panels: Panels, sizes: np.ndarray, dice: Generator, draws: int):
    """Panels that differ: every entry reads the same pool of draws from another place, so that in each draw the entries are
    independent of each other."""
    entries = len(sizes)
    turn = dice.permutation(draws)[np.arange(entries) % draws]
    groups = []
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        values, order = _sorted(panels, rows, size)
        counts = dice.multinomial(size, np.full(size, 1 / size), size=draws).astype(np.float32)
        # Twice in line, so that no place has to begin again.
        groups.append((rows, size, values, turn[rows] * size, order, np.concatenate([counts, counts]).reshape(-1)))

    def block(start: int, end: int) -> np.ndarray:
        found = np.empty((end - start, entries))
        for rows, size, values, turned, order, counts in groups:
            place = np.arange(start * size, end * size, size)[:, None] + turned
            low, high = panels.drops(size)
            kept = size - low - high
            seen, total = np.zeros(place.shape, np.float32), np.repeat(values[None, :, -1] * kept, end - start, axis=0)
            for seat in range(size - 1):
                seen += counts.take(place + order[:, seat])
                total -= np.clip(seen - low, 0, kept) * (values[:, seat + 1] - values[:, seat])
            found[:, rows] = total / kept if panels.fixed is None else (total + panels.fixed[rows] * kept) / kept
        return found

    return block


def _sorted(panels: Panels, rows: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Of entries with `size` scores: the scores ascending, and for each the place of its evaluator among those seated."""
    seats = np.argsort(~panels.seated[rows], axis=1, kind="stable")[:, :size]
    scores = np.take_along_axis(panels.scores[rows], seats, axis=1).astype(np.float64)
    order = np.argsort(scores, axis=1, kind="stable")
    return np.take_along_axis(scores, order, axis=1), order


# ---------------------------------------------------------------- counting
def _count(block, entries: int, places: int, draws: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ranked = min(draws, RANK_DRAWS)
    ranks = np.empty((entries, ranked), np.int32)

    def one(bounds: tuple[int, int]) -> np.ndarray:
        start, end = bounds
        scores = block(start, end)
        if start < ranked:
            found = _ranks(scores)
            ranks[:, start:end] = found.T
            return np.count_nonzero(found <= places, axis=0)
        line = np.partition(scores, entries - places, axis=1)[:, entries - places]
        return np.count_nonzero(scores >= line[:, None], axis=0)

    def spread(bounds: tuple[int, int]) -> None:
        ranks[slice(*bounds)].sort(axis=1)

    with ThreadPoolExecutor(THREADS) as pool:
        inside = sum(pool.map(one, [*_chunks(0, ranked, entries), *_chunks(ranked, draws, entries)]))
        list(pool.map(spread, _chunks(0, entries, ranked)))
    low, high = int(LOW * (ranked - 1)), int(np.ceil(HIGH * (ranked - 1)))
    return inside / draws, ranks[:, low].copy(), ranks[:, high].copy()


def _chunks(start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Rows of `width` numbers from `start` to `end`, as many at a time as fit a cache."""
    step = max(1, CHUNK // width)
    return ((at, min(at + step, end)) for at in range(start, end, step))


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Competition ranks along each row: 1 and how many are strictly better."""
    order, ordered = (_ordered_whole if scores.dtype == np.float32 else _ordered)(scores)
    place = np.broadcast_to(np.arange(1, scores.shape[1] + 1, dtype=np.int32), scores.shape)
    first = np.where(np.diff(ordered, axis=1, prepend=ordered[:, :1] - 1) != 0, place, 0)
    ranks = np.empty(scores.shape, np.int32)
    np.put_along_axis(ranks, order, np.maximum.accumulate(first, axis=1), axis=1)
    return ranks


def _ordered(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best first: the places of the entries, and what they have, with the sign turned."""
    order = np.argsort(-scores, axis=1)
    return order, -np.take_along_axis(scores, order, axis=1)


def _ordered_whole(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same of whole numbers below 2**24: score and place packed into one number are sorted in a third of the time."""
    bits = scores.shape[1].bit_length()
    packed = -scores.astype(np.int64) << bits | np.arange(scores.shape[1])
    packed.sort(axis=1)
    return packed & ((1 << bits) - 1), packed >> bits


# ---------------------------------------------------------------- removals and margins
def _collapsed(panels: Panels, sizes: np.ndarray) -> np.ndarray:
    found = np.empty(len(sizes))
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        values, _ = _sorted(panels, rows, size)
        low, high = panels.drops(size)
        found[rows] = values[:, low : size - high].sum(axis=1) / (size - low - high)
    return found if panels.fixed is None else found + panels.fixed


def _removals(panels: Panels, sizes: np.ndarray, places: int) -> tuple[np.ndarray, int, int]:
    """Each evaluator is taken out once, from all entries; an entry whose only score it was is then outside."""
    base = _collapsed(panels, sizes)
    people, entries = np.unique(panels.evaluator[panels.seated]), len(base)
    without = np.broadcast_to(base, (len(people), entries)).copy()
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        seats = np.argsort(~panels.seated[rows], axis=1, kind="stable")[:, :size]
        values, order = _sorted(panels, rows, size)
        low, high = panels.drops(size - 1)
        for gone in range(size):
            who = panels.evaluator[rows, seats[np.arange(len(rows)), order[:, gone]]]
            rest = np.delete(values, gone, axis=1)[:, low : size - 1 - high]
            left = rest.sum(axis=1) / (size - 1 - low - high) if size > 1 else np.full(len(rows), -np.inf)
            without[np.searchsorted(people, who), rows] = left if panels.fixed is None else left + panels.fixed[rows]
    inside = _inside(base[None, :], places)
    changed = _inside(without, places) != inside
    return changed.sum(axis=0), int(changed.any(axis=1).sum()), len(people)


def _inside(scores: np.ndarray, places: int) -> np.ndarray:
    places = min(places, scores.shape[1])
    line = np.partition(scores, scores.shape[1] - places, axis=1)[:, scores.shape[1] - places]
    return (scores >= line[:, None]) & np.isfinite(scores)


def _margins(panels: Panels, sizes: np.ndarray, places: int) -> tuple[np.ndarray, np.ndarray]:
    base = _collapsed(panels, sizes)
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


def _mean_square_error(panels: Panels, sizes: np.ndarray) -> np.ndarray:
    """The squared standard error of each entry's mean; NaN from a single score."""
    scores = np.where(panels.seated, panels.scores, 0).astype(np.float64)
    away = np.where(panels.seated, scores - (scores.sum(axis=1) / sizes)[:, None], 0)
    return np.divide((away**2).sum(axis=1), sizes * (sizes - 1.0), out=np.full(len(sizes), np.nan), where=sizes > 1)
