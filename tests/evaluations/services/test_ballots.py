"""A jury's ballots: cast like sheets, counted when the round is closed."""

import pytest
from django.utils import timezone

from accounts.permissions import NotAllowed
from competition.services.decisions import propose
from competition.services.entries import withdraw_entry
from competition.services.reopenings import reopen_round, request_reopening
from evaluations.models import Analysis, Assignment, Ballot, Scoreboard, Sheet
from evaluations.services.assignments import recuse, waive_seat
from evaluations.services.jury import seat_jury
from evaluations.services.sheets import return_sheet, save_sheet, submit_sheet
from evaluations.services.standings import refresh_standings
from jobs.services import run_queued
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.desks import make_judging
from tests.factories.jury import bind, cast, close, make_jury, opened, seat_of, sit, vote

pytestmark = pytest.mark.django_db
TWO = ("甲集群", "乙集群")


def counts(scene):
    rows = scene.round.standings.order_by("-number").first().rows
    return {row.entry.application.cluster.name_zh: row.panel.get("ballots") for row in rows.select_related("entry__application__cluster")}


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


at = timezone.now


def test_everybody_sits_where_nothing_binds_and_once():
    scene = make_jury(entries=TWO)
    bind(scene, scene.members[0], "乙集群")
    ids = [member.pk for member in scene.members]
    assert seat_jury(scene.round, members=ids, actor=scene.organiser, at=at()) == (7, 0)
    assert not Assignment.objects.filter(entry=scene.entries["乙集群"], evaluator=scene.members[0]).exists()
    assert seat_jury(scene.round, members=ids, actor=scene.organiser, at=at()) == (0, 0)
    assert seat_jury(scene.round, members=ids[1:], actor=scene.organiser, at=at()) == (0, 1)
    assert Record.objects.filter(action="assignment.create").count() == 7
    assert Record.objects.filter(action="assignment.remove").count() == 1


def test_a_jury_needs_members_of_the_pool_a_vote_and_its_organiser():
    scene = make_jury()
    for members, code in (([], "jury_empty"), ([scene.members[0].pk, 0], "jury_stranger")):
        with pytest.raises(Refused) as refusal:
            seat_jury(scene.round, members=members, actor=scene.organiser, at=at())
        assert (codes(refusal), refusal.value.field) == ([f"evaluations.{code}"], "members")
    with pytest.raises(NotAllowed):
        seat_jury(scene.round, members=[scene.members[0].pk], actor=scene.members[0].user, at=at())
    marked = make_judging()
    with pytest.raises(Refused) as refusal:
        seat_jury(marked.round, members=[1], actor=marked.organiser, at=at())
    assert codes(refusal) == ["evaluations.jury_without_vote"]


def test_a_ballot_is_saved_handed_in_and_returned_like_a_sheet():
    scene = make_jury()
    sit(scene)
    member = scene.members[0]
    sheet = opened(scene, member, "甲集群")
    assert sheet.rubric_id is None
    with pytest.raises(Refused) as refusal:
        submit_sheet(sheet, actor=member.user, at=at())
    assert codes(refusal) == ["evaluations.ballot_missing"]
    for marks, code in (({"vote": "maybe"}, "ballot_answer_unknown"), ({"A1": "80"}, "criterion_unknown")):
        with pytest.raises(Refused) as refusal:
            save_sheet(sheet, marks=marks, version=0, actor=member.user, at=at())
        assert codes(refusal) == [f"evaluations.{code}"]
    records = Record.objects.count()
    assert save_sheet(sheet, marks={"vote": "no"}, comment="证据不足", version=0, actor=member.user, at=at()) == 1
    with pytest.raises(Refused) as refusal:
        save_sheet(sheet, marks={"vote": "yes"}, version=0, actor=member.user, at=at())
    assert codes(refusal) == ["evaluations.sheet_conflict"]
    assert save_sheet(sheet, marks={"vote": ""}, version=1, actor=member.user, at=at()) == 2
    assert not Ballot.objects.filter(sheet=sheet).exists()
    save_sheet(sheet, marks={"vote": "no"}, version=2, actor=member.user, at=at())
    assert Record.objects.count() == records
    version = submit_sheet(sheet, actor=member.user, at=at())
    assert (version.marks, version.comment) == ({"vote": "no"}, "证据不足")
    fixed = Record.objects.get(action="sheet.fix")
    assert (fixed.after["digest"], "no" in fixed.after.values()) == (version.digest, False)
    with pytest.raises(Refused):
        save_sheet(sheet, marks={"vote": "yes"}, version=3, actor=member.user, at=at())
    return_sheet(sheet, reason="请补充理由", actor=scene.organiser, at=at())
    save_sheet(sheet, marks={"vote": "yes"}, version=3, actor=member.user, at=at())
    submit_sheet(sheet, actor=member.user, at=at())
    assert [row.marks["vote"] for row in sheet.versions.all()] == ["no", "yes"]
    with pytest.raises(NotAllowed):
        save_sheet(sheet, marks={"vote": "no"}, version=4, actor=scene.members[1].user, at=at())


def test_nobody_votes_without_the_undertaking():
    scene = make_jury()
    sit(scene)
    member = scene.members[0]
    sheet = opened(scene, member, "甲集群")
    save_sheet(sheet, marks={"vote": "yes"}, version=0, actor=member.user, at=at())
    member.undertakings.all().delete()
    with pytest.raises(Refused) as refusal:
        submit_sheet(sheet, actor=member.user, at=at())
    assert codes(refusal) == ["evaluations.undertaking_missing"]


