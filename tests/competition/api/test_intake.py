"""An organiser's program: the intake, registrations, the course of a round."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Entry
from ledger.models import Record
from tests.accounts.test_tokens import ask, codes, key
from tests.factories.accounts import give, make_user
from tests.factories.applying import make_call, make_submitted
from tests.factories.competition import BEIJING, NOW
from tests.factories.registering import make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(monkeypatch, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    call = make_call()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return call


def act(name, pk):
    return reverse(f"api_{name}", args=[pk])


def post(text, name, pk, body=None, **headers):
    return ask(text, act(name, pk), "post", data=json.dumps(body or {}), headers=headers)


def test_returned_extended_handed_in_accepted_once(call):
    application, _person, _ = make_submitted(call)
    _, text = key(call.organiser, "read", "organise")
    why = {"reason": "附表缺页。", "due_at": (NOW + timedelta(days=3)).isoformat()}
    assert list(post(text, "return", application.pk, {"reason": "附表缺页。"}).json()["fields"]) == ["due_at"]
    back = post(text, "return", application.pk, why).json()
    assert [back[name] for name in ("state", "correction_reason", "correction_due")] == [
        "returned",
        "附表缺页。",
        "2026-09-19T10:30:00+08:00",
    ]
    earlier = post(text, "extension", application.pk, why)
    assert (earlier.status_code, list(earlier.json()["fields"])) == (409, ["due_at"])
    later = post(text, "extension", application.pk, why | {"due_at": (NOW + timedelta(days=5)).isoformat()})
    assert (later.status_code, later.json()["state"]) == (200, "returned")
    refused = post(text, "acceptance", application.pk)
    assert refused.status_code == 409


def test_a_repeated_acceptance_is_heard_twice_and_done_once(call):
    application, _person, _ = make_submitted(call)
    other, _person, _ = make_submitted(call)
    _, text = key(call.organiser, "read", "organise")
    first, again = (post(text, "acceptance", application.pk, **{"Idempotency-Key": "night-1"}) for _ in range(2))
    assert (first.status_code, first.json()["state"]) == (200, "accepted")
    assert (again.status_code, again.json()) == (200, first.json())
    assert Entry.objects.get().application_id == application.pk
    assert codes(post(text, "acceptance", other.pk, **{"Idempotency-Key": "night-1"})) == ["accounts.act_key_used"]
    assert post(text, "acceptance", application.pk).status_code == 409
    assert Record.objects.filter(action="application.accept").count() == 1
    gone = post(text, "disqualification", Entry.objects.get().pk, {"reason": "材料造假。"})
    assert (gone.status_code, gone.json()["state"]) == (200, "disqualified")
    no = post(text, "refusal", other.pk, {"reason": "不在范围。"}).json()
    assert (no["state"], no["decision_reason"]) == ("refused", "不在范围。")


def test_only_this_competitions_organiser_with_the_scope(call):
    application, _person, _ = make_submitted(call)
    elsewhere = make_call()
    assert post(key(elsewhere.organiser, "organise")[1], "acceptance", application.pk).status_code == 404
    assert post(key(elsewhere.organiser, "organise")[1], "round_closing", call.round.pk).status_code == 404
    for scopes in (("read",), ("read", "apply", "judge", "recommend", "decide")):
        refused = post(key(call.organiser, *scopes)[1], "acceptance", application.pk)
        assert (refused.status_code, codes(refused)) == (403, ["accounts.token_scope_needed"])
    decider = make_user()
    give(decider, "decider", f"competition:{call.competition.pk}")
    assert codes(post(key(decider, "organise")[1], "acceptance", application.pk)) == ["competition.role_needed"]


def test_the_course_of_a_round(call):
    application, _person, _ = make_submitted(call)
    _, text = key(call.organiser, "read", "organise")
    assert codes(post(text, "round_judging", call.round.pk)) == ["competition.round_empty", "competition.applications_unanswered"]
    later = call.round.intake_closes + timedelta(days=1)
    body = {"intake_closes": later.isoformat()}
    assert list(post(text, "round_windows", call.round.pk, body).json()["fields"]) == ["reason"]
    moved = post(text, "round_windows", call.round.pk, body | {"reason": "台风。"})
    call.round.refresh_from_db()
    assert (moved.status_code, call.round.intake_closes) == (200, later)
    assert moved.json()["intake_closes"] == later.astimezone(BEIJING).isoformat()
    sooner = post(text, "round_windows", call.round.pk, {"intake_closes": NOW.isoformat(), "reason": "提前。"})
    assert (sooner.status_code, list(sooner.json()["fields"])) == (409, ["intake_closes"])
    post(text, "acceptance", application.pk)
    judged = post(text, "round_judging", call.round.pk)
    assert (judged.status_code, judged.json()["state"]) == (200, "judging")


def test_registrations_are_answered_where_they_belong(call):
    recommender, sender = make_user(), make_user()
    give(recommender, "recommender", "region:320000")
    pending, elsewhere = make_registration(sender, at=NOW), make_registration(region="330000", at=NOW)
    _, text = key(recommender, "read", "recommend")
    ask(text)  # the first use is noted

    def listed():
        with CaptureQueriesContext(connection) as queries:
            rows = ask(text, reverse("api_registrations")).json()["results"]
        return [row["id"] for row in rows], len(queries)

    rows, one = listed()
    assert rows == [pending.pk] and one <= 10
    second = make_registration(at=NOW)
    make_registration(at=NOW)
    assert (len(listed()[0]), listed()[1]) == (3, one)
    assert post(text, "confirmation", elsewhere.pk).status_code == 404
    done = post(text, "confirmation", pending.pk)
    assert (done.status_code, done.json()["state"], done.json()["organisation"]) == (200, "confirmed", pending.organisation_id)
    no = post(key(holding("organiser", "*"), "organise")[1], "registration_refusal", second.pk, {"reason": "代码不符。"})
    assert (no.json()["state"], no.json()["reason"]) == ("refused", "代码不符。")
    give(sender, "recommender", "region:110000")
    assert post(key(sender, "recommend")[1], "confirmation", pending.pk).status_code == 403


def holding(role, scope):
    person = make_user()
    give(person, role, scope)
    return person
