"""The matrix of config/. `build` adds to the world what its rows need; `PUBLIC` names routes open to everybody."""

from tests.permissions.matrix import Row, expect, only

PUBLIC = {"healthz", "readyz", "metrics"}
# No worker runs beside the tests: readiness says so to everybody alike.
ROWS = [
    Row("healthz", expect(200)),
    Row("readyz", expect(503)),
    Row("metrics", expect(404)),  # for whoever has the monitor's token, and nobody has one here
    Row("operations", only("operator")),
]


def build(world):
    """Nothing: the probes are about the machine."""
