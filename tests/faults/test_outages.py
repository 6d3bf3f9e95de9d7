"""Database, Redis, worker, scheduler and web server killed in the middle, for real: the page says so, all of it converges.

One house for all of these, since starting it takes longer than they do; each leaves it as it found it."""

import os
import signal
import subprocess
import threading
import time

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.services.tokens import make_token
from competition.models import Application, Revision, Round
from config.rehearsal.servers import PostgresqlProcess, RedisProcess, short_folder
from jobs import registry
from jobs.models import Job
from jobs.services import enqueue, hint
from ledger.models import Record
from ledger.services import seal, verify
from tests.factories.applying import make_call, make_draft
from tests.faults.house import House, copy_schema, database_of
from tests.jobs import kinds

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.redis, pytest.mark.timeout(180)]
AWAY = {
    "en": "Saima cannot reach its data at the moment. What was saved is safe; try again in a minute.",
    "zh-hans": "系统暂时无法读取数据。已保存的内容不会丢失，请一分钟后重试。",
}


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    with short_folder(name=".s.PGSQL.5432.lock") as place, short_folder() as other, django_db_blocker.unblock():
        postgresql, redis = PostgresqlProcess(place, lasting=True), RedisProcess(other)
        made = House(folder, postgresql, redis)
        known = dict(registry.kinds())
        try:
            postgresql.start()
            redis.start()
            copy_schema(connection.settings_dict, postgresql.url, postgresql.programs)
            with database_of(postgresql.url):
                kinds.register()
                made.start("web", "worker", "scheduler")
                made.until(made.up, "the web server answers")
                made.until(lambda: " ready." in (folder / "worker.log").read_text(), "the worker is ready")
                yield made
        finally:
            made.kill(*list(made.running))
            redis.stop()
            postgresql.stop()
            registry._kinds.clear()
            registry._kinds.update(known)


@pytest.fixture(autouse=True)
def no_hints(monkeypatch):
    """What this process queues is found by the sweeper alone."""
    monkeypatch.setattr(hint, "_silent_until", float("inf"))


@pytest.fixture
def draft(house):
    """(its address in the interface, headers of its applicant's key, the application), ready to be handed in."""
    call = make_call()
    now = timezone.now()
    Round.objects.filter(pk=call.round.pk).update(
        intake_opens=now - timezone.timedelta(days=2), intake_closes=now + timezone.timedelta(days=5)
    )
    application, user = make_draft(call, at=now)
    _row, text = make_token(name="office", scopes=("read", "apply"), days=9, actor=user, at=now)
    headers = {"Authorization": f"Bearer {text}", "If_Match": f'"{application.draft_version}"', "Idempotency_Key": f"key-{application.pk}"}
    return f"/api/v1/applications/{application.pk}/submission/", headers, application


def handed_in(application):
    application.refresh_from_db()
    records = Record.objects.filter(action="application.submit", subject=f"application:{application.pk}").count()
    return application.state, Revision.objects.filter(application=application).count(), records


