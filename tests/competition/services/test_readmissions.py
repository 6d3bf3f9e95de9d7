"""Who was not chosen in an earlier edition comes back where the rules say so: whom they let in, where, and what stays shut."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Notification
from competition.models import Application, Award, Comeback, Entry, Readmission, Round
from competition.selectors.applications import open_calls, startable_clusters
from competition.selectors.readmissions import let_in
from competition.selectors.setup import publish_reasons
from competition.services.applications import accept_application, save_draft, start_application, submit_application
from competition.services.attachments import attach
from competition.services.competitions import publish_competition
from competition.services.readmissions import add_readmission, remove_readmission
from competition.services.rounds import edit_round, open_round
from competition.services.rules import rules_content
from competition.told import let_in_again
from competition.wording import readmission_words
from evaluations.documents.course import funnel_of
from evaluations.selectors.rubrics import scheme_of
from evaluations.services.rubrics import save_scheme
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.applying import ANSWERS, make_call, pdf
from tests.factories.competition import NOW
from tests.factories.later_round import make_advanced
from tests.factories.nominating import make_levels
from tests.factories.recommending import make_asking_call
from tests.factories.setup import basics_of, make_complete, make_organiser

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


@pytest.fixture
def earlier():
    """`.province.round` is released: two chosen, `.lost` was not."""
    return make_levels()


@pytest.fixture
def later(earlier):
    """An edition whose second round takes in, and lets in who was in the earlier one's only round."""
    call = make_advanced()
    call.rule = Readmission.objects.create(competition=call.competition, reached=earlier.province.round, enters=call.second)
    return call


def start(call, entry, *, at=LATER):
    application = entry.application
    return start_application(
        call.competition,
        cluster=application.cluster,
        organisation=application.organisation,
        track=call.track,
        actor=application.created_by,
        at=at,
    )


def hand_in(application, *, at=LATER):
    actor = application.created_by
    save_draft(application, data=ANSWERS, version=0, actor=actor, at=at)
    attach(application, slot="licence", upload=pdf(), actor=actor, at=at)
    application.refresh_from_db()
    return submit_application(application, actor=actor, at=at)


def test_who_lost_begins_in_the_later_round_and_is_judged_with_the_others(earlier, later):
    viewer = earlier.lost.application.created_by
    (call,) = [row for row in open_calls(viewer, at=LATER) if row.pk == later.competition.pk]
    assert (call.first, call.back, call.choices) == (later.second, [earlier.lost.application.cluster], call.back)
    assert list(startable_clusters(viewer, later.competition)) == call.back
    application = start(later, earlier.lost)
    assert (application.round, application.state) == (later.second, "draft")
    back = Comeback.objects.get()
    assert (back.application, back.rule, back.entry) == (application, later.rule, earlier.lost)
    record = Record.objects.get(action="application.readmit")
    assert (record.subject, record.scope, record.after["entry"]) == (
        f"application:{application.pk}",
        f"competition:{later.competition.pk}",
        earlier.lost.pk,
    )
    revision = hand_in(application)
    entry = accept_application(Application.objects.get(pk=application.pk), actor=later.organiser, at=LATER)
    assert (entry.round, entry.revision, entry.state) == (later.second, revision, "running")
    assert Entry.objects.filter(round=later.second, state="running").count() == 3
    # Who joined later is no application that got lost before the first round.
    with override("en"):
        steps = funnel_of(later.second, ["advance", "eliminated"])
    assert [step[1:] for step in steps] == [[3, ""], [3, ""], [2, "1 more let in again"], [1, ""]]
    assert codes(lambda: start(later, earlier.lost)) == ["competition.application_exists"]


def test_whom_the_rule_does_not_let_in(earlier, later):
    for entry in earlier.chosen:
        assert list(startable_clusters(entry.application.created_by, later.competition)) == []
        assert codes(lambda entry=entry: start(later, entry)) == ["competition.intake_not_open"]
    cluster, rounds = [earlier.lost.application.cluster], [later.second]
    assert list(let_in(cluster, rounds)) == [(later.second.pk, cluster[0].pk)]
    assert let_in(cluster, [later.round]) == {}

    def shut(model, row, **changes):
        before = {name: getattr(row, name) for name in changes}
        model.objects.filter(pk=row.pk).update(**changes)
        found = let_in(cluster, rounds)
        model.objects.filter(pk=row.pk).update(**before)
        return found == {}

    assert shut(Entry, earlier.lost, state="withdrawn")
    assert shut(Entry, earlier.lost, state="disqualified")
    assert shut(Entry, earlier.lost, outcome="ineligible")
    assert shut(Entry, earlier.lost, outcome="advance")
    assert shut(Round, earlier.province.round, state="closed")  # not out yet
    assert shut(Readmission, later.rule, reached=later.round)
    Award.objects.create(entry=earlier.lost, title="cluster", state="revoked", given_at=NOW, valid_from=NOW.date())
    assert let_in(cluster, rounds) == {}


