"""Time, processor, memory and queries of a piece of work, run several times."""

import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

RUNS = 5


def median(work: Callable[[], object], *, before: Callable[[], object] = lambda: None, runs: int = RUNS) -> dict:
    """`median_s` and `cpu_s` (of this process) over `runs`; `before` prepares each run outside the clock."""
    walls, processor = [], []
    for _ in range(runs):
        before()
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - cpu)
    return {"median_s": round(statistics.median(walls), 4), "cpu_s": round(statistics.median(processor), 4), "runs": runs}


def queries(work: Callable[[], object]) -> int:
    """Statements that it asks; where a transaction begins and ends is none."""
    reset_queries()
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not row["sql"].startswith(("BEGIN", "COMMIT")) for row in captured.captured_queries)


def peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def database_mb() -> float:
    """What the scratch database takes on the disk, indexes and its log included."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return round(cursor.fetchone()[0] / 1024**2, 1)
    file = Path(connection.settings_dict["NAME"])
    return round(sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*")) / 1024**2, 1)
