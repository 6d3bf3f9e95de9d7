"""The house's Celery application with the kinds of tests/jobs and a sweeper that does not let a test wait."""

import os

from tests.jobs.worker import app

app.conf.beat_schedule["jobs.sweep"]["schedule"] = float(os.environ["FAULTS_SWEEP_SECONDS"])
app.conf.beat_schedule["jobs.sweep"]["options"] = {"expires": 5}
app.conf.beat_schedule = {name: entry for name, entry in app.conf.beat_schedule.items() if name in ("jobs.sweep", "ledger.seal")}

__all__ = ["app"]
