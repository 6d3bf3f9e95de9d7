"""Sheets and standings as programs see them."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from competition.services.rounds import close_round
from evaluations.models import Sheet, Undertaking
from evaluations.services.standings import refresh_standings
from ledger.models import Record
from tests.accounts.test_tokens import ask, codes, key
from tests.factories.competition import NOW
from tests.factories.judging import Judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(monkeypatch, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return Judged()


def patch(text, sheet, marks, version, **headers):
    headers |= {"If-Match": f'"{version}"'}
    return ask(text, reverse("api_sheet", args=[sheet.pk]), "patch", data=json.dumps({"marks": marks}), headers=headers)


def test_marks_are_saved_at_their_version_and_submitted_once(judged, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: judged.round.judging_opens + timedelta(hours=1))
    evaluator = judged.evaluators[0]
    sheet = judged.entries["X"].assignments.get(evaluator=evaluator).sheet
    Sheet.objects.filter(pk=sheet.pk).update(state="returned")
    Undertaking.objects.create(round=judged.round, evaluator=evaluator, text_digest="0" * 64, signed_at=NOW)
    _, text = key(evaluator.user, "read", "judge")
    saved = patch(text, sheet, {"A1": "81"}, 0)
    assert (saved.status_code, saved.json()["marks"], saved.headers["ETag"]) == (200, {"A1": "81", "B1": "90"}, '"1"')
    late = patch(text, sheet, {"A1": "82"}, 0)
    assert (late.status_code, codes(late)) == (409, ["evaluations.sheet_conflict"])
    assert (late.json()["version"], late.json()["saved"]) == (1, {"A1": "81", "B1": "90"})
    wrong = patch(text, sheet, {"A1": "101"}, 1)
    assert (wrong.status_code, list(wrong.json()["fields"])) == (409, ["A1"])
    address, headers = reverse("api_sheet_submission", args=[sheet.pk]), {"If-Match": '"1"', "Idempotency-Key": "k"}
    first, again = (ask(text, address, "post", headers=headers) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert sheet.versions.count() == 2


def test_nobody_elses_sheet_before_the_round_is_closed(judged):
    sheet = judged.entries["X"].assignments.get(evaluator=judged.evaluators[0]).sheet
    address = reverse("api_sheet", args=[sheet.pk])
    assert ask(key(judged.evaluators[1].user)[1], address).status_code == 404
    assert codes(ask(key(judged.organiser)[1], address)) == ["competition.scores_sealed"]


def test_seats_are_ones_own_and_cost_the_same_for_more(judged, django_assert_max_num_queries):
    _, text = key(judged.evaluators[0].user)
    with django_assert_max_num_queries(10):
        rows = ask(text, reverse("api_assignments")).json()["results"]
    assert {row["entry"] for row in rows} == {entry.pk for entry in judged.entries.values()}


def test_standings_of_a_closed_round_are_read_and_recorded(judged, django_assert_max_num_queries):
    refresh_standings(judged.round, at=NOW)
    close_round(judged.round, actor=judged.organiser, at=NOW)
    _, text = key(judged.organiser)
    before = Record.objects.filter(action="standings.read").count()
    with django_assert_max_num_queries(16):  # of them three that record the reading
        rows = ask(text, reverse("api_standings", args=[judged.round.pk])).json()["results"]
    assert [(row["entry"], row["rank"], row["total"]) for row in rows] == [
        (judged.entries["X"].pk, 1, "82.30"),
        (judged.entries["Y"].pk, 2, "82.20"),
        (judged.entries["Z"].pk, 3, "79.30"),
    ]
    assert Record.objects.filter(action="standings.read").count() == before + 1
    assert ask(key(judged.evaluators[0].user)[1], reverse("api_standings", args=[judged.round.pk])).status_code == 403
