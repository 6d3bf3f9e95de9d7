"""An application from draft to acceptance: the deadline, one submission, two tabs, what was submitted stays."""

from datetime import datetime, timedelta

import pytest

from accounts.permissions import NotAllowed
from competition.models import Entry, Revision, Round
from competition.services.applications import (
    accept_application,
    extend_correction,
    refuse_application,
    resume_application,
    return_application,
    save_draft,
    start_application,
    submit_application,
    withdraw_application,
)
from competition.services.attachments import attach, detach
from competition.services.entries import disqualify_entry, withdraw_entry
from ledger.domain.reason import Refused
from ledger.models import Record
from ledger.models.append_only import AppendOnly
from tests.factories.accounts import make_user
from tests.factories.applying import ANSWERS, make_applicant, make_call, make_draft, make_submitted, pdf
from tests.factories.competition import BEIJING, NOW, make_cluster

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def call():
    return make_call(rounds=2)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def again(row):
    return type(row).objects.get(pk=row.pk)


# ---------------------------------------------------------------- starting


def test_one_draft_per_cluster(call):
    application, user = make_draft(call, complete=False)
    with pytest.raises(Refused) as refusal:
        start_application(
            call.competition, cluster=application.cluster, organisation=application.organisation, track=call.track, actor=user, at=NOW
        )
    assert codes(refusal) == ["competition.application_exists"]


def test_only_for_a_cluster_of_the_own_organisation(call):
    user, cluster = make_applicant()
    stranger = make_cluster(organisation=make_applicant()[1].organisation)
    for organisation, foreign, code in (
        (stranger.organisation, stranger, "competition.not_yours"),
        (cluster.organisation, stranger, "competition.cluster_of_another"),
    ):
        with pytest.raises(Refused) as refusal:
            start_application(call.competition, cluster=foreign, organisation=organisation, track=call.track, actor=user, at=NOW)
        assert codes(refusal) == [code]


# ---------------------------------------------------------------- drafts


def test_a_draft_keeps_what_was_typed_right_or_wrong_and_writes_no_record(call):
    application, user = make_draft(call, complete=False)
    before = Record.objects.count()
    data = ANSWERS | {"area": "十二", "history": "一\x00\ud800\r\n二", "unasked": "x", "model": ["a"]}
    assert save_draft(application, data=data, version=0, actor=user, at=NOW) == 1
    kept = again(application).draft
    assert kept == {key: value for key, value in ANSWERS.items() if key != "model"} | {"area": "十二", "history": "一\n二"}
    assert Record.objects.count() == before


def test_the_second_of_two_tabs_is_refused_and_nothing_is_lost(call):
    application, user = make_draft(call, complete=False)
    save_draft(application, data={"history": "甲"}, version=0, actor=user, at=NOW)
    with pytest.raises(Refused) as refusal:
        save_draft(application, data={"history": "乙"}, version=0, actor=user, at=NOW)
    assert codes(refusal) == ["competition.draft_conflict"]
    assert (again(application).draft, again(application).draft_version) == ({"history": "甲"}, 1)


def test_a_draft_of_somebody_else_is_out_of_reach(call):
    application, _user = make_draft(call, complete=False)
    for person in (call.organiser, make_applicant()[0]):
        with pytest.raises(NotAllowed):
            save_draft(application, data={}, version=0, actor=person, at=NOW)


