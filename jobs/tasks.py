"""What Celery calls. The rows decide; a task that finds nothing to do does nothing."""

import time

from celery import shared_task
from celery.signals import heartbeat_sent
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from jobs import services
from jobs.services.hint import TASK

PULSE_SECONDS = 15
_last_pulse = 0.0


@shared_task(bind=True, name=TASK, acks_late=True, reject_on_worker_lost=True)
def run_job(self, job_id):
    services.run(job_id, worker=self.request.hostname or None)


@shared_task(name="jobs.sweep")
def sweep():
    services.sweep(at=timezone.now())


@shared_task(name="jobs.prune")
def prune():
    services.prune(at=timezone.now())


@heartbeat_sent.connect
def worker_lives(sender, **kwargs):
    """Celery sends this every two seconds from the worker's main process, which forks: no connection may stay open."""
    global _last_pulse
    if time.monotonic() - _last_pulse < PULSE_SECONDS:
        return
    _last_pulse = time.monotonic()
    try:
        services.pulse(f"worker:{sender.eventer.hostname}", at=timezone.now())
    except (DatabaseError, InterfaceError):
        pass  # busy or away: the next one will do
    finally:
        connection.close()
