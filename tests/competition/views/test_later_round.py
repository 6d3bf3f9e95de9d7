"""The second round's own intake and the extension of a correction, by request."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from competition.services.applications import return_application
from ledger.domain.reason import Reason
from ledger.reasons import say
from tests.cast import sign_in
from tests.factories.applying import make_call, make_submitted
from tests.factories.later_round import entry_of, make_advanced

pytestmark = pytest.mark.django_db


def url(name, application, *more):
    return reverse(f"competition:{name}", args=[application.competition_id, application.pk, *more])


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_from_the_released_round_into_the_next_by_its_pages():
    call = make_advanced(at=timezone.now())
    application, user = call.advanced[0]
    client, staff = sign_in(user), sign_in(call.organiser)
    listed = client.get(reverse("competition:application_list")).context["todo"]
    assert [(row.pk, row.next["yours"]) for row in listed] == [(application.pk, True)]
    assert "12.5" in client.get(url("application_edit", application)).content.decode()

    data = {"version": str(application.draft_version), "truthful": "on", "model": "b", "area": "13.75", "history": "二〇〇三年起步"}
    figures = {"figures.output.2023": "412.60", "figures.output.2024": "468.30", "figures.output.2025": "521.75"}
    assert client.post(url("application_edit", application), data | figures | {"figures.output.source": "统计局"}).status_code == 302
    page = client.get(url("application_submit", application))
    sent = client.post(url("application_submit", application), {"key": page.context["key"], "version": str(page.context["version"])})
    assert sent["Location"] == url("revision_receipt", application, 2)

    changes = staff.get(url("intake_detail", application)).context["changes"]["answers"]
    assert [(row["before"], row["after"]) for row in changes] == [("12.5", "13.75")]
    assert staff.post(url("application_accept", application)).status_code == 302
    revision = application.revisions.get(number=2)
    assert (revision.round, entry_of(application, call.second).revision) == (call.second, revision)
    assert client.get(url("application_detail", application)).status_code == 200


def test_withdrawing_in_a_later_round_says_that_it_is_for_good_and_why_afterwards():
    call = make_advanced(at=timezone.now())
    (application, user), (absent, absent_user) = call.advanced
    client, staff = sign_in(user), sign_in(call.organiser)
    page = client.get(url("application_submit", application))
    client.post(url("application_submit", application), {"key": page.context["key"], "version": str(page.context["version"])})
    words = translation.gettext(
        "The cluster leaves the race for good: its place in this round is given up and may go to a reserve. What was submitted stays on "
        "record."
    )
    assert words in client.get(url("application_withdraw", application)).content.decode()
    client.post(url("application_withdraw", application), {"reason": ""})
    said = translation.gettext("The application was withdrawn.")
    for page in (client.get(url("application_detail", application)), staff.get(url("intake_detail", application))):
        assert said in page.content.decode()

    entry = entry_of(absent, call.second)
    leave = reverse("competition:entry_withdraw", args=[call.competition.pk, entry.pk])
    assert sign_in(absent_user).post(leave, {"reason": "主体注销"}).status_code == 302
    row = sign_in(absent_user).get(reverse("competition:application_list")).context["rows"][0]
    assert (row.next["yours"], row.next["text"]) == (False, translation.gettext("The cluster has left the race. The draft is kept."))


def test_a_correction_overdue_is_the_organisers_to_decide_and_gets_a_new_deadline():
    call = make_call()
    now = timezone.now()
    call.competition.rounds.update(intake_opens=now - timedelta(days=5), intake_closes=now + timedelta(days=2))
    application, user, _revision = make_submitted(call, at=now - timedelta(days=3))
    yesterday = now - timedelta(days=1)
    return_application(application, reason="缺骑缝章", due_at=yesterday, actor=call.organiser, at=now - timedelta(days=2))
    staff = sign_in(call.organiser)
    assert url("application_extend", application) in staff.get(url("intake_detail", application)).content.decode()
    home = staff.get(reverse("competition:organiser_home")).content.decode()
    title = translation.ngettext(
        "Give %(n)s overdue correction more time or refuse it", "Give %(n)s overdue corrections more time or refuse them", 1
    )
    assert title % {"n": 1} in home

    refused = staff.post(url("application_extend", application), {"reason": "经办人住院", "due_at": local(yesterday - timedelta(hours=1))})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["due_at"])
    assert "经办人住院" in refused.content.decode()
    done = staff.post(url("application_extend", application), {"reason": "经办人住院", "due_at": local(now + timedelta(days=3))})
    assert done["Location"] == url("intake_detail", application)
    assert "经办人住院" in sign_in(user).get(url("application_detail", application)).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "该参赛项目在评定前已退出竞赛（已取消资格）。"),
        ("en", "The entry left the race before the decision (Disqualified)."),
    ],
)
def test_what_became_of_an_entry_is_said_in_words(language, words):
    with translation.override(language):
        assert say(Reason("competition.entry_left", {"entry_state": "disqualified"})) == words
