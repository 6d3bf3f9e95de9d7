"""What the organiser finds in checking: recorded, replaced, taken back, counted; and closed rounds stay as they are."""

import pytest

from accounts.permissions import NotAllowed
from competition.models import Conflict, Standing
from competition.services.decisions import propose
from competition.services.rounds import close_round
from evaluations.models import Finding, Result, Scoreboard
from evaluations.selectors.findings import left, unchecked
from evaluations.services.findings import pass_rest, record_finding, withdraw_finding
from evaluations.services.standings import refresh_standings
from jobs.models import Job
from ledger.domain.reason import Reason, Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.evaluations import add_unweighted
from tests.factories.judging import DEFINITION, Judged

pytestmark = pytest.mark.django_db
ROWS = {
    "F1": ("bonus", "organiser"),
    "F2": ("bonus", "organiser"),
    "F3": ("bonus", "panel"),
    "V1": ("veto", "organiser"),
    "V2": ("veto", "panel"),
}


@pytest.fixture
def judged():
    """Four evaluators, X 82.30, Y 82.20, Z 79.30 before bonus; F1, F2 from −3 to 2, together from −2.5 to 2.5."""
    found = Judged(definition={**DEFINITION, "bonus_cap": ["-2.5", "2.5"]})
    found.criteria = add_unweighted(found.round, ROWS)
    return found


def put(judged, entry, code, value, *, reason="经核查。", seen=0, actor=None, **more):
    row = judged.entries[entry]
    return record_finding(
        row, criterion=judged.criteria[code], value=value, reason=reason, seen=seen, actor=actor or judged.organiser, at=NOW, **more
    )


def shown(judged):
    refresh_standings(judged.round, at=NOW)
    return [(row.rank, row.total, row.flags) for row in Result.objects.filter(round=judged.round).order_by("entry_id")]


def code_of(refusal):
    return (refusal.value.reason.code, refusal.value.field)


def test_points_are_added_and_a_failed_veto_takes_the_rank_away(judged):
    put(judged, "X", "F1", "-1.5")
    put(judged, "Y", "F1", "2")
    put(judged, "Y", "F2", "1.5")  # together 3.5: the cap leaves 2.5
    put(judged, "Z", "V1", "0")
    assert shown(judged) == [(2, "80.80", []), (1, "84.70", []), (None, "79.30", ["ineligible"])]
    failed = Result.objects.get(entry=judged.entries["Z"]).reason
    items = [{"zh": "V1 指标V1", "en": "V1 Criterion V1"}]
    assert failed == Reason("evaluations.entry_not_eligible", {"items": items}).as_json()


def test_a_finding_is_replaced_and_taken_back_and_stays_on_file(judged):
    first = put(judged, "X", "F1", "2", evidence="省工信函〔2026〕12 号")
    assert put(judged, "X", "F1", "2", evidence="省工信函〔2026〕12 号").pk == first.pk
    second = put(judged, "X", "F1", "-1", seen=first.pk)
    assert shown(judged)[0] == (2, "81.30", [])
    withdraw_finding(second, reason="录入有误。", actor=judged.organiser, at=NOW)
    assert shown(judged)[0] == (1, "82.30", [])
    assert list(Finding.objects.values_list("value", "ended_by", "end_reason")) == [
        (-100, judged.organiser.pk, "录入有误。"),
        (200, judged.organiser.pk, ""),
    ]
    records = list(Record.objects.filter(action__startswith="finding.").order_by("pk"))
    assert [row.action for row in records] == ["finding.record", "finding.record", "finding.withdraw"]
    assert not any(word in f"{row.before} {row.after}" for row in records for word in ("省工信", "录入", "核查"))
    assert Job.objects.filter(kind="standings.refresh", state="queued").count() == 1


@pytest.mark.parametrize(
    ("code", "value", "more", "refused"),
    [
        ("F1", "2.5", {}, ("evaluations.sheet_points_out_of_bounds", "value")),
        ("F1", "0.3", {}, ("evaluations.sheet_mark_off_step", "value")),
        ("F1", "abstain", {}, ("evaluations.sheet_mark_not_a_number", "value")),
        ("F1", "1", {"reason": " "}, ("competition.reason_missing", "reason")),
        ("V1", "0", {"reason": ""}, ("competition.reason_missing", "reason")),
        ("V1", "2", {}, ("evaluations.sheet_mark_out_of_bounds", "value")),
        ("F1", "1", {"seen": 7}, ("evaluations.finding_changed", None)),
        ("F3", "1", {}, ("evaluations.finding_not_given_once", None)),
    ],
)
def test_what_cannot_stand_is_refused(judged, code, value, more, refused):
    with pytest.raises(Refused) as refusal:
        put(judged, "X", code, value, **more)
    assert code_of(refusal) == refused
    assert not Finding.objects.exists() and Scoreboard.objects.get(round=judged.round).scores_version == 12


