"""From a closed round to awards: proposal, changes, two signatures, publicity, objections."""

from datetime import timedelta

import pytest

from accounts.permissions import NotAllowed
from competition.models import Entry, Notice, Proposal, Signature
from competition.services.awards import give_awards, revoke_award
from competition.services.decisions import change_outcome, propose, record_meeting, table_proposal
from competition.services.entries import answer_offer, disqualify_entry, withdraw_entry
from competition.services.parties import fix_parties
from competition.services.publicity import decide_objection, record_objection
from competition.services.release import sign_release
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_organisation
from tests.factories.parties import party as typed_party
from tests.factories.standings import make_closed_round, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    def made(round):
        people = {}
        for name, role in (("organiser", "organiser"), ("decider", "decider"), ("second", "decider"), ("evaluator", "evaluator")):
            people[name] = make_user()
            give(people[name], role, f"competition:{round.competition_id}")
        return people

    return made


def outcomes(proposal):
    return list(proposal.rows.order_by("entry_id").values_list("outcome", flat=True))


def to_meeting(round, people):
    proposal = table_proposal(propose(round, actor=people["organiser"], at=NOW), actor=people["organiser"], at=NOW)
    record_meeting(proposal, number="2026-7", held_on=NOW.date(), actor=people["organiser"], at=NOW)
    return proposal


def release(round, people):
    proposal = to_meeting(round, people)
    sign_release(proposal, digest=proposal.digest, actor=people["organiser"], at=NOW)
    return sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_rule_gives_every_entry_an_outcome(staff):
    round, _ = make_closed_round()
    proposal = propose(round, actor=staff(round)["organiser"], at=NOW)
    assert outcomes(proposal) == ["advance", "advance", "advance", "reserve", "undecided"]


def test_two_people_release_in_one_transaction(staff):
    round, entries = make_closed_round(("91.20", "88.45", "80.10", "70.05"), rounds=2)
    people = staff(round)
    proposal = to_meeting(round, people)
    assert sign_release(proposal, digest=proposal.digest, actor=people["organiser"], at=NOW).state == "tabled"
    assert set(Entry.objects.filter(round=round).values_list("outcome", flat=True)) == {None}
    proposal = sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW)
    round.refresh_from_db()
    assert (proposal.state, round.state, round.released_at) == ("released", "released", NOW)
    assert list(round.entries.order_by("pk").values_list("outcome", flat=True)) == ["advance", "advance", "advance", "reserve"]
    following = round.competition.rounds.get(order=2)
    assert following.state == "open"
    assert list(following.entries.order_by("pk").values_list("application_id", "revision_id")) == [
        (entry.application_id, None) for entry in entries[:3]
    ]
    entries[0].application.refresh_from_db()
    assert (entries[0].application.state, entries[0].application.round_id) == ("draft", following.pk)
    assert entries[0].application.draft == {"profile": "91.20"}
    assert Notice.objects.get().starts_on <= Notice.objects.get().ends_on


def test_the_same_person_does_not_sign_twice(staff):
    round, _ = make_closed_round(("91.20", "88.45"))
    people = staff(round)
    proposal = to_meeting(round, people)
    sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW)
    with pytest.raises(Refused) as refusal:
        sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW)
    assert codes(refusal) == ["competition.signed_already"]


def test_evaluators_parties_and_conflicted_do_not_sign(staff):
    round, entries = make_closed_round(("91.20", "88.45"))
    people = staff(round)
    proposal = to_meeting(round, people)
    both, party, partner, strangers = make_user(), make_user(), make_user(), make_user()
    row = typed_party()
    fix_parties(entries[1].revision, [row])
    give(partner, "decider", f"competition:{round.competition_id}")
    give(partner, "applicant", f"organisation:{make_organisation(credit_code=row['credit_code']).pk}")
    give(both, "decider", f"competition:{round.competition_id}")
    give(both, "evaluator", f"competition:{round.competition_id}")
    give(party, "decider", f"competition:{round.competition_id}")
    give(party, "applicant", f"organisation:{entries[0].application.organisation_id}")
    for person, code in (
        (both, "competition.evaluators_do_not_decide"),
        (party, "competition.parties_do_not_decide"),
        (partner, "competition.parties_do_not_decide"),
        (people["evaluator"], "competition.role_needed"),
        (strangers, "competition.role_needed"),
    ):
        with pytest.raises(NotAllowed) as refusal:
            sign_release(proposal, digest=proposal.digest, actor=person, at=NOW)
        assert codes(refusal) == [code]
    assert not Signature.objects.exists()


