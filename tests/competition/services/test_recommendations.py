"""The region's word: places, deadline, order of preference, and what accepting makes of it."""

from datetime import timedelta

import pytest

from accounts.models import Notification
from accounts.permissions import NotAllowed
from competition.models import Application, Conflict, Recommendation, Region
from competition.selectors.quotas import account_of
from competition.services.applications import (
    accept_application,
    resume_application,
    return_application,
    start_application,
    submit_application,
    withdraw_application,
)
from competition.services.recommendations import decline, order_recommendations, recommend, withdraw_recommendation
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give
from tests.factories.applying import make_applicant, make_call, make_submitted
from tests.factories.competition import NOW
from tests.factories.recommending import CLOSES, make_asked, make_asking_call, make_speaker

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
WORD = "基础扎实，同意推荐。"


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def again(row):
    return type(row).objects.get(pk=row.pk)


def places(quota):
    return list(quota.recommendations.filter(state="recommended").order_by("preference").values_list("pk", "preference"))


def test_submitting_asks_the_lead_region_and_accepting_waits_for_it():
    call, speaker = make_asking_call({"320000": 2, "330000": 1}), make_speaker()
    row = make_asked(call, regions=Region.objects.filter(code__in=["320000", "330000"]))
    assert (row.state, row.quota, row.preference) == ("waiting", call.quotas["320000"], None)
    assert Notification.objects.get(kind="recommendation.ask").user == speaker
    assert codes(lambda: accept_application(row.application, actor=call.organiser, at=LATER)) == ["competition.recommendation_missing"]
    row = recommend(row, opinion=WORD, actor=speaker, at=LATER)
    assert (row.state, row.preference, row.opinion, row.revision.number, row.decided_by) == ("recommended", 1, WORD, 1, speaker)
    told = Notification.objects.get(kind="recommendation.recommend")
    assert told.user == row.application.created_by
    # Joint: the other region's places are not touched.
    assert [account_of(call.quotas[code]).used for code in ("320000", "330000")] == [1, 0]
    assert accept_application(row.application, actor=call.organiser, at=LATER).revision.number == 1
    assert codes(lambda: withdraw_recommendation(row, reason="改主意", actor=speaker, at=LATER)) == ["competition.recommendation_settled"]
    deed = Record.objects.get(action="recommendation.recommend")
    assert (deed.subject, deed.scope) == (f"recommendation:{row.pk}", f"competition:{call.competition.pk}")
    assert WORD not in str(deed.after)


def test_a_competition_that_asks_nobody_accepts_by_itself():
    call = make_call()
    application, _user, _revision = make_submitted(call)
    assert not Recommendation.objects.exists()
    assert accept_application(application, actor=call.organiser, at=NOW).state == "running"


def test_over_quota_is_refused_and_a_place_taken_back_is_free():
    call, speaker = make_asking_call({"320000": 2}), make_speaker()
    first, second, third = (make_asked(call) for _ in range(3))
    recommend(first, opinion=WORD, actor=speaker, at=LATER)
    recommend(second, opinion=WORD, actor=speaker, at=LATER)
    with pytest.raises(Refused) as caught:
        recommend(third, opinion=WORD, actor=speaker, at=LATER)
    assert (caught.value.reason.code, dict(caught.value.reason.params)) == ("competition.quota_used_up", {"places": 2, "used": 2})
    assert codes(lambda: withdraw_recommendation(first, reason=" ", actor=speaker, at=LATER)) == ["competition.reason_missing"]
    freed = withdraw_recommendation(first, reason="材料需要再核实。", actor=speaker, at=LATER)
    assert (freed.state, freed.preference, freed.opinion, freed.reason) == ("waiting", None, "", "材料需要再核实。")
    recommend(third, opinion=WORD, actor=speaker, at=LATER)
    assert places(call.quotas["320000"]) == [(second.pk, 1), (third.pk, 2)]


def test_places_without_a_limit_are_said_so():
    call, speaker = make_asking_call({"320000": None}), make_speaker()
    for _ in range(3):
        recommend(make_asked(call), opinion=WORD, actor=speaker, at=LATER)
    assert account_of(call.quotas["320000"]).left is None


def test_a_region_without_places_passes_it_up_or_is_refused_at_the_start():
    call, speaker = make_asking_call({"330000": 1}), make_speaker("330000")
    below = make_asked(call, lead_region_id="330200")
    assert below.quota == call.quotas["330000"]
    assert recommend(below, opinion=WORD, actor=speaker, at=LATER).state == "recommended"
    user, cluster = make_applicant(lead_region_id="320000")
    start = {"cluster": cluster, "organisation": cluster.organisation, "track": call.track, "actor": user, "at": NOW}
    assert codes(lambda: start_application(call.competition, **start)) == ["competition.region_without_quota"]


