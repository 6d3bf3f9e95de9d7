"""The operator's page, and what a monitor scrapes."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from competition.domain.scans import Version
from competition.models import Attachment
from config import operations
from config.backup import note
from jobs.models import Job
from jobs.services import pulse
from ledger.services import record, seal
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.desks import make_judged_entry, make_judging

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    operator = make_user("Operator")
    give(operator, "operator", "*")
    return sign_in(operator)


def job(queue, state, **fields):
    at = timezone.now()
    if state == "running":
        fields |= {"claim": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "heartbeat_at": at}
    facts = {"kind": "document.render", "max_attempts": 5, "run_after": at - timedelta(minutes=7), "created_at": at}
    return Job.objects.create(queue=queue, state=state, **facts | fields)


def some_jobs():
    for number in range(3):
        job("mail", "failed", subject=f"letter:{number}")
    job("mail", "queued", subject="letter:9")
    for number in range(2):
        job("documents", "running", subject=f"document:{number}")


def test_the_page_counts_by_queue_and_asks_the_same_for_more(page, django_assert_num_queries):
    some_jobs()
    pulse("worker:first@here", at=timezone.now())
    seal()
    with django_assert_num_queries(15):  # one of them the menu's
        first = page.get("/operations/")
    rows = {row["label"]: (row["queued"], row["running"], row["failed"]) for row in first.context["queues"]}
    assert {str(label): counts for label, counts in rows.items()} == {
        str(operations.QUEUES["codes"]): (0, 0, 0),
        str(operations.QUEUES["scores"]): (0, 0, 0),
        str(operations.QUEUES["documents"]): (0, 2, 0),
        str(operations.QUEUES["mail"]): (1, 0, 3),
        str(operations.QUEUES["default"]): (0, 0, 0),
    }
    for number in range(3):
        pulse(f"worker:other{number}@here", at=timezone.now() - timedelta(minutes=2))
        job("scores", "queued", subject=f"round:{number}")
    with django_assert_num_queries(15):
        page.get("/operations/")
    with django_assert_num_queries(13):
        again = page.get("/operations/", headers={"HX-Request": "true"})
    assert [row["silent"] for row in again.context["workers"]] == [False, True, True, True]
    assert "<html" in first.content.decode() and "<html" not in again.content.decode()


def test_the_page_says_what_is_wrong_and_what_to_do(page):
    checks = {str(check["label"]): check for check in page.get("/operations/").context["checks"]}
    worker = checks[str(operations.CHECKS["worker"][0])]
    assert (worker["state"], worker["note"]) == ("bad", operations.CHECKS["worker"][1])
    assert checks[str(operations.CHECKS["database"][0])]["state"] == "done"


def backup_row(page):
    return next(row for row in page.get("/operations/").context["checks"] if str(row["label"]) == gettext("Backup"))


def test_the_page_reminds_of_the_backup(page):
    assert backup_row(page)["state"] == "todo"
    at = timezone.now()
    note(at=at - timedelta(hours=37), by="another tool")
    assert (backup_row(page)["state"], backup_row(page)["value"]) == ("todo", gettext("%(number)d h") % {"number": 37})
    call_command("backup", made_elsewhere=True)
    assert (backup_row(page)["state"], backup_row(page)["note"]) == ("done", "")
    with pytest.raises(CommandError):
        call_command("backup")


def test_the_menu_counts_what_is_silent():
    operator, other = make_user("Operator"), make_user("Other")
    give(operator, "operator", "*")
    assert (operations.failing(operator, None), operations.failing(other, None)) == (2, None)
    pulse("sweeper", at=timezone.now())
    assert operations.failing(operator, None) == 1
    pulse("worker:a@b", at=timezone.now())
    assert operations.failing(operator, None) == 0


def test_little_room_is_said(monkeypatch, page):
    usage = operations.shutil.disk_usage("/")._replace(total=1000, free=99)
    monkeypatch.setattr(operations.shutil, "disk_usage", lambda path: usage)
    assert page.get("/operations/").context["storage"]["low"] is True
    monkeypatch.setattr(operations.shutil, "disk_usage", lambda path: usage._replace(free=100))
    assert page.get("/operations/").context["storage"]["low"] is False


# ---------------------------------------------------------------- metrics
@pytest.fixture
def scrape(client, settings):
    settings.METRICS_TOKEN = "of the monitor"

    def scrape(token="of the monitor"):
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        lines = [line.rpartition(" ") for line in answer.content.decode().splitlines() if line and line[0] != "#"]
        return answer.status_code, {name: float(value) for name, _space, value in lines} if answer.status_code == 200 else {}

    return scrape


def test_metrics_count_jobs_workers_and_seals(scrape):
    some_jobs()
    pulse("worker:a@b", at=timezone.now() - timedelta(seconds=30))
    record(actor="system", action="account.change", subject="user:1")
    seal()
    record(actor="system", action="account.change", subject="user:2")
    status, found = scrape()
    assert status == 200
    assert found['saima_jobs{queue="mail",state="failed"}'] == 3
    assert found['saima_jobs{queue="documents",state="running"}'] == 2
    assert 30 <= found["saima_worker_silence_seconds"] < 60
    assert "saima_sweeper_silence_seconds" not in found
    assert 420 <= found["saima_jobs_oldest_wait_seconds"] < 480
    assert (found["saima_ledger_seals"], found["saima_ledger_unsealed"], found["saima_database_up"]) == (1, 1, 1)


def test_metrics_count_requests_by_the_name_of_their_route(scrape, client):
    count = 'saima_request_seconds_count{method="GET",route="account_login",status="2xx"}'
    before = scrape()[1].get(count, 0)
    client.get("/account/login/")
    client.get("/account/login/?next=/c/7/")
    found = scrape()[1]
    assert found[count] == before + 2
    assert not any("healthz" in name or "/c/7/" in name for name in found)


def test_metrics_are_for_whoever_has_the_token(scrape, client, settings):
    assert [scrape(token)[0] for token in ("of the monitor", "of a guest", "", "口令")] == [200, 404, 404, 404]
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = ""
    assert scrape("")[0] == 404


def test_a_database_that_is_away_is_told_and_not_a_fault(scrape, monkeypatch):
    def away(**arguments):
        raise DatabaseError

    monkeypatch.setattr("config.metrics.jobs.oldest_queued_age", away)
    status, found = scrape()
    assert (status, found["saima_database_up"]) == (200, 0)
    assert not any(name.startswith("saima_jobs") for name in found)


def row_of(found):
    (row,) = found
    return row["state"], row["note"], row["value"]


def test_the_scanner_is_shown_with_what_waits_for_it(page, scanner, scrape, settings):
    make_judged_entry(make_judging(), files=4)
    *waiting, large, infected = Attachment.objects.order_by("pk")
    Attachment.objects.filter(pk__in=[large.pk, *(row.pk for row in waiting)]).update(scan="waiting")
    Attachment.objects.filter(pk=large.pk).update(scan_fault="too_large")
    Attachment.objects.filter(pk=infected.pk).update(scan="found", finding="House.Test")
    state, note, value = row_of(operations.scanning(at=timezone.now()))
    assert (state, value.startswith("ClamAV ")) == ("todo", True)
    assert ngettext("%(n)d file waits.", "%(n)d files wait.", 3) % {"n": 3} in note
    assert ngettext("%(n)d of them is too large for the scanner.", "%(n)d of them are too large for the scanner.", 1) % {"n": 1} in note
    assert ngettext("Malware was found in %(n)d file, kept back.", "Malware was found in %(n)d files, kept back.", 1) % {"n": 1} in note
    names = ("saima_scanner_up", "saima_files_unscanned", "saima_files_infected")
    assert [scrape()[1][name] for name in names] == [1, 3, 1]
    scanner.stop()
    assert row_of(operations.scanning(at=timezone.now()))[::2] == ("bad", "")
    assert page.get("/operations/").status_code == 200
    assert [scrape()[1][name] for name in names] == [0, 3, 1]
    settings.SCANNER = ""
    assert operations.scanning(at=timezone.now()) == []
    assert "saima_scanner_up" not in scrape()[1]


@pytest.mark.parametrize(("days", "state"), [(7, "done"), (8, "todo")])
def test_old_signatures_are_told(monkeypatch, settings, days, state):
    at = timezone.now()
    settings.SCANNER = "clamd:///s"
    monkeypatch.setattr(operations, "ask_version", lambda: Version("ClamAV 1.4.6", 27812, at - timedelta(days=days)))
    found = row_of(operations.scanning(at=at))
    assert (found[0], "27812" in found[2], bool(found[1])) == (state, True, state == "todo")