def test_what_was_submitted_cannot_be_edited(call):
    application, user, _revision = make_submitted(call)
    version = application.draft_version
    for act in (
        lambda: save_draft(application, data={}, version=version, actor=user, at=NOW),
        lambda: attach(application, slot="further", upload=pdf(), actor=user, at=NOW),
        lambda: detach(application.attachments.get(), actor=user, at=NOW),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert codes(refusal) == ["competition.application_not_editable"]


# ---------------------------------------------------------------- submitting


def test_submitting_fixes_answers_and_files_under_a_receipt(call):
    application, user = make_draft(call)
    night = datetime(2026, 9, 17, 1, 5, tzinfo=BEIJING)
    revision = submit_application(application, actor=user, at=night)
    assert again(application).state == "submitted"
    assert (revision.number, revision.submitted_at, revision.submitted_by) == (1, night, user)
    assert revision.receipt_number.startswith("SL-20260917-")
    assert revision.data == ANSWERS | {"licence": ["登记证书.pdf"]}
    assert [file.name for file in revision.attachments.all()] == ["登记证书.pdf"]
    assert Record.objects.filter(action__in=["application.submit", "revision.create"]).count() == 2


@pytest.mark.parametrize(("seconds", "code"), [(-1, None), (0, "competition.window_closed"), (1, "competition.window_closed")])
def test_the_deadline_is_the_first_moment_that_is_too_late(call, seconds, code):
    application, user = make_draft(call)
    at = call.round.intake_closes + timedelta(seconds=seconds)
    if code is None:
        assert submit_application(application, actor=user, at=at).number == 1
        return
    with pytest.raises(Refused) as refusal:
        submit_application(application, actor=user, at=at)
    assert codes(refusal) == [code]
    assert (again(application).state, again(application).draft) == ("draft", ANSWERS)
    assert not Revision.objects.exists()


def test_a_late_attempt_says_so_and_not_what_else_is_missing(call):
    application, user = make_draft(call, complete=False)
    with pytest.raises(Refused) as refusal:
        submit_application(application, actor=user, at=call.round.intake_closes)
    assert codes(refusal) == ["competition.window_closed"]


def test_before_the_window_nothing_can_be_submitted(call):
    application, user = make_draft(call)
    with pytest.raises(Refused) as refusal:
        submit_application(application, actor=user, at=call.round.intake_opens - timedelta(seconds=1))
    assert codes(refusal) == ["competition.window_early"]


def test_an_incomplete_one_is_refused_at_its_first_field(call):
    application, user = make_draft(call)
    data = ANSWERS | {"truthful": False, "area": "0.001"}
    save_draft(application, data=data, version=application.draft_version, actor=user, at=NOW)
    with pytest.raises(Refused) as refusal:
        submit_application(application, actor=user, at=NOW)
    assert refusal.value.field == "truthful"
    assert codes(refusal) == ["competition.undertaking_missing", "competition.too_many_decimals"]


def test_the_same_key_is_the_same_submission(call):
    application, user = make_draft(call)
    first = submit_application(application, actor=user, at=NOW, idempotency_key="k-7")
    second = submit_application(application, actor=user, at=LATER, idempotency_key="k-7")
    assert (second.pk, Revision.objects.count()) == (first.pk, 1)
    with pytest.raises(Refused) as refusal:
        submit_application(application, actor=user, at=LATER, idempotency_key="k-8")
    assert codes(refusal) == ["competition.action_not_now"]


def test_what_is_submitted_is_what_was_shown(call):
    application, user = make_draft(call)
    shown = application.draft_version
    save_draft(application, data=ANSWERS | {"area": "13"}, version=shown, actor=user, at=NOW)
    with pytest.raises(Refused) as refusal:
        submit_application(application, actor=user, at=NOW, version=shown)
    assert codes(refusal) == ["competition.draft_conflict"]
    assert submit_application(application, actor=user, at=NOW, version=shown + 1).data["area"] == "13"


def test_a_revision_stays_as_it_was_submitted(call):
    application, user, first = make_submitted(call)
    return_application(application, reason="更正面积", due_at=LATER, actor=call.organiser, at=NOW)
    application = again(application)
    save_draft(application, data=ANSWERS | {"area": "13.75"}, version=application.draft_version, actor=user, at=NOW)
    detach(application.attachments.get(), actor=user, at=NOW)
    attach(application, slot="licence", upload=pdf("新证书.pdf"), actor=user, at=NOW)
    second = submit_application(application, actor=user, at=NOW + timedelta(hours=1))
    first, second = again(first), again(second)
    assert (first.data["area"], second.data["area"]) == ("12.5", "13.75")
    assert [[file.name for file in row.attachments.all()] for row in (first, second)] == [["登记证书.pdf"], ["新证书.pdf"]]
    first.data = {}
    with pytest.raises(AppendOnly):
        first.save()
    with pytest.raises(AppendOnly):
        Revision.objects.filter(pk=first.pk).update(data={})
    with pytest.raises(AppendOnly):
        first.delete()


# ---------------------------------------------------------------- deciding


def test_a_correction_may_come_after_the_intake_and_not_after_its_own_deadline(call):
    application, user, _revision = make_submitted(call)
    due = call.round.intake_closes + timedelta(days=2)
    return_application(application, reason="缺骑缝章", due_at=due, actor=call.organiser, at=NOW)
    assert (again(application).correction_reason, again(application).correction_due) == ("缺骑缝章", due)
    with pytest.raises(Refused) as refusal:
        submit_application(application, actor=user, at=due)
    assert codes(refusal) == ["competition.correction_closed"]
    assert submit_application(application, actor=user, at=due - timedelta(seconds=1)).number == 2
    assert again(application).correction_due is None


def test_a_correction_whose_time_is_over_gets_a_new_deadline(call):
    application, user, _revision = make_submitted(call)
    return_application(application, reason="缺骑缝章", due_at=LATER, actor=call.organiser, at=NOW)
    after, due = LATER + timedelta(days=1), LATER + timedelta(days=4)
    with pytest.raises(NotAllowed):
        extend_correction(application, reason="要盖章", due_at=due, actor=user, at=after)
    extend_correction(application, reason="经办人住院", due_at=due, actor=call.organiser, at=after)
    application = again(application)
    assert (application.state, application.correction_due) == ("returned", due)
    assert (application.correction_reason, application.extension_reason) == ("缺骑缝章", "经办人住院")
    record = Record.objects.get(action="application.extend")
    assert record.after["correction_due"] == due.isoformat()
    assert "经办人" not in str(record.after)
    assert submit_application(application, actor=user, at=due - timedelta(seconds=1)).number == 2
    assert again(application).extension_reason == ""


@pytest.mark.parametrize(
    ("reason", "due", "code", "field"),
    [
        (" ", LATER + timedelta(days=1), "competition.reason_missing", "reason"),
        ("住院", NOW, "competition.due_in_past", "due_at"),
        ("住院", LATER, "competition.deadline_forward", "due_at"),
    ],
    ids=["no reason", "past", "not later"],
)
def test_a_new_deadline_lies_after_the_one_before(call, reason, due, code, field):
    application, _user, _revision = make_submitted(call)
    return_application(application, reason="缺骑缝章", due_at=LATER, actor=call.organiser, at=NOW)
    with pytest.raises(Refused) as refusal:
        extend_correction(application, reason=reason, due_at=due, actor=call.organiser, at=NOW)
    assert (codes(refusal), refusal.value.field) == ([code], field)
    assert again(application).correction_due == LATER


def test_only_a_returned_one_is_extended_and_only_while_the_round_takes_in(call):
    application, _user, _revision = make_submitted(call)
    with pytest.raises(Refused) as refusal:
        extend_correction(application, reason="住院", due_at=LATER, actor=call.organiser, at=NOW)
    assert codes(refusal) == ["competition.action_not_now"]
    return_application(application, reason="缺骑缝章", due_at=LATER, actor=call.organiser, at=NOW)
    Round.objects.filter(pk=call.round.pk).update(state="judging")
    with pytest.raises(Refused) as refusal:
        extend_correction(application, reason="住院", due_at=LATER + timedelta(days=1), actor=call.organiser, at=NOW)
    assert codes(refusal) == ["competition.intake_ended"]


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda a, who: return_application(a, reason=" ", due_at=LATER, actor=who, at=NOW), "reason"),
        (lambda a, who: return_application(a, reason="x", due_at=NOW, actor=who, at=NOW), "due_at"),
        (lambda a, who: refuse_application(a, reason="", actor=who, at=NOW), "reason"),
    ],
    ids=["return without reason", "return into the past", "refuse without reason"],
)
def test_a_decision_needs_its_reason(call, act, field):
    application, _user, _revision = make_submitted(call)
    with pytest.raises(Refused) as refusal:
        act(application, call.organiser)
    assert refusal.value.field == field
    assert again(application).state == "submitted"