def test_declined_with_a_reason_it_cannot_be_accepted():
    call, speaker = make_asking_call(), make_speaker()
    row = make_asked(call)
    assert codes(lambda: decline(row, reason="", actor=speaker, at=LATER)) == ["competition.reason_missing"]
    row = decline(row, reason="主导产业占比不足。", actor=speaker, at=LATER)
    assert (row.state, row.preference, account_of(row.quota).used) == ("declined", None, 0)
    assert codes(lambda: accept_application(row.application, actor=call.organiser, at=LATER)) == ["competition.recommendation_declined"]
    assert codes(lambda: recommend(row, opinion=WORD, actor=speaker, at=LATER)) == ["competition.action_not_now"]


def test_the_deadline_is_the_server_s():
    call, speaker = make_asking_call(), make_speaker()
    row, other = make_asked(call), make_asked(call)
    recommend(row, opinion=WORD, actor=speaker, at=CLOSES - timedelta(microseconds=1))
    for act in (
        lambda: recommend(other, opinion=WORD, actor=speaker, at=CLOSES),
        lambda: decline(other, reason="迟", actor=speaker, at=CLOSES),
        lambda: withdraw_recommendation(row, reason="迟", actor=speaker, at=CLOSES),
        lambda: order_recommendations(row.quota, wanted=[row.pk], before=[row.pk], actor=speaker, at=CLOSES),
    ):
        assert codes(act) == ["competition.recommendation_closed"]


def test_an_application_taken_back_gives_its_place_back_and_asks_anew():
    call, speaker = make_asking_call({"320000": 1}), make_speaker()
    row = recommend(make_asked(call), opinion=WORD, actor=speaker, at=LATER)
    user = row.application.created_by
    withdraw_application(row.application, actor=user, at=LATER)
    assert (again(row).state, account_of(row.quota).used) == ("waiting", 0)
    other = recommend(make_asked(call), opinion=WORD, actor=speaker, at=LATER)
    resume_application(again(row.application), actor=user, at=LATER)
    submit_application(again(row.application), actor=user, at=LATER)
    assert codes(lambda: recommend(again(row), opinion=WORD, actor=speaker, at=LATER)) == ["competition.quota_used_up"]
    assert places(other.quota) == [(other.pk, 1)]


def test_a_correction_keeps_the_word_and_says_which_revision_it_is_about():
    call, speaker = make_asking_call(), make_speaker()
    row = recommend(make_asked(call), opinion=WORD, actor=speaker, at=LATER)
    return_application(row.application, reason="补", due_at=LATER + timedelta(days=1), actor=call.organiser, at=LATER)
    submit_application(again(row.application), actor=row.application.created_by, at=LATER)
    row = again(row)
    assert (row.state, row.revision.number, row.application.revisions.count()) == ("recommended", 1, 2)
    assert accept_application(again(row.application), actor=call.organiser, at=LATER).revision.number == 2


def test_the_order_of_preference():
    call, speaker = make_asking_call({"320000": 3}), make_speaker()
    rows = [recommend(make_asked(call), opinion=WORD, actor=speaker, at=LATER) for _ in range(3)]
    first, second, third = (row.pk for row in rows)
    quota = call.quotas["320000"]
    order_recommendations(quota, wanted=[third, first, second], before=[first, second, third], actor=speaker, at=LATER)
    assert places(quota) == [(third, 1), (first, 2), (second, 3)]
    deed = Record.objects.get(action="quota.order")
    assert deed.after == {"applications": [rows[2].application_id, rows[0].application_id, rows[1].application_id]}
    # From a page that was opened before, or with one missing, nothing is changed.
    for wanted, before in (([first, second, third], [first, second, third]), ([first, second], [third, first, second])):
        act = {"wanted": wanted, "before": before, "actor": speaker, "at": LATER}
        assert codes(lambda act=act: order_recommendations(quota, **act)) == ["competition.preference_changed"]
    withdraw_recommendation(again(rows[0]), reason="再议", actor=speaker, at=LATER)
    assert places(quota) == [(third, 1), (second, 2)]


def test_who_speaks_for_a_region():
    call = make_asking_call()
    row = make_asked(call)
    elsewhere, judge, bound, own = make_speaker("330000"), make_speaker(), make_speaker(), make_speaker()
    give(judge, "evaluator", f"competition:{call.competition.pk}")
    Conflict.objects.create(user=bound, cluster=row.application.cluster, kind="adviser", declared_by=bound, declared_at=NOW)
    give(own, "applicant", f"organisation:{row.application.organisation_id}")
    expected = {
        elsewhere: "competition.role_needed",
        call.organiser: "competition.role_needed",
        judge: "competition.evaluators_do_not_recommend",
        bound: "competition.recommendation_conflict",
        own: "competition.recommendation_own",
    }
    for user, code in expected.items():
        with pytest.raises(NotAllowed) as caught:
            recommend(row, opinion=WORD, actor=user, at=LATER)
        assert caught.value.reason.code == code
    assert again(row).state == "waiting" and Application.objects.get().state == "submitted"
