"""The region's pages, the organiser's table of places, and what each of the others sees of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.models import Competition, Round
from competition.selectors.setup import publish_reasons
from competition.services.nominations import nominate
from competition.services.recommendations import recommend
from tests.cast import sign_in
from tests.factories.accounts import give
from tests.factories.nominating import make_levels
from tests.factories.recommending import make_asked, make_asking_call, make_speaker
from tests.factories.setup import make_complete, make_organiser

pytestmark = pytest.mark.django_db
WORD = "龙头企业集聚，同意推荐。"


@pytest.fixture
def call():
    """Takes in now; two places."""
    return taking_in(make_asking_call({"320000": 2}))


def taking_in(call):
    now = timezone.now()
    Round.objects.filter(pk=call.round.pk).update(
        intake_opens=now - timedelta(days=2),
        intake_closes=now + timedelta(days=2),
        judging_opens=now + timedelta(days=4),
        judging_closes=now + timedelta(days=9),
    )
    Competition.objects.filter(pk=call.competition.pk).update(recommendation_closes=now + timedelta(days=3))
    return call


def address(row, name="recommendation_detail"):
    return reverse(f"competition:{name}", args=[row.quota.competition_id, row.pk])


def ledger(response):
    account = response.context["account"]
    return account.places, account.used, account.left


def test_over_quota_the_account_stands_beside_the_refusal_and_nothing_typed_is_lost(call):
    speaker, now = make_speaker(), timezone.now()
    rows = [make_asked(call, at=now) for _ in range(3)]
    client = sign_in(speaker)
    home = client.get(reverse("competition:recommender_home"))
    assert [(row.waiting, row.account.left) for row in home.context["todo"]] == [(3, 2)]
    for row in rows[:2]:
        done = client.post(address(row, "recommendation_recommend"), {"opinion": WORD})
        assert done.url == reverse("competition:quota_detail", args=[call.competition.pk, row.quota_id])
    refused = client.post(address(rows[2], "recommendation_recommend"), {"opinion": WORD})
    assert (refused.status_code, ledger(refused)) == (422, (2, 2, 0))
    assert refused.context["form"]["opinion"].value() == WORD
    assert [error for error in refused.context["form"].non_field_errors()] != []
    # The page before says so too, on the button.
    (act,) = [act for act in client.get(address(rows[2])).context["acts"] if act["action"] == "recommend"]
    assert [reason.code for reason in act["reasons"]] == ["competition.quota_used_up"]
    client.post(address(rows[0], "recommendation_withdraw"), {"reason": "再核实。"})
    assert client.post(address(rows[2], "recommendation_recommend"), {"opinion": WORD}).status_code == 302
    shown = client.get(reverse("competition:quota_detail", args=[call.competition.pk, rows[0].quota_id]))
    assert [(row.pk, row.preference) for row in shown.context["rows"]] == [(rows[1].pk, 1), (rows[2].pk, 2), (rows[0].pk, None)]


def test_applicant_and_organiser_see_the_word_the_applicant_not_the_order(call):
    now = timezone.now()
    row = make_asked(call, at=now)
    own = reverse("competition:application_detail", args=[call.competition.pk, row.application_id])
    staff = reverse("competition:intake_detail", args=[call.competition.pk, row.application_id])
    applicant, organiser = sign_in(row.application.created_by), sign_in(call.organiser, fresh=True)
    assert applicant.get(own).context["recommendation"].state == "waiting"
    assert [reason.code for reason in organiser.get(staff).context["accept_reasons"]] == ["competition.recommendation_missing"]
    recommend(row, opinion=WORD, actor=make_speaker(), at=now)
    seen = {name: client.get(url).content.decode() for name, client, url in (("a", applicant, own), ("o", organiser, staff))}
    assert [WORD in text for text in seen.values()] == [True, True]
    assert ["<dt>推荐序号</dt>" in text or "<dt>Preference</dt>" in text for text in seen.values()] == [False, True]
    assert organiser.get(staff).context["accept_reasons"] == ()


def test_an_order_with_a_place_twice_stays_on_its_page(call):
    speaker, now = make_speaker(), timezone.now()
    first, second = (recommend(make_asked(call, at=now), opinion=WORD, actor=speaker, at=now) for _ in range(2))
    url = reverse("competition:quota_order", args=[call.competition.pk, first.quota_id])
    before = f"{first.pk},{second.pk}"
    twice = sign_in(speaker).post(url, {"before": before, f"place_{first.pk}": 1, f"place_{second.pk}": 1})
    assert (twice.status_code, list(twice.context["form"].errors)) == (422, [f"place_{second.pk}"])
    done = sign_in(speaker).post(url, {"before": before, f"place_{first.pk}": 2, f"place_{second.pk}": 1})
    assert done.status_code == 302
    assert list(first.quota.recommendations.order_by("preference").values_list("pk", flat=True)) == [second.pk, first.pk]


def test_the_pages_ask_as_much_for_three_as_for_one(call):
    speaker, now = make_speaker(), timezone.now()
    client, counts = sign_in(speaker), []
    for more in (1, 2):
        for _ in range(more):
            row = make_asked(call, at=now)
        urls = (reverse("competition:recommender_home"), reverse("competition:quota_detail", args=[call.competition.pk, row.quota_id]))
        found = []
        for url in urls:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(url)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_home_offers_what_may_be_nominated_and_asks_as_much_for_two_regions_as_for_one():
    levels = make_levels(places={"320000": 2, "330000": 2})
    taking_in(levels.nation).competition.refresh_from_db()
    client, home, counts = sign_in(levels.speaker), reverse("competition:recommender_home"), []
    for region in (None, "330000"):
        if region:
            give(levels.speaker, "recommender", f"region:{region}")
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(home)
        assert [(row.region_id, row.nominable) for row in shown.context["nominable"]] == [("320000", 2)]
        counts.append(len(queries))
    assert counts[0] == counts[1]
    nation = levels.nation
    for entry, left in zip(levels.chosen, (1, None), strict=True):
        given = {"competition": nation.competition, "track": nation.track, "opinion": WORD}
        nominate(entry, **given, actor=levels.speaker, at=timezone.now())
        assert [row.nominable for row in client.get(home).context["nominable"]] == ([left] if left else [])


def test_the_organiser_sets_the_places_and_the_call_says_so():
    organiser = make_organiser()
    competition = make_complete(organiser, level="nation", region=None, code="nation-2026")
    url = reverse("competition:quota_list", args=[competition.pk])
    client, first = sign_in(organiser, fresh=True), competition.rounds.get(order=1)
    form = {"version": competition.edit_version, "required": "on", "others": "3", "places_320000": "5", "unlimited_660000": "on"}
    missing = client.post(url, form)
    assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["closes"])
    early = {"closes": timezone.localtime(first.intake_closes - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")}
    assert client.post(url, form | early).status_code == 302
    competition.refresh_from_db()
    places = dict(competition.quotas.values_list("region_id", "places"))
    assert (places["320000"], places["660000"], places["330200"], "710000" in places) == (5, None, 3, False)
    assert [reason.code for reason in publish_reasons(competition)] == ["competition.recommendation_before_intake"]
    stale = client.post(url, form | early)
    assert (stale.status_code, stale.context["form"].errors != {}) == (422, True)
    both = form | {"version": competition.edit_version, "unlimited_320000": "on"}
    assert list(client.post(url, both | early).context["form"].errors) == ["places_320000"]
    good = {"closes": timezone.localtime(first.judging_opens).strftime("%Y-%m-%dT%H:%M"), "version": competition.edit_version}
    client.post(url, form | good)
    competition.refresh_from_db()
    assert publish_reasons(competition) == []
    client.post(reverse("competition:competition_publish", args=[competition.pk]), {"confirm": "on"})
    competition.refresh_from_db()
    assert competition.state == "published"
    content = competition.rules_editions.get().content["recommendation"]
    assert {row["region"]: row["places"] for row in content} == places
    rules = client.get(reverse("public:rules", args=[competition.code]))
    assert len(rules.context["page"]["recommendation"]) == 4  # the rule, five, three, without a limit
    assert client.get(url).context["rows"][0].account.left == 3
