"""How an organisation gets in: the claim, the one decision, and what becomes of code, cluster and drafts."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.permissions import NotAllowed, forget, roles
from accounts.services.invitation import invite
from competition.models import Application, Cluster, Organisation, Registration
from competition.permissions.holding import organisations
from competition.selectors import registrations as selectors
from competition.services.applications import save_draft, start_application, submit_application
from competition.services.attachments import attach
from competition.services.registrations import (
    confirm_registration,
    refuse_registration,
    register_organisation,
    resubmit_registration,
    withdraw_registration,
)
from jobs.services import run_queued
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.applying import ANSWERS, make_call, pdf
from tests.factories.competition import NOW, make_cluster, make_organisation
from tests.factories.registering import credit_code, make_registration, registration_values

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def person(role, scope, **fields):
    user = make_user(**fields)
    give(user, role, scope)
    return user


@pytest.fixture
def recommender():
    return person("recommender", "region:320000")


def code(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.reason.code, caught.value.field


def again(row):
    return type(row).objects.get(pk=row.pk)


def draft(call, registration, user=None, at=NOW):
    """Complete, of the registered organisation."""
    user = user or registration.user
    forget(user)
    cluster = again(registration.cluster)
    application = start_application(
        call.competition, cluster=cluster, organisation=cluster.organisation, track=call.track, actor=user, at=at
    )
    save_draft(application, data=ANSWERS, version=application.draft_version, actor=user, at=at)
    attach(application, slot="licence", upload=pdf(), actor=user, at=at)
    return again(application)


def test_before_the_answer_one_drafts_and_does_not_submit(recommender):
    call, registration = make_call(), make_registration()
    application = draft(call, registration)
    assert code(lambda: submit_application(application, actor=registration.user, at=NOW)) == ("competition.organisation_unconfirmed", None)
    confirmed = confirm_registration(registration, actor=recommender, at=LATER)
    assert (confirmed.state, confirmed.decided_by, again(registration.organisation).confirmed) == ("confirmed", recommender, True)
    assert submit_application(application, actor=registration.user, at=LATER).number == 1


def test_what_a_registration_makes():
    values = registration_values()
    registration = register_organisation(values=values | {"credit_code": values["credit_code"].lower()}, actor=make_user(), at=NOW)
    organisation, cluster = registration.organisation, registration.cluster
    assert (organisation.credit_code, organisation.confirmed, organisation.region_id) == (values["credit_code"], False, "320000")
    assert (cluster.name_zh, cluster.organisation_id, [row.pk for row in cluster.regions.all()]) == (
        values["cluster_zh"],
        organisation.pk,
        ["320000"],
    )
    assert roles(registration.user, f"organisation:{organisation.pk}") == {"applicant"}
    sent = Record.objects.get(action="registration.send")
    assert (sent.subject, sent.scope) == (f"registration:{registration.pk}", "region:320000")


def test_a_cluster_from_the_list_is_claimed_once_and_free_after_a_refusal(recommender):
    cluster = make_cluster()
    first = make_registration(cluster=cluster)
    assert code(lambda: make_registration(cluster=cluster)) == ("competition.registration_cluster_taken", "cluster")
    refuse_registration(first, reason="不是该集群的促进机构。", actor=recommender, at=LATER)
    assert again(cluster).organisation is None
    assert make_registration(cluster=cluster, at=LATER).cluster == cluster


def test_a_taken_code_leads_to_its_members_without_naming_them():
    taken = make_organisation(credit_code=credit_code())
    give(make_user("Hidden Member"), "applicant", f"organisation:{taken.pk}")
    with pytest.raises(Refused) as caught:
        make_registration(credit_code=taken.credit_code)
    assert (caught.value.reason.code, dict(caught.value.reason.params)) == ("competition.credit_code_registered", {})
    assert code(lambda: make_registration(credit_code="91320000123456789X"))[1] == "credit_code"
    assert not Registration.objects.exists() and Organisation.objects.count() == 1


def test_names_of_clusters_that_are_known():
    listed = make_cluster()
    assert code(lambda: make_registration(cluster_zh=listed.name_zh)) == ("competition.registration_cluster_listed", "cluster_zh")
    owned = make_cluster(organisation=make_organisation())
    assert code(lambda: make_registration(cluster_zh=owned.name_zh)) == ("competition.registration_cluster_taken", "cluster_zh")


def test_a_refused_one_is_told_why_and_corrects_it(recommender):
    sender = make_user("Wang Fang", language="en")
    call, registration = make_call(), make_registration(sender)
    application = draft(call, registration)
    assert code(lambda: refuse_registration(registration, reason=" ", actor=recommender, at=LATER)) == (
        "competition.reason_missing",
        "reason",
    )
    refused = refuse_registration(registration, reason="信用代码属于另一单位。", actor=recommender, at=timezone.now())
    run_queued()
    (letter,) = mail.outbox
    assert letter.to == [sender.email] and "信用代码属于另一单位。" in letter.body and letter.body.startswith("Dear Wang Fang,")
    assert (organisations(again(sender)), again(registration.organisation).credit_code) == (set(), None)

    values = registration_values(cluster_zh="改名集群")
    sent = resubmit_registration(refused, values=values, actor=sender, at=LATER)
    assert (sent.state, sent.reason, sent.decided_by, sent.credit_code) == ("pending", "", None, values["credit_code"])
    assert (sent.cluster_id, again(registration.cluster).name_zh) == (registration.cluster_id, "改名集群")
    confirm_registration(sent, actor=recommender, at=LATER)
    assert submit_application(application, actor=again(sender), at=LATER).number == 1


def test_a_draft_keeps_its_cluster_through_a_correction(recommender):
    registration = make_registration()
    draft(make_call(), registration)
    refused = refuse_registration(registration, reason="请更正。", actor=recommender, at=LATER)
    values = registration_values(cluster=make_cluster())
    assert code(lambda: resubmit_registration(refused, values=values, actor=registration.user, at=LATER)) == (
        "competition.registration_begun",
        "cluster",
    )


def test_whoever_gets_the_cluster_begins_anew_and_reads_nothing_of_the_other_draft(recommender):
    call, cluster, second = make_call(), make_cluster(), make_user()
    first = make_registration(cluster=cluster)
    left = draft(call, first)
    assert left.draft and left.attachments.filter(removed_at=None).count() == 1
    refuse_registration(first, reason="不代表该集群。", actor=recommender, at=LATER)
    owner = make_registration(second, cluster=cluster, at=LATER)
    forget(second)
    taken = start_application(
        call.competition, cluster=again(cluster), organisation=owner.organisation, track=call.track, actor=second, at=LATER
    )
    assert (taken.pk, taken.organisation, taken.draft, taken.created_by) == (left.pk, owner.organisation, {}, second)
    assert taken.attachments.filter(removed_at=None).count() == 0
    assert code(
        lambda: start_application(
            call.competition, cluster=again(cluster), organisation=owner.organisation, track=call.track, actor=second, at=LATER
        )
    ) == ("competition.application_exists", "cluster")


def test_a_confirmed_organisation_s_draft_is_never_taken(recommender):
    call = make_call()
    registration = make_registration()
    application = draft(call, registration)
    confirm_registration(registration, actor=recommender, at=LATER)
    Cluster.objects.filter(pk=registration.cluster_id).update(organisation=None)
    second = make_registration(cluster=again(registration.cluster), at=LATER)
    forget(second.user)
    assert code(lambda: draft(call, second)) == ("competition.application_exists", "cluster")
    assert Application.objects.get().organisation == application.organisation


def test_who_decides(recommender):
    registration = make_registration()
    strangers = [person("recommender", "region:330000"), person("decider", "competition:1"), registration.user]
    for user in strangers:
        with pytest.raises(NotAllowed):
            confirm_registration(registration, actor=user, at=NOW)
    own = make_registration(recommender)
    with pytest.raises(NotAllowed) as caught:
        confirm_registration(own, actor=recommender, at=NOW)
    assert caught.value.reason.code == "competition.registration_own"
    organiser = person("organiser", "competition:1")
    assert confirm_registration(own, actor=organiser, at=NOW).state == "confirmed"
    with pytest.raises(Refused):
        refuse_registration(own, reason="迟了。", actor=organiser, at=NOW)


def test_the_queue_is_that_of_the_region(recommender):
    here, elsewhere = make_registration(), make_registration(region="330000")
    below = make_registration(region="320000", at=LATER)
    assert list(selectors.registrations(recommender)) == [here, below]
    assert list(selectors.registrations(person("organiser", "competition:1"))) == [here, elsewhere, below]
    assert selectors.waiting(person("recommender", "region:330000")).count() == 1


def test_one_pending_and_not_many(recommender):
    user = make_user()
    registration = make_registration(user)
    assert code(lambda: make_registration(user))[0] == "competition.registration_pending"
    for _ in range(4):
        withdraw_registration(registration, actor=user, at=NOW)
        registration = make_registration(user)
    withdraw_registration(registration, actor=user, at=NOW)
    assert code(lambda: make_registration(user))[0] == "competition.registrations_many"
    assert make_registration(user, at=NOW + timedelta(days=31)).state == "pending"


def test_a_name_given_up_is_taken_over(recommender):
    first = make_registration()
    withdraw_registration(first, actor=first.user, at=NOW)
    second = make_registration(cluster_zh=first.cluster.name_zh)
    assert (second.cluster_id, again(first.cluster).organisation_id) == (first.cluster_id, second.organisation_id)


def test_members_invite_colleagues_once_confirmed(recommender):
    registration = make_registration()
    user, scope = again(registration.user), f"organisation:{registration.organisation_id}"
    ask = {"role": "applicant", "scope": scope, "actor": user, "at": NOW}
    with pytest.raises(NotAllowed) as caught:
        invite("colleague@example.org", **ask)
    assert caught.value.reason.code == "competition.organisation_closed"
    confirm_registration(registration, actor=recommender, at=NOW)
    assert invite("colleague@example.org", **ask).scope == scope
    with pytest.raises(NotAllowed):
        invite("colleague@example.org", **ask | {"scope": f"organisation:{make_organisation().pk}"})


def test_an_invitation_by_a_member_does_not_tell_who_judges():
    call = make_call()
    registration = make_registration()
    draft(call, registration)
    Organisation.objects.filter(pk=registration.organisation_id).update(confirmed=True)
    judge = person("evaluator", f"competition:{call.competition.pk}")
    scope = f"organisation:{registration.organisation_id}"
    assert invite(judge.email, role="applicant", scope=scope, actor=again(registration.user), at=NOW).pk
    assert code(lambda: invite(judge.email, role="applicant", scope=scope, actor=call.organiser, at=NOW))[0] == (
        "accounts.side_taken_evaluator"
    )


def test_who_judges_does_not_apply():
    call, registration = make_call(), make_registration()
    give(registration.user, "evaluator", f"competition:{call.competition.pk}")
    assert code(lambda: draft(call, registration))[0] == "accounts.side_taken_evaluator"
    colleague = make_user()
    give(colleague, "applicant", f"organisation:{registration.organisation_id}")
    assert code(lambda: draft(call, registration, colleague))[0] == "competition.colleague_on_another_side"