def test_a_change_voids_the_signature_and_says_so(staff):
    round, _ = make_closed_round(("91.20", "88.45", "80.10", "70.05"))
    people = staff(round)
    proposal = to_meeting(round, people)
    sign_release(proposal, digest=proposal.digest, actor=people["organiser"], at=NOW)
    last = proposal.rows.get(outcome="reserve")
    with pytest.raises(Refused) as refusal:
        change_outcome(last, outcome="advance", note=" ", actor=people["decider"], at=NOW)
    assert codes(refusal) == ["competition.note_missing"]
    change_outcome(last, outcome="advance", note="核心技术突破，会议一致同意。", actor=people["decider"], at=NOW)
    signature = Signature.objects.get()
    assert (signature.voided_at, signature.void_reason["code"]) == (NOW, "competition.signature_list_changed")
    with pytest.raises(Refused) as refusal:
        sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW)
    assert codes(refusal) == ["competition.proposal_changed_meanwhile"]
    proposal.refresh_from_db()
    sign_release(proposal, digest=proposal.digest, actor=people["second"], at=NOW)
    assert sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW).state == "released"
    assert "核心技术" not in str(list(Record.objects.values_list("after", "before")))


def test_an_entry_that_leaves_voids_the_signature_also_from_below_the_line(staff):
    round, entries = make_closed_round(("91.20", "88.45", "80.10", "70.05", "60.35"))
    people = staff(round)
    proposal = to_meeting(round, people)
    sign_release(proposal, digest=proposal.digest, actor=people["organiser"], at=NOW)
    assert proposal.rows.get(entry=entries[4]).outcome == "eliminated"
    withdraw_entry(entries[4], reason="自愿退出。", actor=people["organiser"], at=NOW)
    assert Signature.objects.get().void_reason["code"] == "competition.signature_entry_left"


def test_a_newer_snapshot_makes_the_proposal_stale(staff):
    totals = ("91.20", "88.45")
    round, entries = make_closed_round(totals)
    people = staff(round)
    proposal = to_meeting(round, people)
    snapshot(round, entries, totals)
    with pytest.raises(Refused) as refusal:
        sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW)
    assert codes(refusal) == ["competition.proposal_standings_newer"]


def test_an_undecided_entry_keeps_the_round_from_release(staff):
    round, _ = make_closed_round()
    people = staff(round)
    proposal = to_meeting(round, people)
    with pytest.raises(Refused) as refusal:
        sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW)
    assert codes(refusal) == ["competition.outcomes_undecided"]


def test_a_new_proposal_voids_the_one_before(staff):
    round, _ = make_closed_round(("91.20", "88.45"))
    people = staff(round)
    first = to_meeting(round, people)
    sign_release(first, digest=first.digest, actor=people["decider"], at=NOW)
    second = propose(round, actor=people["organiser"], at=NOW)
    assert list(Proposal.objects.order_by("number").values_list("number", "state")) == [(1, "void"), (2, "draft")]
    assert Signature.objects.get().void_reason["code"] == "competition.signature_new_proposal"
    assert second.digest != first.digest


def test_awards_wait_for_the_end_of_publicity_and_of_objections(staff):
    round, entries = make_closed_round(("91.20", "88.45", "80.10", "70.05"))
    people = staff(round)
    release(round, people)
    notice = Notice.objects.get()
    with pytest.raises(Refused) as refusal:
        give_awards(round, actor=people["organiser"], at=NOW)
    assert codes(refusal) == ["competition.publicity_running"]
    objection = record_objection(
        notice,
        entry=entries[1],
        objector_kind="person",
        objector="王某",
        contact="13900000000",
        text="产值数据有误。",
        received_at=NOW + timedelta(days=1),
        actor=people["organiser"],
        at=NOW + timedelta(days=1),
    )
    entries[1].refresh_from_db()
    assert entries[1].state == "suspended"
    after = NOW + (notice.ends_on - NOW.date()) + timedelta(days=1)
    given = give_awards(round, titles=("cluster",), actor=people["organiser"], at=after)
    assert sorted(award.entry_id for award in given) == [entries[0].pk, entries[2].pk]
    decide_objection(objection, upheld=False, decision="经核查，数据无误。", actor=people["decider"], at=after)
    later = give_awards(round, titles=("cluster",), actor=people["organiser"], at=after)
    assert [award.entry_id for award in later] == [entries[1].pk]
    assert len({award.number for award in given + later} | {award.verify_code for award in given + later}) == 6


