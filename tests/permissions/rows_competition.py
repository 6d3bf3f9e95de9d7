"""The matrix of competition/. `build` adds to the world what its rows need; `PUBLIC` names routes open to everybody."""

from tests.permissions import rows_applying, rows_recommending, rows_registering

PUBLIC: set[str] = set()
ROWS: list = [*rows_applying.ROWS, *rows_recommending.ROWS, *rows_registering.ROWS]


def build(world):
    rows_applying.build(world)
    rows_registering.build(world)
    rows_recommending.build(world)
