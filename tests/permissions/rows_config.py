"""The matrix of config/. `build` adds to the world what its rows need; `PUBLIC` names routes open to everybody."""

from tests.permissions.matrix import Row, expect

PUBLIC = {"healthz", "readyz"}
# No worker runs beside the tests: readiness says so to everybody alike.
ROWS = [Row("healthz", expect(200)), Row("readyz", expect(503))]


def build(world):
    """Nothing: the probes are about the machine."""
