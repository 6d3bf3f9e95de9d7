"""Real workers in processes of their own, on the test database, on a real Redis and on the filesystem transport."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.rehearsal.servers import die_with_parent
from jobs import selectors
from jobs.models import Job
from jobs.services import cancel, enqueue, sweep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]
LEASE = 1.5


def database_url():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgresql://{facts['USER']}@/{quote(facts['HOST'])}/{facts['NAME']}"


@contextlib.contextmanager
def worker(folder, broker_url="", *, name="celery"):
    """A worker with one process and a process group of its own, as on a machine called `name`. Its log is in ``folder``; it is ready when it says so there."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"DATABASE_URL": database_url(), "BROKER_URL": broker_url, "VAR_DIR": str(folder), "SECRET_KEY": "tests only"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "INFO", "PYTHONWARNINGS": "ignore"}
    environment |= {"JOBS_TICK_SECONDS": "0.1", "JOBS_HEARTBEAT_SECONDS": "0.3", "JOBS_LEASE_SECONDS": str(LEASE)}
    command = [sys.executable, "-m", "celery", "-A", "tests.jobs.worker", "worker", "-c", "1", "-Q", "codes,scores,documents,mail,default"]
    command += ["--hostname", f"{name}@here"]
    log = folder / f"worker-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle", "-l", "INFO"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    try:
        until(lambda: " ready." in log.read_text(), what=log)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(holds, *, what, seconds=25):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what.read_text() if hasattr(what, "read_text") else what
        time.sleep(0.05)


def state(job):
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


@pytest.mark.redis
def test_a_worker_runs_cancels_and_survives_a_kill(redis_url, on_broker, tmp_path, settings):
    settings.JOBS_LEASE_SECONDS, settings.JOBS_GRACE_SECONDS = LEASE, 0
    on_broker(redis_url)
    file, end = tmp_path / "lines", tmp_path / "end"
    paths = {"file": str(file), "until": str(end)}
    with worker(tmp_path, redis_url) as process:
        # Delivered by the message alone, no sweep.
        quick = enqueue("test.touch", "round:3", params=paths)
        until(lambda: state(quick) == "done", what="a worker runs what is queued")
        assert file.read_text().split()[:2] == ["round:3", "1"]
        until(lambda: len(selectors.worker_pulses()) == 1, what="a worker shows that it lives")

        # Cancelled while it runs, seen through progress.
        slow = enqueue("test.linger", "round:4", params=paths)
        until(lambda: Job.objects.get(pk=slow.pk).progress_done > 2, what="progress is seen while the job runs")
        assert Job.objects.get(pk=slow.pk).progress_total == 1200
        cancel(Job.objects.get(pk=slow.pk), actor="user:8", at=timezone.now())
        until(lambda: state(slow) == "cancelled", what="a running job is cancelled")

        # Longer than a lease: its heartbeat keeps it. One more waits behind it in the broker.
        lost = enqueue("test.linger", "round:5", params=paths)
        until(lambda: state(lost) == "running", what="the job is taken")
        behind = enqueue("test.touch", "round:6", params=paths)
        time.sleep(LEASE + 0.5)
        assert sweep(at=timezone.now()).revived == 0
        os.killpg(process.pid, signal.SIGKILL)
    assert (state(lost), state(behind)) == ("running", "queued")
    until(lambda: sweep(at=timezone.now()).revived == 1, what="the sweeper takes the job from the dead worker")
    assert state(lost) == "queued"
    end.touch()
    with worker(tmp_path, redis_url):
        sweep(at=timezone.now())
        until(lambda: (state(lost), state(behind)) == ("done", "done"), what="a new worker does both")
    lines = [line.split()[:2] for line in file.read_text().splitlines()]
    assert sorted(lines) == [["round:3", "1"], ["round:4", "1"], ["round:5", "1"], ["round:5", "2"], ["round:6", "1"]]


@pytest.mark.redis
def test_workers_on_two_machines_share_the_queues_and_do_each_job_once(redis_url, on_broker, tmp_path):
    on_broker(redis_url)
    file, end = tmp_path / "lines", tmp_path / "end"
    paths = {"file": str(file), "until": str(end)}
    with worker(tmp_path, redis_url, name="first"), worker(tmp_path, redis_url, name="second"):
        both = [enqueue("test.linger", f"round:{number}", params=paths) for number in (3, 4)]
        until(lambda: [state(job) for job in both] == ["running", "running"], what="each takes one")
        assert set(Job.objects.values_list("worker", flat=True)) == {"first@here", "second@here"}
        rest = [enqueue("test.touch", f"round:{number}", params=paths) for number in range(5, 12)]
        end.touch()
        until(lambda: {state(job) for job in (*both, *rest)} == {"done"}, what="together they do all")
    assert sorted(line.split()[0] for line in file.read_text().splitlines()) == sorted(f"round:{number}" for number in range(3, 12))


def test_the_filesystem_transport_carries_a_job(on_broker, tmp_path):
    messages, control = tmp_path / "broker" / "messages", tmp_path / "broker" / "control"
    messages.mkdir(parents=True)
    control.mkdir()
    on_broker("filesystem://localhost", data_folder_in=str(messages), data_folder_out=str(messages), control_folder=str(control))
    job = enqueue("test.touch", "round:3", params={"file": str(tmp_path / "lines")})
    with worker(tmp_path):
        until(lambda: state(job) == "done", what="a worker on the filesystem transport runs what is queued")
        until(lambda: len(selectors.worker_pulses()) == 1, what="a worker shows that it lives")
    assert (tmp_path / "lines").read_text().split()[:2] == ["round:3", "1"]