def test_closing_counts_ballots_into_the_snapshot():
    """Seven members: 4 yes of 6 (one bound); 3 to 3 with one absent is no majority; two ballots are no quorum."""
    names = ("甲集群", "乙集群", "丙集群", "丁集群")
    scene = make_jury(members=7, entries=names)
    vote(scene, {"甲集群": "yyynayx", "乙集群": "yyynnn-", "丙集群": "ya-----", "丁集群": "xxxxxxx"})
    run_queued()
    close(scene)
    assert counts(scene) == {
        "甲集群": {"members": 6, "yes": 4, "no": 1, "abstain": 1, "excused": 1},
        "乙集群": {"members": 7, "yes": 3, "no": 3, "abstain": 0, "excused": 0},
        "丙集群": {"members": 7, "yes": 1, "no": 0, "abstain": 1, "excused": 0},
        "丁集群": {"members": 0, "yes": 0, "no": 0, "abstain": 0, "excused": 7},
    }
    snapshot = scene.round.standings.get()
    assert (snapshot.method, snapshot.scheme_digest) == ({"vote": {"quorum": 3, "majority": "50", "basis": "cast"}}, "a" * 64)
    rows = [snapshot.rows.get(entry=scene.entries[name]) for name in names]
    assert [(row.rank, row.total, row.flags) for row in rows] == [
        (1, None, []),
        (2, None, ["below_threshold"]),
        (None, None, []),
        (None, None, []),
    ]
    assert rows[1].reason["code"] == "competition.vote_short"
    assert set(Sheet.objects.values_list("state", flat=True)) <= {"locked", "void"}
    run_queued()
    assert not Analysis.objects.exists()
    proposal = propose(scene.round, actor=scene.organiser, at=at())
    assert [proposal.rows.get(entry=scene.entries[name]).outcome for name in names] == ["advance", "eliminated", "undecided", "undecided"]
    first = proposal.rows.get(entry=scene.entries["甲集群"]).reason
    assert (first["code"], first["params"]["excused"]) == ("competition.advance_vote_excused", 1)


def test_who_recuses_and_is_not_replaced_is_excused_and_who_stays_away_is_not():
    scene = make_jury({"take": {"vote": {"quorum": "2/3", "majority": "50", "basis": "members"}}}, members=4, entries=TWO)
    sit(scene)
    for name in TWO:
        for member, answer in zip(scene.members[:2], ("yes", "yes"), strict=True):
            cast(scene, member, name, answer)
        waive_seat(seat_of(scene, scene.members[2], name), reason="未到会", actor=scene.organiser, at=at())
    recuse(seat_of(scene, scene.members[3], "甲集群"), reason="顾问", kind="adviser", actor=scene.members[3].user, at=at())
    for name in TWO:
        waive_seat(seat_of(scene, scene.members[3], name), reason="不参加", actor=scene.organiser, at=at())
    close(scene)
    assert counts(scene)["甲集群"] == {"members": 3, "yes": 2, "no": 0, "abstain": 0, "excused": 1}
    assert counts(scene)["乙集群"] == {"members": 4, "yes": 2, "no": 0, "abstain": 0, "excused": 0}
    outcomes = {row.entry_id: row.outcome for row in propose(scene.round, actor=scene.organiser, at=at()).rows.all()}
    assert outcomes == {scene.entries["甲集群"].pk: "advance", scene.entries["乙集群"].pk: "undecided"}


def test_the_round_waits_for_every_seat_and_judged_again_it_makes_another_snapshot():
    scene = make_jury(members=3)
    sit(scene)
    cast(scene, scene.members[0], "甲集群", "yes")
    cast(scene, scene.members[1], "甲集群", "yes")
    with pytest.raises(Refused) as refusal:
        close(scene)
    assert codes(refusal) == ["competition.sheets_pending"]
    last = cast(scene, scene.members[2], "甲集群", "no")
    close(scene)
    decider = make_user("Decider")
    give(decider, "decider", f"competition:{scene.competition.pk}")
    request_reopening(scene.round, reason="票面有误", actor=scene.organiser, at=at())
    scene.round = reopen_round(scene.round, actor=decider, at=at())
    return_sheet(last, reason="更正", actor=scene.organiser, at=at())
    save_sheet(last, marks={"vote": "yes"}, version=1, actor=scene.members[2].user, at=at())
    submit_sheet(last, actor=scene.members[2].user, at=at())
    scene.round.refresh_from_db()
    close(scene)
    assert [snapshot.rows.get().panel["ballots"]["yes"] for snapshot in scene.round.standings.order_by("number")] == [2, 3]
    digests = set(scene.round.standings.values_list("input_digest", flat=True))
    assert len(digests) == 2


def test_an_entry_that_leaves_after_closing_gets_the_next_snapshot():
    scene = make_jury(members=3, entries=TWO)
    vote(scene, {"甲集群": "yyy", "乙集群": "yyn"})
    close(scene)
    withdraw_entry(scene.entries["甲集群"], reason="退出", actor=None, at=at())
    snapshot = scene.round.standings.get(number=2)
    assert [(row.rank, bool(row.panel)) for row in snapshot.rows.order_by("entry_id")] == [(None, False), (1, True)]


def test_while_it_is_judged_the_job_only_takes_note():
    scene = make_jury(members=3)
    sit(scene)
    cast(scene, scene.members[0], "甲集群", "yes")
    assert refresh_standings(scene.round, at=NOW) == 1
    board = Scoreboard.objects.get(round=scene.round)
    assert (board.results_version, board.computed_sheets) == (1, 1)
    assert not scene.round.results.exists()