def test_accepting_makes_the_entry_with_the_newest_revision(call):
    application, user, _first = make_submitted(call)
    return_application(application, reason="更正", due_at=LATER, actor=call.organiser, at=NOW)
    second = submit_application(application, actor=user, at=NOW + timedelta(hours=1))
    entry = accept_application(application, actor=call.organiser, at=LATER)
    assert (entry.revision, entry.round, entry.track, entry.state) == (second, call.round, call.track, "running")
    assert Entry.objects.count() == 1


def test_the_applicant_cannot_accept_and_the_organiser_cannot_submit(call):
    application, user, _revision = make_submitted(call)
    with pytest.raises(NotAllowed):
        accept_application(application, actor=user, at=NOW)
    draft, _ = make_draft(call)
    with pytest.raises(NotAllowed):
        submit_application(draft, actor=call.organiser, at=NOW)


def test_withdrawn_and_taken_up_again_before_the_deadline(call):
    application, user, _revision = make_submitted(call)
    withdraw_application(application, actor=user, at=NOW)
    with pytest.raises(Refused) as refusal:
        resume_application(application, actor=user, at=call.round.intake_closes)
    assert codes(refusal) == ["competition.window_closed"]
    assert resume_application(application, actor=user, at=LATER).state == "draft"
    assert submit_application(application, actor=user, at=LATER).number == 2


