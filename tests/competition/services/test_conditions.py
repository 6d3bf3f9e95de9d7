"""A title on a condition: set in the proposal, signed with it, ruled on after the release."""

from datetime import timedelta

import pytest

from accounts.models import Notification, User
from accounts.permissions import NotAllowed
from competition.domain.condition import NONE, Terms
from competition.models import Award, Condition, Conflict, Document, Notice
from competition.selectors.decisions import valid_signatures
from competition.selectors.nominations import chosen
from competition.services.awards import give_awards
from competition.services.conditions import extend_condition, meet_condition, miss_condition
from competition.services.decisions import change_outcome
from competition.services.documents import issue
from competition.services.entries import withdraw_entry
from competition.services.release import sign_release
from competition.services.telling import remind_conditions
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_round
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db
DUE = NOW.date() + timedelta(days=365)
TERMS = Terms("产值达到 300 亿元。", "Reach an output of 30 billion yuan.", DUE)
FOUR = ("91.20", "88.45", "80.10", "70.05")


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def row_of(proposal, entry):
    return proposal.rows.get(entry=entry)


def change(proposal, entry, people, *, outcome="advance", note="", condition=TERMS, at=NOW):
    return change_outcome(row_of(proposal, entry), outcome=outcome, note=note, condition=condition, actor=people["decider"], at=at)


@pytest.fixture
def tabled():
    round, entries = make_closed_round(FOUR)
    people = make_staff(round)
    return to_meeting(round, people), entries, people


def released(tabled, condition=TERMS):
    """With the condition on the first of the three chosen, and the moment after its publicity."""
    proposal, entries, people = tabled
    change(proposal, entries[0], people, condition=condition)
    proposal.refresh_from_db()
    for name in ("organiser", "decider"):
        sign_release(proposal, digest=proposal.digest, actor=people[name], at=NOW)
    return NOW + (Notice.objects.get().ends_on - NOW.date()) + timedelta(days=1)


def test_a_condition_is_part_of_what_is_signed(tabled):
    proposal, entries, people = tabled
    before = proposal.digest
    sign_release(proposal, digest=before, actor=people["organiser"], at=NOW)
    row = change(proposal, entries[0], people)
    proposal.refresh_from_db()
    assert (row.outcome, row.computed, row.note, row.condition_due) == ("advance", "advance", "", DUE)
    assert proposal.digest != before
    assert not valid_signatures(proposal).exists()
    record = Record.objects.filter(action="proposal.change").latest("pk")
    assert record.after["condition_due"] == DUE.isoformat()
    assert TERMS.zh not in str(record.after)
    change(proposal, entries[0], people, condition=NONE)
    proposal.refresh_from_db()
    assert proposal.digest == before
    with pytest.raises(Refused) as refusal:
        sign_release(proposal, digest="0" * 64, actor=people["organiser"], at=NOW)
    assert codes(refusal) == ["competition.proposal_changed_meanwhile"]


def test_only_a_chosen_one_of_the_last_round_has_a_condition(tabled):
    proposal, entries, people = tabled
    with pytest.raises(Refused) as refusal:
        change(proposal, entries[3], people, outcome="reserve")
    assert (codes(refusal), refusal.value.field) == (["competition.condition_not_chosen"], "condition_zh")
    change(proposal, entries[0], people)
    with pytest.raises(Refused) as refusal:  # nothing is taken away in silence
        change(proposal, entries[0], people, outcome="reserve", note="会议决定。", condition=None)
    assert codes(refusal) == ["competition.condition_not_chosen"]
    make_round(competition=proposal.round.competition, code="final", order=7)
    with pytest.raises(Refused) as refusal:
        change(proposal, entries[1], people)
    assert codes(refusal) == ["competition.condition_not_last"]


def test_a_day_that_has_come_stops_the_release(tabled):
    proposal, entries, people = tabled
    change(proposal, entries[0], people, condition=Terms("达到。", "", NOW.date() + timedelta(days=1)))
    proposal.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW + timedelta(days=1))
    assert codes(refusal) == ["competition.conditions_past"]


def test_met_the_titles_count_and_their_certificates_are_issued_anew(tabled):
    _proposal, entries, people = tabled
    after = released(tabled)
    condition = Condition.objects.get()
    assert (condition.entry, condition.text_zh, condition.text_en, condition.due_on, condition.state) == (
        entries[0],
        TERMS.zh,
        TERMS.en,
        DUE,
        "open",
    )
    given = give_awards(condition.entry.round, titles=("cluster", "organisation"), actor=people["organiser"], at=after)
    mine = [award for award in given if award.entry_id == entries[0].pk]
    assert (len(given), len(mine)) == (6, 2)
    papers = [issue("certificate", str(award.pk), language="", actor=people["organiser"], at=after) for award in given]
    bound = [paper for paper in papers if "condition" in paper.context]
    assert sorted(paper.subject for paper in bound) == sorted(f"award:{award.pk}" for award in mine)
    assert bound[0].context["condition"] == {"zh": TERMS.zh, "en": TERMS.en, "due": DUE.isoformat()}
    with pytest.raises(Refused) as refusal:
        meet_condition(condition, ground=" ", actor=people["organiser"], at=after)
    assert (codes(refusal), refusal.value.field) == (["competition.reason_missing"], "ground")
    met = meet_condition(condition, ground="已提交审计报告。", actor=people["organiser"], at=after)
    assert (met.state, met.ground, met.ruled_at) == ("met", "已提交审计报告。", after)
    again = Document.objects.filter(kind="certificate", edition=2)
    assert sorted(again.values_list("subject", flat=True)) == sorted(f"award:{award.pk}" for award in mine)
    assert not any("condition" in paper.context for paper in again)
    assert set(Award.objects.values_list("state", flat=True)) == {"valid"}
    with pytest.raises(Refused):
        miss_condition(met, ground="反悔。", actor=people["decider"], at=after + timedelta(days=900))


