"""The broker is not there, or there and silent: nobody waits for it, nobody fails for it."""

import socket
import time

import pytest
from django.conf import settings as project_settings

from jobs.models import Job
from jobs.services import enqueue, hint, run_queued

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


@pytest.fixture
def silent_broker():
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def redis_options():
    """What settings give a Redis broker; a time-out there bounds what a request can lose."""
    return {"socket_connect_timeout": 2, "socket_timeout": 2, "max_retries": 0}


def test_no_broker(test_kinds, on_broker, caplog, tmp_path):
    on_broker(f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0", **redis_options())
    began = time.monotonic()
    for number in range(20):
        enqueue("test.note", f"round:{number}")
    assert time.monotonic() - began < 2
    assert Job.objects.filter(state="queued").count() == 20
    assert [record.name for record in caplog.records] == ["jobs.services.hint"]  # one line, then silence
    assert {job.state for job in run_queued()} == {"done"}


def test_a_broker_that_never_answers_costs_two_seconds_once(test_kinds, on_broker, silent_broker, caplog):
    on_broker(silent_broker, **redis_options())
    began = time.monotonic()
    for number in range(20):
        enqueue("test.note", f"round:{number}")
    assert 1.9 < time.monotonic() - began < 4
    assert Job.objects.filter(state="queued").count() == 20


def test_after_the_silence_it_is_tried_again(test_kinds, on_broker, caplog, settings, tmp_path):
    settings.JOBS_BROKER_SILENCE_SECONDS = 0.3
    on_broker(f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0", **redis_options())
    enqueue("test.note", "round:1")
    enqueue("test.note", "round:2")
    assert len(caplog.records) == 1
    time.sleep(0.35)
    enqueue("test.note", "round:3")
    assert len(caplog.records) == 2


def test_the_message_goes_only_when_the_row_is_there(test_kinds, monkeypatch):
    from django.db import transaction

    sent = []
    monkeypatch.setattr(hint, "_silent_until", 0.0)
    monkeypatch.setattr(hint.current_app, "send_task", lambda name, args, queue, **options: sent.append((args, queue)))
    with transaction.atomic():
        job = enqueue("test.away", "user:7")
        assert sent == []
    assert sent == [([job.pk], "mail")]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("test.note", "round:3")
        raise ZeroDivisionError
    assert len(sent) == 1


def test_settings_bound_the_wait(monkeypatch):
    """The options above are those of a Redis broker in config/settings.py."""
    import subprocess
    import sys

    script = "from config import settings; print(settings.CELERY_BROKER_TRANSPORT_OPTIONS)"
    environment = {"BROKER_URL": "redis://127.0.0.1:1/0", "PATH": "", "VAR_DIR": str(project_settings.VAR_DIR), "SECRET_KEY": "tests only"}
    said = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=project_settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert eval(said.stdout) == redis_options() | {"visibility_timeout": 7200}
