"""The message to the workers: a hint that a row waits. Losing one costs a sweep's wait, nothing else."""

import logging
import time

from celery import current_app
from django.conf import settings

from jobs import registry
from jobs.services.pacemaker import OVERTIME_SECONDS

logger = logging.getLogger(__name__)
TASK = "jobs.run_job"
_silent_until = 0.0


def send(job_id: int, kind: str, queue: str) -> bool:
    """Never raises and never blocks longer than the broker's time-outs; after a failure stays silent for a while,
    so that a request which queues many jobs waits once, not once for each."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    limit = registry.kinds()[kind].time_limit if kind in registry.kinds() else 600
    try:
        # An old hint is worth nothing: the sweeper sends new ones, and they must not heap up while no worker runs.
        current_app.send_task(
            TASK,
            args=[job_id],
            queue=queue,
            retry=False,
            ignore_result=True,
            expires=settings.JOBS_HINT_EXPIRES_SECONDS,
            soft_time_limit=limit,
            time_limit=limit + OVERTIME_SECONDS,
        )
    except Exception as error:  # whatever a transport raises: the row is safe, the sweeper will find it
        _silent_until = time.monotonic() + settings.JOBS_BROKER_SILENCE_SECONDS
        logger.warning("The broker cannot be reached (%s); queued jobs wait for the sweeper.", type(error).__name__)
        return False
    return True
