"""What one level may know of the other: the nation no mark, total or rank of a province; the province nothing of the nation but the
state of its own clusters' applications there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competition.models import Competition, Entry, Round
from competition.services.applications import submit_application
from competition.services.nominations import nominate
from competition.services.recommendations import decline
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.nominating import TOTALS, make_levels
from tests.factories.recommending import make_asked
from tests.secrecy.walk import _SETUP, routes

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OTHERS_REASON = "他省申报不予推荐的暗号玖"
OWN_OPINION = "本省提名意见暗号捌"


@pytest.fixture
def levels():
    """One of the province's clusters nominated and submitted; another province's application declined with a text of its own."""
    now = timezone.now()
    levels = make_levels(places={"320000": 5, "330000": 5})
    window = {"intake_opens": now - timedelta(days=2), "intake_closes": now + timedelta(days=2)}
    window |= {"judging_opens": now + timedelta(days=4), "judging_closes": now + timedelta(days=9)}
    Round.objects.filter(pk=levels.nation.round.pk).update(**window)
    Competition.objects.filter(pk=levels.nation.competition.pk).update(recommendation_closes=now + timedelta(days=3))
    nation = levels.nation.competition
    nation.refresh_from_db()
    entry = levels.chosen[0]
    made = nominate(entry, competition=nation, track=levels.nation.track, opinion=OWN_OPINION, actor=levels.speaker, at=now)
    submit_application(made.application, actor=entry.application.created_by, at=now)
    levels.nominated, levels.theirs = made.application, make_asked(levels.nation, at=now, lead_region_id="330000")
    other = make_user()
    give(other, "recommender", "region:330000")
    levels.other_speaker, levels.theirs = other, decline(levels.theirs, reason=OTHERS_REASON, actor=other, at=now)
    return levels


def addresses(levels):
    """Every page of both competitions that takes these arguments."""
    nation, province = levels.nation, levels.province
    values = {
        "application_pk": [levels.nominated.pk, levels.theirs.application_id, *[row.application_id for row in levels.chosen]],
        "recommendation_pk": [levels.nominated.recommendation.pk, levels.theirs.pk],
        "quota_pk": [quota.pk for quota in nation.quotas.values()],
        "entry_pk": [row.pk for row in levels.chosen],
        "round_pk": [nation.round.pk, province.round.pk],
    }
    found = []
    for name, arguments in routes():
        rest = [argument for argument in arguments if argument != "pk"]
        if (
            "pk" not in arguments
            or not name.startswith(("competition:", "evaluations:"))
            or len(rest) > 1
            or set(rest) - set(values)
            or _SETUP.search(name)
        ):
            continue
        for pk in (nation.competition.pk, province.competition.pk):
            for value in values[rest[0]] if rest else [None]:
                found.append(reverse(name, kwargs={"pk": pk, **({rest[0]: value} if rest else {})}))
    return [
        *found,
        reverse("competition:recommender_home"),
        reverse("competition:application_list"),
        "/api/v1/applications/",
        "/api/v1/entries/",
    ]


def pages(person, urls) -> dict[str, str]:
    client, found = sign_in(person, fresh=True), {}
    client.raise_request_exception = False
    for url in urls:
        response = client.get(url)
        if response.status_code == 200 and not response.streaming:
            found[url] = response.content.decode()
    return found


def test_what_each_level_sees_of_the_other(levels):
    """One race for all, since it takes time to build."""
    urls = addresses(levels)
    _the_nation_sees_no_score_of_a_province(levels, urls)
    _a_province_sees_of_the_nation_the_state_of_its_own(levels, urls)
    _a_region_sees_of_the_nation_its_own(levels, [url for url in urls if "recommend" in url or "/regions/" in url or "applications" in url])
    _before_the_province_is_released_nothing_of_it_is_offered(levels)


def _the_nation_sees_no_score_of_a_province(levels, urls):
    seen = pages(levels.nation.organiser, urls)
    own = reverse("competition:intake_detail", args=[levels.nation.competition.pk, levels.nominated.pk])
    assert levels.chosen[0].revision.digest in seen[own]  # what was carried is named
    assert [url for url, text in seen.items() if any(total in text for total in TOTALS)] == []
    assert [url for url in seen if url.startswith(f"/c/{levels.province.competition.pk}/")] == []
    # The control: who decided in the province reads them there.
    standings = reverse("evaluations:standings", args=[levels.province.competition.pk, levels.province.round.pk])
    assert TOTALS[0] in pages(levels.decider, [standings])[standings]


def _a_province_sees_of_the_nation_the_state_of_its_own(levels, urls):
    seen = pages(levels.province.organiser, urls)
    own = reverse("competition:intake_detail", args=[levels.province.competition.pk, levels.chosen[0].application_id])
    assert [(row.application_id, row.application.state) for row in _context(levels, own)] == [(levels.nominated.pk, "submitted")]
    assert [url for url in seen if url.startswith(f"/c/{levels.nation.competition.pk}/")] == []
    cluster = levels.theirs.application.cluster
    assert [url for url, text in seen.items() if OTHERS_REASON in text or f"/{cluster.pk}/nation" in text] == []
    assert [url for url, text in seen.items() if OWN_OPINION in text] == []


def _context(levels, url):
    return sign_in(levels.province.organiser, fresh=True).get(url).context["nominations"]


def _a_region_sees_of_the_nation_its_own(levels, urls):
    mine, theirs = pages(levels.speaker, urls), pages(levels.other_speaker, urls)
    assert any(OWN_OPINION in text for text in mine.values()) and any(OTHERS_REASON in text for text in theirs.values())
    assert [url for url, text in mine.items() if OTHERS_REASON in text or levels.theirs.application.cluster.name_zh in text] == []
    assert [url for url, text in theirs.items() if OWN_OPINION in text or levels.nominated.cluster.name_zh in text] == []
    assert [url for url, text in (mine | theirs).items() if any(total in text for total in TOTALS)] == []


def _before_the_province_is_released_nothing_of_it_is_offered(levels):
    url = reverse("competition:nomination_make", args=[levels.province.competition.pk, levels.chosen[1].pk])
    assert sign_in(levels.speaker).get(url).status_code == 200
    Round.objects.filter(pk=levels.province.round.pk).update(state="closed")
    Entry.objects.filter(round=levels.province.round).update(outcome=None)
    quota = reverse("competition:quota_detail", args=[levels.nation.competition.pk, levels.nation.quotas["320000"].pk])
    assert sign_in(levels.speaker).get(url).status_code == 404
    assert sign_in(levels.speaker).get(quota).context["candidates"] == []
