"""Everything that writes jobs."""

from jobs.services.decide import cancel, retry
from jobs.services.effect import has_left, once
from jobs.services.queue import enqueue
from jobs.services.run import run, run_queued
from jobs.services.sweep import prune, pulse, sweep

__all__ = ["cancel", "enqueue", "has_left", "once", "prune", "pulse", "retry", "run", "run_queued", "sweep"]
