"""From province to nation: the exact revision is carried, a place is charged, and who may do it."""

from datetime import timedelta

import pytest

from accounts.models import Membership, Notification
from accounts.permissions import NotAllowed, forget
from competition.models import Application, Award, Conflict, Nomination, Recommendation
from competition.selectors.nominations import candidates, of_application
from competition.selectors.quotas import account_of
from competition.services.applications import accept_application, save_draft, submit_application
from competition.services.attachments import attach, detach
from competition.services.nominations import nominate, set_feeders
from competition.services.recommendations import withdraw_recommendation
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.applying import make_applicant, make_call, pdf
from tests.factories.competition import NOW, make_competition
from tests.factories.nominating import make_levels
from tests.factories.recommending import CLOSES, make_speaker

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
WORD = "省级竞赛入选，同意提名。"


@pytest.fixture
def levels():
    return make_levels()


def name(levels, entry=None, *, actor=None, at=LATER, **changes):
    given = {"competition": levels.nation.competition, "track": levels.nation.track, "opinion": WORD} | changes
    return nominate(entry or levels.chosen[0], **given, actor=actor or levels.speaker, at=at)


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def files(rows):
    return sorted(rows.values_list("slot", "name", "size", "sha256", "file"))


def test_the_accepted_revision_is_carried_as_it_was_and_submitted_as_it_is(levels):
    entry = levels.chosen[0]
    accepted = entry.revision
    nomination = name(levels)
    application = nomination.application
    assert (application.state, application.cluster, application.organisation) == (
        "draft",
        entry.application.cluster,
        entry.application.organisation,
    )
    assert (nomination.revision, nomination.digest, accepted.number) == (accepted, accepted.digest, 1)
    assert application.draft == accepted.data
    assert files(application.attachments) == files(accepted.attachments) != []
    revision = submit_application(application, actor=entry.application.created_by, at=LATER)
    assert revision.data == accepted.data
    assert of_application(application).unchanged
    row = Recommendation.objects.get(application=application)
    assert (row.state, row.preference, row.opinion, row.decided_by) == ("recommended", 1, WORD, levels.speaker)
    assert accept_application(Application.objects.get(pk=application.pk), actor=levels.nation.organiser, at=LATER).revision == revision


def test_both_ledgers_hold_it_and_the_applicant_is_told(levels):
    nomination = name(levels)
    scopes = {f"competition:{call.competition.pk}" for call in (levels.province, levels.nation)}
    deeds = Record.objects.filter(action="nomination.make")
    assert {deed.scope for deed in deeds} == scopes
    assert {(deed.after["revision"], deed.after["digest"]) for deed in deeds} == {(1, nomination.digest)}
    assert list(Notification.objects.filter(kind="nomination.make").values_list("user", flat=True)) == [
        levels.chosen[0].application.created_by_id
    ]


def test_edited_before_it_is_submitted_it_says_so(levels):
    nomination = name(levels)
    application, user = nomination.application, levels.chosen[0].application.created_by
    save_draft(application, data=application.draft | {"history": "二〇〇五年起步"}, version=1, actor=user, at=LATER)
    submit_application(application, actor=user, at=LATER)
    assert not of_application(application).unchanged
    # Files count too: another one in the other application, the province's stays as it is.
    other = name(levels, levels.chosen[1])
    user = levels.chosen[1].application.created_by
    detach(other.application.attachments.get(), actor=user, at=LATER)
    attach(other.application, slot="licence", upload=pdf(content=b"%PDF-1.7\n2 0 obj<<>>endobj\n%%EOF\n"), actor=user, at=LATER)
    submit_application(other.application, actor=user, at=LATER)
    assert not of_application(other.application).unchanged
    assert levels.chosen[1].revision.attachments.get().removed_at is None


def test_it_takes_a_place_at_once_and_none_is_left_over():
    levels = make_levels(places={"320000": 1})
    quota = levels.nation.quotas["320000"]
    assert [entry.pk for entry in candidates(quota)] == [entry.pk for entry in levels.chosen]
    first = name(levels)
    assert (account_of(quota).used, [entry.pk for entry in candidates(quota)]) == (1, [levels.chosen[1].pk])
    assert codes(lambda: name(levels, levels.chosen[1])) == ["competition.quota_used_up"]
    assert Nomination.objects.count() == Application.objects.filter(competition=levels.nation.competition).count() == 1
    # Taken back while it is a draft, the place is free.
    withdraw_recommendation(first.application.recommendation, reason="调整", actor=levels.speaker, at=LATER)
    assert name(levels, levels.chosen[1]).application.recommendation.preference == 1


