"""How often each entry is inside the cut over many draws, and between which ranks."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

# Rank intervals come from the first of the draws: two quantiles need fewer than a probability does.
RANK_DRAWS = 1_000
CHUNK = 100_000  # scores of one chunk: what fits a cache
THREADS = 2
LOW, HIGH = 0.05, 0.95


def count_inside(
    block: Callable[[int, int], np.ndarray], entries: int, places: int, draws: int, least: float | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`block(first draw, end)` gives scores, draws × entries. By entry: the share of draws inside, and the rank interval. Inside is who is
    among the best `places`, or, where a rule names it, whose score is `least` or more."""
    ranked = min(draws, RANK_DRAWS)
    ranks = np.empty((entries, ranked), np.int32)

    def one(bounds: tuple[int, int]) -> np.ndarray:
        start, end = bounds
        scores = block(start, end)
        if start < ranked:
            found = _ranks(scores)
            ranks[:, start:end] = found.T
            return np.count_nonzero(found <= places if least is None else scores >= least, axis=0)
        if least is not None:
            return np.count_nonzero(scores >= least, axis=0)
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
