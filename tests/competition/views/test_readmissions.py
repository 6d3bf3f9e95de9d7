"""The organiser's page of re-admission, what the public reads of it, and the way in on the applicant's side."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.models import Application, Readmission, Round
from tests.cast import sign_in
from tests.factories.applying import make_call
from tests.factories.later_round import make_advanced
from tests.factories.nominating import make_levels
from tests.factories.setup import make_complete, make_organiser

pytestmark = pytest.mark.django_db


def test_the_organiser_adds_and_removes_a_rule_and_the_call_says_so():
    earlier, organiser = make_levels().province.round, make_organiser()
    competition = make_complete(organiser)
    first, final = competition.rounds.order_by("order")
    url, client = reverse("competition:readmission_list", args=[competition.pk]), sign_in(organiser, fresh=True)
    assert url in client.get(reverse("competition:quota_list", args=[competition.pk])).content.decode()
    given = {"version": competition.edit_version, "reached": earlier.pk, "enters": first.pk}
    refused = client.post(url, given)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["enters"])
    assert refused.context["form"]["reached"].value() == str(earlier.pk)
    assert client.post(url, given | {"enters": final.pk}).status_code == 302
    rule = Readmission.objects.get()
    assert (rule.reached, rule.enters) == (earlier, final)
    stale = client.post(url, given | {"reached": earlier.pk})
    assert (stale.status_code, stale.context["form"]["version"].value()) == (422, competition.edit_version + 1)
    remove = reverse("competition:readmission_remove", args=[competition.pk, rule.pk])
    for version in ("", "9" * 40, str(competition.edit_version)):
        assert client.post(remove, {"version": version}).status_code == 302
        assert Readmission.objects.exists()
    client.post(remove, {"version": competition.edit_version + 1})
    assert not Readmission.objects.exists()


def test_the_way_in_stands_in_the_list_and_on_the_page_that_begins_the_draft():
    levels, later = make_levels(), make_advanced(at=timezone.now())
    Readmission.objects.create(competition=later.competition, reached=levels.province.round, enters=later.second)
    cluster, user = levels.lost.application.cluster, levels.lost.application.created_by
    start = reverse("competition:application_start", args=[later.competition.pk])
    client, home = sign_in(user), reverse("competition:application_list")
    assert start in client.get(home).content.decode()
    assert start not in sign_in(levels.chosen[0].application.created_by).get(home).content.decode()
    shown = client.get(start)
    assert (shown.context["back"], shown.context["first"]) == ([cluster], later.second)
    done = client.post(start, {"cluster": cluster.pk, "track": later.track.pk})
    application = Application.objects.get(competition=later.competition, cluster=cluster)
    assert done.url == reverse("competition:application_edit", args=[later.competition.pk, application.pk])
    page = client.get(reverse("competition:application_detail", args=[later.competition.pk, application.pk]))
    assert page.context["comeback"].rule.reached == levels.province.round
    rules = client.get(reverse("public:rules", args=[later.competition.code]))
    assert 'id="readmission"' in rules.content.decode()


def test_the_list_of_calls_asks_as_much_with_three_rules_as_with_one():
    levels, counts, now = make_levels(), [], timezone.now()
    client = sign_in(levels.lost.application.created_by)
    for more in (1, 2):
        for _ in range(more):
            call = make_call()
            Round.objects.filter(pk=call.round.pk).update(intake_closes=now + timedelta(days=2))
            Readmission.objects.create(competition=call.competition, reached=levels.province.round, enters=call.round)
        with CaptureQueriesContext(connection) as queries:
            calls = client.get(reverse("competition:application_list")).context["calls"]
        counts.append(len(queries))
    assert (len([call for call in calls if call.back]), counts[0]) == (3, counts[1])