class Held:
    """Somebody holds the application's row, so that whoever hands it in is in the middle of the request."""

    def __init__(self, house, application):
        facts = connection.settings_dict
        self.link = psycopg.connect(host=facts["HOST"], user=facts["USER"], dbname=facts["NAME"])
        self.link.execute(f"SELECT 1 FROM {Application._meta.db_table} WHERE id = %s FOR UPDATE", [application.pk])
        self.house = house

    def meanwhile(self, address, headers):
        """Sends it; returns a function that waits for the answer, once the request waits for the row."""
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.house.ask(address, method="POST", **headers)))
        thread.start()
        self.house.until(self._waiting, "the request waits for the row")

        def answer():
            thread.join(40)
            return answers[0]

        return answer

    def _waiting(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'")
            return cursor.fetchone()[0] > 0

    def let_go(self):
        self.link.close()


def done(*jobs):
    return lambda: Job.objects.filter(pk__in=[job.pk for job in jobs], state="done").count() == len(jobs)


def lines(file):
    return sorted(line.split()[0] for line in file.read_text().splitlines()) if file.exists() else []


# ---------------------------------------------------------------- the database
def test_the_database_is_killed_in_the_middle_of_requests_and_a_job(house, draft, tmp_path):
    address, headers, application = draft
    paths = {"file": str(tmp_path / "lines"), "until": str(tmp_path / "end")}
    job = enqueue("test.linger", "round:71", params=paths)
    house.until(lambda: lines(tmp_path / "lines") == ["round:71"], "the job is in the middle")
    for _ in range(6):  # each thread of the server has its connection
        assert house.ask("/public/")[0] == 200
    answer = Held(house, application).meanwhile(address, headers)

    house.postgresql.kill()
    connection.close()
    status, body, sent = answer()
    assert (status, sent["Retry-After"]) == (503, "15")
    assert '"accounts.database_away"' in body
    for language, words in AWAY.items():
        status, page, sent = house.ask("/public/", language=language)
        assert (status, words in page, sent["Retry-After"]) == (503, True, "15")
    assert (house.ask("/healthz")[0], house.ask("/readyz")[0]) == (200, 503)
    (tmp_path / "end").touch()

    house.postgresql.start()
    assert [house.ask("/public/")[0] for _ in range(8)] == [200] * 8  # at once, on every connection that was kept
    assert handed_in(application) == ("draft", 0, 0)
    assert [house.ask(address, method="POST", **headers)[0] for _ in range(2)] == [201, 201]
    assert handed_in(application) == ("submitted", 1, 1)
    house.until(done(job), "the job is done after all")
    seal()
    assert verify().faults == ()


# ---------------------------------------------------------------- the web server
def test_the_web_server_is_killed_in_the_middle_of_a_request(house, draft):
    address, headers, application = draft
    before = house.web_processes()
    held = Held(house, application)
    answer = held.meanwhile(address, headers)
    for process in before:
        os.kill(process, signal.SIGKILL)
    assert answer()[0] == 0  # the connection is cut
    held.let_go()
    house.until(lambda: house.up() and house.web_processes() != before, "another process answers")
    # What was sent whole before it died may count or not; sent again with its key it counts once.
    assert [house.ask(address, method="POST", **headers)[0] for _ in range(2)] == [201, 201]
    assert handed_in(application) == ("submitted", 1, 1)


# ---------------------------------------------------------------- Redis
def test_without_redis_pages_work_and_jobs_wait(house, draft, tmp_path):
    address, headers, application = draft
    house.redis.kill()
    began = time.monotonic()
    assert house.ask("/public/")[0] == 200
    assert house.ask("/account/login/")[0] == 200
    assert house.ask(address, method="POST", **headers)[0] == 201  # counted against its limit, and a job is queued with it
    assert time.monotonic() - began < 15
    assert '"broker": {"ok": false}' in house.ask("/readyz")[1]
    job = enqueue("test.touch", "round:72", params={"file": str(tmp_path / "lines")})
    time.sleep(1)
    assert Job.objects.get(pk=job.pk).state == "queued"
    house.redis.start()  # empty
    house.until(done(job), "worker and scheduler found Redis again by themselves", seconds=60)
    assert lines(tmp_path / "lines") == ["round:72"]


def test_redis_is_flushed_while_jobs_wait_in_it(house, tmp_path):
    file = tmp_path / "lines"
    paths = {"file": str(file), "until": str(tmp_path / "end")}
    first = enqueue("test.linger", "round:73", params=paths)
    house.until(lambda: lines(file) == ["round:73"], "the worker is busy")
    waiting = [enqueue("test.touch", f"round:{number}", params=paths) for number in (74, 75, 76)]
    time.sleep(1.5)  # the sweeper has announced them
    subprocess.run(["redis-cli", "-s", house.redis.redis.socket, "FLUSHALL"], check=True, stdout=subprocess.DEVNULL)
    (tmp_path / "end").touch()
    house.until(done(first, *waiting), "all are done")
    assert lines(file) == ["round:73", "round:74", "round:75", "round:76"]


# ---------------------------------------------------------------- everything
def test_the_power_fails(house, draft, tmp_path):
    """Everything is gone at one moment, in the middle of a request and of a job, with others waiting."""
    address, headers, application = draft
    file = tmp_path / "lines"
    paths = {"file": str(file), "until": str(tmp_path / "end")}
    running = enqueue("test.linger", "round:77", params=paths)
    house.until(lambda: lines(file) == ["round:77"], "the worker is in the middle of a job")
    waiting = enqueue("test.touch", "round:78", params=paths)
    answer = Held(house, application).meanwhile(address, headers)
    house.postgresql.kill()
    house.kill("web", "worker", "scheduler")
    house.redis.kill()
    connection.close()
    assert answer()[0] in (0, 503)

    (tmp_path / "end").touch()
    house.postgresql.start()
    assert (Job.objects.get(pk=running.pk).state, handed_in(application)) == ("running", ("draft", 0, 0))
    house.redis.start()
    house.start("web", "worker", "scheduler")
    house.until(done(running, waiting), "both jobs are done", seconds=60)
    # The first attempt and the second; one more only where the machine is so slow that a lease ran out meanwhile.
    assert lines(file)[:2] == ["round:77", "round:77"] and set(lines(file)) == {"round:77", "round:78"}, lines(file)
    house.until(house.up, "the web server answers")
    assert house.ask(address, method="POST", **headers)[0] == 201
    assert handed_in(application) == ("submitted", 1, 1)
    house.until(lambda: house.ask("/readyz")[0] == 200, "all is well")
    seal()
    assert verify().faults == ()
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]
