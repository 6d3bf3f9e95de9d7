"""Applications, entries and standings as programs see them."""

import json

import pytest
from django.urls import reverse

from competition.models import Round
from competition.services.applications import accept_application, save_draft
from tests.accounts.test_tokens import ask, codes, key
from tests.factories.accounts import give, make_user
from tests.factories.applying import make_applicant, make_call, make_draft, make_submitted
from tests.factories.competition import NOW
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(monkeypatch):
    call = make_call()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return call


def draft(application):
    return reverse("api_draft", args=[application.pk])


def put(text, application, data, tag='"0"'):
    return ask(text, draft(application), "put", data=json.dumps({"data": data}), headers={"If-Match": tag} if tag else {})


def test_a_draft_is_replaced_at_its_version_and_never_silently(call):
    application, person = make_draft(call)
    _, text = key(person, "read", "apply")
    first = ask(text, draft(application))
    version = application.draft_version
    assert (first.status_code, first.headers["ETag"], first.json()["version"]) == (200, f'"{version}"', version)
    answers = first.json()["data"] | {"area": "12.5"}
    changed = put(text, application, answers, first.headers["ETag"])
    assert (changed.status_code, changed.json()["data"]["area"], changed.headers["ETag"]) == (200, "12.5", f'"{version + 1}"')
    save_draft(application, data=answers | {"area": "13"}, version=version + 1, actor=person, at=NOW)
    late = put(text, application, answers | {"area": "14"}, changed.headers["ETag"])
    assert (late.status_code, codes(late)) == (409, ["competition.draft_conflict"])
    assert (late.json()["version"], late.json()["saved"]["area"]) == (version + 2, "13")
    assert codes(put(text, application, answers, tag=None)) == ["accounts.if_match_missing"]
    assert put(text, application, "none").status_code == 400


def test_a_key_to_read_writes_nothing(call):
    application, person = make_draft(call)
    refused = put(key(person)[1], application, {}, f'"{application.draft_version}"')
    assert (refused.status_code, codes(refused)) == (403, ["accounts.token_scope_needed"])


def test_submitted_once_however_often_it_is_sent(call):
    application, person = make_draft(call)
    _, text = key(person, "read", "apply")
    headers = {"If-Match": f'"{application.draft_version}"', "Idempotency-Key": "night-1"}
    address = reverse("api_submission", args=[application.pk])
    first, again = (ask(text, address, "post", headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() == ask(text, reverse("api_receipt", args=[application.pk])).json()
    assert application.revisions.count() == 1
    other = ask(text, address, "post", headers=headers | {"Idempotency-Key": "night-2"})
    assert other.status_code == 409


def send(text, address, body):
    return ask(text, address, "post", data=json.dumps(body))


def test_an_application_is_started_once_for_a_cluster_of_ones_own_and_taken_back(call):
    person, cluster = make_applicant()
    _, foreign = make_applicant()
    _, text = key(person, "read", "apply")
    body = {"competition": call.competition.pk, "cluster": cluster.pk, "track": "information"}
    address = reverse("api_applications")
    assert list(send(text, address, body | {"cluster": foreign.pk}).json()["fields"]) == ["cluster"]
    assert list(send(text, address, body | {"track": "none"}).json()["fields"]) == ["track"]
    made = send(text, address, body)
    assert (made.status_code, made.json()["cluster"], made.json()["state"]) == (201, cluster.pk, "draft")
    again = send(text, address, body)
    assert (again.status_code, codes(again), list(again.json()["fields"])) == (409, ["competition.application_exists"], ["cluster"])
    application, person, _ = make_submitted(call)
    _, text = key(person, "read", "apply")
    address = reverse("api_withdrawal", args=[application.pk])
    gone = send(text, address, {"reason": "资料有误"})
    assert (gone.status_code, gone.json()["state"], gone.json()["decision_reason"]) == (200, "withdrawn", "资料有误")
    assert send(text, address, {}).status_code == 409


@pytest.mark.parametrize("data", ['{"data": {"area": "a\\u0000b"}}', '{"data": {"\\ud800": 1}}', '{"data": ' + "[" * 9000, "", "{"])
def test_a_body_that_no_database_keeps_is_refused(call, data):
    application, person = make_draft(call)
    _, text = key(person, "read", "apply")
    answer = ask(text, draft(application), "put", data=data, headers={"If-Match": f'"{application.draft_version}"'})
    assert (answer.status_code, codes(answer)) == (400, ["accounts.body_wrong"])


def test_a_rival_finds_nothing(call):
    application, _ = make_draft(call)
    _, rival = make_draft(call)
    _, text = key(rival, "read", "apply")
    assert [ask(text, reverse(name, args=[application.pk])).status_code for name in ("api_application", "api_draft", "api_receipt")] == [
        404
    ] * 3
    listed = ask(text, reverse("api_applications")).json()
    assert listed["count"] == 1 and listed["results"][0]["id"] != application.pk


def test_lists_cost_the_same_for_more_and_narrow_by_what_is_asked(call, django_assert_max_num_queries):
    make_submitted(call)
    _, text = key(call.organiser)
    ask(text)  # the first use is noted
    with django_assert_max_num_queries(10) as one:
        assert ask(text, reverse("api_applications")).json()["count"] == 1
    for _ in range(2):
        application, _person, _revision = make_submitted(call)
    entry = accept_application(application, actor=call.organiser, at=NOW)
    with django_assert_max_num_queries(len(one)) as three:
        assert ask(text, reverse("api_applications")).json()["count"] == 3
    assert len(three) == len(one)
    found = ask(text, reverse("api_applications") + "?state=accepted").json()["results"]
    assert [row["id"] for row in found] == [application.pk]
    assert ask(text, reverse("api_applications") + "?state=lost").status_code == 400
    with django_assert_max_num_queries(10):
        assert [row["id"] for row in ask(text, reverse("api_entries")).json()["results"]] == [entry.pk]


def test_ranks_are_nobodys_before_the_round_is_closed(call):
    make_applicant(call.organiser)
    answer = ask(key(call.organiser)[1], reverse("api_standings", args=[call.round.pk]))
    assert (answer.status_code, codes(answer)) == (403, ["competition.scores_sealed"])
    Round.objects.filter(pk=call.round.pk).update(state="closed")
    assert ask(key(call.organiser)[1], reverse("api_standings", args=[call.round.pk])).status_code == 404  # no snapshot


def test_standings_tell_the_code_of_the_grade_where_the_rule_has_grades():
    found = []
    for take in ({"bands": [{"code": "good", "least": "88.45"}], "from": "good"}, {"top": 1}):
        round, entries = make_closed_round(("91.20", "88.45", "80.10"), rule={"take": take, "scope": "overall"})
        organiser = make_user()
        give(organiser, "organiser", f"competition:{round.competition_id}")
        rows = ask(key(organiser)[1], reverse("api_standings", args=[round.pk])).json()["results"]
        assert [row["entry"] for row in rows] == [entry.pk for entry in entries]
        found.append([row["grade"] for row in rows])
    assert found == [["good", "good", None], [None, None, None]]
