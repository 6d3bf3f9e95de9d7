"""What an engine, a balancer and a monitor are told."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from kombu import Connection

from config import health
from config.celery import app as celery_app
from jobs.services import pulse

pytestmark = pytest.mark.django_db


def ask(client) -> tuple[int, dict]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert "no-cache" in answer.headers["Cache-Control"]


def test_ready_when_everything_shows_itself(client, django_assert_num_queries):
    now = timezone.now()
    pulse("worker:old@host", at=now - timedelta(hours=2))
    pulse("worker:new@host", at=now - timedelta(seconds=17))
    pulse("sweeper", at=now - timedelta(seconds=9))
    with django_assert_num_queries(2):
        status, answer = ask(client)
    assert (status, answer["ready"]) == (200, True)
    assert {name: check["ok"] for name, check in answer["checks"].items()} == dict.fromkeys(
        ["database", "broker", "worker", "sweeper", "fonts"], True
    )
    assert answer["checks"]["worker"]["age_s"] in range(17, 30)
    assert "host" not in str(answer)


@pytest.mark.parametrize(("silent", "other"), [("worker:a@b", "sweeper"), ("sweeper", "worker:a@b")])
@pytest.mark.parametrize("age", [timedelta(seconds=61), None])
def test_not_ready_when_one_is_silent(client, silent, other, age):
    now = timezone.now()
    pulse(other, at=now)
    if age:
        pulse(silent, at=now - age)
    status, answer = ask(client)
    assert status == 503
    failed = {name: check for name, check in answer["checks"].items() if not check["ok"]}
    assert list(failed) == [silent.partition(":")[0]]
    assert (failed.popitem()[1]["age_s"] is None) == (age is None)


def test_not_ready_without_the_database(client):
    def away(*arguments):
        raise DatabaseError("password of saima is hunter2")

    with connection.execute_wrapper(away):
        status, answer = ask(client)
    assert status == 503
    assert [name for name, check in answer["checks"].items() if not check["ok"]] == ["database", "worker", "sweeper"]
    assert "hunter2" not in str(answer)


@pytest.fixture
def broker_elsewhere(monkeypatch):
    def use(url):
        options = {"socket_connect_timeout": 1, "socket_timeout": 1}
        monkeypatch.setattr(celery_app, "connection_for_write", lambda: Connection(url, transport_options=options))

    return use


def test_the_broker_is_asked(broker_elsewhere, redis):
    broker_elsewhere(redis.broker_url)
    assert health.broker_answers()
    broker_elsewhere("redis+socket:///nowhere/redis.sock?virtual_host=0")
    assert not health.broker_answers()


def test_fonts_are_those_of_fontconfig(monkeypatch, tmp_path):
    assert health.chinese_font_there()
    empty = tmp_path / "fonts.conf"
    empty.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path}</dir></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    assert not health.chinese_font_there()


def test_a_probe_is_read_only(client):
    assert [client.post(path).status_code for path in ("/healthz", "/readyz")] == [405, 405]