def test_whoever_is_let_in_is_told_when_the_round_opens(earlier, later):
    applicant = earlier.lost.application.created_by
    Notification.objects.all().delete()
    Round.objects.filter(pk=later.second.pk).update(state="planned")
    later.second.refresh_from_db()
    open_round(later.second, actor=later.organiser, at=LATER)
    row = Notification.objects.get(kind="application.readmit")
    assert (row.user, row.subject) == (applicant, f"entry:{earlier.lost.pk}")
    told = let_in_again([row])[row.pk]
    assert told.path == reverse("competition:application_start", args=[later.competition.pk])
    start(later, earlier.lost)
    assert let_in_again([row]) == {}


def test_in_the_first_round_it_needs_no_region(earlier):
    call = make_asking_call({"330000": 2})
    assert codes(lambda: start(call, earlier.lost)) == ["competition.region_without_quota"]
    Readmission.objects.create(competition=call.competition, reached=earlier.province.round, enters=call.round)
    application = start(call, earlier.lost)
    hand_in(application)
    application.refresh_from_db()
    assert not hasattr(application, "recommendation")
    assert accept_application(application, actor=call.organiser, at=LATER).round == call.round
    assert codes(lambda: start(call, earlier.chosen[0])) == ["competition.region_without_quota"]


def test_the_rule_is_set_in_the_draft_and_frozen_with_the_call(earlier):
    organiser = make_organiser()
    competition = make_complete(organiser)
    first, second = competition.rounds.order_by("order")
    reached = earlier.province.round

    def add(reached=reached, enters=second, version=None):
        version = competition.edit_version if version is None else version
        return add_readmission(competition, reached=reached, enters=enters, version=version, actor=organiser, at=NOW)

    assert codes(lambda: add(version=competition.edit_version - 1)) == ["competition.changed_meanwhile"]
    assert codes(lambda: add(reached=earlier.nation.round)) == ["competition.readmission_reached_unknown"]
    assert codes(lambda: add(reached=make_call(region_id="330000").round)) == ["competition.readmission_reached_unknown"]
    assert codes(lambda: add(enters=reached)) == ["competition.readmission_without_intake"]
    assert codes(lambda: add(enters=first)) == ["competition.readmission_idle"]
    assert "readmissions" not in rules_content(competition)
    rule = add()
    competition.refresh_from_db()
    assert codes(add) == ["competition.readmission_exists"]
    rows = [{"competition": earlier.province.competition.code, "reached": reached.code, "enters": "final"}]
    assert rules_content(competition)["readmissions"] == rows
    assert readmission_words([rule], "zh-hans")[0] == "曾进入省级竞赛第1轮而未入选的集群，可直接申报参加决赛。"
    assert len(readmission_words([rule], "en")) == 2

    scheme = scheme_of(second)
    carrying = scheme.definition | {"carry": [{"round": "preliminary", "weight": "40"}]}
    save_scheme(second, definition=carrying, version=scheme.version, actor=organiser, at=NOW)
    assert [reason.code for reason in publish_reasons(competition)] == ["evaluations.carry_past_readmission"]
    save_scheme(second, definition=scheme.definition, version=scheme_of(second).version, actor=organiser, at=NOW)
    edit_round(
        second, basics=basics_of(second) | {"intake": "carry"}, windows={}, version=competition.edit_version, actor=organiser, at=NOW
    )
    assert [reason.code for reason in publish_reasons(competition)] == ["competition.readmission_without_intake"]
    competition.refresh_from_db()
    second.refresh_from_db()
    edit_round(
        second, basics=basics_of(second) | {"intake": "fresh"}, windows={}, version=competition.edit_version, actor=organiser, at=NOW
    )
    competition.refresh_from_db()
    remove_readmission(rule, version=competition.edit_version, actor=organiser, at=NOW)
    competition.refresh_from_db()
    kept = add()
    competition.refresh_from_db()
    published = publish_competition(competition, actor=organiser, at=NOW)
    frozen = [
        lambda: remove_readmission(kept, version=published.edit_version, actor=organiser, at=NOW),
        lambda: add_readmission(published, reached=reached, enters=second, version=published.edit_version, actor=organiser, at=NOW),
    ]
    assert [codes(act) for act in frozen] == [["competition.rules_frozen"]] * 2
    assert published.rules_editions.get().content["readmissions"] == rows
    assert list(Record.objects.filter(action__contains="readmission").order_by("pk").values_list("action", flat=True)) == [
        "competition.add_readmission",
        "competition.remove_readmission",
        "competition.add_readmission",
    ]
