"""The operator's page in a browser: it follows the jobs by itself, and works for everybody."""

import pytest
from django.utils import timezone

from jobs import registry
from jobs.models import Job
from jobs.services import enqueue, pulse, run
from tests.factories.accounts import give, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator_page(open_page, language):
    def opened(screen):
        operator = make_user("Operator", name_zh="运维", language=language)
        give(operator, "operator")
        page = open_page(screen)
        page.enter(operator)
        return page

    return opened


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_the_page_follows_the_jobs(operator_page, axe, monkeypatch, screen, tmp_path):
    monkeypatch.setattr(registry, "_kinds", dict(registry.kinds()))
    registry.register("test.draw", lambda ctx: None, label="Drawing of a certificate", queue="documents")
    waiting, going, failed = (enqueue("test.draw", f"document:{number}") for number in (4, 5, 6))
    now = timezone.now()
    facts = {"claim": "7c2f0c5e-6f0e-4f43-9b3a-0d6b8b1f2a11", "heartbeat_at": now, "progress_done": 2, "progress_total": 5, "attempts": 1}
    Job.objects.filter(pk=going.pk).update(state="running", **facts)
    Job.objects.filter(pk=failed.pk).update(state="failed", error_code="job.fault", error_type="builtins.ZeroDivisionError", attempts=5)
    pulse("worker:a", at=now)

    page = operator_page(screen)
    page.goto("/account/jobs/")
    assert page.locator("tbody tr").count() == 3
    assert page.locator("tbody progress").get_attribute("value") == "40"
    axe(page)
    page.screenshot(path=tmp_path / f"jobs-{screen}.png", full_page=True)

    page.locator(f"#cancel-{waiting.pk}").focus()
    Job.objects.filter(pk=going.pk).update(progress_done=4)
    page.locator("tbody progress[value='80']").wait_for(timeout=8000)
    assert page.evaluate("document.activeElement.id") == f"cancel-{waiting.pk}"  # the poll leaves the keyboard where it was

    page.keyboard.press("Enter")
    page.locator(".toast").wait_for()
    assert Job.objects.get(pk=waiting.pk).state == "cancelled"
    page.locator(f"#retry-{failed.pk}").click()
    page.locator(f"#cancel-{failed.pk}").wait_for()
    assert run(failed.pk) == "done"
    page.locator(f"#cancel-{failed.pk}").wait_for(state="detached", timeout=8000)
    assert page.locator("tbody tr").count() == 1
