"""The analysis of a closed round: computed once per snapshot, by seeds nobody chose, and the same when it is computed again."""

import pytest
from django.db import connection, transaction

from accounts.permissions import NotAllowed
from accounts.person import forget
from competition.models import Conflict
from competition.services.entries import withdraw_entry
from competition.services.rounds import close_round
from evaluations.domain.severity import severity
from evaluations.models import Analysis
from evaluations.selectors.analysis import COMPUTE, analyses_of, inside_of, seed_words
from evaluations.selectors.analysis_input import source_of
from evaluations.services.analysis import ask_analysis, compute_analyses
from evaluations.services.scoreboards import count_change
from jobs.models import Job
from jobs.services import run_queued
from ledger.domain.reason import Refused
from ledger.models import Record
from ledger.models.append_only import AppendOnly
from tests.factories.accounts import make_user
from tests.factories.competition import NOW
from tests.factories.evaluations import make_evaluator
from tests.factories.judging import DEFINITION, Judged

pytestmark = pytest.mark.django_db


def closed(**more):
    judged = Judged(**more)
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    return judged


def results(judged):
    return {row.kind: row.result for row in Analysis.objects.filter(standings=judged.round.standings.first())}


def test_closing_queues_the_analysis_and_the_job_writes_each_kind_once():
    judged = closed()
    assert Job.objects.get(kind=COMPUTE).requested_by == f"user:{judged.organiser.pk}"
    run_queued()
    job = Job.objects.get(kind=COMPUTE)
    assert (job.state, job.progress_done, job.progress_total) == ("done", 5, 5)
    rows = list(Analysis.objects.all())
    assert tuple(row.kind for row in rows) == Analysis.KINDS
    assert Record.objects.filter(action="analysis.compute").count() == 5
    assert compute_analyses(judged.round, at=NOW) == 0
    with pytest.raises(AppendOnly):
        rows[0].save()


def test_figures_of_the_worked_table():
    judged = closed()
    compute_analyses(judged.round, at=NOW)
    found = results(judged)
    x, y, z = (str(judged.entries[name].pk) for name in "XYZ")
    (group,) = found["robustness"]["groups"]
    assert (group["track"], group["places"], group["size"], group["evaluators"], group["joint"]) == (None, 1, 3, 4, True)
    # sheets of X 84.00 79.00 82.60 83.60, of Y 84.00 79.20 81.80 83.80: 0.10 apart, differences 0, −0.2, 0.8, −0.2
    assert group["rows"][x]["margin"] == pytest.approx(0.1)
    assert group["rows"][x]["margin_se"] == pytest.approx(0.1 / 0.23804761428476168)
    assert group["rows"][y]["margin"] == pytest.approx(-0.1)
    # without the third evaluator Y leads X by 82.333 to 82.2
    assert [group["rows"][pk]["removals"] for pk in (x, y, z)] == [1, 1, 0]
    assert group["changing"] == 1
    assert group["rows"][x]["p"] > 0.5 > group["rows"][y]["p"] > 0.2
    # Z leads only where all four draws fall on the second evaluator: 1 in 256
    assert group["rows"][z]["p"] == pytest.approx(1 / 256, abs=0.003)
    assert group["rows"][z]["low"] == 3
    strict = {row["code"]: row["severity"] for row in found["severity"]["evaluators"]}
    means = [248 / 3, 237.8 / 3, 241.8 / 3, 247.6 / 3]
    overall = sum(means) / 4
    assert [strict[judge.code] for judge in judged.evaluators] == pytest.approx([mean - overall for mean in means])
    assert found["severity"]["evaluators"][0]["five"][0] == 80
    assert (found["agreement"]["entries"], found["agreement"]["evaluators"]) == (3, 4)
    # ranks of the four: 1.5 1.5 3 · 2 3 1 · 1 2 3 · 2 1 3, against 12 S / (m² (n³ − n) − m Σ T)
    assert found["agreement"]["kendall_w"] == pytest.approx(12 * 6.5 / (16 * 24 - 4 * 6))
    assert found["weights"]["groups"][0]["rows"][z]["p"] < 0.5
    assert found["balance"]["n"] == {"macro": 4, "province": 31}
    assert (found["balance"]["entries"], found["balance"]["winners"]) == (3, 1)


def test_the_same_seed_and_marks_give_the_same_and_a_difference_is_said():
    judged = closed()
    compute_analyses(judged.round, at=NOW)
    ask_analysis(judged.round, actor=judged.organiser, at=NOW)
    run_queued()
    assert Job.objects.filter(kind=COMPUTE).latest("id").state == "done"
    record = Record.objects.get(action="analysis.repeat")
    assert (record.after["kinds"], record.after["differing"]) == (list(Analysis.KINDS), [])
    assert Analysis.objects.count() == 5
    with connection.cursor() as cursor:  # below the guard of the model
        cursor.execute("UPDATE evaluations_analysis SET result_digest = %s WHERE kind = %s", ["0" * 64, "weights"])
    with pytest.raises(Refused) as refusal:
        compute_analyses(judged.round, again=True, at=NOW)
    assert refusal.value.reasons[0].params == {"kinds": ["weights"]}


def test_marks_that_are_not_the_snapshots_are_not_analysed():
    judged = closed()
    with transaction.atomic():
        count_change(judged.round)
    assert compute_analyses(judged.round, at=NOW) == 0
    assert not Analysis.objects.exists()


