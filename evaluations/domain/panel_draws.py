"""Evaluators drawn with replacement (docs/scoring.md, R1): the panel as one where all scored all, else inside each entry.

Each way gives a function (first draw, end) → the collapsed scores, draws × entries."""

import numpy as np
from numpy.random import Generator

from evaluations.domain.score_panels import Panels, ascending

EXACT_SINGLE = 2**24
TILE = 2**18  # multiplications that the matrix library does without threads of its own


def drawn_together(panels: Panels, dice: Generator, draws: int):
    """The whole panel. Whole numbers (the collapsed score times how many values it keeps), so ties stay ties.

    Of an entry's values v in ascending order, C(j) counts how often the first j were drawn; clipped to what is kept, the
    collapse is the sum of C(j) · (v(j) − v(j + 1)), and each C is one product of the draws with zeros and ones."""
    entries, seats = panels.scores.shape
    low, high = panels.drops(seats)
    values, order = ascending(panels, np.arange(entries), seats)
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


def drawn_apart(panels: Panels, sizes: np.ndarray, dice: Generator, draws: int):
    """Panels that differ: every entry reads the same pool of draws from another place, so that in each draw the entries are
    independent of each other."""
    entries = len(sizes)
    turn = dice.permutation(draws)[np.arange(entries) % draws]
    groups = []
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        values, order = ascending(panels, rows, size)
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