def test_an_entry_that_left_is_not_accepted_again(call):
    application, user, _revision = make_submitted(call)
    entry = Entry.objects.create(round=call.round, application=application, state="withdrawn")
    with pytest.raises(Refused) as refusal:
        accept_application(application, actor=call.organiser, at=NOW)
    assert codes(refusal) == ["competition.entry_gone"]
    assert again(application).state == "submitted"
    assert again(entry).revision is None


# ---------------------------------------------------------------- leaving


@pytest.mark.parametrize(("leave", "state"), [(withdraw_entry, "withdrawn"), (disqualify_entry, "disqualified")])
def test_an_entry_leaves_with_a_reason_and_keeps_its_place_in_the_books(call, leave, state):
    application, _user, revision = make_submitted(call)
    entry = accept_application(application, actor=call.organiser, at=NOW)
    with pytest.raises(Refused) as refusal:
        leave(entry, reason="  ", actor=call.organiser, at=NOW)
    assert refusal.value.field == "reason"
    leave(entry, reason="主体注销", actor=call.organiser, at=NOW)
    entry = again(entry)
    assert (entry.state, entry.state_reason, entry.revision) == (state, "主体注销", revision)


def test_files_come_and_go_by_the_slot_of_the_form(call):
    application, user = make_draft(call)
    for slot, upload, code in (
        ("nothing", pdf(), "competition.slot_unknown"),
        ("licence", pdf(), "competition.files_too_many"),
        ("further", pdf("扫描.jpg"), "competition.file_type"),
    ):
        with pytest.raises(Refused) as refusal:
            attach(application, slot=slot, upload=upload, actor=user, at=NOW)
        assert codes(refusal) == [code]
    with pytest.raises(NotAllowed):
        attach(application, slot="further", upload=pdf(), actor=make_user(), at=NOW)
    assert application.attachments.count() == 1
