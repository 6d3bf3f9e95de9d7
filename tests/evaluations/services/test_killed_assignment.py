"""A worker killed in the middle of computing an assignment leaves no half of it and loses none of it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from config.rehearsal.servers import die_with_parent
from evaluations.models import Assignment, AssignmentRun
from evaluations.services.plans import ask_seats
from jobs.models import Job
from jobs.services import run_queued, sweep
from tests.evaluations.services.test_killed import database_url
from tests.evaluations.services.test_plans import LATER, Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]
# Writes the seats, says so, and never comes to commit.
CHILD = """
import django, sys, time
django.setup()
from evaluations.services import plans
write = plans._write_seats
def stuck(*args, **named):
    write(*args, **named)
    print("written", flush=True)
    time.sleep(60)
plans._write_seats = stuck
from jobs.services import run
run(int(sys.argv[1]))
"""


def test_the_sweeper_gives_the_assignment_to_another_worker(tmp_path):
    scene = Scene()
    scene.save(seats=1, most=3)
    job = ask_seats(scene.round, version=1, actor=scene.organiser, at=LATER)
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"DATABASE_URL": database_url(), "VAR_DIR": str(tmp_path), "SECRET_KEY": "tests only", "PYTHONWARNINGS": "ignore"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(job.pk)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    assert child.stdout.readline() == b"written\n"
    child.kill()
    child.wait()
    job.refresh_from_db()
    assert (job.state, AssignmentRun.objects.count(), Assignment.objects.count()) == ("running", 0, 0)
    assert sweep(at=timezone.now() + timedelta(hours=1)).revived == 1
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    run_queued()
    job.refresh_from_db()
    assert (job.state, AssignmentRun.objects.get().solved) == ("done", True)
    assert Assignment.objects.filter(entry__round=scene.round, state="proposed").count() == 5
