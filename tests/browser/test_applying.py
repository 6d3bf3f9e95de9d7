"""An applicant at work in a real browser: filling in, autosaving, offline and back, two tabs, submitting; desktop and phone."""

import os
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from competition.models import Application, Round
from competition.selectors.formats import read_format
from competition.services.applications import return_application, save_draft
from tests.competition.views.test_outcome import applicant_of, race, release  # noqa: F401
from tests.factories.applying import PDF, make_applicant, make_call, make_draft, make_submitted

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")


def open_call(**fields):
    call = make_call(**fields)
    now = timezone.now()
    Round.objects.filter(pk=call.round.pk).update(intake_opens=now - timedelta(days=2), intake_closes=now + timedelta(days=5, hours=8))
    call.round.refresh_from_db()
    return call


def url(name, application, *more):
    return reverse(f"competition:{name}", args=[application.competition_id, application.pk, *more])


def saved(page):
    page.wait_for_selector("#saving[data-state=saved]")


@pytest.fixture
def screen(field_screen):
    return field_screen


@pytest.fixture
def shoot(screen, axe):
    """Each page is accessible, fits its screen, and is pictured where SHOTS names a folder."""

    def shoot(page, name):
        axe(page)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{screen}-{name}.png", full_page=True)

    return shoot


@pytest.fixture
def open_as(open_page, screen, language):
    """`open_as(user)`: a page of somebody who is signed in."""

    def opened(user):
        page = open_page(screen)
        user.language = language
        user.save(update_fields=["language"])
        page.enter(user)
        return page

    return opened


