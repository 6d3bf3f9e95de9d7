"""The matrix of competition/. `build` adds to the world what its rows need; `PUBLIC` names routes open to everybody."""

PUBLIC: set[str] = set()
ROWS: list = []


def build(world):
    """Nothing yet: no route of this app."""
