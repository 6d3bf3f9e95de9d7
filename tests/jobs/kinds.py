"""Job kinds that exist for tests only. A real worker loads them with ``celery -A tests.jobs.worker``."""

import os
import time
from pathlib import Path

from jobs import registry
from jobs.services import enqueue
from ledger.domain.reason import Reason, Refused

seen: list[tuple] = []


def note(ctx):
    seen.append((ctx.subject, dict(ctx.params), ctx.attempt))


def count(ctx):
    for done in range(1, 8):
        seen.append((ctx.subject, done))
        ctx.progress(done, 7)


def faulty(ctx):
    seen.append((ctx.subject, ctx.attempt))
    raise ZeroDivisionError("a message with a name in it")


def away(ctx):
    seen.append((ctx.subject, ctx.attempt))
    raise ConnectionRefusedError("mail server away")


def refusing(ctx):
    raise Refused(Reason("job.not_retryable"))


def chain(ctx):
    seen.append((ctx.subject, ctx.attempt))
    enqueue("test.note", ctx.subject, params={"from": ctx.kind})


def touch(ctx):
    """Leaves a line in a file: what another process can see."""
    with Path(ctx.params["file"]).open("a") as file:
        file.write(f"{ctx.subject} {ctx.attempt} {os.getpid()}\n")


def linger(ctx):
    """Like ``touch``, then works on until a second file appears."""
    touch(ctx)
    for second in range(1200):
        if Path(ctx.params["until"]).exists():
            return
        ctx.progress(second, 1200)
        time.sleep(0.05)


def register():
    for handler in (note, count, faulty, refusing, chain, touch, linger):
        registry.register(f"test.{handler.__name__}", handler, label=handler.__name__, attempts=3)
    registry.register("test.away", away, label="away", attempts=3, queue="mail", retry_on=(ConnectionError,))