def test_an_upheld_objection_disqualifies_and_offers_the_place_to_the_reserve(staff):
    rule = {"take": {"top": 2}, "scope": "overall", "reserve": 2, "substitute": True}
    round, entries = make_closed_round(("91.20", "88.45", "80.10", "70.05"), rule=rule)
    people = staff(round)
    release(round, people)
    objection = record_objection(
        Notice.objects.get(),
        entry=entries[0],
        objector_kind="organisation",
        objector="某协会",
        contact="某路1号",
        text="存在安全事故。",
        received_at=NOW,
        actor=people["organiser"],
        at=NOW,
    )
    decide_objection(objection, upheld=True, decision="事故属实。", actor=people["decider"], at=NOW)
    entries[0].refresh_from_db()
    assert (entries[0].state, entries[0].outcome) == ("disqualified", "advance")
    offer = entries[0].freed_places.get()
    assert offer.reserve_id == entries[2].pk
    answer_offer(offer, accepted=False, actor=people["organiser"], at=NOW)
    second = entries[0].freed_places.get(answered_at=None)
    assert second.reserve_id == entries[3].pk
    answer_offer(second, accepted=True, actor=people["organiser"], at=NOW)
    entries[3].refresh_from_db()
    assert (entries[3].outcome, entries[3].outcome_reason["code"]) == ("advance", "competition.reserve_moved_up")


def test_a_reserve_that_leaves_passes_on_the_place_it_was_offered(staff):
    rule = {"take": {"top": 2}, "scope": "overall", "reserve": 2, "substitute": True}
    round, entries = make_closed_round(("91.20", "88.45", "80.10", "70.05"), rule=rule)
    people = staff(round)
    release(round, people)
    withdraw_entry(entries[0], reason="自愿退出。", actor=people["organiser"], at=NOW)
    offer = entries[0].freed_places.get()
    withdraw_entry(entries[2], reason="主体注销。", actor=people["organiser"], at=NOW)
    offer.refresh_from_db()
    assert (offer.reserve_id, offer.accepted) == (entries[2].pk, False)
    assert entries[0].freed_places.get(answered_at=None).reserve_id == entries[3].pk
    with pytest.raises(Refused) as refusal:
        answer_offer(offer, accepted=True, actor=people["organiser"], at=NOW)
    assert codes(refusal) == ["competition.offer_answered"]


def test_who_was_awarded_leaves_once_the_award_is_revoked_and_its_place_stays_empty(staff):
    rule = {"take": {"top": 2}, "scope": "overall", "reserve": 1, "substitute": True}
    round, entries = make_closed_round(("91.20", "88.45", "80.10"), rule=rule)
    people = staff(round)
    release(round, people)
    after = NOW + (Notice.objects.get().ends_on - NOW.date()) + timedelta(days=1)
    award = next(
        award for award in give_awards(round, titles=("cluster",), actor=people["organiser"], at=after) if award.entry == entries[0]
    )
    with pytest.raises(Refused) as refusal:
        disqualify_entry(entries[0], reason="材料不实。", actor=people["organiser"], at=after)
    assert codes(refusal) == ["competition.entry_awarded"]
    revoke_award(award, reason="材料不实。", actor=people["organiser"], at=after)
    assert disqualify_entry(entries[0], reason="材料不实。", actor=people["organiser"], at=after).state == "disqualified"
    assert not entries[0].freed_places.exists()


def test_without_substitution_a_freed_place_stays_empty(staff):
    round, entries = make_closed_round(("91.20", "88.45", "80.10", "70.05"))
    people = staff(round)
    release(round, people)
    entries[0].refresh_from_db()
    withdraw_entry(entries[0], reason="自愿退出。", actor=people["organiser"], at=NOW)
    assert not entries[0].freed_places.exists()
