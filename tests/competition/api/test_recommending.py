"""A region's program: declined, taken back, nominated; whoever is bound or speaks for another region may not."""

import pytest

from competition.models import Recommendation
from tests.accounts.test_tokens import ask, codes, key
from tests.competition.api.test_intake import act, post
from tests.factories.accounts import give
from tests.factories.competition import NOW
from tests.factories.nominating import make_levels
from tests.factories.recommending import make_asked, make_asking_call, make_speaker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def test_declined_taken_back_recommended_within_the_places():
    call = make_asking_call({"320000": 1, "330000": 1})
    first, second, elsewhere = make_asked(call), make_asked(call), make_asked(call, lead_region_id="330000")
    speaker = make_speaker()
    _, text = key(speaker, "read", "recommend")
    no = post(text, "decline", first.pk, {"reason": "材料不足。"})
    assert (no.status_code, no.json()["state"], no.json()["reason"]) == (200, "declined", "材料不足。")
    assert post(text, "word_withdrawal", first.pk, {"reason": "补齐了。"}).json()["state"] == "waiting"
    yes = post(text, "approval", second.pk, {"opinion": "同意。"})
    assert (yes.json()["state"], yes.json()["preference"]) == ("recommended", 1)
    full = post(text, "approval", first.pk, {"opinion": "同意。"})
    assert (full.status_code, codes(full)) == (409, ["competition.quota_used_up"])
    assert post(text, "approval", elsewhere.pk, {"opinion": "同意。"}).status_code == 404
    assert codes(post(key(speaker, "read", "organise")[1], "decline", first.pk, {"reason": "否。"})) == ["accounts.token_scope_needed"]
    give(speaker, "applicant", f"organisation:{first.application.organisation_id}")
    assert codes(post(text, "decline", first.pk, {"reason": "否。"})) == ["competition.recommendation_own"]


def test_the_list_holds_what_each_may_know():
    call = make_asking_call({"320000": 1, "330000": 1})
    mine, elsewhere = make_asked(call), make_asked(call, lead_region_id="330000")

    def listed(person, name="recommendations"):
        return {row["id"] for row in ask(key(person)[1], f"/api/v1/{name}/").json()["results"]}

    assert listed(make_speaker()) == {mine.pk}
    assert listed(call.organiser) == {mine.pk, elsewhere.pk} == set(Recommendation.objects.values_list("pk", flat=True))
    assert listed(mine.application.created_by) == set()
    assert listed(make_speaker(), "quotas") == {call.quotas["320000"].pk}
    assert listed(make_asking_call().organiser) == set()


def test_a_chosen_entry_is_nominated_once():
    levels = make_levels()
    entry, nation = levels.chosen[0], levels.nation
    _, text = key(levels.speaker, "read", "recommend")
    body = {"competition": nation.competition.pk, "track": nation.track.code, "opinion": "同意提名。"}
    assert list(post(text, "nomination_make", entry.pk, body | {"competition": 987654}).json()["fields"]) == ["competition"]
    assert list(post(text, "nomination_make", entry.pk, body | {"track": "none"}).json()["fields"]) == ["track"]
    made, again = (post(text, "nomination_make", entry.pk, body, **{"Idempotency-Key": "n"}) for _ in range(2))
    assert (made.status_code, again.json()) == (201, made.json())
    assert (made.json()["entry"], made.json()["application_state"], made.json()["revision"]) == (entry.pk, "draft", 1)
    assert codes(post(text, "nomination_make", entry.pk, body)) == ["competition.application_exists"]
    assert post(text, "nomination_make", levels.lost.pk, body).status_code == 404
    province = key(levels.province.organiser)[1]
    assert [row["id"] for row in ask(province, "/api/v1/nominations/").json()["results"]] == [made.json()["id"]]
    assert ask(province, act("application", made.json()["application"])).status_code == 404
