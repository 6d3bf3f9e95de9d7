"""The second round's own intake: it begins as what was judged, and whoever brings nothing in is out."""

from datetime import timedelta

import pytest

from competition.models import Entry, Round
from competition.services.applications import (
    accept_application,
    resume_application,
    return_application,
    save_draft,
    submit_application,
    withdraw_application,
)
from competition.services.entries import answer_offer, disqualify_entry, withdraw_entry
from competition.services.rounds import start_judging
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.applying import ANSWERS
from tests.factories.competition import NOW
from tests.factories.later_round import entry_of, make_advanced

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def call():
    return make_advanced()


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def hand_in(application, user, **answers):
    application.refresh_from_db()
    if answers:
        save_draft(application, data=application.draft | answers, version=application.draft_version, actor=user, at=LATER)
    revision = submit_application(application, actor=user, at=LATER)
    application.refresh_from_db()
    return revision


def test_the_draft_begins_as_what_was_judged_and_the_entry_gets_the_new_revision(call):
    (application, user), _other = call.advanced
    first = entry_of(application, call.round).revision
    assert (application.state, application.round, application.draft) == ("draft", call.second, first.data)
    assert entry_of(application, call.second).revision is None
    second = hand_in(application, user, area="13.75")
    assert (second.number, second.round, second.form.round) == (2, call.second, call.second)
    assert second.data == ANSWERS | {"area": "13.75", "licence": ["登记证书.pdf"]}
    entry = accept_application(application, actor=call.organiser, at=LATER)
    assert (entry, entry.revision) == (entry_of(application, call.second), second)
    assert entry_of(application, call.round).revision == first
    assert Entry.objects.filter(round=call.second).count() == 2


def test_whoever_brings_nothing_in_is_out_when_judging_starts(call):
    (application, user), (absent, _absent_user) = call.advanced
    hand_in(application, user)
    accept_application(application, actor=call.organiser, at=LATER)
    start_judging(call.second, actor=call.organiser, at=LATER)
    out = entry_of(absent, call.second)
    assert (entry_of(application, call.second).state, out.state) == ("running", "withdrawn")
    record = Record.objects.get(action="entry.lapse")
    assert (record.actor, record.subject, record.before, record.after) == (
        "system",
        f"entry:{out.pk}",
        {"state": "running"},
        {"state": "withdrawn"},
    )
    assert Record.objects.get(action="round.start_judging", subject=f"round:{call.second.pk}").after["lapsed"] == 1


def test_judging_does_not_start_where_nobody_brought_anything_in(call):
    with pytest.raises(Refused) as refusal:
        start_judging(call.second, actor=call.organiser, at=LATER)
    assert codes(refusal) == ["competition.round_empty"]
    assert set(call.second.entries.values_list("state", flat=True)) == {"running"}


@pytest.mark.parametrize("returned", [False, True], ids=["submitted", "returned"])
def test_an_application_that_is_withdrawn_takes_its_entry_along(call, returned):
    (application, user), _other = call.advanced
    hand_in(application, user)
    if returned:
        return_application(application, reason="补正", due_at=LATER + timedelta(days=2), actor=call.organiser, at=LATER)
    withdraw_application(application, reason="主体重组", actor=user, at=LATER)
    entry = entry_of(application, call.second)
    assert (entry.state, entry.state_reason) == ("withdrawn", "主体重组")
    application.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        resume_application(application, actor=user, at=LATER)
    assert codes(refusal) == ["competition.entry_gone"]


def test_in_the_first_round_there_is_no_entry_to_take_along(call):
    assert entry_of(call.reserve[0], call.round).state == "running"
    assert not Record.objects.filter(action="entry.withdraw").exists()


def test_the_place_given_up_during_the_intake_goes_to_the_reserve(call):
    (application, user), _other = call.advanced
    hand_in(application, user)
    withdraw_application(application, actor=user, at=LATER)
    offer = entry_of(application, call.round).freed_places.get()
    reserve, reserve_user = call.reserve
    assert offer.reserve == entry_of(reserve, call.round)
    answer_offer(offer, accepted=True, actor=reserve_user, at=LATER)
    reserve.refresh_from_db()
    assert (reserve.state, reserve.round, entry_of(reserve, call.second).state) == ("draft", call.second, "running")
    # The place is offered once, whatever leaves after it.
    withdraw_entry(entry_of(application, call.round), reason="注销", actor=call.organiser, at=LATER)
    assert entry_of(application, call.round).freed_places.count() == 1


def test_nobody_moves_up_into_an_intake_that_is_over(call):
    (application, user), (second, second_user) = call.advanced
    hand_in(application, user)
    accept_application(application, actor=call.organiser, at=LATER)
    withdraw_entry(entry_of(second, call.second), reason="注销", actor=second_user, at=LATER)
    offer = entry_of(second, call.round).freed_places.get()
    start_judging(call.second, actor=call.organiser, at=LATER)
    with pytest.raises(Refused) as refusal:
        answer_offer(offer, accepted=True, actor=call.reserve[1], at=LATER)
    assert codes(refusal) == ["competition.intake_ended"]
    answer_offer(offer, accepted=False, actor=call.reserve[1], at=LATER)
    withdraw_entry(entry_of(application, call.round), reason="注销", actor=user, at=LATER)
    assert not entry_of(application, call.round).freed_places.exists()


def test_an_entry_that_leaves_is_not_handed_in_for_any_more(call):
    (application, user), _other = call.advanced
    withdraw_entry(entry_of(application, call.second), reason="注销", actor=user, at=LATER)
    with pytest.raises(Refused) as refusal:
        hand_in(application, user)
    assert codes(refusal) == ["competition.entry_gone"]
    application.refresh_from_db()
    assert (application.state, application.revisions.count()) == ("draft", 1)


def test_what_leaves_one_round_leaves_the_later_ones_with_its_unanswered_application(call):
    (application, user), (other, _other_user) = call.advanced
    hand_in(application, user)
    disqualify_entry(entry_of(application, call.round), reason="材料不实", actor=call.organiser, at=LATER)
    entry = entry_of(application, call.second)
    assert (entry.state, entry.state_reason) == ("disqualified", "材料不实")
    application.refresh_from_db()
    assert (application.state, application.decision_reason) == ("withdrawn", "材料不实")
    assert entry_of(other, call.second).state == "running"
    assert Round.objects.get(pk=call.second.pk).state == "open"