def test_from_the_first_word_to_the_receipt(open_as, shoot):
    call = open_call()
    user, cluster = make_applicant()
    page = open_as(user)
    page.goto(reverse("competition:application_list"))
    shoot(page, "01-home-empty")
    page.click(f"a[href='{reverse('competition:application_start', args=[call.competition.pk])}']")
    page.select_option("[name=cluster]", str(cluster.pk))
    page.select_option("[name=track]", str(call.track.pk))
    shoot(page, "02-start")
    page.click("main form button.primary")
    page.wait_for_url("**/form/")
    shoot(page, "03-form-empty")
    page.check("[name=truthful]")
    page.select_option("[name=model]", "b")
    page.fill("[name=area]", "十二")
    page.fill("[name=history]", "二〇〇三年起步")
    for year, figure in (("2023", "412.60"), ("2024", "468.30"), ("2025", "986.40")):
        page.fill(f"[name='figures.output.{year}']", figure)
    page.fill("[name='figures.output.source']", "统计局")
    page.press("[name='figures.output.source']", "Tab")
    saved(page)
    page.wait_for_selector("[data-field=f-area].wrong .msg.err")
    page.wait_for_selector("#f-figures-output_jumps:not([hidden])")
    assert page.inner_text("#f-figures-growth-2025") == "110.63"
    assert page.inner_text("#f-history_count span") == "7"
    shoot(page, "04-form-doubtful")
    page.fill("[name='figures.output.explanation']", "两家企业并统")
    page.fill("[name=area]", "12.5")
    page.set_input_files("[name='file.licence']", {"name": "登记证书.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.wait_for_selector("[data-slot=licence] .files li")
    saved(page)
    page.wait_for_selector("#submit-actions a.primary")
    shoot(page, "05-form-complete")
    page.click("#submit-actions a.primary")
    page.wait_for_url("**/submit/")
    shoot(page, "06-submit")
    page.click("main form button.primary")
    page.wait_for_url("**/receipt/")
    application = Application.objects.get()
    assert application.revisions.get().receipt_number in page.inner_text("main")
    shoot(page, "07-receipt")
    page.goto(url("application_detail", application))
    shoot(page, "08-detail")
    page.goto(url("revision_detail", application, 1))
    shoot(page, "09-revision")
    staff = open_as(call.organiser)
    staff.goto(reverse("competition:intake_list", args=[call.competition.pk]))
    shoot(staff, "10-intake")
    staff.click("main table a.name")
    shoot(staff, "11-intake-one")
    staff.goto(url("application_return", application))
    shoot(staff, "12-return")


def test_what_is_typed_without_a_connection_is_sent_later(open_as):
    call = open_call()
    application, user = make_draft(call, complete=False, at=timezone.now())
    page = open_as(user)
    page.goto(url("application_edit", application))
    page.context.set_offline(True)
    page.fill("[name=history]", "断网时写下")
    page.press("[name=history]", "Tab")
    page.wait_for_selector("#saving[data-state=local]")
    page.context.set_offline(False)
    saved(page)
    application.refresh_from_db()
    assert application.draft["history"] == "断网时写下"


def test_an_expired_session_keeps_the_input_and_sends_it_after_the_next_sign_in(open_as):
    call = open_call()
    application, user = make_draft(call, complete=False, at=timezone.now())
    page = open_as(user)
    page.goto(url("application_edit", application))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.fill("[name=history]", "登录失效时写下")
    page.press("[name=history]", "Tab")
    page.wait_for_selector("#saving[data-state=login] a")
    [(name, kept)] = page.evaluate("Object.entries(localStorage)")
    assert name == f"saima.application.{application.pk}.{user.pk}"
    assert b"values" not in b64decode(kept) and "登录失效时写下".encode() not in b64decode(
        kept
    )  # whoever uses the device next reads nothing
    page.close(run_before_unload=False)
    again = page.context.new_page()
    page.enter(user)
    again.goto(url("application_edit", application))
    assert again.input_value("[name=history]") == "登录失效时写下"
    saved(again)
    application.refresh_from_db()
    assert application.draft["history"] == "登录失效时写下"


def test_two_windows_lose_nothing(open_as, shoot):
    call = open_call()
    application, user = make_draft(call, at=timezone.now())
    page = open_as(user)
    page.goto(url("application_edit", application))
    elsewhere = application.draft | {"area": "13.75", "history": "别处写下"}
    save_draft(application, data=elsewhere, version=application.draft_version, actor=user, at=timezone.now())
    page.fill("[name=history]", "这里写下")
    page.press("[name=history]", "Tab")
    page.wait_for_selector("#conflict table")
    assert "别处写下" in page.inner_text("#conflict")
    assert "这里写下" in page.inner_text("#conflict")
    shoot(page, "20-conflict")
    page.click("#conflict button")
    saved(page)
    application.refresh_from_db()
    assert (application.draft["history"], application.draft["area"]) == ("这里写下", "13.75")


def test_the_page_of_a_returned_one_begins_with_reason_and_deadline(open_as, shoot):
    call = open_call()
    application, user, _revision = make_submitted(call, at=timezone.now())
    now = timezone.now()
    return_application(application, reason="第 2 页缺骑缝章。", due_at=now + timedelta(days=9), actor=call.organiser, at=now)
    page = open_as(user)
    page.goto(reverse("competition:application_list"))
    shoot(page, "30-home")
    page.goto(url("application_edit", application))
    assert "第 2 页缺骑缝章。" in page.inner_text("main .notice.warn")
    shoot(page, "31-returned")


def test_the_default_form(open_as, shoot):
    call = open_call(definition=read_format()["rounds"][0]["form"])
    application, user = make_draft(call, complete=False, at=timezone.now())
    page = open_as(user)
    page.goto(url("application_edit", application))
    shoot(page, "40-default-form")
    page.goto(url("application_edit", application) + "?check=1")
    shoot(page, "41-default-form-checked")


def test_the_own_outcome(open_as, shoot, race):  # noqa: F811
    round, entries, staff = race
    release(round, staff)
    page = open_as(applicant_of(entries[1]))
    page.goto(url("application_detail", entries[1].application))
    assert "88.45" in page.inner_text("main")
    shoot(page, "50-outcome")
