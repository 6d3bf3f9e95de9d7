"""A round is closed: nothing open, sheets locked, the standings a snapshot; and judged again by the word of two."""

import pytest

from accounts.permissions import NotAllowed
from competition.models import Round, Standings
from competition.selectors.decisions import stale
from competition.services.decisions import propose, table_proposal
from competition.services.entries import withdraw_entry
from competition.services.reopenings import decline_reopening, reopen_round, request_reopening
from competition.services.rounds import close_round, start_judging
from evaluations.models import Mark, Scoreboard, Sheet
from evaluations.services.assignments import waive_seat
from ledger.domain.reason import Refused
from ledger.models import Record, Seal
from tests.factories.accounts import make_user
from tests.factories.competition import NOW, make_application, make_entry, make_revision
from tests.factories.judging import Judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged():
    return Judged()


def close(judged):
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    return judged.round


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def rows(standings):
    return list(standings.rows.order_by("entry_id").values_list("rank", "total", "exact"))


def test_closing_locks_every_sheet_and_fixes_the_standings(judged):
    round = close(judged)
    assert round.state == "closed"
    assert set(Sheet.objects.values_list("state", flat=True)) == {"locked"}
    snapshot = Standings.objects.get(round=round)
    assert rows(snapshot) == [(1, "82.30", "823/10"), (2, "82.20", "411/5"), (3, "79.30", "793/10")]
    assert (snapshot.number, snapshot.scores_version) == (1, 12)
    top = snapshot.rows.get(rank=1)
    assert (top.criteria, top.dimensions, top.panel["size"]) == (
        {"A1": "83.500000", "B1": "80.500000"},
        {"A": "50.100000", "B": "32.200000"},
        4,
    )
    record = Record.objects.get(action="round.close")
    assert record.after["locked"] == 12
    assert record.after["input_digest"] == snapshot.input_digest
    assert Seal.objects.exists()


def test_an_open_seat_keeps_the_round_open(judged):
    sheet = judged.seat("X", judged.evaluators[0].__class__.objects.create(user=make_user(), code="E-99"))
    with pytest.raises(Refused) as refusal:
        close(judged)
    assert (codes(refusal), refusal.value.reasons[0].params) == (["competition.sheets_pending"], {"count": 1})
    assert not Standings.objects.exists()
    assert Sheet.objects.filter(state="submitted").count() == 12
    waive_seat(sheet.assignment, reason="专家因病缺席。", actor=judged.organiser, at=NOW)
    assert close(judged).state == "closed"
    assert Sheet.objects.get(pk=sheet.pk).state == "void"


def test_a_recused_seat_waits_for_a_decision_too(judged):
    seat = Sheet.objects.filter(assignment__entry=judged.entries["Y"]).first().assignment
    seat.state = "recused"
    seat.save()
    Sheet.objects.filter(assignment=seat).update(state="void")
    with pytest.raises(Refused) as refusal:
        close(judged)
    assert refusal.value.reasons[0].params == {"count": 1}


def test_the_same_marks_give_the_same_digest_and_one_other_mark_another(judged):
    close(judged)
    first = Standings.objects.get()
    request_reopening(judged.round, reason="录入有误。", actor=judged.organiser, at=NOW)
    reopen_round(judged.round, actor=judged.decider, at=NOW)
    close(judged)
    second = Standings.objects.get(number=2)
    assert (first.input_digest, rows(first)) == (second.input_digest, rows(second))
    request_reopening(judged.round, reason="录入有误。", actor=judged.organiser, at=NOW)
    reopen_round(judged.round, actor=judged.decider, at=NOW)
    Mark.objects.filter(sheet__assignment__entry=judged.entries["Z"], criterion__code="A1", value=7000).update(value=7100)
    close(judged)
    assert Standings.objects.get(number=3).input_digest != first.input_digest


