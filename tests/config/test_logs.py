"""Logs of production: JSON lines with the request's id, and nothing about people."""

import json
import logging
import sys

import pytest
from django.test import RequestFactory
from django.urls import resolve

from config.logs import logging_config
from ledger.domain.request_id import request_id
from tests.log_lines import of


def test_a_line_is_json_with_the_request_id(lines):
    token = request_id.set("abc")
    logging.getLogger("saima.test").warning("第 %s 行\nof %s", 3, "two lines")
    request_id.reset(token)
    assert (
        lines.pop().items() >= {"level": "WARNING", "logger": "saima.test", "message": "第 3 行\nof two lines", "request_id": "abc"}.items()
    )


@pytest.mark.django_db
def test_a_request_is_one_line_by_its_route(client, lines):
    answer = client.get("/account/login/?email=li.ming@example.org")
    (line,) = of(lines, "saima.request")
    assert line.items() >= {"method": "GET", "route": "account_login", "status": 200, "request_id": answer.headers["X-Request-Id"]}.items()
    assert isinstance(line["ms"], int)
    assert "li.ming" not in json.dumps(lines)


@pytest.mark.django_db
def test_a_probe_writes_a_line_only_when_it_fails(client, lines):
    client.get("/healthz")
    assert lines == []
    failed = client.get("/readyz")
    assert [(line["message"], line["request_id"]) for line in lines] == [("Service Unavailable: readyz", failed.headers["X-Request-Id"])]


def test_static_files_write_no_line(client, lines):
    assert client.get("/static/css/tokens.css").status_code == 200
    assert lines == []


def test_an_address_with_a_secret_in_it_stands_by_its_route(lines):
    path = "/account/invitation/7/one-time-secret/"
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    logging.getLogger("django.request").warning("Not Found: %s", path, extra={"request": request, "status_code": 404})
    assert of(lines, "django.request")[0]["message"] == "Not Found: old_invitation_link"


def test_an_unknown_address_is_not_written_down(client, lines, db):
    client.get("/reset/li.ming@example.org/")
    assert "li.ming" not in json.dumps(lines)
    assert "Not Found: (no route)" in [line["message"] for line in lines]


def test_an_exception_stands_without_its_words(lines):
    try:
        try:
            raise KeyError("li.ming@example.org")
        except KeyError as cause:
            raise ValueError("duplicate key (email)=(li.ming@example.org)") from cause
    except ValueError as error:
        logging.getLogger("jobs").error("Job %s failed: %s.", 5, error, exc_info=error)
        context = {"name": "jobs.run_job", "exc": repr(error), "traceback": "li.ming"}
        logging.getLogger("celery.app.trace").error("Task %(name)s raised: %(exc)s %(traceback)s", context, exc_info=sys.exc_info())
    ours, celerys = lines
    assert ours["message"] == "Job 5 failed: ValueError."
    assert [link["type"] for link in ours["exception"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert __name__.rpartition(".")[2] in ours["exception"][0]["at"][0]
    assert celerys["message"] == "Task jobs.run_job raised: ValueError"
    assert "li.ming" not in json.dumps(lines)


def test_one_machine_reads_plain_lines():
    assert logging_config(production=False, level="INFO")["formatters"]["line"] == {
        "format": "{asctime} {levelname} {name} {message}",
        "style": "{",
    }
