"""Documents drawn by a process beside the one that builds: a document row says everything that is on its pages, so they may be drawn
while the race goes on."""

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from competition.documents import render
from competition.models import Document
from config.rehearsal.aside import begin
from jobs.registry import kinds
from jobs.services import run_queued

DRAWING = "document.render"


class Drawing:
    """`go_on()` instead of `run_queued()`: the documents issued since are begun. `finish()` stores them, by their jobs."""

    def __init__(self, pool: ProcessPoolExecutor | None):
        self.pool = pool
        self.begun: dict[str, Future] = {}

    def go_on(self) -> None:
        run_queued(kinds=[kind for kind in kinds() if kind != DRAWING])
        if self.pool is not None:
            for document in Document.objects.filter(file=""):
                name = render.identifier_of(document)
                if name not in self.begun:
                    self.begun[name] = self.pool.submit(render.printed, render.page(document), name)

    def finish(self) -> None:
        alone = render.pdf

        def pdf(document) -> tuple[bytes, int]:
            begun = self.begun.pop(render.identifier_of(document), None)
            return begun.result() if begun is not None else alone(document)

        render.pdf = pdf
        try:
            run_queued()
        finally:
            render.pdf = alone


@contextlib.contextmanager
def beside() -> Iterator[Drawing]:
    """On one core there is nothing to gain."""
    if len(os.sched_getaffinity(0)) < 2:
        yield Drawing(None)
        return
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=begin)
    try:
        yield Drawing(pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