def test_reopening_needs_a_second_person_and_a_reason(judged):
    close(judged)
    with pytest.raises(Refused) as refusal:
        request_reopening(judged.round, reason="  ", actor=judged.organiser, at=NOW)
    assert codes(refusal) == ["competition.reason_missing"]
    with pytest.raises(Refused) as refusal:
        reopen_round(judged.round, actor=judged.decider, at=NOW)
    assert codes(refusal) == ["competition.second_person_missing"]
    request_reopening(judged.round, reason="一份评分表录入有误。", actor=judged.organiser, at=NOW)
    with pytest.raises(Refused) as refusal:
        reopen_round(judged.round, actor=judged.organiser, at=NOW)
    assert codes(refusal) == ["competition.second_person_missing"]
    with pytest.raises(NotAllowed):
        reopen_round(judged.round, actor=judged.supervisor, at=NOW)
    assert reopen_round(judged.round, actor=judged.decider, at=NOW).state == "judging"
    assert set(Sheet.objects.values_list("state", flat=True)) == {"submitted"}
    assert list(judged.round.reopenings.values_list("approved", "answered_by")) == [(True, judged.decider.pk)]


def test_a_request_is_declined_or_taken_back(judged):
    close(judged)
    request_reopening(judged.round, reason="录入有误。", actor=judged.organiser, at=NOW)
    decline_reopening(judged.round, actor=judged.organiser, at=NOW)
    request_reopening(judged.round, reason="录入有误。", actor=judged.organiser, at=NOW)
    decline_reopening(judged.round, actor=judged.decider, at=NOW)
    assert list(judged.round.reopenings.order_by("pk").values_list("approved", "answered_by")) == [
        (False, None),
        (False, judged.decider.pk),
    ]
    assert Round.objects.get(pk=judged.round.pk).state == "closed"


def test_reopening_voids_the_proposal_that_stood_on_the_old_snapshot(judged):
    close(judged)
    proposal = table_proposal(propose(judged.round, actor=judged.organiser, at=NOW), actor=judged.organiser, at=NOW)
    request_reopening(judged.round, reason="录入有误。", actor=judged.organiser, at=NOW)
    reopen_round(judged.round, actor=judged.decider, at=NOW)
    proposal.refresh_from_db()
    assert proposal.state == "void"


def test_an_entry_that_leaves_a_closed_round_makes_the_next_snapshot_and_the_proposal_stale(judged):
    close(judged)
    proposal = propose(judged.round, actor=judged.organiser, at=NOW)
    assert stale(proposal) == ()
    withdraw_entry(judged.entries["X"], reason="自愿退出。", actor=judged.organiser, at=NOW)
    assert rows(Standings.objects.get(number=2)) == [(None, None, None), (1, "82.20", "411/5"), (2, "79.30", "793/10")]
    left = Standings.objects.get(number=2).rows.get(entry=judged.entries["X"])
    assert left.reason == {"code": "competition.entry_withdrawn", "params": {}}
    assert "competition.proposal_standings_newer" in [reason.code for reason in stale(proposal)]


def test_an_entry_that_leaves_while_judging_queues_a_computation(judged):
    before = Scoreboard.objects.get(round=judged.round).scores_version
    withdraw_entry(judged.entries["X"], reason="自愿退出。", actor=judged.organiser, at=NOW)
    assert Scoreboard.objects.get(round=judged.round).scores_version == before + 1


def test_an_entry_that_brought_nothing_in_is_listed_without_a_rank(judged):
    absent = make_entry(judged.round, make_user(), revision=None)
    absent.revision = None
    absent.save()
    close(judged)
    row = Standings.objects.get().rows.get(entry=absent)
    assert (row.rank, row.reason) == (None, {"code": "evaluations.entry_nothing_to_judge", "params": {}})


def test_judging_starts_once_every_application_is_answered(judged):
    Round.objects.filter(pk=judged.round.pk).update(state="open")
    late = make_application(judged.round, make_user(), state="submitted")
    make_revision(late)
    with pytest.raises(Refused) as refusal:
        start_judging(judged.round, actor=judged.organiser, at=NOW)
    assert (codes(refusal), refusal.value.reasons[0].params["count"]) == (["competition.applications_unanswered"], 1)
    late.state = "refused"
    late.save()
    assert start_judging(judged.round, actor=judged.organiser, at=NOW).state == "judging"
