"""The applicant's pages and the organiser's intake, by request."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competition.models import Round
from competition.services.applications import accept_application, return_application, submit_application
from tests.cast import sign_in
from tests.factories.applying import ANSWERS, make_applicant, make_call, make_draft, make_submitted, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    """Around this very moment: views read the clock."""
    call = make_call()
    now = timezone.now()
    Round.objects.filter(pk=call.round.pk).update(intake_opens=now - timedelta(days=2), intake_closes=now + timedelta(days=5, hours=3))
    call.round.refresh_from_db()
    return call


def url(name, application, *more):
    return reverse(f"competition:{name}", args=[application.competition_id, application.pk, *more])


def autosave(client, application, version, **values):
    return client.post(
        url("draft_save", application),
        json.dumps({"version": version, "values": values}),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def test_pages_of_a_draft(call):
    application, user = make_draft(call, at=timezone.now())
    client = sign_in(user)
    for name in ("application_detail", "application_edit", "application_submit"):
        assert client.get(url(name, application)).status_code == 200, name
    assert client.get(reverse("competition:application_list")).status_code == 200


def test_pages_of_a_submitted_one(call):
    application, user, revision = make_submitted(call, at=timezone.now())
    client = sign_in(user)
    for name in ("application_detail", "application_withdraw"):
        assert client.get(url(name, application)).status_code == 200, name
    for name in ("revision_detail", "revision_receipt"):
        assert client.get(url(name, application, 1)).status_code == 200, name
    assert revision.receipt_number in client.get(url("revision_receipt", application, 1)).content.decode()
    staff = sign_in(call.organiser)
    for name in ("intake_detail", "application_accept", "application_return", "application_refuse"):
        assert staff.get(url(name, application)).status_code == 200, name
    assert staff.get(reverse("competition:intake_list", args=[call.competition.pk])).status_code == 200


# ---------------------------------------------------------------- filling in


def test_autosave_answers_with_the_version_and_what_is_wrong(call):
    application, user = make_draft(call, complete=False, at=timezone.now())
    response = autosave(sign_in(user), application, 0, area="十二", **{"figures.output.2024": "3", "figures.output.2025": "9"})
    answer = response.json()
    assert (response.status_code, answer["version"]) == (200, 1)
    assert len(answer["fields"]["f-area"]) == 1
    assert answer["cells"]["f-figures-output-2025"] == {"change": "+200.0%", "state": "warned", "jump": True}
    assert answer["cells"]["f-figures-growth-2025"]["value"] == "200.00"
    application.refresh_from_db()
    assert application.draft == {"area": "十二", "figures": {"output": {"values": {"2024": "3", "2025": "9"}}}}


def test_autosave_over_another_tab_gives_back_what_is_saved(call):
    application, user = make_draft(call, at=timezone.now())
    response = autosave(sign_in(user), application, 0, area="9")
    assert response.status_code == 409
    answer = response.json()
    assert (answer["version"], answer["values"]["area"], answer["values"]["figures.output.2023"]) == (1, "12.5", "412.60")
    application.refresh_from_db()
    assert application.draft == ANSWERS


HOSTILE = [b"", b"[]", b"{", b'{"version": "1", "values": {}}', b'{"version": 1}', b'{"version": true, "values": {}}', b"\xff"]
HOSTILE += [b'{"version": 99999999999999999999, "values": {}}', b'{"version": 0, "values": []}', b"[" * 100_000]


@pytest.mark.parametrize("body", HOSTILE)
def test_autosave_of_nonsense_is_refused(call, body):
    application, user = make_draft(call, complete=False, at=timezone.now())
    response = sign_in(user).post(url("draft_save", application), body, content_type="application/json")
    assert response.status_code == 422


def test_autosave_of_wrong_shapes_keeps_nothing_of_them(call):
    application, user = make_draft(call, complete=False, at=timezone.now())
    response = autosave(sign_in(user), application, 0, area=["1"], history={"a": 1}, truthful="yes", model=7, history2="x")
    assert response.status_code == 200
    application.refresh_from_db()
    assert application.draft == {}


def test_autosave_of_somebody_signed_out(call):
    application, _user = make_draft(call, complete=False, at=timezone.now())
    assert autosave(sign_in(None), application, 0, area="9").status_code == 401


def posted(**values):
    return {"version": "1", "truthful": "on", "model": "b", "area": "12.5", "history": "二〇〇三年起步"} | values


def test_without_a_script_the_page_saves_answers_and_files(call):
    application, user = make_draft(call, at=timezone.now())
    client = sign_in(user)
    response = client.post(url("application_edit", application), posted(area="88", **{"file.further": [pdf("甲.pdf"), pdf("乙.pdf")]}))
    assert response.status_code == 302
    application.refresh_from_db()
    assert (application.draft["area"], application.draft_version) == ("88", 2)
    names = [file.name for file in application.attachments.filter(removed_at=None)]
    assert sorted(names) == ["乙.pdf", "甲.pdf", "登记证书.pdf"]
    licence = application.attachments.get(slot="licence")
    client.post(url("application_edit", application), posted(version="2", remove=str(licence.pk)))
    licence.refresh_from_db()
    assert licence.removed_at is not None


def test_without_a_script_a_refused_file_costs_no_answer(call):
    application, user = make_draft(call, at=timezone.now())
    response = sign_in(user).post(url("application_edit", application), posted(area="88", **{"file.further": pdf("程序.exe")}))
    assert response.status_code == 422
    assert "程序.exe" in response.content.decode()
    application.refresh_from_db()
    assert application.draft["area"] == "88"


def test_without_a_script_a_conflict_shows_both_and_saving_again_keeps_ones_own(call):
    application, user = make_draft(call, at=timezone.now())
    client = sign_in(user)
    response = client.post(url("application_edit", application), posted(version="0", area="77.25"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "77.25" in page and "12.5" in page
    assert response.context["version"] == 1
    assert client.post(url("application_edit", application), posted(version="1", area="77.25")).status_code == 302
    application.refresh_from_db()
    assert application.draft["area"] == "77.25"


def test_a_version_that_is_none_is_a_conflict_and_no_crash(call):
    application, user = make_draft(call, at=timezone.now())
    for version in ("", "x", "-3", "9" * 40, "²"):
        response = sign_in(user).post(url("application_edit", application), posted(version=version))
        assert response.status_code == 409, version


# ---------------------------------------------------------------- submitting


def test_a_second_click_leads_to_the_same_receipt(call):
    application, user = make_draft(call, at=timezone.now())
    client = sign_in(user)
    page = client.get(url("application_submit", application))
    data = {"key": page.context["key"], "version": str(page.context["version"])}
    first, second = (client.post(url("application_submit", application), data) for _ in range(2))
    assert first["Location"] == second["Location"] == url("revision_receipt", application, 1)
    assert application.revisions.count() == 1


def test_a_late_attempt_says_so_and_keeps_the_draft(call):
    application, user = make_draft(call, at=timezone.now())
    client = sign_in(user)
    page = client.get(url("application_submit", application))
    Round.objects.filter(pk=call.round.pk).update(intake_closes=timezone.now() - timedelta(seconds=1))
    response = client.post(url("application_submit", application), {"key": page.context["key"], "version": "1"})
    assert response.status_code == 409
    assert [reason.code for reason in response.context["reasons"]] == ["competition.window_closed"]
    application.refresh_from_db()
    assert (application.state, application.draft) == ("draft", ANSWERS)


# ---------------------------------------------------------------- files


def test_a_file_is_handed_out_as_a_download_under_its_own_name(call):
    application, user, revision = make_submitted(call, at=timezone.now())
    address = reverse("competition:attachment_download", args=[call.competition.pk, revision.attachments.get().pk])
    for person in (user, call.organiser):
        response = sign_in(person).get(address)
        assert response.status_code == 200
        assert response.streaming
        assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E7%99%BB%E8%AE%B0%E8%AF%81%E4%B9%A6.pdf"
        assert (response["X-Content-Type-Options"], response["Content-Type"]) == ("nosniff", "application/pdf")
        assert b"".join(response.streaming_content).startswith(b"%PDF-1.7")


def test_what_is_not_submitted_yet_is_not_for_staff(call):
    application, user, _revision = make_submitted(call, at=timezone.now())
    now = timezone.now()
    return_application(application, reason="补正", due_at=now + timedelta(days=2), actor=call.organiser, at=now)
    client = sign_in(user)
    client.post(url("application_edit", application), posted(**{"file.further": pdf("新.pdf")}))
    address = reverse("competition:attachment_download", args=[call.competition.pk, application.attachments.get(name="新.pdf").pk])
    assert client.get(address).status_code == 200
    assert sign_in(call.organiser).get(address).status_code == 404


# ---------------------------------------------------------------- intake


def test_the_queue_filters_by_state_and_track(call):
    first, user, _ = make_submitted(call, at=timezone.now())
    second, _, _ = make_submitted(call, at=timezone.now())
    accept_application(second, actor=call.organiser, at=timezone.now())
    make_draft(call, at=timezone.now())
    client, address = sign_in(call.organiser), reverse("competition:intake_list", args=[call.competition.pk])
    for query, rows in (
        ("", [first, second]),
        ("?state=accepted", [second]),
        ("?state=nonsense", [first, second]),
        ("?track=0", [first, second]),
    ):
        assert list(client.get(address + query).context["page"].object_list) == rows, query


def test_differences_between_revisions_are_marked(call):
    application, user, _revision = make_submitted(call, at=timezone.now())
    now = timezone.now()
    return_application(application, reason="补正", due_at=now + timedelta(days=2), actor=call.organiser, at=now)
    client = sign_in(user)
    data = posted(area="77.25", **{"figures.output.2023": "412.60", "figures.output.2024": "468.30", "figures.output.2025": "530"})
    client.post(url("application_edit", application), data | {"figures.output.source": "统计局", "file.further": pdf("新.pdf")})
    submit_application(application, actor=user, at=timezone.now())
    changes = sign_in(call.organiser).get(url("intake_detail", application)).context["changes"]
    assert [(row["part"], row["before"], row["after"]) for row in changes["answers"]] == [("", "12.5", "77.25"), ("2025", "521.75", "530")]
    assert ([file.name for file in changes["added"]], changes["removed"]) == (["新.pdf"], [])


def test_a_decision_refused_keeps_what_was_typed(call):
    application, _user, _revision = make_submitted(call, at=timezone.now())
    yesterday = timezone.localtime(timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    response = sign_in(call.organiser).post(url("application_return", application), {"reason": "缺骑缝章", "due_at": yesterday})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["due_at"]
    assert "缺骑缝章" in response.content.decode()


# ---------------------------------------------------------------- the same queries for one row and for three


@pytest.mark.parametrize("face", ["applicant", "organiser"])
def test_lists_ask_the_same_number_of_questions(call, face, django_assert_num_queries, django_assert_max_num_queries):
    user, _cluster = make_applicant()
    make_submitted(call, user, at=timezone.now())
    person, address = {
        "applicant": (user, reverse("competition:application_list")),
        "organiser": (call.organiser, reverse("competition:intake_list", args=[call.competition.pk])),
    }[face]
    client = sign_in(person)
    client.get(address)
    with django_assert_max_num_queries(30) as one:
        client.get(address)
    make_submitted(call, user, at=timezone.now())
    make_submitted(call, user, at=timezone.now())
    with django_assert_num_queries(len(one)):
        client.get(address)
