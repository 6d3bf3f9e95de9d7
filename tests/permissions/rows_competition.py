"""The matrix of competition/. `build` adds to the world what its rows need; `PUBLIC` names routes open to everybody."""

from tests.permissions import rows_applying

PUBLIC: set[str] = set()
ROWS: list = [*rows_applying.ROWS]


def build(world):
    rows_applying.build(world)
