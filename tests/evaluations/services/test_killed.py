"""A worker killed in the middle of standings, analysis, the search for outliers or a dry run loses nothing and doubles nothing."""

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

from competition.services.rounds import close_round
from config.rehearsal.servers import die_with_parent
from evaluations.models import Analysis, Flag, OutlierSearch, Result, Scoreboard
from evaluations.services.flags import ask_outliers
from evaluations.services.stored_trials import ask_trial
from jobs.models import Job
from jobs.services import run_queued, sweep
from ledger.models import Record
from tests.evaluations.services.test_flags import TABLE as ODD
from tests.evaluations.services.test_trials import reweighted
from tests.factories.competition import make_competition, make_round
from tests.factories.judging import DEFINITION, Judged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]


def held_after(module: str, verb: str) -> str:
    """A worker that has written by this verb of a service, says so, and never comes to commit."""
    return f"""
import django, sys, time
django.setup()
from evaluations.services import {module}
write = {module}.{verb}
def stuck(*args, **named):
    write(*args, **named)
    print("written", flush=True)
    time.sleep(60)
{module}.{verb} = stuck
from jobs.services import run
run(int(sys.argv[1]))
"""


# Has two kinds on file, says so, and never comes to the third.
ANALYST = """
import django, sys, time
django.setup()
from evaluations.services import analysis
compute = analysis._result
def stuck(kind, *args):
    if kind == "severity":
        print("written", flush=True)
        time.sleep(60)
    return compute(kind, *args)
analysis._result = stuck
from jobs.services import run
run(int(sys.argv[1]))
"""


def database_url():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgresql://{facts['USER']}@/{quote(facts['HOST'])}/{facts['NAME']}"


def kill_in_the_middle(code, job, folder):
    """A worker in a process of its own takes the job, says that it has written, and is killed."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"DATABASE_URL": database_url(), "VAR_DIR": str(folder), "SECRET_KEY": "tests only", "PYTHONWARNINGS": "ignore"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(job.pk)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    assert child.stdout.readline() == b"written\n"
    child.kill()
    child.wait()
    job.refresh_from_db()


def revive(job):
    assert sweep(at=timezone.now() + timedelta(hours=1)).revived == 1
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    run_queued()


def test_the_sweeper_gives_the_computation_to_another_worker(tmp_path):
    judged = Judged()
    job = Job.objects.get(kind="standings.refresh")
    kill_in_the_middle(held_after("standings", "write_results"), job, tmp_path)
    assert (job.state, Result.objects.count()) == ("running", 0)
    revive(job)
    assert list(Result.objects.order_by("entry_id").values_list("rank", "total")) == [(1, "82.30"), (2, "82.20"), (3, "79.30")]
    board = Scoreboard.objects.get(round=judged.round)
    assert board.results_version == board.scores_version == 12


def test_the_analysis_goes_on_where_the_killed_worker_stopped(tmp_path):
    judged = Judged()
    close_round(judged.round, actor=judged.organiser, at=timezone.now())
    job = Job.objects.get(kind="analysis.compute")
    kill_in_the_middle(ANALYST, job, tmp_path)
    before = dict(Analysis.objects.values_list("kind", "pk"))
    assert (job.state, sorted(before)) == ("running", ["robustness", "weights"])
    revive(job)
    after = dict(Analysis.objects.values_list("kind", "pk"))
    assert sorted(after) == sorted(Analysis.KINDS)
    assert {kind: after[kind] for kind in before} == before
    assert Record.objects.filter(action="analysis.compute").count() == 5


def test_outliers_are_asked_about_once_though_the_first_worker_was_killed(tmp_path):
    judged = Judged(ODD)
    ask_outliers(judged.round, due_at=timezone.now() + timedelta(days=9), actor=judged.organiser, at=timezone.now())
    job = Job.objects.get(kind="outliers.look")
    kill_in_the_middle(held_after("flags", "record"), job, tmp_path)
    assert (job.state, Flag.objects.count(), OutlierSearch.objects.count()) == ("running", 0, 0)
    revive(job)
    flag = Flag.objects.get()
    assert (OutlierSearch.objects.get().job, flag.sheet.assignment.entry) == (job.pk, judged.entries["V"])
    assert Record.objects.filter(action="flag.ask").count() == 1


def test_a_dry_run_is_computed_once_though_the_first_worker_was_killed(tmp_path):
    judged = Judged()
    closed = close_round(judged.round, actor=judged.organiser, at=timezone.now())
    draft = make_round(make_competition(), state="planned")
    facts = {"finished": closed, "definition": DEFINITION, "dimensions": reweighted(closed)}
    trial = ask_trial(draft, actor=judged.organiser, at=timezone.now(), **facts)
    job = Job.objects.get(kind="scheme.trial")
    kill_in_the_middle(held_after("stored_trials", "record"), job, tmp_path)
    trial.refresh_from_db()
    assert (job.state, trial.result, trial.computed_at) == ("running", None, None)
    revive(job)
    trial.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, trial.result["compared"], [row[1:5:3] for row in trial.result["moves"]]) == ("done", 3, [[3, 1], [1, 2], [2, 3]])
    assert Record.objects.filter(action="trial.compute").count() == 1
