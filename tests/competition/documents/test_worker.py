"""A worker killed in the middle of drawing loses nothing: the next one draws the same file, once."""

import hashlib
import os
import signal
import time

import pytest
from django.utils import timezone

from competition.documents.render import pdf
from competition.models import Document
from competition.services.documents import issue
from jobs.models import Job
from jobs.services import sweep
from tests.factories.competition import NOW
from tests.factories.documents import make_submitted
from tests.jobs.conftest import on_broker  # noqa: F401
from tests.jobs.test_worker import LEASE, until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180), pytest.mark.redis]


def states():
    return sorted(Job.objects.filter(kind="document.render").values_list("state", flat=True))


def test_a_killed_worker_loses_no_document(redis_url, on_broker, tmp_path, settings):  # noqa: F811
    settings.JOBS_LEASE_SECONDS, settings.JOBS_GRACE_SECONDS = LEASE, 0
    on_broker(redis_url)
    revisions = [make_submitted()[0] for _ in range(3)]
    with worker(tmp_path, redis_url) as process:
        documents = [issue("receipt", str(revision.pk), language="en", actor=None, at=NOW) for revision in revisions]
        until(lambda: "running" in states(), what="a document is being drawn")
        os.killpg(process.pid, signal.SIGKILL)
    assert "running" in states()
    until(lambda: sweep(at=timezone.now()).revived >= 1, what="the sweeper takes the job from the dead worker")
    with worker(tmp_path, redis_url):
        end = time.monotonic() + 90
        while states() != ["done"] * 3:
            assert time.monotonic() < end, states()
            sweep(at=timezone.now())
            time.sleep(0.2)
    folder = tmp_path / "files"
    for document in Document.objects.filter(pk__in=[row.pk for row in documents]):
        content = (folder / document.file.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == document.sha256
        assert content == pdf(document)[0]
