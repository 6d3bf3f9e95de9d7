"""The matrix of evaluations/. `build` adds to the world what its rows need; `PUBLIC` names routes open to everybody."""

from tests.permissions import rows_judging

PUBLIC: set[str] = set()
ROWS: list = [*rows_judging.ROWS]


def build(world):
    rows_judging.build(world)
