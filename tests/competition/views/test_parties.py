"""The pages that name the partners of a joint entry, by request."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.documents.context import certificate, receipt
from competition.models import Round
from competition.selectors.parties import typed
from competition.services.applications import return_application, submit_application
from competition.services.parties import fix_parties, set_parties
from tests.accounts.test_tokens import ask, key
from tests.cast import sign_in
from tests.competition.views.test_applying import url
from tests.factories.applying import make_call, make_draft
from tests.factories.decisions import make_staff, release
from tests.factories.documents import make_award
from tests.factories.parties import party
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def joint():
    """(application, applicant, call), around this very moment."""
    call = make_call(joint_entries=True)
    now = timezone.now()
    Round.objects.filter(pk=call.round.pk).update(intake_opens=now - timedelta(days=2), intake_closes=now + timedelta(days=5))
    application, user = make_draft(call, at=now)
    return application, user, call


def posted(version, *rows, **more):
    sent = {"version": version, "parties-TOTAL_FORMS": len(rows), "parties-INITIAL_FORMS": 0}
    return sent | {f"parties-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()} | more


def test_partners_are_added_changed_and_removed(joint):
    application, user, _call = joint
    client, first, second = sign_in(user), party(), party()
    assert "尚未填报联合申报单位" in client.get(url("application_edit", application)).content.decode()
    page = url("application_parties", application)
    assert client.get(page).status_code == 200
    assert client.post(page, posted(1, first, second, {"name_zh": ""})).headers["Location"] == page
    assert [form.initial for form in client.get(page).context["formset"]][:2] == [first, second]
    changed = second | {"role": "承担检测"}
    client.post(page, posted(2, first, changed, **{"parties-0-DELETE": "on"}))
    assert [typed(row) for row in application.parties.all()] == [changed]
    form = client.get(url("application_edit", application)).content.decode()
    assert second["name_zh"] in form and first["name_zh"] not in form and page in form


def test_what_is_wrong_is_said_at_its_field_with_everything_typed(joint):
    application, user, _call = joint
    sound, wrong = party(), party(credit_code="91330000", region="")
    answer = sign_in(user).post(url("application_parties", application), posted(1, {"name_zh": " "}, sound, wrong))
    assert answer.status_code == 422
    assert [sorted(form.errors) for form in answer.context["formset"]] == [[], [], ["credit_code", "region"]]
    words = answer.content.decode()
    assert sound["name_zh"] in words and wrong["name_zh"] in words
    assert not application.parties.exists()


def test_another_tab_and_an_empty_request_change_nothing(joint):
    application, user, _call = joint
    saved, typed_now = party(), party()
    set_parties(application, parties=[saved], version=1, actor=user, at=timezone.now())
    client, page = sign_in(user), url("application_parties", application)
    late = client.post(page, posted(1, typed_now))
    assert late.status_code == 409
    assert saved["name_zh"] in late.content.decode() and typed_now["name_zh"] in late.content.decode()
    assert client.post(page, {"version": 2}).status_code == 409
    assert client.post(page, posted("x", typed_now)).status_code == 409
    assert [typed(row) for row in application.parties.all()] == [saved]
    assert client.post(page, posted(2, typed_now)).status_code == 302


def test_without_joint_entries_there_is_no_such_page():
    application, user = make_draft(make_call())
    client = sign_in(user)
    assert client.get(url("application_parties", application)).status_code == 404
    assert "联合申报单位" not in client.get(url("application_edit", application)).content.decode()


def test_readers_see_them_as_submitted_and_what_a_correction_changed(joint):
    application, user, call = joint
    first, second = party(), party()
    at = timezone.now()
    version = set_parties(application, parties=[first], version=1, actor=user, at=at)
    assert first["name_zh"] in sign_in(user).get(url("application_submit", application)).content.decode()
    revision = submit_application(application, actor=user, at=at)
    for viewer in (user, call.organiser):
        assert first["credit_code"] in sign_in(viewer).get(url("revision_detail", application, 1)).content.decode()
    paper = receipt.context(receipt.find([str(revision.pk)])[str(revision.pk)], "zh-hans")
    assert paper["partners"] == [{"name": first["name_zh"], "credit_code": first["credit_code"], "region": "浙江省"}]
    return_application(application, reason="请核对。", due_at=at + timedelta(days=1), actor=call.organiser, at=at)
    set_parties(application, parties=[second], version=version, actor=user, at=at)
    submit_application(application, actor=user, at=at)
    page = sign_in(call.organiser).get(url("intake_detail", application))
    assert [row["name"] for row in page.context["changes"]["partners"]] == [first["name_zh"], second["name_zh"]]
    assert second["credit_code"] in page.content.decode()


def test_programs_name_them_with_the_draft_and_read_them_on_the_receipt(joint):
    application, user, _call = joint
    _, text = key(user, "read", "apply")
    row = party()
    address = reverse("api_draft", args=[application.pk])
    first = ask(text, address)
    assert first.json()["parties"] == []

    def put(rows, tag):
        return ask(text, address, "put", data={"data": first.json()["data"], "parties": rows}, headers={"If-Match": tag})

    wrong = put([row | {"credit_code": "1"}], first.headers["ETag"])
    assert (wrong.status_code, ask(text, address).headers["ETag"]) == (409, first.headers["ETag"])
    assert "parties.0.credit_code" in wrong.content.decode()
    saved = put([row], first.headers["ETag"])
    assert (saved.status_code, saved.json()["parties"]) == (200, [row])
    revision = submit_application(application, actor=user, at=timezone.now())
    assert ask(text, reverse("api_receipt", args=[application.pk])).json()["parties"] == [row]
    assert revision.parties.count() == 1


def test_the_public_reads_who_applied_together(django_assert_num_queries):
    round, entries = make_closed_round(("91.20", "88.45", "70.05"), joint_entries=True)
    rows = [[party(name_zh="联合测试中心", name_en=""), party()], [party(name_en="")], []]
    fix_parties(entries[0].revision, rows[0])
    release(round, make_staff(round))
    page = reverse("public:result", args=[round.competition.code, round.code])
    with CaptureQueriesContext(
        connection,
    ) as one:
        words = Client().get(page).content.decode()
    assert "联合测试中心" in words
    fix_parties(entries[1].revision, rows[1])
    fix_parties(entries[2].revision, [party(), party(), party()])
    with django_assert_num_queries(len(one)):
        assert rows[1][0]["name_zh"] in Client().get(page).content.decode()


def test_a_certificate_names_them_in_one_line_and_its_verification_all():
    award = make_award()
    award.entry.round.competition.joint_entries = True
    award.entry.round.competition.save()
    assert "partners" not in certificate.context(certificate.find([str(award.pk)])[str(award.pk)], "zh-hans")
    long = "长江三角洲先进制造业协同创新与公共服务平台联合运营中心"
    fix_parties(
        award.entry.revision,
        [
            party(name_zh="甲中心", name_en="Alpha"),
            party(name_zh=long, name_en=""),
            party(name_zh=long + "二", name_en="Yangtze Delta Joint Operation Centre for Innovation"),
        ],
    )
    paper = certificate.context(certificate.find([str(award.pk)])[str(award.pk)], "zh-hans")
    assert paper["partners"] == {"zh": "甲中心及另外 2 家单位", "en": "Alpha and 2 others"}
    page = Client().get(reverse("public:verify_code", args=[award.verify_code]))
    assert [row.name_zh for row in page.context["partners"]] == ["甲中心", long, f"{long}二"]
    assert long in page.content.decode()