def test_missed_after_its_day_the_titles_are_revoked(tabled):
    _proposal, entries, people = tabled
    after = released(tabled)
    condition = Condition.objects.get()
    give_awards(condition.entry.round, titles=("cluster", "organisation"), actor=people["organiser"], at=after)
    with pytest.raises(Refused) as refusal:
        miss_condition(condition, ground="未达到。", actor=people["decider"], at=NOW + timedelta(days=365))
    assert codes(refusal) == ["competition.condition_not_due"]
    missed = miss_condition(condition, ground="产值 261 亿元。", actor=people["decider"], at=NOW + timedelta(days=366))
    assert missed.state == "missed"
    revoked = Award.objects.filter(state="revoked")
    assert list(revoked.values_list("entry", "revoke_reason")) == [(entries[0].pk, "产值 261 亿元。")] * 2
    assert sorted(chosen().values_list("pk", flat=True)) == [entries[1].pk, entries[2].pk]
    assert Record.objects.filter(action="award.revoke").count() == 2


def test_missed_before_the_awards_it_gets_none(tabled):
    _proposal, entries, people = tabled
    after = released(tabled, Terms("达到。", "", NOW.date() + timedelta(days=1)))
    condition = Condition.objects.get()
    miss_condition(condition, ground="未达到。", actor=people["organiser"], at=after)
    given = give_awards(condition.entry.round, titles=("cluster",), actor=people["organiser"], at=after)
    assert sorted(award.entry_id for award in given) == [entries[1].pk, entries[2].pk]
    assert sorted(chosen().values_list("pk", flat=True)) == [entries[1].pk, entries[2].pk]


def test_more_time_is_later_than_the_day_that_holds_and_printed(tabled):
    _proposal, _entries, people = tabled
    after = released(tabled)
    condition = Condition.objects.get()
    award = next(
        award
        for award in give_awards(condition.entry.round, titles=("cluster",), actor=people["organiser"], at=after)
        if award.entry_id == condition.entry_id
    )
    issue("certificate", str(award.pk), language="", actor=people["organiser"], at=after)
    for day, code in ((DUE, "due_earlier"), (NOW.date(), "due_past")):
        with pytest.raises(Refused) as refusal:
            extend_condition(condition, due_on=day, ground="疫情影响。", actor=people["organiser"], at=after)
        assert (codes(refusal), refusal.value.field) == ([f"competition.condition_{code}"], "due_on")
    later = DUE + timedelta(days=92)
    extended = extend_condition(condition, due_on=later, ground="台风影响。", actor=people["organiser"], at=after)
    assert (extended.state, extended.due_on, extended.ground, extended.ruled_at) == ("open", later, "台风影响。", None)
    assert Document.objects.get(subject=f"award:{award.pk}", edition=2).context["condition"]["due"] == later.isoformat()


def test_who_left_is_not_ruled_on(tabled):
    _proposal, entries, people = tabled
    after = released(tabled)
    entries[0].refresh_from_db()
    withdraw_entry(entries[0], reason="自愿退出。", actor=people["organiser"], at=after)
    with pytest.raises(Refused) as refusal:
        meet_condition(Condition.objects.get(), ground="已达到。", actor=people["organiser"], at=after)
    assert codes(refusal) == ["competition.condition_entry_left"]


def test_who_is_bound_to_the_cluster_does_not_rule(tabled):
    _proposal, entries, people = tabled
    after = released(tabled)
    Conflict.objects.create(
        user=people["organiser"], cluster=entries[0].application.cluster, kind="family", declared_by=people["organiser"], declared_at=NOW
    )
    for name, code in (("organiser", "competition.condition_conflict"), ("supervisor", "competition.role_needed")):
        with pytest.raises(NotAllowed) as refusal:
            meet_condition(Condition.objects.get(), ground="已达到。", actor=User.objects.get(pk=people[name].pk), at=after)
        assert codes(refusal) == [code]


def test_its_applicants_are_reminded_once_for_each_step_and_told_of_the_ruling(tabled):
    _proposal, entries, people = tabled
    after = released(tabled)
    mine = make_user()
    give(mine, "applicant", f"organisation:{entries[0].application.organisation_id}")
    kinds = Notification.objects.filter(user=mine, kind__startswith="condition.").order_by("pk")
    end = NOW + timedelta(days=365)
    assert [remind_conditions(at=end - timedelta(days=days)) for days in (61, 59, 58, 13, 2)] == [0, 1, 0, 1, 1]
    meet_condition(Condition.objects.get(), ground="已达到。", actor=people["organiser"], at=after)
    assert remind_conditions(at=end - timedelta(days=1)) == 0
    assert [(row.kind, row.read_at is None) for row in kinds] == [("condition.remind", False)] * 3 + [("condition.rule", True)]