def test_an_entry_that_leaves_brings_the_next_snapshot_its_own_analysis():
    judged = closed()
    run_queued()
    withdraw_entry(judged.entries["X"], reason="自愿退出。", actor=judged.organiser, at=NOW)
    run_queued()
    newest = judged.round.standings.order_by("-number").first()
    found = analyses_of(newest)
    assert found.complete
    assert set(inside_of(found.result("robustness"))) == {judged.entries["Y"].pk, judged.entries["Z"].pk}
    assert Analysis.objects.count() == 10


def test_nothing_before_closing_and_only_by_an_organiser_without_a_conflict():
    judged = Judged()
    with pytest.raises(NotAllowed):
        ask_analysis(judged.round, actor=judged.organiser, at=NOW)
    assert compute_analyses(judged.round, at=NOW) == 0
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    with pytest.raises(NotAllowed):
        ask_analysis(judged.round, actor=judged.supervisor, at=NOW)
    bond = {"kind": "other", "note": "亲属任职。", "declared_by": judged.organiser, "declared_at": NOW}
    Conflict.objects.create(user=judged.organiser, cluster=judged.entries["Y"].application.cluster, **bond)
    judged.organiser.__dict__.pop("_conflicted_rounds", None)
    forget(judged.organiser)
    with pytest.raises(NotAllowed) as refusal:
        ask_analysis(judged.round, actor=judged.organiser, at=NOW)
    assert refusal.value.reasons[0].code == "competition.scores_conflict"


def test_the_analysis_starts_from_the_official_totals():
    # five sheets, one high and one low dropped, by criterion: what the sheets' own collapse does not come to is carried along
    table = {"P": [(90, 60), (70, 95), (85, 80), (60, 90), (88, 70)], "Q": [(80, 80), (82, 78), (79, 81), (81, 77), (78, 84)]}
    panel = {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 5, "min_panel": 3}
    rounding = {"sheet": None, "panel": 2, "weighted": None, "total": 2}
    judged = closed(table=table, definition=DEFINITION | {"order": "criterion", "panel": panel, "rounding": rounding})
    compute_analyses(judged.round, at=NOW)
    rows = dict(judged.round.standings.first().rows.values_list("entry_id", "total"))
    gap = float(rows[judged.entries["P"].pk]) - float(rows[judged.entries["Q"].pk])
    (group,) = results(judged)["robustness"]["groups"]
    assert group["rows"][str(judged.entries["P"].pk)]["margin"] == pytest.approx(gap)
    assert seed_words(Analysis.objects.get(kind="robustness").seed)[4] == "·"


def test_a_rule_by_track_has_a_list_for_each_track():
    judged = closed(rule={"take": {"top": {"*": 1}}, "scope": "track"})
    compute_analyses(judged.round, at=NOW)
    groups = results(judged)["robustness"]["groups"]
    assert [(group["track"], group["places"], group["size"]) for group in groups] == [
        (entry.track.code if entry.track else "", 1, 3) for entry in [judged.entries["X"]]
    ]


def test_a_rule_that_draws_no_line_has_no_chance_to_be_inside_one():
    judged = closed(rule={"take": "all", "scope": "overall"})
    compute_analyses(judged.round, at=NOW)
    for kind in ("robustness", "weights"):
        (group,) = results(judged)[kind]["groups"]
        assert (group["places"], {row["p"] for row in group["rows"].values()}) == (0, {None})


@pytest.mark.parametrize(
    "take", [{"score": "82.25"}, {"bands": [{"code": "good", "least": "82.25", "name_zh": "良", "name_en": "Good"}], "from": "good"}]
)
def test_a_rule_of_points_is_analysed_by_its_points(take):
    judged = closed(rule={"take": take})
    compute_analyses(judged.round, at=NOW)
    (group,) = results(judged)["robustness"]["groups"]
    rows = {name: group["rows"][str(entry.pk)] for name, entry in judged.entries.items()}
    assert (group["places"], group["size"]) == (1, 3)
    assert {name: row["margin"] for name, row in rows.items()} == {
        "X": pytest.approx(0.05),
        "Y": pytest.approx(-0.05),
        "Z": pytest.approx(-2.95),
    }
    # each draw of X by itself: how often four of its sheets, drawn with replacement, reach the points; Y could do so beside it
    assert 0 < rows["Y"]["p"] < 1
    assert rows["X"]["p"] + rows["Y"]["p"] > 1
    assert Analysis.objects.get(kind="robustness").parameters["groups"] == [[None, 3, 1, "329/4"]]


def test_points_that_nobody_has_are_still_a_line():
    judged = closed(rule={"take": {"score": "84"}})
    compute_analyses(judged.round, at=NOW)
    (group,) = results(judged)["robustness"]["groups"]
    assert (group["places"], group["changing"]) == (0, 0)
    assert None not in {row["p"] for row in group["rows"].values()}


def test_panels_that_share_nobody_name_the_bridge():
    judged = Judged({"X": [(80, 90), (75, 85)], "Y": [(84, 84), (80, 78)]})
    for place, assignment in enumerate(judged.entries["Y"].assignments.order_by("pk")):
        assignment.evaluator = make_evaluator(make_user(f"Another {place}"))
        assignment.save()
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    compute_analyses(judged.round, at=NOW)
    found = results(judged)["severity"]
    assert found["components"] == 2
    assert found["bridges"][0][0] in {str(entry.pk) for entry in judged.entries.values()}
    assert found["reasons"]["severity"]["code"] == "evaluations.analysis_not_connected"
    source = source_of(judged.round, judged.round.standings.first(), {})
    assert severity(source.ratings).components == 2
