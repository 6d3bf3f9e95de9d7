"""A worker killed in the middle of a computation of standings loses nothing."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.rehearsal.servers import die_with_parent
from evaluations.models import Result, Scoreboard
from jobs.models import Job
from jobs.services import run_queued, sweep
from tests.factories.judging import Judged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]
# Writes its results, says so, and never comes to commit.
CHILD = """
import django, sys, time
django.setup()
from evaluations.services import standings
write = standings._write
def stuck(*args):
    write(*args)
    print("written", flush=True)
    time.sleep(60)
standings._write = stuck
from jobs.services import run
run(int(sys.argv[1]))
"""


def database_url():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgresql://{facts['USER']}@/{quote(facts['HOST'])}/{facts['NAME']}"


def test_the_sweeper_gives_the_computation_to_another_worker(tmp_path):
    judged = Judged()
    job = Job.objects.get(kind="standings.refresh")
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
    assert (job.state, Result.objects.count()) == ("running", 0)
    assert sweep(at=timezone.now() + timedelta(hours=1)).revived == 1
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    run_queued()
    assert list(Result.objects.order_by("entry_id").values_list("rank", "total")) == [(1, "82.30"), (2, "82.20"), (3, "79.30")]
    board = Scoreboard.objects.get(round=judged.round)
    assert board.results_version == board.scores_version == 12
