"""Best total first; then the worst-off entry is raised, while the total stays within half a per cent of the best."""

import numpy as np

from evaluations.domain.assignment_grid import Grid, relative
from evaluations.domain.assignment_solver import Rows, cells_of, costs, rows_of, whole

# Up to so many pairs the best worst-off entry is sought by whole-number programming, beyond by exchanges.
MOST_PAIRS = 3000
MOST_EXCHANGES = 400
CANDIDATES = 40
# The share of the total that fairness may cost, as a fraction of 1000.
YIELD = 5


def raise_worst(grid: Grid, taken: np.ndarray) -> np.ndarray:
    """An assignment whose worst-off entry is no worse than that of `taken`, the one of the best total."""
    if len(grid.entries) < 2:
        return taken
    best = int(grid.sums(taken).sum())
    found = [taken]
    if int(grid.allowed.sum()) <= MOST_PAIRS:
        found += _by_programme(grid, best)
    if len(found) == 1 and not grid.ruled:
        found.append(_by_exchanges(grid, taken, best))
    affordable = [one for one in found if _affordable(int(grid.sums(one).sum()), best)]
    return max(affordable, key=lambda one: (int(grid.sums(one).min()), int(grid.sums(one).sum())))


def _affordable(total: int, best: int) -> bool:
    return 1000 * (best - total) <= YIELD * abs(best)


def _by_programme(grid: Grid, best: int) -> list[np.ndarray]:
    """First the highest worst-off entry, then the best total with it. Its numbers are floats: the caller counts again."""
    from scipy.sparse import csr_array, hstack

    cells = cells_of(grid)
    size, place = len(grid.entries), np.arange(len(cells[0]))
    largest = max(1, int(np.abs(grid.units).max()))
    fit = np.array([value / largest * 1000 for value in grid.units[cells].tolist()], dtype=np.float64)
    by_entry = csr_array((fit, (cells[0], place)), shape=(size, len(place)))
    floor = (1000 * best - YIELD * abs(best)) / largest  # one division of whole numbers: neither need fit into a float
    slack = 1e-7 * max(1.0, abs(floor))
    plain = rows_of(grid, cells)
    rows = [Rows(row.kind, hstack([row.matrix, csr_array((row.matrix.shape[0], 1))]).tocsr(), row.least, row.most) for row in plain]
    above = hstack([by_entry, csr_array(-np.ones((size, 1)))]).tocsr()
    whole_total = csr_array(np.r_[fit, 0.0][None, :])
    rows += [Rows("worst", above, np.zeros(size), np.full(size, np.inf))]
    rows += [Rows("total", whole_total, np.array([floor - slack]), np.array([np.inf]))]
    highest = whole(grid, cells, np.r_[np.zeros(len(place)), -1.0], rows, extra=1)
    if highest is None:
        return []
    worst = int(grid.sums(highest).min()) / largest * 1000
    above = Rows("worst", by_entry, np.full(size, worst - 1e-6 * max(1.0, abs(worst))), np.full(size, np.inf))
    total = whole(grid, cells, costs(grid, cells), [*plain, above])
    return [highest] if total is None else [highest, total]


def _by_exchanges(grid: Grid, taken: np.ndarray, best: int) -> np.ndarray:
    """The worst-off entry trades one evaluator with another entry, so that both end above where it stood."""
    taken = taken.copy()
    for _ in range(MOST_EXCHANGES):
        sums = grid.sums(taken)
        worst = int(sums.argmin())
        spare = (YIELD * abs(best)) // 1000 - (best - int(sums.sum()))
        trade = _trade(grid, taken, sums, worst, spare)
        if trade is None:
            return taken
        other, gives, takes = trade
        taken[worst, gives], taken[worst, takes] = False, True
        taken[other, takes], taken[other, gives] = False, True
    return taken


def _trade(grid: Grid, taken: np.ndarray, sums: np.ndarray, worst: int, spare: int) -> tuple[int, int, int] | None:
    """(other entry, evaluator given, evaluator taken) by which the lower of the two ends highest."""
    givable = np.flatnonzero(taken[worst] & ~grid.fixed[worst])
    takable = np.flatnonzero(grid.allowed[worst] & ~taken[worst])
    takable = takable[np.argsort(-relative(grid.units[worst][None, :])[0][takable], kind="stable")][:CANDIDATES]
    found, height = None, sums[worst]
    for gives in givable.tolist():
        rise = grid.units[worst, takable] - grid.units[worst, gives]
        could = taken[:, takable] & ~grid.fixed[:, takable] & (grid.allowed[:, gives] & ~taken[:, gives])[:, None] & (rise > 0)
        change = grid.units[:, gives][:, None] - grid.units[:, takable]
        could &= -(change + rise) <= spare
        lower = np.minimum(sums[:, None] + change, (sums[worst] + rise)[None, :])
        lower = np.where(could, lower, sums[worst])
        if not lower.size:
            continue
        place = np.unravel_index(int(lower.argmax()), lower.shape)
        if lower[place] > height:
            found, height = (int(place[0]), gives, int(takable[place[1]])), lower[place]
    return found