def test_what_is_not_chosen_or_not_fed_is_not_nominated(levels):
    assert codes(lambda: name(levels, levels.lost)) == ["competition.nomination_not_chosen"]
    name(levels)
    assert codes(lambda: name(levels)) == ["competition.application_exists"]
    assert codes(lambda: name(levels, levels.chosen[1], at=CLOSES)) == [
        "competition.recommendation_closed",
        "competition.window_closed",
    ]
    assert codes(lambda: name(levels, levels.chosen[1], opinion=" ")) == ["competition.opinion_missing"]
    assert codes(lambda: name(levels, levels.chosen[1], track=None)) == ["competition.track_missing"]
    Award.objects.create(
        entry=levels.chosen[1],
        title="cluster",
        holder_zh="集群",
        number="N",
        verify_code="C",
        valid_from=NOW.date(),
        state="revoked",
        given_at=NOW,
    )
    assert codes(lambda: name(levels, levels.chosen[1])) == ["competition.nomination_not_chosen"]
    levels.nation.competition.feeders.all().delete()
    assert codes(lambda: name(levels, levels.chosen[0]))[0] == "competition.nomination_no_feeder"


def test_who_nominates(levels):
    entry = levels.chosen[0]
    bound, judge, nations = make_speaker(), make_speaker(), levels.nation.organiser
    Conflict.objects.create(user=bound, cluster=entry.application.cluster, kind="adviser", declared_by=bound, declared_at=NOW)
    give(judge, "evaluator", f"competition:{levels.nation.competition.pk}")
    refused = {
        make_speaker("330000"): "competition.role_needed",
        nations: "competition.role_needed",
        entry.application.created_by: "competition.role_needed",
        bound: "competition.recommendation_conflict",
        judge: "competition.evaluators_do_not_recommend",
    }
    for user, code in refused.items():
        with pytest.raises(NotAllowed) as caught:
            name(levels, actor=user)
        assert caught.value.reason.code == code
    # The province's own organiser may, too; it stands under their name.
    nomination = name(levels, actor=levels.province.organiser)
    assert (nomination.nominated_by, nomination.application.recommendation.decided_by) == (levels.province.organiser,) * 2


def test_an_organisation_with_somebody_on_another_side_is_not_nominated(levels):
    member, _cluster = make_applicant()
    give(member, "applicant", f"organisation:{levels.chosen[0].application.organisation_id}")
    Membership.objects.create(user=member, role="evaluator", scope=f"competition:{levels.nation.competition.pk}", given_at=NOW)
    forget(member)
    assert codes(lambda: name(levels)) == ["competition.colleague_on_another_side"]


def test_the_edition_names_what_feeds_it(levels):
    nation, organiser = levels.nation.competition, levels.nation.organiser
    other = make_competition(state="published")
    set_feeders(nation, wanted=[levels.province.competition, other], version=nation.edit_version, actor=organiser, at=LATER)
    assert sorted(nation.feeders.values_list("source_id", flat=True)) == sorted([levels.province.competition.pk, other.pk])
    act = {"wanted": [other], "actor": organiser, "at": LATER}
    assert codes(lambda: set_feeders(nation, version=nation.edit_version, **act)) == ["competition.changed_meanwhile"]
    name(levels)
    nation.refresh_from_db()
    assert codes(lambda: set_feeders(nation, version=nation.edit_version, **act)) == ["competition.feeder_used"]
    draft = make_competition()
    act["wanted"] = [levels.province.competition, draft]
    assert codes(lambda: set_feeders(nation, version=nation.edit_version, **act)) == ["competition.feeder_unknown"]
    province = make_call(region_id="330000").competition
    keeper = make_user()
    give(keeper, "organiser", "*")
    assert codes(lambda: set_feeders(province, wanted=[], version=0, actor=keeper, at=LATER)) == ["competition.feeders_of_nation_only"]
