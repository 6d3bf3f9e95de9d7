from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import job_watchers
from accounts.job_faults import fault_words
from jobs import registry
from jobs.models import Job
from jobs.services import enqueue, pulse
from ledger.domain.reason import Reason
from ledger.models import Record
from ledger.reasons import say
from tests.cast import sign_in
from tests.factories.accounts import give, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", dict(registry.kinds()))
    registry.register("test.draw", lambda ctx: None, label="画图", queue="documents", attempts=4)


def person(name, role=None, **fields):
    user = make_user(name, **fields)
    if role:
        give(user, role)
    return user


@pytest.fixture
def operator():
    return person("operator", "operator")


@pytest.fixture
def page(operator):
    return sign_in(operator)


def text(response):
    return response.content.decode()


def test_an_operator_sees_what_is_open(page):
    asker = person("Li Ming", name_zh="李明")
    enqueue("test.draw", "document:4", requested_by=f"user:{asker.pk}")
    for number, state in enumerate(("failed", "done", "cancelled"), 5):
        job = enqueue("test.draw", f"document:{number}")
        Job.objects.filter(pk=job.pk).update(state=state, error_code="job.timeout" if state == "failed" else "", attempts=2)
    response = page.get("/account/jobs/")
    assert [row.subject for row in response.context["rows"]] == ["document:5", "document:4"]
    assert [row.asked_by for row in response.context["rows"]] == ["系统", "李明"]
    assert "任务超过了时间上限。" in text(response)
    assert [(tab["count"], tab["current"]) for tab in response.context["tabs"]] == [
        (2, True), (1, False), (0, False), (1, False), (1, False), (1, False), (4, False),
    ]  # fmt: skip
    assert len(page.get("/account/jobs/?state=all").context["rows"]) == 4
    assert [row.subject for row in page.get("/account/jobs/?state=done").context["rows"]] == ["document:6"]


def test_an_operator_of_one_competition_is_none_here(page):
    reader = person("operator of one")
    give(reader, "operator", "competition:3")
    response = sign_in(reader).get("/account/jobs/")
    assert response.status_code == 403
    assert say(Reason("accounts.not_operator")) in text(response)


def test_the_table_asks_for_itself_faster_while_something_runs(page):
    assert 'hx-trigger="every 15s"' in text(page.get("/account/jobs/"))
    enqueue("test.draw", "document:4")
    answer = text(page.get("/account/jobs/?state=queued", headers={"HX-Request": "true"}))
    assert answer.startswith('<div class="stack" id="jobs" hx-get="/account/jobs/?state=queued" hx-trigger="every 3s"')
    assert "<html" not in answer


def test_the_list_asks_the_same_number_of_queries_for_one_and_three(page):
    numbers = []
    for number in (1, 2, 3):
        asker = person(f"asker {number}")
        enqueue("test.draw", f"document:{number}", requested_by=f"user:{asker.pk}")
        with CaptureQueriesContext(connection) as asked:
            assert len(page.get("/account/jobs/").context["rows"]) == number
        numbers.append(len(asked))
    assert numbers[0] == numbers[2] <= 14


def test_silence_is_said(page):
    assert len(page.get("/account/jobs/").context["silence"]) == 2
    now = timezone.now()
    pulse("worker:a", at=now - timedelta(seconds=20))
    pulse("sweeper", at=now - timedelta(seconds=14))
    assert page.get("/account/jobs/").context["silence"] == []
    pulse("worker:a", at=now - timedelta(minutes=7))
    assert page.get("/account/jobs/").context["silence"] == ["已有 7 分钟没有执行进程的消息。排队的任务要等执行进程启动。"]


def test_cancel_and_retry(page, operator):
    job = enqueue("test.draw", "document:4")
    response = page.post(f"/account/jobs/{job.pk}/cancel/?state=queued", follow=True)
    assert response.redirect_chain == [("/account/jobs/?state=queued", 302)]
    assert f"后台任务 {job.pk} 已取消。" in text(response)
    assert Job.objects.get().state == "cancelled"
    page.post(f"/account/jobs/{job.pk}/retry/")
    assert Job.objects.get().state == "queued"
    assert list(Record.objects.filter(subject=f"job:{job.pk}").order_by("id").values_list("actor", "action")) == [
        (f"user:{operator.pk}", "job.cancel"),
        (f"user:{operator.pk}", "job.retry"),
    ]


def test_what_is_over_is_not_cancelled_and_the_page_says_why(page):
    job = enqueue("test.draw", "document:4")
    Job.objects.update(state="done")
    response = page.post(f"/account/jobs/{job.pk}/cancel/")
    assert response.status_code == 409
    assert "该任务已经结束，或正在取消。" in text(response)


def test_acts_need_post(page):
    job = enqueue("test.draw", "document:4")
    assert [page.get(f"/account/jobs/{job.pk}/{act}/").status_code for act in ("cancel", "retry")] == [405, 405]


def test_progress_is_seen_by_who_asked_by_who_may_see_the_subject_and_by_operators(page, monkeypatch):
    asker, reader, stranger = (person(name) for name in ("asker", "reader", "stranger"))
    monkeypatch.setattr(job_watchers, "_watchers", {"document": lambda user, key: (user, key) == (reader, "4")})
    job = enqueue("test.draw", "document:4", requested_by=f"user:{asker.pk}")
    other = enqueue("test.draw", "document:5")
    address = "/account/jobs/{}/progress/"
    seen = {name: [client.get(address.format(pk)).status_code for pk in (job.pk, other.pk)] for name, client in {
        "asker": sign_in(asker), "reader": sign_in(reader), "stranger": sign_in(stranger), "operator": page,
    }.items()}  # fmt: skip
    assert seen == {"asker": [200, 404], "reader": [200, 404], "stranger": [404, 404], "operator": [200, 200]}
    assert page.get(address.format(0)).status_code == 404


def test_progress_asks_again_until_it_is_over(page):
    job = enqueue("test.draw", "document:4")
    Job.objects.update(
        state="running", claim="7c2f0c5e-6f0e-4f43-9b3a-0d6b8b1f2a11", heartbeat_at=timezone.now(), progress_done=2, progress_total=5
    )
    address, htmx = f"/account/jobs/{job.pk}/progress/", {"HX-Request": "true"}
    running = page.get(address, headers=htmx)
    assert f'hx-get="{address}" hx-trigger="every 2s"' in text(running)
    assert '<progress aria-label="画图：运行中" max="5" value="2">' in text(running)
    assert "HX-Refresh" not in running.headers
    Job.objects.update(state="done")
    over = page.get(address, headers=htmx)
    assert over.headers["HX-Refresh"] == "true"
    assert "hx-get" not in text(over)
    assert "HX-Refresh" not in page.get(address).headers
    Job.objects.update(state="failed", error_code="job.fault")
    assert "任务因意外错误停止" in text(page.get(address))


def test_words_of_faults(page):
    assert fault_words(Job(error_code="")) == ""
    assert fault_words(Job(error_code="job.superseded")) == say(Reason("job.superseded")) != "job.superseded"
    assert fault_words(Job(error_code="nobody.knows")) == "nobody.knows"
    assert fault_words(Job(error_code="accounts.role_unknown")) == "accounts.role_unknown"
