"""Celery's scheduler, on a machine whose clock may be set back."""

from datetime import timedelta

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    def tick(self, *args, **kwargs):
        """An entry that seems to have run in the future would wait until the clock is there again: the sweeper too, for an hour
        after a jump of an hour. It is due now instead."""
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > entry.default_now()]
        for entry in ahead:
            every = getattr(entry.schedule, "run_every", timedelta(0))  # what runs at an hour of the day waits for that hour
            entry.last_run_at = entry.default_now() - every
        if ahead:
            self._heap = None  # its moments are of the clock before
        return super().tick(*args, **kwargs)
