"""An organiser's program while a round is judged: seats, sheets sent back, what was found."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from competition.models import Conflict
from evaluations.models import Assignment, Finding
from jobs.models import Job
from tests.accounts.test_tokens import ask, codes, key
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.evaluations import add_unweighted, make_evaluator
from tests.factories.judging import TABLE, Judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(monkeypatch, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    judged = Judged({"X": TABLE["X"][:2]})
    judged.checks = add_unweighted(judged.round, {"F1": ("bonus", "organiser"), "V1": ("veto", "organiser")})
    return judged


def free_evaluator(judged):
    found = make_evaluator(make_user())
    give(found.user, "evaluator", f"competition:{judged.round.competition_id}")
    return found


def post(text, name, pk, body=None, method="post"):
    return ask(text, reverse(f"api_{name}", args=[pk]), method, data=json.dumps(body or {}))


def test_given_taken_back_replaced_waived_extended_returned(judged):
    entry, (first, second) = judged.entries["X"], judged.evaluators
    _, text = key(judged.organiser, "read", "organise")
    third = free_evaluator(judged)
    body = {"entry": entry.pk, "evaluator": third.pk}
    assert list(post(text, "seats", judged.round.pk, body | {"evaluator": 987654}).json()["fields"]) == ["evaluator"]
    assert codes(post(text, "seats", judged.round.pk, body | {"evaluator": first.pk})) == ["evaluations.seat_taken"]
    made = post(text, "seats", judged.round.pk, body)
    assert (made.status_code, made.json()["state"], made.json()["evaluator"]) == (201, "proposed", third.pk)
    assert post(text, "seat", made.json()["id"], method="delete").status_code == 204
    assert ask(text, reverse("api_seat", args=[made.json()["id"]])).status_code == 404
    seat, other = (Assignment.objects.get(entry=entry, evaluator=evaluator) for evaluator in (first, second))
    assert codes(post(text, "seat", seat.pk, method="delete")) == ["evaluations.seat_published"]
    back = post(text, "sheet_return", seat.pk, {"reason": "与评语不符。"})
    assert (back.status_code, back.json()["sheet_state"]) == (200, "returned")
    late = (judged.round.judging_closes + timedelta(days=2)).isoformat()
    assert post(text, "seat_extension", seat.pk, {"reason": "出差。", "due_at": late}).json()["due_at"] == late
    assert list(post(text, "seat_extension", seat.pk, {"reason": "出差。", "due_at": NOW.isoformat()}).json()["fields"]) == ["due_at"]
    new = post(text, "replacement", seat.pk, {"reason": "生病。", "evaluator": third.pk})
    assert (new.status_code, new.json()["state"], new.json()["replaces"]) == (201, "published", seat.pk)
    gone = post(text, "waiver", other.pk, {"reason": "无人接替。"})
    assert (gone.json()["state"], gone.json()["sheet_state"], gone.json()["reason"]) == ("waived", "void", "无人接替。")
    listed = ask(text, reverse("api_seats", args=[judged.round.pk])).json()["results"]
    assert [(row["id"], row["state"]) for row in listed] == [(seat.pk, "replaced"), (other.pk, "waived"), (new.json()["id"], "published")]


def test_a_conflict_stands_against_a_seat(judged):
    third = free_evaluator(judged)
    cluster = judged.entries["X"].application.cluster
    Conflict.objects.create(user=third.user, cluster=cluster, kind="adviser", declared_by=judged.organiser, declared_at=NOW)
    answer = post(key(judged.organiser, "organise")[1], "seats", judged.round.pk, {"entry": judged.entries["X"].pk, "evaluator": third.pk})
    assert (answer.status_code, codes(answer)) == (409, ["evaluations.conflict"])


def test_seats_are_computed_in_the_background(judged):
    asked = post(key(judged.organiser, "read", "organise")[1], "seats_computation", judged.round.pk)
    assert (asked.status_code, asked.json()["job"]) == (202, reverse("api_job", args=[Job.objects.get(kind="assignment.solve").pk]))


def test_a_finding_replaces_what_was_seen_and_no_other(judged):
    entry = judged.entries["X"]
    _, text = key(judged.organiser, "read", "organise")
    body = {"criterion": "F1", "value": "1.5", "reason": "国家级平台。", "evidence": "科函 7 号"}
    first = post(text, "finding_record", entry.pk, body)
    assert (first.status_code, first.json()["value"], first.json()["evidence"]) == (201, "1.5", "科函 7 号")
    late = post(text, "finding_record", entry.pk, body | {"value": "2"})
    assert (late.status_code, codes(late), late.json()["saved"]["id"]) == (409, ["evaluations.finding_changed"], first.json()["id"])
    second = post(text, "finding_record", entry.pk, body | {"value": "2", "seen": first.json()["id"]})
    assert (second.status_code, second.json()["value"]) == (201, "2")
    assert list(post(text, "finding_record", entry.pk, body | {"value": "7", "seen": second.json()["id"]}).json()["fields"]) == ["value"]
    assert list(post(text, "finding_record", entry.pk, body | {"criterion": "A1"}).json()["fields"]) == ["criterion"]
    gone = post(text, "finding_withdrawal", second.json()["id"], {"reason": "误录。"})
    assert (gone.status_code, gone.json()["ended_at"] is None) == (200, False)
    assert codes(post(text, "finding_withdrawal", second.json()["id"], {"reason": "误录。"})) == ["evaluations.finding_changed"]
    assert Finding.objects.filter(ended_at=None).count() == 0


def test_whoever_is_bound_to_a_cluster_neither_finds_nor_reads(judged):
    entry = judged.entries["X"]
    _, text = key(judged.organiser, "read", "organise")
    post(text, "finding_record", entry.pk, {"criterion": "F1", "value": "1.5", "reason": "国家级平台。"})
    cluster = entry.application.cluster
    Conflict.objects.create(user=judged.organiser, cluster=cluster, kind="adviser", declared_by=judged.decider, declared_at=NOW)
    assert codes(post(text, "finding_record", entry.pk, {"criterion": "V1", "value": "1"})) == ["competition.checks_conflict"]
    for name in ("findings", "unchecked"):
        assert ask(text, reverse(f"api_{name}", args=[judged.round.pk])).json()["results"] == []
    assert ask(key(judged.decider)[1], reverse("api_findings", args=[judged.round.pk])).status_code == 403


def test_another_organiser_finds_nothing(judged):
    _, text = key(Judged({}).organiser, "read", "organise")
    seat = Assignment.objects.filter(entry=judged.entries["X"]).first()
    assert [
        post(text, name, pk).status_code
        for name, pk in (
            ("seats", judged.round.pk),
            ("seats_publication", judged.round.pk),
            ("waiver", seat.pk),
            ("sheet_return", seat.pk),
            ("finding_record", judged.entries["X"].pk),
            ("passing", judged.round.pk),
        )
    ] == [404] * 6
    assert post(text, "seat", seat.pk, method="delete").status_code == 404