def test_nothing_given_and_a_passed_check_need_no_reason(judged):
    put(judged, "X", "F1", "0", reason="")
    put(judged, "X", "V1", "1", reason="")
    assert shown(judged)[0] == (1, "82.30", [])


def test_whoever_is_bound_to_the_cluster_neither_records_nor_passes(judged):
    cluster = judged.entries["Y"].application.cluster
    Conflict.objects.create(user=judged.organiser, cluster=cluster, kind="adviser", declared_at=NOW, declared_by=judged.organiser)
    with pytest.raises(NotAllowed) as refusal:
        put(judged, "Y", "V1", "1")
    assert refusal.value.reason.code == "competition.checks_conflict"
    assert {entry.pk for entry, _criterion in left(judged.organiser, judged.round)} == {judged.entries[name].pk for name in "XZ"}
    assert pass_rest(judged.round, expected=2, actor=judged.organiser, at=NOW) == 2
    assert unchecked([judged.round]) == {judged.round.pk: 1}
    with pytest.raises(NotAllowed):
        put(judged, "X", "V1", "1", actor=judged.decider)


def test_a_round_closes_once_every_check_has_been_looked_at(judged):
    put(judged, "Z", "V1", "0")
    with pytest.raises(Refused) as refusal:
        close_round(judged.round, actor=judged.organiser, at=NOW)
    assert refusal.value.reasons == (Reason("competition.checks_open", {"count": 2}),)
    with pytest.raises(Refused) as refusal:
        pass_rest(judged.round, expected=3, actor=judged.organiser, at=NOW)
    assert refusal.value.reason == Reason("evaluations.findings_changed", {"count": 2, "expected": 3})
    pass_rest(judged.round, expected=2, actor=judged.organiser, at=NOW)
    put(judged, "X", "F1", "1.5")
    before = close_round(judged.round, actor=judged.organiser, at=NOW).standings.get()
    rows = {row.entry_id: row for row in Standing.objects.filter(standings=before)}
    assert [(rows[judged.entries[name].pk].rank, rows[judged.entries[name].pk].bonus) for name in "XYZ"] == [
        (1, "3/2"),
        (2, "0/1"),
        (None, "0/1"),
    ]
    for late in (lambda: put(judged, "X", "F2", "1"), lambda: pass_rest(judged.round, expected=0, actor=judged.organiser, at=NOW)):
        with pytest.raises(Refused) as refusal:
            late()
        assert refusal.value.reason.code == "evaluations.finding_round_closed"
    judged.round.refresh_from_db()
    proposal = propose(judged.round, actor=judged.organiser, at=NOW)
    outcomes = dict(proposal.rows.values_list("entry_id", "outcome"))
    assert [outcomes[judged.entries[name].pk] for name in "XYZ"] == ["advance", "reserve", "ineligible"]
    assert proposal.rows.get(outcome="ineligible").reason["code"] == "evaluations.entry_not_eligible"


def test_the_digest_of_a_snapshot_covers_what_was_found():
    digests = []
    for points in ("1.5", "-1.5"):
        judged = Judged({"X": [(80, 90), (75, 85)]})
        judged.criteria = add_unweighted(judged.round, {"F1": ("bonus", "organiser")})
        put(judged, "X", "F1", points)
        digests.append(close_round(judged.round, actor=judged.organiser, at=NOW).standings.get())
    assert digests[0].input_digest != digests[1].input_digest
    assert [row.rows.get().total for row in digests] == ["83.00", "80.00"]


def test_in_parts_and_whole_give_the_same(judged):
    """What was found for one entry collapses that entry alone."""
    refresh_standings(judged.round, at=NOW)
    second = make_user()
    give(second, "organiser", f"competition:{judged.round.competition_id}")
    steps = [("X", "F1", "1.5"), ("Z", "V1", "0"), ("Y", "F2", "-2"), ("X", "F2", "-0.5")]
    for place, (name, code, value) in enumerate(steps):
        put(judged, name, code, value, actor=second if place % 2 else judged.organiser)
        refresh_standings(judged.round, at=NOW)
        part = list(
            Result.objects.filter(round=judged.round).order_by("entry_id").values_list("rank", "total", "values", "flags", "reason")
        )
        refresh_standings(judged.round, at=NOW, whole=True)
        assert part == list(Result.objects.order_by("entry_id").values_list("rank", "total", "values", "flags", "reason"))
    assert [row[:2] for row in part] == [(1, "83.30"), (2, "80.20"), (None, "79.30")]
