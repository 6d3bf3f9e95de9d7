"""How computed points came about, as staff and as the applicant read it; and that they are computed anew when the group changes."""

import re

import pytest
from django.urls import reverse

from competition.models import Competition
from competition.services.entries import withdraw_entry
from competition.services.rounds import close_round
from evaluations.models import Result
from evaluations.services.standings import refresh_standings
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.decisions import release
from tests.factories.measured import FIGURES, Measured

pytestmark = pytest.mark.django_db


def criteria(judged, code):
    rows = Result.objects.filter(round=judged.round)
    return {name: rows.get(entry=entry).values.get("total", {}).get("criteria", {}).get(code) for name, entry in judged.entries.items()}


def test_points_that_hang_on_the_group_are_computed_anew_when_an_entry_leaves():
    judged = Measured()
    refresh_standings(judged.round, at=NOW)
    assert criteria(judged, "M2") == {"X": "100.000000", "Y": "0.000000", "Z": "50.000000"}
    withdraw_entry(judged.entries["X"], reason="自愿退出。", actor=judged.organiser, at=NOW)
    refresh_standings(judged.round, at=NOW)
    assert criteria(judged, "M2") == {"X": None, "Y": "0.000000", "Z": "100.000000"}
    parts = list(Result.objects.filter(round=judged.round).order_by("entry").values())
    Result.objects.filter(round=judged.round).delete()
    refresh_standings(judged.round, at=NOW, whole=True)
    whole = list(Result.objects.filter(round=judged.round).order_by("entry").values())
    for row in (*parts, *whole):
        del row["id"], row["version"]
    assert parts == whole


@pytest.fixture
def released():
    judged = Measured()
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    release(judged.round, {"organiser": judged.organiser, "decider": judged.decider})
    judged.applicant = make_user()
    give(judged.applicant, "applicant", f"organisation:{judged.entries['Z'].application.organisation_id}")
    return judged


def page(judged, name, *, person):
    entry = judged.entries[name]
    return sign_in(person).get(
        reverse("evaluations:own_figures", args=[judged.round.competition_id, entry.application_id, judged.round.pk])
    )


def words(response):
    return " ".join(response.content.decode().split())


def test_the_applicant_follows_the_own_figures_to_their_points(released):
    response = page(released, "Z", person=released.applicant)
    text = words(response)
    assert "((300 − 200) / 200 + (360 − 300) / 300) × 100 / 2 = <b>35</b>" in text
    assert "100 × (35 − 0) / (40 − 0) = 87.5" in text and "<b>87.50</b>" in text
    assert "年报Z" in text
    assert (response.context["group"], response.context["extremes"]) == (False, False)
    assert "100 × (1 + 0 / 2) / (3 − 1)" not in text and "<b>50.00</b>" in text
    for name in "XY":
        assert str(released.entries[name].application.cluster) not in text and not re.search(rf">\s*{FIGURES[name][2]}\b", text)
    assert not [person for person in released.evaluators if person.code in text or person.user.display_name() in text]


def test_where_ranks_are_published_the_comparison_is_shown_without_names(released):
    Competition.objects.filter(pk=released.round.competition_id).update(public_ranks=True)
    response = page(released, "Z", person=released.applicant)
    assert "100 × (1 + 0 / 2) / (3 − 1) = 50" in words(response)
    assert response.context["extremes"] is False
    for name in "XY":
        assert str(released.entries[name].application.cluster) not in words(response)


def test_the_own_outcome_leads_there_and_nobody_else_gets_in(released):
    entry = released.entries["Z"]
    detail = reverse("competition:application_detail", args=[released.round.competition_id, entry.application_id])
    address = reverse("evaluations:own_figures", args=[released.round.competition_id, entry.application_id, released.round.pk])
    assert address in words(sign_in(released.applicant).get(detail))
    assert page(released, "X", person=released.applicant).status_code == 404


def test_nothing_is_shown_before_the_release():
    judged = Measured()
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    applicant = make_user()
    give(applicant, "applicant", f"organisation:{judged.entries['Z'].application.organisation_id}")
    response = page(judged, "Z", person=applicant)
    assert response.status_code == 403 and "87.50" not in words(response)


def test_staff_see_the_whole_comparison(released):
    entry = released.entries["Z"]
    address = reverse("evaluations:standing_why", args=[released.round.competition_id, released.round.pk, entry.pk])
    response = sign_in(released.decider).get(address)
    assert not response.context["why"].faults
    assert "100 × (1 + 0 / 2) / (3 − 1) = 50" in words(response)
