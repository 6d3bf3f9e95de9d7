"""Workers that share the queues: the same jobs done by one worker, then by two, each in a process group of its own, as on two machines.
What they share is the database, the broker and the folder of files."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from competition.documents.kinds import JOB
from competition.models import Document
from competition.services.documents import issue
from config.celery import app
from config.rehearsal.bench.papers import awarded, closed_field
from config.rehearsal.servers import Redis, die_with_parent, redis_server
from evaluations.selectors.analysis import COMPUTE
from jobs.models import Job
from jobs.services import enqueue

ROUNDS = 8
WARM = 4  # jobs a worker before the clock runs
TIMES = 10  # entries of a round to analyse for one certificate
START_SECONDS = 60
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
QUEUES = "codes,scores,documents,mail,default"
# What this machine gives two processes that share nothing but itself: they draw the same page, again and again, when told how often.
SHARE_NOTHING = """
import sys
from weasyprint import HTML
page = HTML(string="<table>" + "<tr><td>集群<td>26.13" * 60 + "</table>")
for line in sys.stdin:
    for _ in range(int(line)):
        page.write_pdf()
    print(flush=True)
"""
DRAWN = 40  # pages


def workers(entries: int, evaluators: int, criteria: int) -> dict:
    """`entries` certificates, then eight rounds of ten times as many entries to analyse. `one_s`, `two_s`: until the last job is done,
    by one and by two workers with one process each; `speedup`: how many times faster two are; `shared`: how many jobs each did.
    `machine`: how many times faster two processes are here that share no database, no broker and no file."""
    found: dict = {"rounds": ROUNDS, "machine": round(machine(), 2)}
    with redis_server() as redis, tempfile.TemporaryDirectory(prefix="saima-bench-") as files:
        app.conf.update(broker_url=redis.broker_url, broker_transport_options={})
        sizes = (entries * TIMES, evaluators, criteria)
        fields = [closed_field(*sizes, code=f"bench{number}").round.pk for number in range(2 * ROUNDS)]
        first = closed_field(entries, evaluators, criteria)
        documents = [issue("certificate", str(award.pk), language="", actor=None, at=timezone.now()).pk for award in awarded(first)]
        small = [closed_field(10, evaluators, criteria, code=f"warm{number}").round.pk for number in range(2 * 3 * WARM)]
        for kind, queue, warm in (
            ("documents", lambda _number: _draw(documents), lambda number: _draw(documents[: number * WARM])),
            (
                "analyses",
                lambda number: _analyse(fields[number - 1 :: 2]),
                lambda number: _analyse([small.pop() for _ in range(number * WARM)]),
            ),
        ):
            one, _alone = _timed(1, queue, warm, redis, files)
            two, shared = _timed(2, queue, warm, redis, files)
            found[kind] = {"one_s": round(one, 2), "two_s": round(two, 2), "speedup": round(one / two, 2), "shared": shared}
    return found


def machine() -> float:
    with contextlib.ExitStack() as running:
        command, pipes = [sys.executable, "-c", SHARE_NOTHING], {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        env = os.environ | ONE_CORE
        two = [running.enter_context(subprocess.Popen(command, env=env, preexec_fn=confined(place), **pipes)) for place in range(2)]

        def seconds(*pages: int) -> float:
            since = time.perf_counter()
            for process, number in zip(two, pages, strict=False):
                print(number, file=process.stdin, flush=True)
            for process, _number in zip(two, pages, strict=False):
                process.stdout.readline()
            return time.perf_counter() - since

        seconds(1, 1)
        return seconds(DRAWN) / seconds(DRAWN // 2, DRAWN // 2)


def _draw(documents: list[int]) -> None:
    Document.objects.filter(pk__in=documents).update(file="")
    for pk in documents:
        enqueue(JOB, f"document:{pk}")


def _analyse(rounds: list[int]) -> None:
    for pk in rounds:
        enqueue(COMPUTE, f"round:{pk}")


def _timed(number: int, queue, warm, redis: Redis, files: str) -> tuple[float, list[int]]:
    """`warm`: what each worker has done before the clock runs, so that its libraries and fonts are loaded."""
    Job.objects.all().delete()
    app.control.purge()
    with processes(number, redis, files) as names:
        warm(number)
        _wait()
        Job.objects.all().delete()
        since = time.perf_counter()
        queue(number)
        _wait()
        seconds = time.perf_counter() - since
    return seconds, [Job.objects.filter(worker=f"worker@{name}").count() for name in names]


def _wait() -> None:
    while Job.objects.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING)).exists():
        time.sleep(0.1)
    if failed := Job.objects.exclude(state=Job.State.DONE).first():
        raise RuntimeError(f"The job {failed.kind} of {failed.subject} failed: {failed.error_type}.")


def confined(place: int):
    """Each worker has one core, as a machine of its own would: else the threads of one analysis take those of the next worker too."""
    ends, cores = die_with_parent(), sorted(os.sched_getaffinity(0))

    def begin() -> None:
        ends()
        os.sched_setaffinity(0, {cores[place % len(cores)]})

    return begin


@contextlib.contextmanager
def processes(number: int, redis: Redis, files: str) -> Iterator[list[str]]:
    """That many workers, up and listening; their names."""
    command = [sys.executable, "-m", "celery", "--app", "config", "--quiet", "worker", "--queues", QUEUES, "--concurrency", "1"]
    environment = os.environ | {"BROKER_URL": redis.broker_url, "CACHE_URL": redis.cache_url, "VAR_DIR": files, **ONE_CORE}
    names = [f"machine{place}" for place in range(1, number + 1)]
    with tempfile.TemporaryFile() as log, contextlib.ExitStack() as running:
        for name in names:
            worker = subprocess.Popen(
                [*command, "--hostname", f"worker@{name}", "--without-gossip", "--without-mingle"],
                env=environment,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=confined(names.index(name)),
            )
            running.callback(worker.wait, timeout=60)
            running.callback(worker.terminate)
        until = time.monotonic() + START_SECONDS
        while len(app.control.ping(timeout=0.5) or ()) < number:
            if time.monotonic() > until:
                log.seek(0)
                raise RuntimeError(f"The workers do not answer.\n{log.read()[-2000:].decode(errors='replace')}")
        yield names


BENCHES = {"workers": workers}
